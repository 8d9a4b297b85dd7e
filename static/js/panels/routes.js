/**
 * The Routes screen: the table in match order, and a live tester in which every route answers on each key.
 *
 * In the address: `method`, `path` and `host` (what is tested), `find` (words that find routes), `route` (key of the selected
 * route), `side` (what stands beside the table); in a large table `all` (every route while a path is tested) and `walls`
 * (look for routes that nothing reaches).
 */

import { html, nothing } from "../../vendor/lit.js";
import { RiElement, define, icon } from "../components/element.js";
import { NewestTable } from "../components/newest-table.js";
import "../components/ri-route-card.js";
import "../components/ri-route-table.js";
import "../components/ri-route-tree.js";
import "../components/ri-routes-side.js";
import "../components/ri-tester.js";
import { shortNumber } from "../components/route-number.js";
import { passed } from "../components/route-row.js";
import { RouteTraffic } from "../components/route-traffic.js";
import { sheets } from "../components/sheets.js";
import { TableCheck } from "../components/table-check.js";
import { TestedPath } from "../components/tested-path.js";
import { now } from "../core/clock.js";
import { comebacks } from "../core/comebacks.js";
import { METHODS } from "../core/search-box.js";
import { count } from "../format/bytes.js";
import { nameHeading, sorterOf } from "../format/framework.js";
import { routesOf } from "../format/route-count.js";
import { flowOf, growTree, walkOf } from "../format/route-tree.js";
import { mayDiffer } from "../format/router-says.js";
import { routeRows } from "../format/route-rows.js";
import { findLine, flatten, gutters, innermost, routeFits, verdictsByKey } from "../format/tables.js";
import { NO_TRAFFIC } from "../format/traffic.js";

await sheets("content", "ladder", "routes", "walls", "tester", "routes-side", "plan", "whatif", "health");

/** Routes of a table up to which it is checked unasked; a larger one costs the app's process seconds. */
const CHECKED_UNASKED = 1000;

export class RiRoutes extends RiElement {
  static properties = {
    store: { attribute: false },
    api: { attribute: false },
    router: { attribute: false },
  };

  #newest = new NewestTable(this);
  #traffic = new RouteTraffic(this);
  #check = new TableCheck(this);
  #tested = new TestedPath(this);
  #made = new Map();
  #answered = null;

  connectedCallback() {
    super.connectedCallback();
    this.watch(this.router);
    this.watch(comebacks(this.store), () => this.#retry());
  }

  /** Ask what could not be asked while the dashboard was away. */
  #retry() {
    this.#check.retry();
    this.#tested.retry();
    this.requestUpdate();
  }

