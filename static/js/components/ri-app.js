/** The shell: header, navigation, the current view, status bar; and every key of the keyboard map. */

import { html, nothing } from "../../vendor/lit.js";
import { ApiError } from "../core/api.js";
import { intentOf } from "../core/keys.js";
import { VIEWS } from "../core/router.js";
import { THEMES } from "../session.js";
import { RiElement, define } from "./element.js";
import "../panels/live.js";
import "./ri-header.js";
import "./ri-nav.js";

/** What is loaded when it is first shown: the other views, what floats, and what is said over every view. */
const LAZY = {
  routes: () => import("../panels/routes.js"),
  regex: () => import("../panels/regex.js"),
  replay: (session) => Promise.all([import("../panels/replay.js"), session.loadPinned()]),
  health: () => import("../panels/health.js"),
  palette: () => import("./ri-palette.js"),
  help: () => import("./ri-help.js"),
  locked: () => import("./ri-locked.js"),
  notes: () => Promise.all([import("./ri-banners.js"), import("./ri-reload-note.js"), import("./ri-statusbar.js"), import("./ri-toasts.js"), import("./ri-palette.js")]),
};

const TITLES = { live: "Live", routes: "Routes", regex: "Regex", replay: "Replay", health: "Health" };
const isTyping = (event) => event.composedPath()[0]?.closest?.("input, textarea, select, [contenteditable]") != null;

export class RiApp extends RiElement {
  static properties = { ready: { state: true } };

  // `session` is a plain field, set by main.js before this class is known: Lit restores reactive ones only after
  // connectedCallback, which needs it. It never changes.

  constructor() {
    super();
    this.ready = new Set(["live"]);
    this.addEventListener("ri-intent", (event) => this.perform(event.detail));
    this.addEventListener("ri-copy", (event) => this.#copy(event.detail.text, event.detail.what));
    this.addEventListener("ri-fail", (event) => this.#fail(event.detail));
    this.addEventListener("ri-unloaded", () => this.#unloaded());
    this.addEventListener("ri-route", (event) => this.#openRoute(event.detail));
  }

  connectedCallback() {
    super.connectedCallback();
    const { store, router } = this.session;
    this.watchOnly(store, () => [store.connection, store.loaded]);
    this.watch(router);
    this.onKey = (event) => this.#key(event);
    document.addEventListener("keydown", this.onKey);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener("keydown", this.onKey);
  }

  willUpdate() {
    const { view } = this.session.router.state;
    this.toggleAttribute("data-locked", this.session.store.connection === "locked");
    document.title = `${TITLES[view]} · Route Inspector`;
    if (this.session.store.connection === "locked") this.#need("locked");
    else this.#need(view);
    if (this.#mayLoadMore && !this.ready.has("notes")) this.#loadMore();
  }

  /** A screen that goes takes the focus with it: then it stands at the beginning of the one that came. */
  updated() {
    const { view } = this.session.router.state;
    const isOther = this.shownView !== undefined && view !== this.shownView;
    this.shownView = view;
    if (isOther && document.activeElement === document.body) this.querySelector("main")?.focus({ preventScroll: true });
  }

  /** The rows are there, or will not come for now: nothing they wait for is held up by the rest. */
  get #mayLoadMore() {
    return this.session.store.loaded || this.#isAway;
  }

  /** Fetch what every view may have to say, and the palette, whose first keys would else mean something to the list. */
  async #loadMore() {
    if (this.session.router.state.view === "live") await import("./ri-detail.js").catch(() => null); // a click waits for that one
    this.#need("notes");
  }

  #need(name) {
    if (!this.ready.has(name)) this.#load(name);
  }

  render() {
    const { session } = this;
    if (session.store.connection === "locked") return this.ready.has("locked") ? html`<ri-locked .session=${session}></ri-locked>` : nothing;
    const noted = this.ready.has("notes");
    return html`
      <a class="skip" href="#main" @click=${(event) => this.#skip(event)}>Skip to content</a>
      <ri-header .session=${session}></ri-header>
      <ri-nav .session=${session}></ri-nav>
      <main id="main" tabindex="-1" aria-label=${TITLES[session.router.state.view]}>
        ${noted ? html`<ri-banners .session=${session}></ri-banners><ri-reload-note .session=${session}></ri-reload-note>` : nothing}
        <div class="view">${this.#view()}</div>
      </main>
      ${noted ? html`<ri-statusbar .session=${session}></ri-statusbar>` : nothing}
      ${this.ready.has("palette") ? html`<ri-palette .session=${session}></ri-palette>` : nothing}
      ${this.ready.has("help") ? html`<ri-help></ri-help>` : nothing}
      ${noted ? html`<ri-toasts></ri-toasts>` : nothing}
    `;
  }

  #view() {
    const { store, api, router, tables, pinned } = this.session;
    const { view } = router.state;
    if (!this.ready.has(view)) return this.#isAway ? html`<p class="empty">This screen comes once the dashboard answers again.</p>` : nothing;
    switch (view) {
      case "routes":
        return html`<ri-routes .store=${store} .api=${api} .router=${router} .tables=${tables}></ri-routes>`;
      case "regex":
        return html`<ri-regex .store=${store} .api=${api} .router=${router} .tables=${tables}></ri-regex>`;
      case "replay":
        return html`<ri-replay .store=${store} .api=${api} .router=${router} .tables=${tables} .pinned=${pinned}></ri-replay>`;
      case "health":
        return html`<ri-health .store=${store} .api=${api} .router=${router} .tables=${tables}></ri-health>`;
      default:
        return html`<ri-live .store=${store} .api=${api} .router=${router} .tables=${tables}></ri-live>`;
    }
  }

  /** Do what a key, a button or the palette asks for. */
  perform(intent) {
    const { router, store } = this.session;
    const [verb, value] = intent.split(/:(.*)/s);
    switch (verb) {
      case "view":
        if (VIEWS.includes(value)) router.set({ view: value });
        return;
      case "theme":
        return this.#theme(value);
      case "palette":
      case "help":
        return void this.#toggle(verb);
      case "pause":
        return store.setPaused(!store.paused);
      case "clear":
        return void this.#clear();
      case "filter":
        return router.state.view === "routes" ? this.#screen?.perform(intent) : this.querySelector("ri-filter").take();
      case "set-filter":
        return router.set({ view: "live", filter: value });
      case "leave-input":
        return document.activeElement.blur();
      case "replay":
        return router.state.id ? router.set({ view: "replay" }) : this.toast("Select a request first", "warn");
      case "copy-curl":
        return void this.#copyAs("curl");
      case "copy-as":
        return void this.#copyAs(value);
      case "copy-link":
        return void this.#copy(this.session.link(), "link");
      default:
        return this.#screen?.perform?.(intent);
    }
  }

  /** The element of the view that is shown, if its code is there. */
  get #screen() {
    return this.querySelector(".view > *");
  }

