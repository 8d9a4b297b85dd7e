/**
 * The Regex screen: one pattern as text, as tracks, against a text, and every step of Python's own engine through it.
 *
 * In the address: `route` (key of the route, mounts first: "17.1"), `path` (the text tried), `step` (the engine's step
 * shown). With `regex` or `how`, any Python regex instead of a route's; `how` is "fullmatch", "match" or "search".
 */

import { html, live, nothing, repeat } from "../../vendor/lit.js";
import { RiElement, define, icon, styles } from "../components/element.js";
import { NewestTable } from "../components/newest-table.js";
import { groupNames, spansAt, spansTable, verdict } from "../components/regex-result.js";
import "../components/ri-char-strip.js";
import { tinted } from "../components/tinted.js";
import "../components/ri-railroad.js";
import "../components/ri-stepper.js";
import { shortNumber } from "../components/route-number.js";
import { RowWindow } from "../components/row-window.js";
import { sheets } from "../components/sheets.js";
import { comebacks } from "../core/comebacks.js";
import { recordedPaths } from "../core/recorded-paths.js";
import { standAt, stationStates } from "../core/steps.js";
import { picturedBy } from "../format/framework.js";
import { methodsOf } from "../format/ladder.js";
import { templateParameters, tintOf } from "../format/segments.js";
import { calledOf, findLine, flatten, keyOf, sourceOf } from "../format/tables.js";

await sheets("content", "ladder", "regex", "stepper");

const HOWS = { fullmatch: "all of the text (fullmatch)", match: "from its start (match)", search: "anywhere in it (search)" };

/** Height of a row of the list in px, as in the style sheet. */
const ROW = 28;

export class RiRegex extends RiElement {
  static properties = {
    store: { attribute: false },
    api: { attribute: false },
    router: { attribute: false },
    view: { state: true },
    problem: { state: true },
  };

  #asked = "";
  #abort = null;
  #flat = { table: null, lines: [] };
  #newest = new NewestTable(this);
  #window = new RowWindow(this, { box: () => this.querySelector(".regex-list"), rowHeight: ROW });
  #shown = null;

  constructor() {
    super();
    this.view = null;
    this.problem = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.watch(this.router);
    this.watch(comebacks(this.store), () => this.#retry());
  }

  /** Ask what could not be asked while the dashboard was away. */
  #retry() {
    if (this.problem) [this.#asked, this.problem] = ["", null];
  }

  get #table() {
    return this.#newest.value?.table ?? null;
  }

  /** The routes with a pattern, flattened once a table: a long one takes a while, and every key asks. */
  get #lines() {
    const table = this.#table;
    if (this.#flat.table !== table) this.#flat = { table, lines: flatten(table).filter(({ route }) => route.regex) };
    return this.#flat.lines;
  }