  get #table() {
    return this.#newest.value?.table ?? null;
  }

  /** What `make` gives, made again only when one of `from` is another one: a key typed must not cost a table. */
  #memo(name, from, make) {
    const held = this.#made.get(name);
    if (held && from.every((value, index) => Object.is(value, held.from[index]))) return held.value;
    const value = make(...from);
    this.#made.set(name, { from, value });
    return value;
  }

  updated() {
    const { method, path = "", host = null } = this.router.state;
    const table = this.#table;
    if (table && this.#isChecked(table)) this.#check.ask(table.fingerprint);
    this.#tested.ask({
      method: METHODS.includes(method) ? method : "GET", path, host, table: table?.fingerprint ?? null, routes: table?.routes.length ?? 0,
      isJudged: table !== null && this.#memo("differs", [table], mayDiffer),
    });
    this.#showWinner();
  }

  #isChecked({ routes }) {
    return routes.length <= CHECKED_UNASKED || this.router.state.walls !== undefined;
  }

  /** Bring the route that took the tested path, else the one that came nearest, into sight. */
  #showWinner() {
    const { explanation } = this.#tested;
    if (explanation === this.#answered) return;
    this.#answered = explanation;
    if (explanation === null) return;
    const nearest = explanation.winner ?? explanation.nearest?.[0]?.index;
    if (nearest !== undefined && nearest !== null) this.#list?.show(String(nearest), { about: true });
  }

  get #list() {
    return this.querySelector("ri-route-table");
  }

  /** Move, open, close: the intents of the keyboard that belong to this screen. */
  perform(intent) {
    const side = this.querySelector("ri-routes-side");
    switch (intent) {
      case "filter":
        return this.querySelector("ri-tester")?.take();
      case "next":
        return this.#list?.move(1);
      case "previous":
        return this.#list?.move(-1);
      case "first":
      case "last":
        return this.#list?.moveTo(intent);
      case "open":
        return this.router.state.route === undefined ? this.#list?.moveTo("first") : this.router.set({ view: "regex" });
      case "close":
        return this.router.set({ route: null }, { replace: true });
      case "tab-next":
      case "tab-previous":
        return side?.step(intent === "tab-next" ? 1 : -1);
      default:
        return undefined;
    }
  }

  render() {
    const table = this.#table;
    if (!table) return this.#empty();
    const { explanation } = this.#tested;
    const { find = "" } = this.router.state;
    const lines = this.#memo("lines", [table], (one) => flatten(one));
    const verdicts = this.#memo("verdicts", [explanation], (one) => verdictsByKey(one));
    const fitting = this.#memo("fitting", [lines, find], (all, words) => (words ? all.filter((line) => routeFits(line, words)) : all));
    const { api, router, store } = this;
    return html`<ri-tester .router=${router} .explanation=${explanation} .funnel=${this.#tested.funnel} .verdict=${this.#tested.verdict} .problem=${this.#tested.problem} .total=${this.#memo("total", [table], routesOf)} .sorter=${sorterOf(table)} .fitting=${fitting} .unchecked=${!this.#isChecked(table)}
        @ri-enter=${() => this.#enter()}></ri-tester>
      <div class="routes-body">
        ${this.#rows(fitting, verdicts)}
        <aside class="routes-side" aria-label="Beside the table" @ri-select=${(event) => this.#select(event.detail)}>
          <ri-routes-side .api=${api} .router=${router} .store=${store} .table=${table} .tree=${this.#tree(lines, verdicts)}></ri-routes-side>
        </aside>
      </div>`;
  }

  #empty() {
    const problem = this.#newest.problem;
    const recording = this.store.status?.recording;
    return html`<div class="empty">
      ${icon("route")}
      <p>${problem ? problem.message : recording === "requests_only"
        ? "This app’s route table is not known: its requests are recorded, its routes cannot be explained."
        : this.#newest.waitingWords}</p>
    </div>`;
  }

  #rows(lines, verdicts) {
    const { route: selected = null, all = null, find } = this.router.state;
    const { explanation, isPartial } = this.#tested;
    const { walls } = this.#check;
    const partial = isPartial && all === null ? verdicts : null;
    const bars = this.#memo("bars", [lines], gutters);
    const rows = this.#memo("rows", [lines, bars, walls, partial, partial && selected], (one, two, three, four, wanted) =>
      routeRows({ lines: one, bars: two, walls: three, verdicts: four, wanted }));
    const depth = this.#memo("depth", [bars], (each) => each.reduce((most, { length }) => Math.max(most, length), 0));
    const view = this.#memo("view", [explanation, this.#traffic.byKey, walls, this.router.state], (one, traffic, known) => this.#view(one, traffic, known));
    return html`<section class="routes-list" aria-label="Routes">
      ${this.#whose()}
      ${isPartial ? this.#note(explanation, all !== null) : nothing}
      <ri-route-table .rows=${rows} .view=${view} .verdicts=${verdicts} .selected=${selected} .depth=${depth} .naming=${nameHeading(this.#table)}
        @ri-select=${(event) => this.#select(event.detail)} @ri-open=${(event) => this.router.set({ view: "regex", route: event.detail })}></ri-route-table>
      ${lines.length ? nothing : html`<p class="empty">No route fits “${find}”.</p>`}
    </section>`;
  }

  /** Whose router it is when it is not ours, how it decides, and how well we know it. */
  #whose() {
    const { framework } = this.#table;
    if (!framework) return nothing;
    const name = framework.version ? `${framework.name} ${framework.version}` : framework.name;
    const { fidelity } = this.store.status ?? {};
    return html`<details class="routes-note routes-whose"><summary><strong>${name}</strong>${fidelity ? html` <span title="Paths asked both of ${framework.name} itself and of this table">checked against its router: ${fidelity}</span>` : nothing} <span class="link">How it decides</span></summary>${framework.sentence}</details>`;
  }

  #view(explanation, traffic, walls) {
    const busiest = Math.max(0, ...[...traffic.values()].map(passed));
    const { router } = this;
    return { explanation, traffic, walls, busiest, now: now(), href: (key) => router.href({ view: "regex", route: key, id: null }) };
  }

  #note(explanation, unfolded) {
    const { verdicts_total: total, verdicts } = explanation;
    return html`<p class="routes-note">
      <span>${count(verdicts.length)} of ${count(total)} verdicts: those that matter most to this path.</span>
      <button type="button" class="link" @click=${() => this.router.set({ all: unfolded ? null : 1 }, { replace: true })}>${unfolded ? "Show only these" : "Show every route"}</button>
    </p>`;
  }

  #tree(lines, verdicts) {
    const { walls } = this.#check;
    const { route: selected = null } = this.router.state;
    const tree = this.#memo("tree", [lines], growTree);
    const flow = this.#memo("flow", [tree, this.#traffic.byKey], flowOf);
    const walk = this.#memo("walk", [tree, verdicts], walkOf);
    const line = selected === null ? null : findLine(lines, selected);
    return html`<ri-route-tree .tree=${tree} .flow=${flow} .walk=${walk} .walls=${walls} .selected=${selected}></ri-route-tree>
      ${this.#tested.explanation && !line ? this.#also(lines) : nothing}
      ${line ? html`<ri-route-card .line=${line} .verdict=${verdicts.get(selected) ?? null} .traffic=${this.#traffic.byKey.get(selected) ?? NO_TRAFFIC} .walls=${walls} .lines=${lines} .router=${this.router} .api=${this.api} .table=${this.#table}></ri-route-card>` : nothing}`;
  }

  #also(lines) {
    const { explanation } = this.#tested;
    const others = lines.filter((line) => line.mounts.length === 0 && explanation.also.includes(line.route.index));
    if (others.length === 0) {
      return innermost(explanation).outcome === "found" ? html`<p class="also dim">No other route would match${sorterOf(this.#table) ? "." : ": the order does not matter for this path."}</p>` : nothing;
    }
    return html`<section class="also">
      <h3>Would match too</h3>
      <ul>${others.map(({ key, route, number }) => html`<li><button type="button" class="link" @click=${() => this.#select(key)}><span class="r-number" title=${number}>${shortNumber(number)}</span> <code>${route.path}</code></button></li>`)}</ul>
      <p class="dim">${this.#whyFirst()}</p>
    </section>`;
  }

  #whyFirst() {
    const sorter = sorterOf(this.#table);
    if (sorter) return `${sorter} looks at the other one first, by rules of its own: where a route is declared decides nothing.`;
    return "An earlier route takes this path first; moving one of these above it would change the winner.";
  }

  /** Enter in the box: to the winner of a tested path, or to the first route found. */
  #enter() {
    const { explanation } = this.#tested;
    if (explanation && explanation.winner !== null) this.#select(String(explanation.winner));
    else if (!explanation) this.#list?.moveTo("first");
    this.#list?.focus();
  }

  #select(key) {
    this.router.set({ route: key }, { replace: true });
  }
}

define("ri-routes", RiRoutes);
