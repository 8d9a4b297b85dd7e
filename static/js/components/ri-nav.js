/** The navigation: the screens with their counts, and filters worth one click. */

import { html, nothing } from "../../vendor/lit.js";
import { parseFilter } from "../core/filter.js";
import { count } from "../format/bytes.js";
import { RiElement, define, icon } from "./element.js";

const SCREENS = [
  { view: "live", icon: "activity", label: "Live" },
  { view: "routes", icon: "route", label: "Routes" },
  { view: "regex", icon: "regex", label: "Regex" },
  { view: "replay", icon: "rotate-ccw", label: "Replay" },
  { view: "health", icon: "heart-pulse", label: "Health" },
];

const SAVED = [
  { filter: "is:error", label: "Errors" },
  { filter: "is:unmatched", label: "No route" },
  { filter: "status:422", label: "Refused values" },
  { filter: "dur>100ms", label: "Over 100 ms" },
  { filter: "is:ws", label: "WebSockets" },
];

/** A table of more routes is checked when Health is opened, not unasked: it costs the app's process seconds. */
const CHECKED_UNASKED = 1000;

/** Counting all rows costs a scan: once a second is often enough for a number beside a word. */
const COUNT_EVERY_MS = 1000;

export class RiNav extends RiElement {
  static properties = { session: { attribute: false }, counts: { state: true }, routes: { state: true }, problems: { state: true } };

  constructor() {
    super();
    this.counts = { total: 0, replays: 0, saved: SAVED.map(() => 0) };
    this.routes = null;
    /** Errors and warnings of the table in force; null when it was not checked. */
    this.problems = null;
    this.tests = SAVED.map((one) => parseFilter(one.filter).test);
  }

  connectedCallback() {
    super.connectedCallback();
    this.table = null;
    this.watch(this.session.router);
    this.session.loadPinned().then((pinned) => this.watch(pinned), () => null); // without its code there is no badge
    this.watch(this.session.store, () => this.#notice());
    this.timer = window.setInterval(() => this.#count(), COUNT_EVERY_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.clearInterval(this.timer);
  }

  render() {
    const { router } = this.session;
    const { view, filter } = router.state;
    const counts = { live: this.counts.total, routes: this.routes?.all, regex: this.routes?.patterns, replay: this.counts.replays, health: this.problems };
    return html`<nav aria-label="Screens">
      <ul>
        ${SCREENS.map((one, index) => this.#link({ ...one, current: view === one.view, number: counts[one.view], key: index + 1, patch: { view: one.view } }))}
      </ul>
      <h2 class="nav-head">Saved filters</h2>
      <ul class="nav-saved">
        ${SAVED.map((one, index) => {
          const active = view === "live" && filter === one.filter;
          return this.#link({ label: one.label, current: active, number: this.counts.saved[index], patch: { view: "live", filter: active ? null : one.filter }, title: one.filter });
        })}
      </ul>
    </nav>`;
  }

  #link({ label, current, number, patch, icon: name = null, key = null, title = null }) {
    const { router } = this.session;
    return html`<li>
      <a
        href=${router.href(patch)}
        aria-current=${current ? "page" : nothing}
        title=${title ?? (key ? `${label} (${key})` : nothing)}
        @click=${(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          router.set(patch);
        }}
      >
        ${name ? icon(name) : nothing}<span class="nav-label">${label}</span>
        ${name === "rotate-ccw" ? this.#pins() : nothing}
        ${number ? html`<span class="nav-count" data-kind=${name === "heart-pulse" ? "bad" : nothing}>${count(number)}</span>` : nothing}
      </a>
    </li>`;
  }

  #pins() {
    const badge = this.session.pinned?.badge;
    if (!badge) return nothing;
    return html`<span class="nav-pins" data-kind=${badge.kind} title=${badge.title}>
      ${icon(badge.kind === "ok" ? "check" : "x")}<span aria-hidden="true">${count(badge.number)}</span><span class="sr-only">${badge.title}</span>
    </span>`;
  }

  #notice() {
    const { store } = this.session;
    if (store.table !== this.table) {
      this.table = store.table;
      this.#countRoutes();
    }
    if (this.counts.total === 0 && store.ring.size > 0) this.#count();
  }

  async #countRoutes() {
    const { store, tables } = this.session;
    if (!store.table) {
      this.routes = null;
      return;
    }
    const answer = await tables.get(store.table).catch(() => null);
    const all = answer ? flatten(answer.table) : [];
    this.problems = null;
    if (answer && all.length <= CHECKED_UNASKED) this.#countProblems(store.table);
    this.routes = { all: all.length, patterns: all.filter((one) => one.parts.some((part) => part.kind === "parameter")).length };
  }

  async #countProblems(table) {
    const answer = await this.session.api.check({ table }).catch(() => null);
    if (this.table !== table || answer === null) return;
    this.problems = answer.findings.filter((one) => one.severity !== "note").length;
  }

  #count() {
    const { store } = this.session;
    const counts = { total: 0, replays: 0, saved: SAVED.map(() => 0) };
    for (const [, row] of store.ring.entries()) {
      if (row.kind === "gap") continue;
      counts.total++;
      if (row.replay_of !== null) counts.replays++;
      this.tests.forEach((test, index) => test(row) && counts.saved[index]++);
    }
    if (JSON.stringify(counts) !== JSON.stringify(this.counts)) this.counts = counts;
  }
}

function flatten(snapshot) {
  return snapshot.routes.flatMap((route) => [route, ...(route.table ? flatten(route.table) : [])]);
}

define("ri-nav", RiNav);
