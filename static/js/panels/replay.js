/**
 * The Replay screen: edit a recorded request, see which route it would match, send it, see what differs.
 *
 * In the address: `id` (the exchange edited) and `result` (the replay compared with it); of the pinned requests above
 * them, `pins`.
 */

import { html, live, nothing } from "../../vendor/lit.js";
import { RiElement, define, icon } from "../components/element.js";
import { link } from "../components/link.js";
import { refocus } from "../components/refocus.js";
import "../components/ri-diff.js";
import "../components/ri-pinned.js";
import "../components/ri-replay-choice.js";
import { sheets } from "../components/sheets.js";
import { comebacks } from "../core/comebacks.js";
import { draftOf, editOf, editedParts, jsonProblem } from "../core/edit.js";
import { byteSize } from "../format/bytes.js";

await sheets("content", "ladder", "pinned", "replay");

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
const MARKER = "•••";
const WOULD = {
  taken: ["ok", "check", "Would match."],
  refused: ["bad", "circle-alert", "Would match, and be refused."],
  redirect: ["bad", "corner-down-right", "Would be sent elsewhere."],
  missed: ["bad", "x", "Would not reach a handler."],
  unknown: ["bad", "info", "Not known."],
};

export class RiReplay extends RiElement {
  static properties = {
    store: { attribute: false },
    api: { attribute: false },
    router: { attribute: false },
    pinned: { attribute: false },
    loaded: { state: true },
    draft: { state: true },
    would: { state: true },
    refusal: { state: true },
    sending: { state: true },
    difference: { state: true },
  };

  #opened = null;
  #compared = null;
  #asked = null;
  #abort = null;