  async toast(text, kind = "ok") {
    if (!this.ready.has("notes") && !(await this.#load("notes"))) return;
    await this.updateComplete;
    this.querySelector("ri-toasts").show(text, kind);
  }

  /** Fetch a part of the page; false when it cannot be had: the dashboard restarted with other files, or is gone. */
  async #load(name) {
    try {
      await LAZY[name](this.session);
    } catch (reason) {
      console.warn(reason);
      if (name !== "notes") this.#unloaded();
      return false;
    }
    this.ready = new Set([...this.ready, name]);
    return true;
  }

  get #isAway() {
    return this.session.store.connection === "reconnecting";
  }

  #unloaded() {
    if (this.#isAway) this.toast("Not loaded: the dashboard does not answer.", "warn");
    else this.toast("A part of the page could not be loaded: reload the page.", "bad");
  }

  async #toggle(name) {
    if (!this.ready.has(name) && !(await this.#load(name))) return;
    await this.updateComplete;
    const overlay = this.querySelector(`ri-${name}`);
    await overlay.updateComplete;
    overlay.toggle();
  }

  #key(event) {
    if (event.defaultPrevented || this.session.store.connection === "locked") return;
    const intent = intentOf(event, { typing: isTyping(event) });
    if (intent === null) return;
    if (this.querySelector("dialog[open]") && intent !== "palette") return;
    if (this.querySelector(":popover-open")) return; // Escape closes that, and nothing else
    const onControl = event.target.closest?.("button, a, summary, [role=tab], [role=separator]");
    if (onControl && (event.key === "Enter" || event.key.startsWith("Arrow"))) return;
    event.preventDefault();
    this.perform(intent);
  }

  #skip(event) {
    event.preventDefault();
    this.querySelector("main").focus();
  }

  #theme(wanted) {
    const { session } = this;
    const next = THEMES.includes(wanted) ? wanted : THEMES[(THEMES.indexOf(session.theme) + 1) % THEMES.length];
    session.theme = next;
    this.toast(`Theme: ${next}`);
    this.querySelector("ri-header").requestUpdate();
  }

  #openRoute({ index, mounts }) {
    this.session.router.set({ view: "regex", route: [...mounts, index].join("."), text: null });
  }

  async #clear() {
    try {
      await this.session.api.clear();
      this.session.router.set({ id: null, result: null });
      this.toast("Cleared");
    } catch (reason) {
      this.#fail(reason);
    }
  }

  async #copyAs(format) {
    const { id } = this.session.router.state;
    if (!id) return this.toast("Select a request first", "warn");
    try {
      const [{ text }, { exportLabel }] = await Promise.all([this.session.api.exportAs(id, format), import("../format/exports.js")]);
      return this.#copy(text, exportLabel(format));
    } catch (reason) {
      return this.#fail(reason);
    }
  }

  async #copy(text, what) {
    try {
      await navigator.clipboard.writeText(text);
      this.toast(`Copied ${what}`);
    } catch (reason) {
      this.toast(`The browser did not allow copying: ${reason.message}`, "bad");
    }
  }

  #fail(reason) {
    if (!(reason instanceof ApiError)) throw reason;
    this.toast([reason.message, reason.hint].filter(Boolean).join(" "), "bad");
  }
}

define("ri-app", RiApp);
