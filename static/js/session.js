/**
 * Joins the pure core to the page: address bar, storage, clock, network. Made once by main.js.
 */

import { Api, ApiError, Tables } from "./core/api.js";
import { Kept } from "./core/kept.js";
import { Router } from "./core/router.js";
import { Store } from "./core/store.js";
import { StreamClient } from "./core/stream.js";

const TOKEN_KEY = "inspector.token";
const THEME_KEY = "inspector.theme";
/** How often it is looked whether the pinned requests have news; while they replay, it is asked as often. */
const LOOK_AT_PINNED_MS = 1000;
export const THEMES = Object.freeze(["system", "light", "dark"]);

/** The base of all URLs: what the shell page says, resolved against the page. Always ends with "/". */
function findBase() {
  const said = document.querySelector('meta[name="inspector-base"]')?.content || "./";
  const url = new URL(said.endsWith("/") ? said : `${said}/`, window.location.href);
  return `${url.origin}${url.pathname}`;
}

/** The token, moved from `#token=…` to this tab's storage so that it stands neither in the address nor in history. */
function takeToken(tab) {
  const found = /^#token=([\w.~-]+)$/.exec(window.location.hash);
  if (found) {
    tab.set(TOKEN_KEY, found[1]);
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
  }
}

/** Calls back before the next paint; a hidden tab paints never, so there a slow timer stands in. */
function beforePaint(callback) {
  if (document.hidden) window.setTimeout(callback, 1000);
  else window.requestAnimationFrame(callback);
}

export class Session {
  #tab = new Kept(() => window.sessionStorage);
  #browser = new Kept(() => window.localStorage);

  constructor() {
    takeToken(this.#tab);
    this.base = findBase();
    this.store = new Store({ schedule: beforePaint });
    this.api = new Api({ base: this.base, fetch: window.fetch.bind(window), token: () => this.token });
    this.tables = new Tables(this.api);
    /** What became of the pinned requests, null until `loadPinned` has resolved. */
    this.pinned = null;
    this.router = new Router(this.#address());
    this.stream = this.#makeStream();
    window.addEventListener("popstate", () => this.router.refresh());
    document.addEventListener("visibilitychange", () => document.hidden || this.stream.retry());
    window.addEventListener("online", () => this.stream.retry());
    this.router.subscribe((state) => this.store.setFilter(state.filter ?? ""));
    this.store.setFilter(this.router.state.filter ?? "");
    this.#showTheme();
  }

  get token() {
    return this.#tab.get(TOKEN_KEY);
  }

  get theme() {
    const kept = this.#browser.get(THEME_KEY);
    return THEMES.includes(kept) ? kept : "system";
  }

  set theme(theme) {
    this.#browser.set(THEME_KEY, theme);
    this.#showTheme();
  }

  /** A promise of `pinned`: its code is not what the first row waits for. */
  loadPinned() {
    this.pinnedLoaded ??= this.#importPinned().then((Pinned) => {
      this.pinned = new Pinned({ api: this.api, store: this.store });
      window.setInterval(() => this.store.connection === "open" && this.pinned.look(), LOOK_AT_PINNED_MS);
      return this.pinned;
    });
    return this.pinnedLoaded;
  }

  /** Its class, once the style of its badge is there too. */
  async #importPinned() {
    const [{ Pinned }, { sheets }] = await Promise.all([import("./core/pinned.js"), import("./components/sheets.js")]);
    await sheets("pinned");
    return Pinned;
  }

  /** Begin: ask whether the token is right, then stream. */
  async start() {
    if ((await this.probe()) === "locked") this.store.setConnection("locked");
    else this.stream.open();
  }

  /** Take a token typed by hand; gives false when the server refuses it. */
  async unlock(token) {
    this.#tab.set(TOKEN_KEY, token);
    if ((await this.probe()) === "locked") {
      this.#tab.remove(TOKEN_KEY);
      return false;
    }
    this.stream.open();
    return true;
  }

  /** "ok", "locked" (the server wants a token) or "unreachable". */
  async probe() {
    try {
      await this.api.app();
      return "ok";
    } catch (reason) {
      if (!(reason instanceof ApiError)) throw reason;
      return reason.status === 401 || reason.status === 403 ? "locked" : "unreachable";
    }
  }

  /** The address of this view, without the token, for "copy link". */
  link() {
    return this.base + window.location.search;
  }

  #address() {
    return {
      read: () => window.location.search,
      write: (search, { replace }) => {
        const url = window.location.pathname + search;
        if (replace) window.history.replaceState(null, "", url);
        else window.history.pushState(null, "", url);
      },
    };
  }

  #makeStream() {
    return new StreamClient({
      url: `${this.base.replace(/^http/, "ws")}api/stream`,
      protocols: () => (this.token ? ["inspector.v1", `inspector.token.${this.token}`] : ["inspector.v1"]),
      WebSocket: window.WebSocket,
      probe: () => this.probe(),
      onMessage: (message) => this.store.apply(message),
      onState: (state, { delay }) =>
        this.store.setConnection(state, { retryAt: delay === undefined ? null : performance.now() + delay }),
      setTimeout: window.setTimeout.bind(window),
      clearTimeout: window.clearTimeout.bind(window),
      setInterval: window.setInterval.bind(window),
      clearInterval: window.clearInterval.bind(window),
      random: Math.random,
    });
  }

  #showTheme() {
    const { theme } = this;
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }
}