  constructor() {
    super();
    this.loaded = null;
    this.draft = null;
    this.would = null;
    this.refusal = null;
    this.sending = false;
    this.difference = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.watch(this.router);
    this.watchOnly(this.store, () => [this.store.ring.find(this.#pair?.right)?.state, this.store.table]);
    this.watch(this.pinned);
    this.watch(comebacks(this.store), () => this.#retry());
  }

  /** Ask what could not be asked while the dashboard was away; what was edited stays. */
  #retry() {
    if (!this.loaded) this.#opened = null;
    [this.#compared, this.#asked, this.refusal] = [null, null, null];
    this.requestUpdate();
  }

  updated() {
    this.#open(this.router.state.id ?? null);
    this.#compare();
    this.#askWould();
  }

  async #open(id) {
    if (id === this.#opened) return;
    this.#opened = id;
    this.loaded = null;
    this.draft = null;
    this.refusal = null;
    if (id === null) return;
    try {
      const { exchange, panels } = await this.api.exchange(id);
      const body = await this.#bodyText(exchange, panels.request.body);
      if (this.#opened !== id) return;
      const original = draftOf(panels.request, body);
      this.loaded = { exchange, panels, original };
      this.draft = draftOf(panels.request, body);
    } catch (error) {
      if (this.#opened === id) this.refusal = error;
    }
  }

  /** The body as text exactly as kept; null when it is not UTF-8 text. */
  async #bodyText({ id }, { size }) {
    if (size === 0) return "";
    const bytes = await this.api.body(id, "request");
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return null;
    }
  }

  /** The pair to compare: the edited exchange and its newest result, or a replay and what it repeats. */
  get #pair() {
    const { id, result } = this.router.state;
    if (!id || !this.loaded) return null;
    if (result) return { left: id, right: result };
    const of = this.loaded.exchange.replay_of;
    return of ? { left: of, right: id } : null;
  }

  async #compare() {
    const pair = this.#pair;
    const row = pair && this.store.ring.find(pair.right);
    const rules = pair && this.pinned.value.results.find((one) => one.id === pair.left)?.rules; // they set aside more
    const wanted = pair ? `${pair.left} ${pair.right} ${row?.state ?? ""} ${rules ?? ""}` : null;
    if (wanted === this.#compared) return;
    this.#compared = wanted;
    if (!pair) {
      this.difference = null;
      return;
    }
    try {
      const difference = await this.api.difference(pair);
      if (this.#compared === wanted) this.difference = difference;
    } catch (error) {
      // A replay is known by its id before it is recorded: the next change of the list asks again.
      if (error.status !== 404 && this.#compared === wanted) this.refusal = error;
    }
  }

  async #askWould() {
    if (!this.draft) return;
    const { body, ...edit } = editOf(this.loaded.original, this.draft); // what no router looks at
    const { id } = this.loaded.exchange;
    const wanted = JSON.stringify([id, edit, this.store.table]); // the table in force may be another one by now
    if (wanted === this.#asked) return;
    this.#asked = wanted;
    this.#abort?.abort();
    this.#abort = new AbortController();
    try {
      this.would = await this.api.now(id, edit, { signal: this.#abort.signal });
    } catch (error) {
      if (error.name !== "AbortError") this.would = null;
    }
  }

  async #send({ confirm = false } = {}) {
    if (this.sending || this.loaded.exchange.replayable.verdict === "no") return;
    this.sending = true;
    this.refusal = null;
    try {
      const edit = editOf(this.loaded.original, this.draft);
      const { id } = await this.api.replay({ of: this.loaded.exchange.id, edit, confirm });
      this.router.set({ result: id });
    } catch (error) {
      this.refusal = error;
    } finally {
      this.sending = false;
      refocus(this, () => this.querySelector('.replay-actions [data-kind="primary"]'));
    }
  }

  render() {
    return html`<ri-pinned .pinned=${this.pinned} .router=${this.router}></ri-pinned>${this.#screen()}`;
  }

  #screen() {
    if (this.refusal && !this.loaded) return html`<div class="empty">${icon("circle-alert")}<p>${this.refusal.message}</p></div>`;
    if (this.router.state.id && !this.loaded) return html`<div class="empty">${icon("loader-circle", { spin: true, label: "Loading" })}</div>`;
    if (!this.loaded) return html`<ri-replay-choice .store=${this.store} .router=${this.router}></ri-replay-choice>`;
    return html`<div class="replay-edit scroll">${this.#title()} ${this.#line()} ${this.#wouldMatch()} ${this.#refused()} ${this.#headers()} ${this.#body()}</div>
      <div class="replay-result scroll" tabindex="-1">${this.#result()}</div>`;
  }

  #title() {
    const parts = editedParts(editOf(this.loaded.original, this.draft));
    const { verdict } = this.loaded.exchange.replayable;
    return html`<header class="replay-title">
      <h2>Replay</h2>
      <span class="dim">${parts ? `edited: ${parts}` : verdict === "exact" ? "as recorded" : "cannot go as recorded"}</span>
      <span class="replay-actions">
        <button type="button" class="button" aria-disabled=${parts ? nothing : "true"} @click=${() => this.#reset()}>${icon("rotate-ccw")}Reset</button>
        <button type="button" class="button" data-kind="primary" aria-disabled=${this.sending || verdict === "no" ? "true" : nothing} @click=${() => this.#send()}>
          ${icon(this.sending ? "loader-circle" : "send", { spin: this.sending })}Send
        </button>
      </span>
    </header>`;
  }

  #reset() {
    this.draft = { ...this.loaded.original, headers: this.loaded.original.headers.map((pair) => [...pair]) };
  }

  #change(patch) {
    this.draft = { ...this.draft, ...patch };
    this.refusal = null;
  }

  #line() {
    const { method, target } = this.draft;
    const methods = METHODS.includes(method) ? METHODS : [method, ...METHODS];
    return html`<form class="replay-line" @submit=${(event) => (event.preventDefault(), this.#send())}>
      <select class="select" data-size="l" aria-label="Method" .value=${live(method)} @change=${(event) => this.#change({ method: event.target.value })}>
        ${methods.map((one) => html`<option value=${one} ?selected=${one === method}>${one}</option>`)}
      </select>
      <input class="input mono" data-size="l" aria-label="Path and query" spellcheck="false" autocomplete="off"
        .value=${live(target)} @input=${(event) => this.#change({ target: event.target.value })} />
      <button type="submit" class="sr-only" tabindex="-1">Send</button>
    </form>`;
  }

  #wouldMatch() {
    if (!this.would) return nothing;
    const [kind, sign, words] = WOULD[this.would.fate];
    return html`<section class="replay-would" data-kind=${kind} role="status">
      ${icon(sign, { size: "s" })}<span>${words} ${this.would.answer}</span>
    </section>`;
  }

