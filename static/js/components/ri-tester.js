/**
 * The one box of the Routes screen: a path, an address or a verb with a path is tested on each key; other words find
 * routes. Below it what the table says to it.
 *
 * `sorter` names the framework whose router sorts the routes by itself, else null. `explanation`, `funnel`, `verdict` and `problem` are the TestedPath's; `total` is the number of routes, `fitting` are the lines
 * that fit the words; `unchecked`: nobody has looked yet for routes that nothing reaches. What is typed goes to the address as `method`, `path`, `host` and `find`.
 */

import { html, live, nothing } from "../../vendor/lit.js";
import { METHODS, readBox, writeBox } from "../core/search-box.js";
import { count, plural } from "../format/bytes.js";
import { fateOf } from "../format/fate.js";
import { routerSays } from "../format/router-says.js";
import { innermost } from "../format/tables.js";
import { RiElement, define, icon } from "./element.js";
import "./ri-funnel.js";

const SIGNS = { taken: "check", refused: "circle-alert", redirect: "corner-down-right", missed: "x" };
const ROUTER_SIGNS = { same: "circle-check", other: "triangle-alert", unseen: "info", none: "info" };
const KINDS = { taken: "ok", refused: "warn", redirect: "info", missed: "bad" };

export class RiTester extends RiElement {
  static properties = {
    router: { attribute: false },
    explanation: { attribute: false },
    funnel: { attribute: false },
    verdict: { attribute: false },
    problem: { attribute: false },
    total: { attribute: false },
    sorter: { attribute: false },
    unchecked: { attribute: false },
    fitting: { attribute: false },
    draft: { state: true },
    shift: { state: true },
  };

  constructor() {
    super();
    /** What stands in the box while it is typed, where that is not how the address would write it; else null. */
    this.draft = null;
    this.shift = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    this.watch(this.router);
  }