  get #line() {
    const lines = this.#lines;
    return findLine(lines, this.router.state.route ?? "") ?? lines.find(({ route }) => templateParameters(route).length) ?? lines[0] ?? null;
  }

  get #text() {
    return this.router.state.path ?? "";
  }

  /** The regex typed by hand, or null while a route's is shown. */
  get #typed() {
    const { regex, how } = this.router.state;
    return regex ?? (how ? "" : null);
  }

  get #how() {
    return this.router.state.how in HOWS ? this.router.state.how : "fullmatch";
  }

  updated() {
    this.#ask();
    this.#showLine();
  }

  /** Bring the line of the address into the list's view, once for each. */
  #showLine() {
    const line = this.#typed === null ? this.#line : null;
    if (line === null || line === this.#shown) return;
    this.#shown = line;
    this.#window.show(this.#lines.indexOf(line), { about: true });
  }

  /** What to ask for what the address names: `{key, text, send(options)}`, or null. */
  #question() {
    const steps = true;
    if (this.#typed !== null) {
      const [regex, text, how] = [this.#typed, this.#text, this.#how];
      const send = (options) => this.api.anyRegex({ regex, how, text: text === "" ? null : text, steps }, options);
      return { key: JSON.stringify([regex, how]), text, send };
    }
    const line = this.#line;
    if (!line || !this.#table) return null;
    const text = this.#textInside(line);
    const asked = { index: line.route.index, table: this.#table.fingerprint, mounts: line.mounts, text: text === "" ? null : text, steps };
    return { key: keyOf(line), text, send: (options) => this.api.regex(asked, options) };
  }

  /** Ask for the tree and the trace of what the address names, once for each change, the last one wins. */
  async #ask() {
    const question = this.#question();
    if (!question) return;
    const { key, text, send } = question;
    const wanted = JSON.stringify([this.#table?.fingerprint, key, text]);
    if (wanted === this.#asked) return;
    this.#asked = wanted;
    this.#abort?.abort();
    this.#abort = new AbortController();
    try {
      this.view = { key, text, ...(await send({ signal: this.#abort.signal })) };
      this.problem = null;
    } catch (error) {
      if (error.name !== "AbortError") this.problem = error;
    }
  }

  /** What the pattern of a mounted route sees: the path without the mounts' prefix. */
  #textInside({ prefix }) {
    const text = this.#text;
    return prefix && text.startsWith(prefix) ? text.slice(prefix.length) : text;
  }

  /** The answer on the screen: that of an older text until the new one is there, never that of another regex. */
  get #view() {
    return this.view?.key === this.#question()?.key ? this.view : null;
  }

  /** How the engine stands at the step in the address, null for the whole run. */
  #stand(view) {
    const events = view?.steps?.events ?? [];
    const step = Number(this.router.state.step);
    return Number.isInteger(step) && step >= 1 && events.length ? { step: Math.min(step, events.length), ...standAt(events, Math.min(step, events.length)) } : null;
  }

  render() {
    const typed = this.#typed !== null;
    const problem = this.#newest.problem ?? this.problem;
    const line = typed ? null : this.#line;
    if (problem && !this.#table && !typed) return html`<p class="empty">${problem.message}</p>`;
    if (!line && !typed) return html`<div class="empty">${icon("regex")}<p>${this.#newest.waitingWords}</p></div>`;
    const view = this.#view;
    const names = line ? templateParameters(line.route).map((one) => one.name) : groupNames(view?.tree);
    const stand = this.#stand(view);
    return html`${this.#list(line)}
      <div class="scroll" tabindex="0" role="region" aria-label="Pattern" @keydown=${(event) => this.#pressed(event)}>
        ${typed ? this.#typing(problem?.message ?? (view?.problem ? `Python cannot read it: ${view.problem}` : null)) : html`${this.#title(line, names)} ${this.#source(line)}`}
        ${this.#tracks(view, names, stand)} ${this.#trial(view, names, stand, line)}
      </div>`;
  }

  /** The arrow keys step, wherever they mean nothing else. */
  #pressed(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, select, .railroad")) return;
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const stepper = this.querySelector("ri-stepper");
    if (!by || !stepper) return;
    event.preventDefault();
    stepper.move(by);
  }

  #list(current) {
    const lines = this.#lines;
    const drawn = this.#window.slots(lines.length).filter((index) => index >= 0).sort((one, other) => one - other);
    return html`<nav class="regex-list scroll" aria-label="Patterns in match order" @scroll=${() => this.#window.scrolled(lines.length)}>
      <button type="button" class="any" aria-current=${current ? nothing : "true"} title="Any regex of Python: typed, not from a route"
        @click=${() => this.router.set({ regex: current?.route.regex ?? this.#typed, how: this.#how, step: null })}>${icon("pencil", { size: "s" })}Any regex</button>
      <ol ${styles({ "--above": `${(drawn[0] ?? 0) * ROW}px`, "--all": `${lines.length * ROW}px` })}>
        ${repeat(drawn, (index) => keyOf(lines[index]), (index) => this.#entry(lines[index], index, lines[index] === current))}
      </ol>
    </nav>`;
  }

  #entry(line, index, current) {
    const { route, number, prefix } = line;
    const [method] = methodsOf(route);
    const parameters = templateParameters(route);
    return html`<li aria-posinset=${index + 1} aria-setsize=${this.#lines.length}>
      <button type="button" aria-current=${current ? "true" : nothing} title=${prefix + route.path} @click=${() => this.router.set({ route: keyOf(line), regex: null, how: null, step: null })}>
        <span class="number" title=${number}>${shortNumber(number)}</span>
        <span class="method" data-method=${method}>${method}</span>
        <span class="truncate">${prefix ? html`<span class="dim">${prefix}</span>` : nothing}${tinted({ text: route.path, parameters })}</span>
      </button>
    </li>`;
  }

  #title({ route, prefix }, names) {
    const parameters = templateParameters(route);
    return html`<header class="regex-title">
      <h2>${prefix ? html`<span class="dim">${prefix}</span>` : nothing}${tinted({ text: route.path, parameters, names })}</h2>
      <span class="source">${calledOf(route)}${route.file ? html` · <code title="${route.file}:${route.line}">${sourceOf(route)}</code>` : nothing}</span>
    </header>`;
  }

  #source({ route }) {
    const pictured = picturedBy(this.#table);
    const heading = pictured ? "As a regex" : "Compiled regex";
    return html`<section class="section" aria-label=${heading}>
      <header><h3>${heading}</h3><span class="dim">${pictured ? `our picture of the route: ${pictured} compares paths in its own way` : "the whole path must match it"}</span></header>
      <div class="regex-source">
        <pre class="code">${route.regex}</pre>
        <button type="button" class="button" @click=${() => this.#copy(route.regex)}>${icon("copy")}Copy</button>
        <button type="button" class="button" @click=${() => this.router.set({ regex: route.regex, how: "fullmatch", step: null })}>${icon("pencil")}Edit</button>
      </div>
    </section>`;
  }

  #copy(text) {
    this.dispatchEvent(new CustomEvent("ri-copy", { bubbles: true, detail: { text, what: "regex" } }));
  }

  /** A regex to type, how it is asked, and what is wrong with it. */
  #typing(problem) {
    return html`<section class="section" aria-label="Any regex">
      <header><h3>Any regex</h3><span class="dim">of Python’s module re, with inline flags such as (?i)</span></header>
      <div class="regex-typing">
        <input class="input mono" data-size="l" aria-label="Regex" placeholder="^/articles/(?P<year>[0-9]{4})/$" spellcheck="false" autocomplete="off"
          aria-invalid=${problem ? "true" : nothing} .value=${live(this.#typed)}
          @input=${(event) => this.#type({ regex: event.target.value, how: this.#how })} />
        <select class="select" data-size="l" aria-label="Must match" @change=${(event) => this.#type({ how: event.target.value })}>
          ${Object.entries(HOWS).map(([how, words]) => html`<option value=${how} ?selected=${how === this.#how}>${words}</option>`)}
        </select>
      </div>
      ${problem ? html`<p class="regex-verdict" data-kind="bad" role="alert">${icon("x", { size: "s" })}<span>${problem}</span></p>` : nothing}
    </section>`;
  }

  #type(patch) {
    this.router.set({ ...patch, step: null }, { replace: true });
  }

  #tints(names) {
    return Object.fromEntries(names.map((name) => [name, tintOf(name, names)]));
  }

  #tracks(view, names, stand) {
    const states = stand ? stationStates(view.steps.events, stand.step) : view?.trace?.nodes ?? {};
    const current = stand ? { id: stand.event.node, kind: stand.event.kind } : null;
    return html`<section class="section" aria-label="Railroad diagram">
      <header><h3>Railroad</h3><span class="dim">drawn from Python’s own parse tree</span></header>
      <ri-railroad .tree=${view?.tree ?? null} .states=${states} .tints=${this.#tints(names)} .current=${current}></ri-railroad>
    </section>`;
  }

  #trial(view, names, stand, line) {
    const example = line ? line.prefix + line.route.path : "a text";
    return html`<section class="section" aria-label="Try a text">
      <header><h3>Try a ${this.#typed === null ? "path" : "text"}</h3></header>
      <input class="input mono" data-size="l" aria-label="${this.#typed === null ? "Path" : "Text"} to try" placeholder=${example} spellcheck="false" autocomplete="off"
        .value=${live(this.#text)} @input=${(event) => this.#type({ path: event.target.value })} />
      ${this.#text === "" && line ? this.#recorded(line) : nothing}
      ${view?.trace ? this.#trace(view, names, stand) : nothing}
    </section>
    ${view?.steps ? this.#steps(view, stand) : nothing}`;
  }

  /** Paths that were asked of this route lately, to begin with. */
  #recorded({ prefix, route }) {
    const paths = recordedPaths(this.store.newest(), prefix + route.path);
    if (paths.length === 0) return nothing;
    return html`<p class="regex-recorded"><span class="dim">recorded</span>
      ${paths.map((path) => html`<button type="button" class="button" @click=${() => this.#type({ path })}>${path}</button>`)}</p>`;
  }

  #trace({ trace, tree, text }, names, stand) {
    const spans = stand ? spansAt(tree, stand.captures, text) : trace.spans;
    return html`<div class="regex-trace">
        <ri-char-strip .text=${text} .start=${trace.start} .reached=${trace.reached} .accepted=${trace.accepted}
          .spans=${spans} .tints=${this.#tints(names)} .stand=${stand}></ri-char-strip>
      </div>
      ${verdict(trace, text)} ${trace.accepted === null && !stand ? nothing : spansTable(tree, spans, names)}`;
  }

  #steps({ steps, tree, text }, stand) {
    return html`<section class="section" aria-label="Steps of the engine">
      <header><h3>Step through re</h3><span class="dim">what Python’s engine does, one decision at a time</span></header>
      <ri-stepper .steps=${steps} .tree=${tree} .text=${text} .step=${stand?.step ?? null}
        @ri-step=${({ detail }) => this.router.set({ step: detail.step }, { replace: true })}></ri-stepper>
    </section>`;
  }
}

define("ri-regex", RiRegex);