  #refused() {
    if (!this.refusal) return nothing;
    const ask = this.refusal.code === "confirm";
    return html`<div class="replay-refusal"><div class="callout" data-kind=${ask ? "warn" : "bad"} role="alert">
      ${icon("triangle-alert")}
      <div>
        <p>${this.refusal.message}</p>
        ${ask ? nothing : html`<p class="dim">${this.refusal.hint}</p>`}
        ${ask ? html`<button type="button" class="button" @click=${() => this.#send({ confirm: true })}>Send all the same</button>` : nothing}
      </div>
    </div></div>`;
  }

  #headers() {
    return html`<section class="section" aria-label="Headers">
      <header><h3>Headers</h3><button type="button" class="button replay-add" data-kind="ghost" @click=${() => this.#addHeader()}>${icon("plus")}Add</button></header>
      <ul class="replay-headers">
        ${this.draft.headers.map((pair, at) => this.#header(pair, at))}
      </ul>
    </section>`;
  }

  #addHeader() {
    this.#change({ headers: [...this.draft.headers, ["", ""]] });
    this.updateComplete.then(() => this.querySelector(".replay-headers li:last-child input").focus());
  }

  /** Take a header out; the focus stays at its place, or at what is left of the list. */
  #removeHeader(at) {
    this.#change({ headers: this.draft.headers.filter((_, other) => other !== at) });
    this.updateComplete.then(() => {
      const buttons = this.querySelectorAll(".replay-headers button");
      (buttons[Math.min(at, buttons.length - 1)] ?? this.querySelector(".replay-add")).focus();
    });
  }

  #header([name, value], at) {
    const set = (part, text) => {
      const headers = this.draft.headers.map((pair) => [...pair]);
      headers[at][part] = text;
      this.#change({ headers });
    };
    const secret = value.includes(MARKER);
    return html`<li>
      <input class="input mono" aria-label="Name of header ${at + 1}" spellcheck="false" .value=${live(name)} @input=${(event) => set(0, event.target.value)} />
      <input class="input mono" aria-label="Value of ${name || `header ${at + 1}`}" spellcheck="false" .value=${live(value)} @input=${(event) => set(1, event.target.value)} />
      ${secret ? html`<span class="badge" title="The dots stand for a secret that never reaches this page; the app’s process puts it back.">${icon("lock", { size: "s" })}as recorded</span>` : html`<span></span>`}
      <button type="button" class="button" data-kind="ghost" data-icon-only aria-label="Remove ${name || "header"}" @click=${() => this.#removeHeader(at)}>${icon("x")}</button>
    </li>`;
  }

  #body() {
    const { body } = this.loaded.panels.request;
    const problem = jsonProblem(this.draft.body, this.draft.headers);
    return html`<section class="section" aria-label="Body">
      <header><h3>Body</h3><span class="dim">${body.size ? byteSize(body.size) : "none recorded"}${body.complete ? "" : `, ${byteSize(body.kept)} kept`}</span></header>
      ${this.draft.body === null
        ? html`<p class="dim">This body is not text; it goes as it was recorded.</p>`
        : html`<textarea class="textarea mono replay-body" aria-label="Body" rows=${this.draft.body ? 10 : 3} spellcheck="false" aria-invalid=${problem ? "true" : nothing}
              .value=${live(this.draft.body)} @input=${(event) => this.#change({ body: event.target.value })}></textarea>
            ${problem ? html`<p class="replay-problem">${icon("triangle-alert", { size: "s" })}not JSON: ${problem}</p>` : nothing}`}
    </section>`;
  }

  #result() {
    if (!this.#pair) {
      return html`<div class="empty">${icon("git-compare")}<p>Send the request: its answer appears here beside the recorded one.</p>
        <p class="dim">It runs in the app’s own process, through its front door, and is recorded like any other.</p></div>`;
    }
    if (!this.difference) return html`<div class="empty">${icon("loader-circle", { spin: true })}<p>Waiting for the answer</p></div>`;
    const { left, right } = this.#pair;
    const side = (id, text) => link(this.router, { view: "live", id, result: null }, text, { name: "", title: "Open it in Live" });
    return html`<header class="replay-title"><h2>Difference</h2><span class="replay-actions">${side(left, "recorded")} → ${side(right, "replay")}</span></header>
      <div class="replay-difference"><ri-diff .difference=${this.difference}></ri-diff></div>`;
  }
}

define("ri-replay", RiReplay);
