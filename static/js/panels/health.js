/**
 * The Health screen: what the check of the table in force proves, what traffic says, and how the inspector itself does.
 *
 * In the address: `level` (error, warning or note: only those findings).
 */

import { html, nothing } from "../../vendor/lit.js";
import { RiElement, define, icon } from "../components/element.js";
import { callout, lastReload, neverSeen, ownFacts } from "../components/health-facts.js";
import { NewestTable } from "../components/newest-table.js";
import "../components/ri-finding.js";
import "../components/ri-unmatched.js";
import { sheets } from "../components/sheets.js";
import { comebacks } from "../core/comebacks.js";
import { count } from "../format/bytes.js";
import { SEVERITIES, countSeverities, pickFindings, seenRoutes, unmatched } from "../format/health.js";
import { duration } from "../format/time.js";

await sheets("content", "ladder", "health", "whatif");

/** Findings and routes drawn at first; the rest on request. */
const PAGE = 50;
/** Hits and rows are looked at again this often: the numbers of a screen that is read, not watched. */
const LOOK_MS = 2000;

export class RiHealth extends RiElement {
  static properties = {
    store: { attribute: false },
    api: { attribute: false },
    router: { attribute: false },
    checked: { state: true },
    problem: { state: true },
    app: { state: true },
    hits: { state: true },
    reload: { state: true },
    shown: { state: true },
    shownNever: { state: true },
  };

  #newest = new NewestTable(this);
  #asked = undefined;
  #looked = null;
  #grouped = { of: null, groups: [] };

  constructor() {
    super();
    this.checked = null;
    this.problem = null;
    /** The body of api/app with the numbers of now; that of the store is as old as the last change of status. */
    this.app = null;
    /** `{hits, inner, table}` as last counted, or null. */
    this.hits = null;
    /** The newest reload, null when there was none, undefined when that is not known. */
    this.reload = undefined;
    this.shown = PAGE;
    this.shownNever = 12;
  }

  connectedCallback() {
    super.connectedCallback();
    this.watch(this.router);
    this.watchOnly(this.store, () => [this.store.app, this.store.table, this.store.loaded]);
    this.watch(comebacks(this.store), () => this.#retry());
    this.gaps = this.store.tally([(row) => row.kind === "gap"]);
    this.timer = window.setInterval(() => this.#look(), LOOK_MS);
    this.#look();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.clearInterval(this.timer);
    this.store.drop(this.gaps);
  }

  /** Check what could not be checked while the dashboard was away. */
  #retry() {
    this.querySelector("ri-unmatched")?.retry();
    this.#looked = null;
    if (this.problem) [this.#asked, this.problem] = [undefined, null];
  }

  updated() {
    this.#check();
  }

  /** Look at the traffic again when there is news of it. */
  async #look() {
    const { head } = this.store.pulse ?? {};
    const seen = `${this.store.ring.next} ${head}`;
    if (seen === this.#looked) return;
    this.#looked = seen;
    this.#count(this.store.table);
    this.app = await this.api.app().catch(() => this.app); // while the dashboard is away the last numbers stay
  }

  /** Count again how often each route was taken; the table itself is held already. */
  async #count(table) {
    if (table === null) return;
    const counted = await this.api.hits({ table }).catch(() => null); // what was counted last stays
    if (counted !== null && table === this.store.table) this.hits = { ...counted, table };
  }

  async #check() {
    const { table } = this.store;
    if (table === this.#asked) return;
    this.#asked = table;
    [this.checked, this.problem, this.shown] = [null, null, PAGE];
    if (table === null) return;
    this.api.reloads().then(({ reloads }) => (this.reload = reloads[0] ?? null), () => (this.reload = undefined));
    try {
      const checked = await this.api.check({ table, tried: 1 });
      if (this.#asked === table) this.checked = checked;
    } catch (error) {
      if (this.#asked === table) this.problem = error;
    }
  }

  /** What was sent away, as of the last look: grouping all rows is too much work for each redraw. */
  #unmatched() {
    const { loaded, ring } = this.store;
    const of = `${this.#looked} ${loaded} ${ring.size === 0}`;
    if (of !== this.#grouped.of) this.#grouped = { of, groups: unmatched(this.store.newest()) };
    return this.#grouped.groups;
  }

  render() {
    const misses = this.#unmatched();
    const seen = this.#seen();
    return html`<div class="health scroll" tabindex="0" role="region" aria-label="Health">
      ${this.#tiles(seen, misses)}
      <div class="health-body">
        <div class="health-main">${this.#findings()}${this.#misses(misses)}</div>
        <div class="health-side">${neverSeen(seen, { router: this.router, shown: this.shownNever, more: () => (this.shownNever += PAGE), page: PAGE })}
          ${lastReload(this.reload, this.router)}${ownFacts(this.store, this.app ?? this.store.app, this.gaps.counts[0])}</div>
      </div>
    </div>`;
  }

  #seen() {
    const { value } = this.#newest;
    if (value === null) return null;
    const isNewer = this.hits?.table === value.table.fingerprint;
    return seenRoutes(isNewer ? { ...this.hits, table: value.table } : value);
  }

  #tiles(seen, misses) {
    const levels = this.checked && !this.checked.failed ? countSeverities(this.checked.findings) : null;
    const missed = misses.reduce((sum, one) => sum + one.count, 0);
    const words = { error: ["error", "never does what it says"], warning: ["warning", "may surprise"], note: ["note", "worth knowing"] };
    return html`<div class="tiles">
      ${SEVERITIES.map((level) => this.#tile(level, levels?.[level] ?? null, words[level]))}
      <div class="tile"><strong>${seen ? html`${count(seen.seen)} <small>of ${count(seen.all)}</small>` : "–"}</strong><span>routes seen in traffic</span></div>
      <div class="tile" data-kind=${missed ? "warning" : nothing}><strong>${count(missed)}</strong><span>${missed === 1 ? "request" : "requests"} without a route</span></div>
    </div>`;
  }

  #tile(level, number, [word, meaning]) {
    const chosen = this.router.state.level === level;
    return html`<button class="tile" type="button" data-kind=${number ? level : nothing} aria-pressed=${chosen ? "true" : "false"} title="Show these only"
      @click=${() => this.router.set({ level: chosen ? null : level })}>
      <strong>${number === null ? "–" : count(number)}</strong><span>${number === 1 ? word : `${word}s`}: ${meaning}</span>
    </button>`;
  }

