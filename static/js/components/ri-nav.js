/** The navigation: the screens with their counts, and filters worth one click. */

import { html, nothing } from "../../vendor/lit.js";
import { parseFilter } from "../core/filter.js";
import { count } from "../format/bytes.js";
import { RiElement, define, icon } from "./element.js";
import { RouteCount } from "./route-count.js";

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

/** A number beside a word need not be another one with each frame. */
const SHOW_EVERY_MS = 1000;

const PINS_AFTER_MS = 500;

const isExchange = (row) => row.kind !== "gap";
/** What is counted: all exchanges, replays, and those each saved filter passes. */
const COUNTED = [
  isExchange,
  (row) => isExchange(row) && row.replay_of !== null,
  ...SAVED.map(({ filter }) => parseFilter(filter).test).map((passes) => (row) => isExchange(row) && passes(row)),
];

export class RiNav extends RiElement {
  static properties = { session: { attribute: false }, counts: { state: true }, problems: { state: true } };

  #routes = new RouteCount(this, (table) => this.#countProblems(table));

  constructor() {
    super();
    /** As many numbers as COUNTED has tests. */
    this.counts = COUNTED.map(() => 0);
    /** Errors and warnings of the table in force; null when it was not checked. */
    this.problems = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.pins = false;
    this.watch(this.session.router);
    this.watch(this.session.store, () => this.#notice());
    this.tally = this.session.store.tally(COUNTED);
    this.timer = window.setInterval(() => this.#count(), SHOW_EVERY_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.clearInterval(this.timer);
    this.session.store.drop(this.tally);
  }

  render() {
    const { router } = this.session;
    const { view, filter } = router.state;
    const [live, replay, ...saved] = this.counts;
    const counts = { live, routes: this.#routes.value, replay, health: this.problems };
    return html`<nav aria-label="Screens">
      <ul>
        ${SCREENS.map((one, index) => this.#link({ ...one, current: view === one.view, number: counts[one.view], key: index + 1, patch: { view: one.view } }))}
      </ul>
      <h2 class="nav-head">Saved filters</h2>
      <ul class="nav-saved">
        ${SAVED.map((one, index) => {
          const active = view === "live" && filter === one.filter;
          return this.#link({ label: one.label, current: active, number: saved[index], patch: { view: "live", filter: active ? null : one.filter }, title: one.filter });
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
    if (this.counts[0] === 0 && store.ring.size > 0) this.#count();
    if (store.loaded && !this.pins) this.#followPins();
  }

  /** A while after the first rows: nothing waits for the badge, and without its code there is none. */
  #followPins() {
    this.pins = true;
    const follow = (pinned) => this.isConnected && this.watch(pinned);
    window.setTimeout(() => this.session.loadPinned().then(follow, () => null), PINS_AFTER_MS);
  }

  async #countProblems(table) {
    this.problems = null;
    if (this.#routes.value > CHECKED_UNASKED) return;
    const answer = await this.session.api.check({ table }).catch(() => null);
    if (this.session.store.table !== table || answer === null) return;
    this.problems = answer.findings.filter((one) => one.severity !== "note").length;
  }

  #count() {
    const { counts } = this.tally;
    if (counts.some((number, index) => number !== this.counts[index])) this.counts = counts;
  }
}

define("ri-nav", RiNav);
