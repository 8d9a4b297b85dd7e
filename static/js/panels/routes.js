/**
 * The Routes screen: the table in match order, and a live tester in which every route answers on each key.
 *
 * In the address: `method` and `path` (what is tested), `route` (key of the selected route), `find` (search box).
 */

import { html, live, nothing, repeat } from "../../vendor/lit.js";
import { RiElement, define, icon } from "../components/element.js";
import { NewestTable } from "../components/newest-table.js";
import { tinted } from "../components/ri-path.js";
import "../components/ri-route-tree.js";
import { methodsOf, reasonOf } from "../format/ladder.js";
import { templateParameters } from "../format/segments.js";
import { flatten, innermost, keyOf, routeFits, segmentTree, sourceOf, verdictsByKey } from "../format/tables.js";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "WEBSOCKET"];
const SIGNS = { matched: "check", shadowed: "eye-off", refused: "x" };

export class RiRoutes extends RiElement {
  static properties = {
    store: { attribute: false },
    api: { attribute: false },
    router: { attribute: false },
    explanation: { state: true },
    problem: { state: true },
  };

  #newest = new NewestTable(this);
  #asked = "";
  #abort = null;

  constructor() {
    super();
    this.explanation = null;
    this.problem = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.watch(this.router);
  }

  get #table() {
    return this.#newest.value?.table ?? null;
  }

  get #method() {
    const { method } = this.router.state;
    return METHODS.includes(method) ? method : "GET";
  }

  get #path() {
    return this.router.state.path ?? "";
  }

  updated() {
    this.#ask();
  }

  /** Ask for every route's verdict, once for each change of the question; a newer question cancels an older one. */
  async #ask() {
    const question = { method: this.#method, path: this.#path, table: this.#table?.fingerprint ?? null };
    const wanted = JSON.stringify(question);
    if (wanted === this.#asked) return;
    this.#asked = wanted;
    this.#abort?.abort();
    if (question.path === "" || question.table === null) {
      this.explanation = null;
      return;
    }
    this.#abort = new AbortController();
    try {
      this.explanation = await this.api.explain(question, { signal: this.#abort.signal });
      this.problem = null;
    } catch (error) {
      if (error.name !== "AbortError") this.problem = error;
    }
  }

  render() {
    if (!this.#table) return this.#empty();
    const lines = flatten(this.#table);
    const verdicts = verdictsByKey(this.explanation);
    const shown = this.router.state.find ? lines.filter((line) => routeFits(line, this.router.state.find)) : lines;
    return html`${this.#tester()}
      <div class="routes-body">
        <div class="routes-table scroll" tabindex="0" role="region" aria-label="Routes in match order">
          ${this.#rows(shown, verdicts)}
        </div>
        ${this.#side(lines, verdicts)}
      </div>`;
  }

  #empty() {
    const problem = this.#newest.problem;
    const recording = this.store.status?.recording;
    return html`<div class="empty">
      ${icon("route")}
      <p>${problem ? problem.message : recording === "requests_only"
        ? "This app’s route table is not known: its requests are recorded, its routes cannot be explained."
        : "No route table yet: it appears here as soon as the app has started."}</p>
    </div>`;
  }

  #tester() {
    const set = (patch) => this.router.set(patch, { replace: true });
    return html`<form class="tester" role="search" aria-label="Route tester" @submit=${(event) => event.preventDefault()}>
      <select class="select" data-size="l" aria-label="Method" .value=${live(this.#method)} @change=${(event) => set({ method: event.target.value })}>
        ${METHODS.map((method) => html`<option value=${method} ?selected=${method === this.#method}>${method}</option>`)}
      </select>
      <input class="input mono" data-size="l" aria-label="Path to test" placeholder="/type/a/path — every route answers on each key"
        spellcheck="false" autocomplete="off" .value=${live(this.#path)} @input=${(event) => set({ path: event.target.value })} />
      <input class="input" data-size="l" type="search" aria-label="Find a route" placeholder="Find a name, verb or handler"
        spellcheck="false" .value=${live(this.router.state.find ?? "")} @input=${(event) => set({ find: event.target.value })} />
      <output class="tester-answer">${this.#answer()}</output>
    </form>`;
  }

  #answer() {
    if (this.problem) return html`<span data-kind="bad">${icon("circle-alert", { size: "s" })}${this.problem.message}</span>`;
    if (!this.explanation) return html`<span class="dim">${this.#table.routes.length} routes, tried from the top; the first that fits takes the request.</span>`;
    const last = innermost(this.explanation);
    const kind = last.outcome === "found" ? "ok" : last.outcome === "redirect" ? "info" : "bad";
    const sign = { found: "check", redirect: "corner-down-right" }[last.outcome] ?? "x";
    const meant = this.explanation.did_you_mean;
    return html`<span data-kind=${kind}>${icon(sign, { size: "s" })}<span>${this.explanation.answer ?? last.sentence}</span></span>
      ${meant ? html`<button type="button" class="button" data-kind="ghost" @click=${() => this.router.set({ path: meant }, { replace: true })}>${icon("corner-down-right")}Try <code>${meant}</code></button>` : nothing}`;
  }

  #rows(lines, verdicts) {
    const tested = this.explanation !== null;
    return html`<table class="routes" data-tested=${tested ? "" : nothing}>
      <thead>
        <tr>
          <th scope="col" class="number">#</th>
          <th scope="col">Method</th>
          <th scope="col">Pattern</th>
          <th scope="col">${tested ? "Verdict" : "Compiled regex"}</th>
          <th scope="col">Handler</th>
          <th scope="col" class="number">Hits</th>
          <th scope="col" class="number">p50</th>
        </tr>
      </thead>
      <tbody>
        ${repeat(lines, keyOf, (line) => this.#row(line, verdicts.get(keyOf(line)), tested))}
      </tbody>
    </table>
    ${lines.length ? nothing : html`<p class="empty">No route fits “${this.router.state.find}”.</p>`}`;
  }

  #row(line, verdict, tested) {
    const { route, number, depth } = line;
    const key = keyOf(line);
    return html`<tr
      data-kind=${route.kind}
      data-depth=${depth}
      data-outcome=${tested ? verdict?.outcome ?? "unasked" : nothing}
      ?data-unexamined=${tested && verdict && !verdict.examined}
      aria-selected=${key === this.router.state.route ? "true" : nothing}
    >
      <td class="number">${number}</td>
      <td class="methods">${methodsOf(route).map((method) => html`<span class="method" data-method=${method}>${method}</span> `)}</td>
      <td class="pattern">${this.#pattern(line, verdict)}</td>
      <td class="verdict">${tested ? this.#verdict(verdict) : html`<code>${route.regex}</code>`}</td>
      <td class="handler">
        <span>${route.name ?? route.endpoint}</span>${route.file ? html`<code>${sourceOf(route)}</code>` : nothing}
      </td>
      ${this.#traffic(line)}
    </tr>`;
  }

  #pattern(line, verdict) {
    const { route, prefix } = line;
    const key = keyOf(line);
    const includes = route.includes.map((one) => one.prefix).filter(Boolean);
    return html`<a href=${this.router.href({ view: "regex", route: key, id: null })} @click=${(event) => this.#open(event, key)}
      title=${includes.length ? `included with the prefix ${includes.join(" + ")}` : "Open its regex"}
      >${prefix ? html`<span class="dim">${prefix}</span>` : nothing}${tinted({
        text: route.path,
        parameters: templateParameters(route),
        reached: verdict ? verdict.template_reached : null,
        refused: verdict?.template_refused ?? null,
      })}</a>${route.kind === "mount" ? html` <span class="badge">mount${route.table ? "" : ", opaque"}</span>` : nothing}`;
  }

  #open(event, key) {
    event.preventDefault();
    this.router.set({ view: "regex", route: key });
  }

  #verdict(verdict) {
    if (!verdict) return html`<span class="dim">not asked: its mount did not take the path</span>`;
    const { kind, text } = reasonOf(verdict);
    const more = kind === "refused" ? verdict.reasons.slice(1).map((one) => one.message).join(" · ") : "";
    return html`<span class="reason" data-kind=${kind}>${icon(SIGNS[kind], { size: "s" })}<span>${text}${more ? html` <span class="more">· ${more}</span>` : nothing}</span></span>`;
  }

  #traffic({ route, mounts }) {
    const hits = mounts.length ? null : this.#newest.value.hits[route.index];
    if (!hits) return html`<td class="number dim">–</td><td class="number dim">–</td>`;
    const p50 = hits.p50_ms === null ? "–" : `${hits.p50_ms < 10 ? hits.p50_ms.toFixed(1) : Math.round(hits.p50_ms)} ms`;
    return html`<td class="number">${hits.count}${hits.errors ? html`<span class="failed">${hits.errors} failed</span>` : nothing}</td>
      <td class="number">${p50}</td>`;
  }

  #side(lines, verdicts) {
    const reached = (line) => verdicts.get(keyOf(line))?.template_reached ?? null;
    const tree = segmentTree(lines, (line) => {
      const own = reached(line);
      return own === null ? null : own + line.prefix.length;
    });
    return html`<aside class="routes-side scroll" tabindex="0" aria-label="Route tree">
      <section class="section"><header><h3>Route tree</h3></header><ri-route-tree .tree=${tree}></ri-route-tree></section>
      ${this.explanation ? this.#also(lines) : nothing}
    </aside>`;
  }

  #also(lines) {
    const last = innermost(this.explanation);
    const others = lines.filter((line) => line.mounts.length === 0 && this.explanation.also.includes(line.route.index));
    return html`<section class="section">
      <header><h3>Would match too</h3></header>
      ${others.length
        ? html`<ul class="also">
            ${others.map(({ route, number }) => html`<li><span class="number">${number}</span> <code>${route.path}</code></li>`)}
          </ul>
          <p class="dim">An earlier route takes this path first; moving one of these above it would change the winner.</p>`
        : html`<p class="dim">${last.outcome === "found" ? "Nothing: the order of these routes does not matter for this path." : "Nothing matches this path."}</p>`}
    </section>`;
  }
}

define("ri-routes", RiRoutes);