  #findings() {
    return html`<section aria-labelledby="health-findings">
      <header class="health-head"><h2 id="health-findings">What the table proves</h2>${this.#took()}</header>
      ${this.#proven()}
    </section>`;
  }

  #took() {
    const { checked } = this;
    if (!checked || checked.failed) return nothing;
    const tried = checked.confirmed ? "each example tried on the real router" : "not yet tried on the app’s own router, which was not there to be asked";
    return html`<p class="dim">every path there is, checked in ${duration(checked.took_ms)}; ${tried}</p>`;
  }

  #proven() {
    const { checked, problem, store } = this;
    if (store.table === null) return callout("info", store.status?.recording === "requests_only"
      ? "This app’s route table is not known, so nothing can be proved about it."
      : "No route table yet: it is checked as soon as the app has started.");
    if (problem) return callout("bad", [problem.message, problem.hint].filter(Boolean).join(" "));
    if (!checked) return html`<p class="health-wait dim" role="status">${icon("loader-circle", { spin: true })} Checking every region of the table…</p>`;
    if (checked.failed) return callout("warn", checked.failed);
    const level = SEVERITIES.includes(this.router.state.level) ? this.router.state.level : null;
    const found = pickFindings(checked.findings, level);
    if (!found.length) return callout("ok", level ? `No ${level}s.` : "Nothing found. Every route can be reached by some request.");
    return html`${found.slice(0, this.shown).map((one) => html`<ri-finding .finding=${one} .router=${this.router}></ri-finding>`)}
      ${found.length > this.shown ? html`<button class="button" type="button" @click=${() => (this.shown += PAGE)}>Show ${count(Math.min(PAGE, found.length - this.shown))} more of ${count(found.length)}</button>` : nothing}`;
  }

  #misses(groups) {
    return html`<section aria-labelledby="health-misses">
      <header class="health-head"><h2 id="health-misses">Requests without a route</h2>
        <p class="dim">as the table in force answers them now</p></header>
      ${groups.length
        ? html`<ri-unmatched .groups=${groups} .table=${this.store.table} .api=${this.api} .router=${this.router}></ri-unmatched>`
        : this.store.table === null
          ? callout("info", "Whether a request found a route is not known.")
          : this.store.ring.size === 0
            ? callout("info", "No request is recorded yet.")
            : callout("ok", "No recorded request was sent away for want of a route.")}
    </section>`;
  }
}

define("ri-health", RiHealth);
