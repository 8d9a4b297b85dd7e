/**
 * A recorded body as text, JSON as the panel laid it out, or as a hex dump. Never as HTML: what was recorded is hostile.
 *
 * Properties: `body` (a panel's body), `side` ("request" | "response"), `exchangeId`, `api` (for bytes on demand).
 */

import { html, nothing } from "../../vendor/lit.js";
import { ApiError } from "../core/api.js";
import { byteSize, count, plural } from "../format/bytes.js";
import { fromHex, hexDump } from "../format/hex.js";
import { jsonPieces } from "../format/json.js";
import { visible } from "../format/segments.js";
import { RiElement, define, icon } from "./element.js";
import { refocus } from "./refocus.js";

/** Colouring makes an element a token; beyond this much text it is shown plain. */
const COLOURED_CHARACTERS = 60_000;
/** Lines of a hex dump drawn at a time: those of a large body would take seconds. */
const HEX_LINES = 1024;
const HEX_BYTES = 16;

const WHY = {
  limit: "the rest was over the limit and not kept",
  unread_by_app: "the application did not read it to the end",
  disconnect: "the client went away before its end",
  redacted: "it was kept back by redaction",
  evicted: "it was let go to keep within the memory limit",
};

export class RiBody extends RiElement {
  static properties = {
    body: { attribute: false },
    side: { attribute: false },
    exchangeId: { attribute: false },
    api: { attribute: false },
    chosen: { state: true },
    bytes: { state: true },
    hexLines: { state: true },
    problem: { state: true },
  };

  /** "text" or "hex": as chosen, but bytes that are no text can only be dumped. */
  get mode() {
    return this.body?.text === null ? "hex" : (this.chosen ?? "text");
  }

  /** Another request begins anew; the body of one that is still running has grown. */
  willUpdate(changed) {
    const isOther = changed.has("exchangeId") || changed.has("side");
    if (!isOther && !changed.has("body")) return;
    if (isOther) [this.chosen, this.hexLines] = [null, HEX_LINES];
    this.bytes = this.body?.hex ? fromHex(this.body.hex) : null;
    this.problem = null;
    if (this.mode === "hex" && this.#isPart) this.#fetch();
  }

  /** Whether there is more than the bytes that came with the panels; what was unpacked cannot be had as bytes. */
  get #isPart() {
    const { kept, packed } = this.body ?? {};
    return Boolean(kept) && (this.bytes === null || (!packed && this.bytes.length < kept));
  }

  render() {
    const { body } = this;
    if (!body || body.size === 0) return html`<p class="dim body-none">${body?.note ?? "No body."}</p>`;
    return html`<div class="body">
      <div class="body-tools">
        <span class="dim">${body.content_type ?? "no content type"} · ${byteSize(body.size)}</span>
        <span class="body-modes chips" role="group" aria-label="Show the body as">
          ${body.text === null ? nothing : this.#mode("text", body.kind === "json" ? "JSON" : "Text")} ${this.#mode("hex", "Hex")}
        </span>
        ${body.text === null ? nothing : html`<button class="button" data-kind="ghost" type="button" @click=${() => this.#copy()}>${icon("copy")} Copy</button>`}
      </div>
      ${this.#note()} ${this.mode === "hex" ? this.#hex() : this.#text()}
    </div>`;
  }

  #mode(mode, label) {
    return html`<button class="chip" type="button" aria-pressed=${this.mode === mode} @click=${() => this.#choose(mode)}>${label}</button>`;
  }

  #note() {
    const { complete, kept, size, why_incomplete: why, note } = this.body;
    if (complete && !note) return nothing;
    const isWhole = complete || (why === "redacted" && kept > 0);
    const said = isWhole ? note : `${byteSize(kept)} of ${byteSize(size)} shown: ${WHY[why] ?? note ?? why}`;
    return html`<p class="body-note">${icon(isWhole ? "info" : "scissors", { size: "s" })} ${said}</p>`;
  }

  #text() {
    const { text, kind } = this.body;
    const coloured = kind === "json" && text.length <= COLOURED_CHARACTERS;
    return html`<pre class="code scroll" tabindex="0" aria-label="${this.side} body">${coloured
      ? jsonPieces(text).map((one) => (one.kind ? html`<span class="j-${one.kind}">${shown(one.text)}</span>` : one.text))
      : shown(text)}</pre>`;
  }

  #hex() {
    if (this.problem) return html`<p class="body-note">${icon("circle-alert", { size: "s" })} ${this.problem}</p>`;
    if (!this.bytes) return html`<p class="dim body-none">${icon("loader-circle", { spin: true })}</p>`;
    const lines = hexDump(this.bytes.subarray(0, this.hexLines * HEX_BYTES));
    const left = Math.ceil(this.bytes.length / HEX_BYTES) - lines.length;
    return html`<pre class="code hex scroll" tabindex="0" aria-label="${this.side} body, hex">${lines.map(
      ({ offset, hex, text }) => html`<span class="hex-offset">${offset}</span>  ${hex}  <span class="hex-text">${text}</span>${"\n"}`,
    )}</pre>
      ${left > 0 ? html`<p><button class="link" type="button" @click=${() => this.#showMore()}>Show ${count(Math.min(HEX_LINES, left))} of ${plural(left, "more line")}</button></p>` : nothing}`;
  }

  #showMore() {
    this.hexLines += HEX_LINES;
    refocus(this, () => this.querySelector("pre"));
  }

  #choose(mode) {
    this.chosen = mode;
    if (mode === "hex" && this.#isPart) this.#fetch();
  }

  /** All bytes, unless another body is shown by the time they come. */
  async #fetch() {
    const { body } = this;
    try {
      const bytes = await this.api.body(this.exchangeId, this.side);
      if (body === this.body) this.bytes = bytes;
    } catch (reason) {
      if (!(reason instanceof ApiError)) throw reason;
      if (body === this.body && this.bytes === null) this.problem = reason.message;
    }
  }

  #copy() {
    this.dispatchEvent(new CustomEvent("ri-copy", { bubbles: true, detail: { text: this.body.text, what: `${this.side} body` } }));
  }
}

/** Line ends and tabs stay; other invisible characters are written out. */
function shown(text) {
  return text.split(/([\n\t]|\r\n)/).map((part) => (/^(?:[\n\t]|\r\n)$/.test(part) ? part : visible(part))).join("");
}

define("ri-body", RiBody);
