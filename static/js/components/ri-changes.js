/** Before and after: what each of the last reloads did to the route table, and to the requests recorded before it. */

import { html, nothing } from "../../vendor/lit.js";
import { now } from "../core/clock.js";
import { comebacks } from "../core/comebacks.js";
import { plural } from "../format/bytes.js";
import { changedWords, declaredOtherwise, movedWords, onOtherLines } from "../format/changes.js";
import { sourceOf } from "../format/tables.js";
import { ago, clock, moment } from "../format/time.js";
import { RiElement, define, icon } from "./element.js";
import { movedList, regionList } from "./moved.js";
import { methodWords, pattern } from "./ri-finding.js";

/** Lines of one kind that are drawn; more are counted. */
const MOST = 50;

export class RiChanges extends RiElement {
  static properties = {
    api: { attribute: false },
    router: { attribute: false },
    store: { attribute: false },
    table: { attribute: false },
    reloads: { state: true },
    problem: { state: true },
  };

  #asked = null;

  constructor() {
    super();
    this.reloads = null;
    this.problem = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.watch(comebacks(this.store), () => this.problem && this.#ask());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#asked = null;
  }

  updated() {
    const table = this.table?.fingerprint ?? null;
    if (table === null || table === this.#asked) return;
    this.#asked = table;
    this.#ask();
  }

  async #ask() {
    try {
      ({ reloads: this.reloads } = await this.api.reloads());
      this.problem = null;
    } catch (error) {
      this.problem = error;
    }
  }

  render() {
    if (this.problem) return html`<div class="callout" data-kind="bad">${icon("circle-alert")}<p>${this.problem.message}</p></div>`;
    if (this.reloads === null) return html`<p class="dim" role="status">Comparing the tables…</p>`;
    if (!this.reloads.length) return this.#none();
    return html`<h2 class="sr-only">Before and after</h2>${this.reloads.map((reload, at) => this.#reload(reload, at === 0))}`;
  }

  #none() {
    return html`<div class="empty">${icon("history")}
      <p>The route table is the one the recording began with.</p>
      <p>After a reload this tells what was added, removed, moved or changed, and which recorded requests now go elsewhere.</p></div>`;
  }

  #reload(reload, isNewest) {
    return html`<details class="change" ?open=${isNewest}>
      <summary>${icon("chevron-right", { size: "s" })}
        <span><strong>${changedWords(reload)}</strong>
          <span class="dim" title=${moment(reload.at)}>${clock(reload.at).slice(0, 8)}, ${ago(reload.at, now())}</span></span>
      </summary>
      ${this.#entries(reload)}
      <section><h3>Recorded requests</h3>
        ${reload.requests_total ? movedList(this.router, reload.requests, reload.requests_total) : html`<p class="dim">${sentence(movedWords(0))}</p>`}</section>
      ${this.#regions(reload)}
    </details>`;
  }

  #entries(reload) {
    const changed = declaredOtherwise(reload);
    const lines = onOtherLines(reload);
    return html`<ul class="entries">
        ${this.#kind(reload.added, reload.totals.added, (route) => this.#entry("added", "plus", route))}
        ${this.#kind(reload.removed, reload.totals.removed, (route) => this.#entry("removed", "minus", route))}
        ${this.#kind(reload.moved, reload.totals.moved, ({ route, from, to }) => this.#entry("moved", Number(to) < Number(from) ? "arrow-up" : "arrow-down", route, html`${from} → ${to}`))}
        ${this.#kind(changed, changed.length, ({ old, new: after, what }) => this.#entry("changed", "pencil", after, this.#what(old, after, what)))}
        ${reload.redirect_slashes === null ? nothing : html`<li data-state="changed">${icon("pencil", { size: "s", label: "changed" })}<span>redirects of the slash at the end are ${reload.redirect_slashes ? "on" : "off"} now</span></li>`}
      </ul>
      ${lines ? html`<p class="dim">${plural(lines, "route")} only ${lines === 1 ? "stands" : "stand"} on other lines.</p>` : nothing}`;
  }

  #kind(list, total, draw) {
    const left = total - Math.min(list.length, MOST);
    return html`${list.slice(0, MOST).map(draw)}${left > 0 ? html`<li class="dim">and ${plural(left, "more", "more")}</li>` : nothing}`;
  }

  #entry(state, sign, route, note = nothing) {
    return html`<li data-state=${state}>${icon(sign, { size: "s", label: state })}
      <span>${methodWords(route.methods)}${pattern(route.path)} <span class="dim">${route.name}</span>
        ${note === nothing ? nothing : html`<span class="entry-note dim">${note}</span>`}</span>
      ${route.file ? html`<code class="dim" title="${route.file}:${route.line}">${sourceOf(route)}</code>` : nothing}</li>`;
  }

  #what(old, after, what) {
    const said = {
      path: () => html`was ${pattern(old.path)}`,
      converter: () => html`a converter changed`,
      methods: () => html`was ${old.methods.join(", ")}`,
      name: () => html`was called ${old.name}`,
    };
    return what.filter((one) => one in said).map((one) => html`<span>${said[one]()}</span>`);
  }

  #regions({ regions, failed }) {
    if (failed) return html`<section><h3>Of all paths there are</h3><p class="dim">${failed}</p></section>`;
    return html`<section><h3>Of all paths there are</h3>
      ${regions.length ? regionList(this.router, regions) : html`<p class="dim">Nothing: every path goes where it went before.</p>`}</section>`;
  }
}

const sentence = (words) => `${words[0].toUpperCase()}${words.slice(1)}.`;

define("ri-changes", RiChanges);