  get #method() {
    const { method } = this.router.state;
    return METHODS.includes(method) ? method : "GET";
  }

  /** The answer is still that of a path typed before. */
  get #isStale() {
    return this.explanation !== null && this.explanation.path !== this.router.state.path;
  }

  get #text() {
    const { path = "", find = "" } = this.router.state;
    const said = this.draft === null ? null : readBox(this.draft);
    return said && said.path === path && said.find === find ? this.draft : writeBox({ path, find });
  }

  /** Put the caret into the box, with all of its text selected. */
  take() {
    this.querySelector(".tester-text").select();
  }

  render() {
    return html`<form class="tester" role="search" aria-label="Route tester" @submit=${(event) => this.#submit(event)}>
      <div class="tester-box">
        <select class="tester-method" aria-label="Method" data-method=${this.#method === "WEBSOCKET" ? "WS" : this.#method}
          .value=${live(this.#method)} @change=${(event) => this.router.set({ method: event.target.value }, { replace: true })}>
          ${METHODS.map((method) => html`<option value=${method} ?selected=${method === this.#method}>${method}</option>`)}
        </select>
        <input class="tester-text" aria-label="Path to test, or words to find a route" spellcheck="false" autocomplete="off" autocapitalize="off"
          placeholder="/a/path or an address to test it · a name, verb, handler or file to find its route"
          .value=${live(this.#text)} @input=${(event) => this.#type(event.target.value)}
          @scroll=${(event) => this.#scroll(event)} @blur=${() => (this.draft = null)} />
        ${this.#text ? html`<button type="button" class="tester-clear" aria-label="Clear the box" @click=${() => this.#clear()}>${icon("x", { size: "s" })}</button>` : nothing}
      </div>
      ${this.#funnel()}
      <output class="tester-answer" ?data-stale=${this.#isStale}>${this.#answer()}</output>
    </form>`;
  }

  #funnel() {
    const { funnel } = this;
    if (!funnel) return nothing;
    const text = this.#text;
    const path = writeBox({ path: funnel.path });
    const starts = text.indexOf(path);
    return html`<ri-funnel .funnel=${funnel} .indent=${starts < 0 ? 0 : [...text.slice(0, starts)].length} .shift=${this.shift}
      @ri-complete=${(event) => this.#complete(event.detail)}></ri-funnel>`;
  }

  #answer() {
    const { problem } = this;
    if (problem) return html`<span data-kind="bad">${icon("circle-alert", { size: "s" })}<span>${problem.message}</span></span>`;
    if (!this.explanation) return html`<span class="dim">${this.#idle()}</span>`;
    const fate = fateOf(this.explanation);
    const said = this.explanation.answer ?? innermost(this.explanation).sentence;
    return html`<span data-kind=${KINDS[fate]}>${icon(SIGNS[fate], { size: "s" })}<span>${said}</span></span>
      ${this.#router()}${this.#meant()}${this.#rule()}${this.#notes()}`;
  }

  /** What the router itself says, where another framework’s or a host’s rules may differ from what is explained here. */
  #router() {
    const { verdict } = this;
    if (!verdict || verdict.path !== this.explanation.path) return nothing;
    const { kind, text } = verdict.problem ? { kind: "none", text: `The router itself was not asked: ${verdict.problem.message}.` } : routerSays(verdict.said, this.explanation);
    return html`<span class="tester-note" data-kind=${kind === "other" ? "warn" : nothing} data-router=${kind}>${icon(ROUTER_SIGNS[kind], { size: "s" })}<span>${text}</span></span>`;
  }

  /** Other frameworks ask the strictest template first: who would win there? */
  #rule() {
    const said = this.explanation.specificity;
    if (!said || this.sorter) return nothing;
    const shown = this.router.state.rule === "specificity";
    return html`<button type="button" class="link" aria-pressed=${shown} @click=${() => this.router.set({ rule: shown ? null : "specificity" }, { replace: true })}>by specificity?</button>
      ${shown ? html`<span class="tester-note">${icon("info", { size: "s" })}<span>${said}</span></span>` : nothing}`;
  }

  #idle() {
    const { find } = this.router.state;
    if (find) return this.#found(find);
    const routes = plural(this.total, "route");
    const order = this.sorter ? `${routes}, in the order in which ${this.sorter} looks at them, wherever they are declared.` : `${routes}, tried from the top; the first that fits takes the request.`;
    if (!this.unchecked) return order;
    return html`${order} <button type="button" class="link" @click=${() => this.router.set({ walls: 1 }, { replace: true })}>Look for routes that nothing reaches</button>`;
  }

  /** `3 of 33 routes and 1 mount fit “office”.`: a mount whose table is known leads to routes, and is none. */
  #found(find) {
    const mounts = this.fitting.filter(({ route }) => route.table).length;
    const routes = this.fitting.length - mounts;
    const beside = mounts ? ` and ${plural(mounts, "mount")}` : "";
    return `${count(routes)} of ${plural(this.total, "route")}${beside} ${routes + mounts === 1 ? "fits" : "fit"} “${find}”.`;
  }

  #meant() {
    const meant = this.explanation.did_you_mean;
    if (!meant) return nothing;
    return html`<button type="button" class="button" data-kind="ghost" @click=${() => this.#complete(meant)}>${icon("corner-down-right")}Try <code>${meant}</code></button>`;
  }

  #notes() {
    if (this.draft === null) return nothing;
    const { note, query } = readBox(this.draft);
    const cut = query === null ? null : `“?${query}” takes no part in routing`;
    return [note, cut].filter(Boolean).map((text) => html`<span class="tester-note">${icon("info", { size: "s" })}<span>${text}</span></span>`);
  }

  #type(text) {
    this.draft = text;
    const { method, path, find, host } = readBox(text);
    this.router.set({ path, find, host, ...(method ? { method } : {}) }, { replace: true });
  }

  #complete(path) {
    this.draft = null;
    this.router.set({ path, find: null }, { replace: true });
    const box = this.querySelector(".tester-text");
    box.focus();
    this.updateComplete.then(() => box.setSelectionRange(box.value.length, box.value.length));
  }

  #clear() {
    this.draft = null;
    this.router.set({ path: null, find: null, host: null }, { replace: true });
    this.querySelector(".tester-text").focus();
  }

  #scroll(event) {
    this.shift = event.target.scrollLeft;
  }

  #submit(event) {
    event.preventDefault();
    this.dispatchEvent(new CustomEvent("ri-enter", { bubbles: true }));
  }
}

define("ri-tester", RiTester);
