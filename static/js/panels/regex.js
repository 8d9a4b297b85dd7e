/**
 * The Regex screen: one pattern as text, as tracks, and against a text, character by character.
 *
 * In the address: `route` (key of the route, mounts first: "17.1"), `path` (the text tried).
 */

import { html, live, nothing, repeat } from "../../vendor/lit.js";
import { RiElement, define, icon } from "../components/element.js";
import { NewestTable } from "../components/newest-table.js";
import { tinted } from "../components/ri-path.js";
import "../components/ri-char-strip.js";
import "../components/ri-railroad.js";
import { methodsOf } from "../format/ladder.js";
import { templateParameters, tintOf } from "../format/segments.js";
import { findLine, flatten, keyOf, sourceOf } from "../format/tables.js";

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
  #newest = new NewestTable(this);

  constructor() {
    super();
    this.view = null;
    this.problem = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.watch(this.router);
  }

  get #table() {
    return this.#newest.value?.table ?? null;
  }

  get #lines() {
    return flatten(this.#table).filter(({ route }) => route.regex);
  }

  get #line() {
    const lines = this.#lines;
    return findLine(lines, this.router.state.route ?? "") ?? lines.find(({ route }) => templateParameters(route).length) ?? lines[0] ?? null;
  }

  get #text() {
    return this.router.state.path ?? "";
  }

  updated() {
    this.#ask();
  }

  /** Ask for the tree and the trace of what the address names, once for each change, the last one wins. */
  async #ask() {
    const line = this.#line;
    if (!line || !this.#table) return;
    const text = this.#textInside(line);
    const wanted = JSON.stringify([this.#table.fingerprint, keyOf(line), text]);
    if (wanted === this.#asked) return;
    this.#asked = wanted;
    this.#abort?.abort();
    this.#abort = new AbortController();
    const { route, mounts } = line;
    const question = { index: route.index, table: this.#table.fingerprint, mounts, text: text === "" ? null : text };
    try {
      this.view = { key: keyOf(line), text, ...(await this.api.regex(question, { signal: this.#abort.signal })) };
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

  render() {
    const problem = this.#newest.problem ?? this.problem;
    if (problem && !this.#table) return html`<p class="empty">${problem.message}</p>`;
    const line = this.#line;
    if (!line) return html`<div class="empty">${icon("regex")}<p>No route table yet: it appears here as soon as the app has started.</p></div>`;
    const names = templateParameters(line.route).map((one) => one.name);
    const view = this.view?.key === keyOf(line) ? this.view : null;
    return html`${this.#list(line)}
      <div class="scroll" tabindex="0" role="region" aria-label="Pattern">
        ${this.#title(line, names)} ${this.#source(line)} ${this.#tracks(view, names)} ${this.#trial(view, names, line)}
      </div>`;
  }

  #list(current) {
    return html`<nav class="regex-list scroll" aria-label="Patterns in match order">
      <ol>
        ${repeat(this.#lines, keyOf, (line) => this.#entry(line, keyOf(line) === keyOf(current)))}
      </ol>
    </nav>`;
  }

  #entry(line, current) {
    const { route, number, prefix } = line;
    const [method] = methodsOf(route);
    const parameters = templateParameters(route);
    return html`<li>
      <button type="button" aria-current=${current ? "true" : nothing} title=${prefix + route.path} @click=${() => this.router.set({ route: keyOf(line) })}>
        <span class="number">${number}</span>
        <span class="method" data-method=${method}>${method}</span>
        <span class="truncate">${prefix ? html`<span class="dim">${prefix}</span>` : nothing}${tinted({ text: route.path, parameters })}</span>
      </button>
    </li>`;
  }

  #title({ route, prefix }, names) {
    const parameters = templateParameters(route);
    return html`<header class="regex-title">
      <h2>${prefix ? html`<span class="dim">${prefix}</span>` : nothing}${tinted({ text: route.path, parameters, names })}</h2>
      <span class="source">${route.name ?? route.endpoint}${route.file ? html` · <code title="${route.file}:${route.line}">${sourceOf(route)}</code>` : nothing}</span>
    </header>`;
  }

  #source({ route }) {
    return html`<section class="section" aria-label="Compiled regex">
      <header><h3>Compiled regex</h3><span class="dim">the whole path must match it</span></header>
      <div class="regex-source">
        <pre class="code">${route.regex}</pre>
        <button type="button" class="button" @click=${() => this.#copy(route.regex)}>${icon("copy")}Copy</button>
      </div>
    </section>`;
  }

  #copy(text) {
    this.dispatchEvent(new CustomEvent("ri-copy", { bubbles: true, detail: { text, what: "regex" } }));
  }

  #tracks(view, names) {
    const tints = Object.fromEntries(names.map((name) => [name, tintOf(name, names)]));
    return html`<section class="section" aria-label="Railroad diagram">
      <header><h3>Railroad</h3><span class="dim">drawn from Python’s own parse tree</span></header>
      <ri-railroad .tree=${view?.tree ?? null} .states=${view?.trace?.nodes ?? {}} .tints=${tints}></ri-railroad>
    </section>`;
  }

  #trial(view, names, line) {
    const example = line.prefix + line.route.path;
    return html`<section class="section" aria-label="Try a text">
      <header><h3>Try a path</h3></header>
      <input class="input mono" data-size="l" aria-label="Path to try" placeholder=${example} spellcheck="false" autocomplete="off"
        .value=${live(this.#text)} @input=${(event) => this.router.set({ path: event.target.value }, { replace: true })} />
      ${view?.trace ? this.#trace(view.trace, view.text, names) : nothing}
    </section>`;
  }

  #trace(trace, text, names) {
    const tints = Object.fromEntries(names.map((name) => [name, tintOf(name, names)]));
    const [got] = [...text].slice(trace.reached);
    return html`<div class="regex-trace">
        <ri-char-strip .text=${text} .reached=${trace.reached} .accepted=${trace.accepted} .spans=${trace.spans} .tints=${tints}></ri-char-strip>
      </div>
      <p class="regex-verdict" data-kind=${trace.accepted ? "ok" : "bad"} role="status">
        ${icon(trace.accepted ? "check" : "x", { size: "s" })}
        ${trace.accepted
          ? html`<span>matches</span>`
          : html`<span>stops at character ${trace.reached + 1}: expected ${trace.expected}, got ${got === undefined ? "the end" : `“${got}”`}</span>`}
      </p>
      ${trace.spans.length ? this.#spans(trace.spans, names) : nothing}`;
  }

  #spans(spans, names) {
    return html`<table class="table">
      <thead><tr><th scope="col">Group</th><th scope="col">Text</th><th scope="col">Characters</th></tr></thead>
      <tbody>
        ${spans.map((span) => html`<tr>
          <td><code class="seg" data-tint=${tintOf(span.name, names)}>${span.name}</code></td>
          <td><code>${span.text}</code></td>
          <td><code>${span.start}–${span.end}</code></td>
        </tr>`)}
      </tbody>
    </table>`;
  }
}

define("ri-regex", RiRegex);
