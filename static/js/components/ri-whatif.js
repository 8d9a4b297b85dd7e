/**
 * What if this route stood above that one? Edits of the table in force, matched against what was recorded.
 *
 * No handler runs: every recorded request is asked again of the real router with the edited table. The edits are in
 * the address (`edits`, a JSON list), and so is the route chosen (`route`).
 */

import { html, live, nothing } from "../../vendor/lit.js";
import { comebacks } from "../core/comebacks.js";
import { addRoute, altered, draftLines, draftOf, formatEdits, parseEdits } from "../core/whatif.js";
import { editWords, whatifCommand } from "../format/edits.js";
import { mayRedirectSlashes, sorterOf } from "../format/framework.js";
import { RiElement, define, icon } from "./element.js";
import { refocus } from "./refocus.js";
import { freshPath } from "./ri-whatif-list.js";
import { whatifResult } from "./whatif-result.js";

/** Asked this long after the last change: typing a pattern makes a change a key. */
const ASK_AFTER_MS = 120;

/** Of a table with more routes the recorded requests are asked first: the proof of all paths takes seconds. */
const LARGE = 1_000;

/** So long a large table must be left alone before the proof is asked for. */
const PROVE_AFTER_MS = 800;

/** A route's number ("30.2") and its key in the address ("29.1"). */
const shift = (text, by) => text.split(".").map((part) => Number(part) + by).join(".");

export class RiWhatif extends RiElement {
  static properties = {
    api: { attribute: false },
    router: { attribute: false },
    store: { attribute: false },
    table: { attribute: false },
    result: { state: true },
    problem: { state: true },
    asking: { state: true },
    pickedNew: { state: true },
  };

  #asked = null;
  #abort = null;
  #timer = null;

  constructor() {
    super();
    this.result = null;
    this.problem = null;
    this.asking = false;
    /** The added route chosen ("+1"): it has no number that an address could keep. */
    this.pickedNew = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.watch(this.router);
    this.watch(comebacks(this.store), () => this.#retry());
  }

  /** Ask again what could not be asked while the dashboard was away. */
  #retry() {
    if (this.problem) [this.#asked, this.problem] = [null, null];
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#asked = null;
  }

  get #edits() {
    return parseEdits(this.router.state.edits);
  }

