/** One finding of the check: what is wrong, the request that shows it, both places, the way out. */

import { html, nothing } from "../../vendor/lit.js";
import { plural } from "../format/bytes.js";
import { fixingEdit, isSafeToAsk, kindWords, shownWitness, witnessMethod } from "../format/health.js";
import { templatePieces, tintOf, visible } from "../format/segments.js";
import { sourceOf } from "../format/tables.js";
import { RiElement, define, icon } from "./element.js";
import { link } from "./link.js";
import { shortNumber } from "./route-number.js";

const SIGNS = { error: "circle-x", warning: "triangle-alert", note: "info" };

/** A template with its parameters tinted, where only its text is known. */
export function pattern(template) {
  return html`<code class="template">${templatePieces(template).map((piece) =>
    piece.text !== undefined ? piece.text : html`<span class="seg" data-tint=${tintOf(piece.name, piece.names)}>${piece.open}${piece.before}${piece.name}${piece.after}${piece.close}</span>`)}</code>`;
}

/** The methods of a route, WS for a handshake, ANY for a star; HEAD goes without saying where GET stands. */
export function methodWords(methods) {
  return methods.filter((method) => method !== "HEAD" || !methods.includes("GET")).map((method) => {
    const word = { WEBSOCKET: "WS", "*": "ANY" }[method] ?? method;
    return html`<span class="method" data-method=${word}>${word}</span> `;
  });
}

export class RiFinding extends RiElement {
  static properties = { finding: { attribute: false }, router: { attribute: false } };

  render() {
    const { kind, severity, methods, route, message } = this.finding;
    return html`<article class="finding" data-severity=${severity} data-kind=${kind}>
      <header>
        ${icon(SIGNS[severity] ?? "info", { label: severity })}
        <h3>${methodWords(methods)}${pattern(route.path)} <span>${kindWords(kind)}</span></h3>
        <code class="finding-kind dim" title="The kind, as in “# inspector: ignore[${kind}]”">${kind}</code>
      </header>
      <p class="finding-message">${visible(message)}</p>
      ${this.#proof()}
    </article>`;
  }

  #proof() {
    const { route, by, witness, fix } = this.finding;
    return html`<dl class="finding-proof">
      ${witness === null ? nothing : html`<div><dt>example</dt><dd>${this.#witness(witness)}</dd></div>`}
      ${by.map((one) => html`<div><dt>taken by</dt><dd>${this.#route(one)}</dd></div>`)}
      <div><dt>${by.length ? "meant for" : "route"}</dt><dd>${this.#route(route)}</dd></div>
      <div><dt>fix</dt><dd><span>${visible(fix)}</span>${this.#tryFix()}</dd></div>
    </dl>`;
  }

  #witness(path) {
    const method = witnessMethod(this.finding);
    const { text, more } = shownWitness(path);
    const shown = html`<span class="method" data-method=${method}>${method}</span> <code>${visible(text)}</code>`;
    if (isSafeToAsk(this.finding)) return link(this.router, { view: "routes", method, path }, shown, { title: "Ask every route about it" });
    return html`<span>${shown}${more ? html` <span class="dim">and ${plural(more, "more character")}</span>` : nothing}</span>`;
  }

  #route({ number, path, name, file, line }) {
    const key = number.split(".").map((part) => Number(part) - 1).join(".");
    return html`<span class="finding-number" title=${number}>${shortNumber(number)}</span>
      ${link(this.router, { view: "regex", route: key }, pattern(path), { title: "Open its regex" })}
      <span class="dim">${name}</span>
      ${file ? html`<code class="finding-source dim" title="${file}:${line}">${sourceOf({ file, line })}</code>` : nothing}`;
  }

  #tryFix() {
    const edit = fixingEdit(this.finding);
    if (edit === null) return nothing;
    const patch = { view: "routes", side: "whatif", edits: JSON.stringify([edit]) };
    const content = html`${icon("flask-conical", { size: "s" })}what would change`;
    return link(this.router, patch, content, { title: "Try the fix on what was recorded; nothing is run", name: "finding-try" });
  }
}

define("ri-finding", RiFinding);