  get #picked() {
    const { route } = this.router.state;
    return this.pickedNew ?? (route && /^[\d.]+$/.test(route) ? shift(route, 1) : null);
  }

  willUpdate() {
    this.toggleAttribute("data-edited", this.#edits.length > 0);
  }

  updated() {
    if (!this.table) return;
    const wanted = JSON.stringify([this.table.fingerprint, this.#edits]);
    if (wanted === this.#asked) return;
    this.#asked = wanted;
    this.#abort?.abort();
    window.clearTimeout(this.#timer);
    if (this.#edits.length) this.#timer = window.setTimeout(() => this.#ask(), ASK_AFTER_MS);
    else [this.result, this.problem, this.asking] = [null, null, false];
  }

  async #ask() {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const asked = { table: this.table.fingerprint, edits: this.#edits };
    this.asking = true;
    try {
      if (draftLines(draftOf(this.table, [])).length > LARGE) {
        this.result = await this.api.whatif({ ...asked, requestsOnly: true }, { signal });
        this.problem = null;
        await new Promise((go) => (this.#timer = window.setTimeout(go, PROVE_AFTER_MS)));
      }
      this.result = await this.api.whatif(asked, { signal });
      this.problem = null;
    } catch (error) {
      if (error.name === "AbortError") return;
      [this.result, this.problem] = [null, error];
    }
    this.asking = false;
  }

  #alter(alter) {
    const edits = altered(this.table, this.#edits, alter);
    this.router.set({ edits: formatEdits(edits) }, { replace: true });
  }

  #edit(alter) {
    this.#alter(alter);
    refocus(this, () => this.#firstRow);
  }

  #pick(id) {
    this.pickedNew = id?.startsWith("+") ? id : null;
    this.router.set({ route: id && !this.pickedNew ? shift(id, -1) : null }, { replace: true });
  }

  render() {
    if (!this.table) return nothing;
    const edits = this.#edits;
    const draft = draftOf(this.table, edits);
    return html`
      <h2 class="sr-only">What if</h2>
      <div class="whatif-bar">
        ${mayRedirectSlashes(this.table) ? html`<label class="whatif-switch"><input type="checkbox" .checked=${live(draft.redirectSlashes)}
          @change=${(event) => this.#alter((one) => (one.redirectSlashes = event.target.checked))} /> redirect the slash at the end</label>` : html`<span></span>`}
        <button class="button" data-kind="ghost" type="button" @click=${() => this.#alter((one) => addRoute(one, { path: freshPath(draftLines(one)), methods: ["GET"], before: null }))}>${icon("plus")}Add a route</button>
      </div>
      <div class="whatif-list scroll">
        <ri-whatif-list .lines=${draftLines(draft)} .picked=${this.#picked}
          @ri-edit=${(event) => this.#edit(event.detail)} @ri-pick=${(event) => this.#pick(event.detail)}></ri-whatif-list>
      </div>
      <div class="whatif-outcome scroll" aria-busy=${this.asking ? "true" : "false"}>
        ${edits.length ? html`${this.#list(edits, draft)}${this.#outcome()}` : this.#first()}
      </div>`;
  }

  #first() {
    const sorter = sorterOf(this.table);
    if (sorter) {
      return html`<p class="whatif-first dim">Choose a route to change its pattern or methods or to take it out. Every recorded request is asked again; no handler runs,
        and your code stays as it is. ${sorter} sorts its routes by itself: a route that is moved here stands where no program could put it, and a changed one may come to stand elsewhere.</p>`;
    }
    return html`<p class="whatif-first dim">Drag a route to another place (or <kbd class="key">Alt</kbd> <kbd class="key">↑</kbd> <kbd class="key">↓</kbd>), choose one to change
      its pattern or methods or to take it out. Every recorded request is asked again; no handler runs, and your code stays as it is.</p>`;
  }

  #list(edits, draft) {
    const pathOf = (number) => draft.lines.get(number)?.route.path;
    return html`<section class="whatif-edits">
      <header><h3>If you</h3>
        <button class="button" data-kind="ghost" type="button" @click=${() => this.#copy(edits)}>${icon("terminal")}Copy as command</button>
        <button class="button" data-kind="ghost" type="button" @click=${() => this.#reset()}>${icon("undo-2")}Reset</button></header>
      <ul>${edits.map((edit, at) => html`<li><span>${editWords(edit, pathOf)}</span>
        <button class="button" data-kind="ghost" data-icon-only type="button" aria-label="Undo: ${editWords(edit, pathOf)}" @click=${() => this.#undo(at)}>${icon("x")}</button></li>`)}</ul>
    </section>`;
  }

  #outcome() {
    const { problem, result } = this;
    if (problem) return html`<div class="callout" data-kind="bad" role="alert">${icon("circle-alert")}<p>${problem.message}${problem.hint ? html`<br /><span class="dim">${problem.hint}</span>` : nothing}</p></div>`;
    if (!result) return html`<p class="dim" role="status">Asking every recorded request again…</p>`;
    return whatifResult(this.router, result);
  }

  #undo(at) {
    this.pickedNew = null;
    const left = this.#edits.filter((_, index) => index !== at);
    this.router.set({ edits: formatEdits(altered(this.table, left, () => {})) });
    refocus(this, () => this.querySelector(".whatif-edits li:last-child button") ?? this.#firstRow);
  }

  /** The row that the Tab key leads to. */
  get #firstRow() {
    return this.querySelector('.whatif-row[tabindex="0"]');
  }

  #reset() {
    this.pickedNew = null;
    this.router.set({ edits: null, route: null });
    refocus(this, () => this.#firstRow);
  }

  #copy(edits) {
    const { app, status } = this.store;
    // Embedded, the target is the name of the object's class; only `inspector run` was told what to import.
    const text = whatifCommand(app?.mode === "run" ? (status?.target ?? null) : null, edits);
    this.dispatchEvent(new CustomEvent("ri-copy", { bubbles: true, detail: { text, what: "command" } }));
  }
}

define("ri-whatif", RiWhatif);
