import { html, nothing } from "../../vendor/lit.js";
import { RiElement, define } from "./element.js";

/**
 * A text, one cell a character: green as far as the regex accepted it, red where it died, dim behind.
 * `text`, `start` and `reached` (from where to where it was accepted), `accepted` (whether it matched;
 * null: not known), `spans` ([{name, number, start, end}]), `tints` (by name). With `stand`, how one step of the engine
 * stands (see core/steps.js), it shows that instead: what is taken, what was just taken, refused or given back.
 */
export class RiCharStrip extends RiElement {
  static properties = {
    text: {},
    start: { type: Number },
    reached: { type: Number },
    accepted: { attribute: false },
    spans: { attribute: false },
    tints: { attribute: false },
    stand: { attribute: false },
  };

  constructor() {
    super();
    this.text = "";
    this.start = 0;
    this.reached = 0;
    this.accepted = false;
    this.spans = [];
    this.tints = {};
    this.stand = null;
  }

  render() {
    const characters = [...this.text];
    const end = characters.length;
    const wanting = this.stand ? this.stand.refused === end : this.accepted === false && this.reached >= end;
    return html`<div class="char-strip" role="img" aria-label=${this.stand ? this.#stepInWords() : this.#inWords(end)}>
      ${characters.map((character, at) => this.#cell(character, at))}
      ${wanting ? html`<span class="char" data-state="refused" data-cursor=${this.#cursor(end)} title="the text ends here">⌁</span>`
        : this.stand ? html`<span class="char" data-state="end" data-cursor=${this.#cursor(end)} title="the end of the text"></span>` : nothing}
    </div>`;
  }

  #cell(character, at) {
    const span = this.spans.find(({ start, end }) => at >= start && at < end);
    const name = span ? span.name ?? `group ${span.number}` : null;
    return html`<span class="char" data-state=${this.stand ? this.#stateAtStep(at) : this.#state(at)} data-cursor=${this.#cursor(at)}
      data-tint=${span ? this.tints[span.name] ?? 1 : nothing}
      title="${at}: ${visible(character)}${name ? ` · ${name}` : ""}">${visible(character)}</span>`;
  }

  #cursor(at) {
    return this.stand?.position === at ? "true" : nothing;
  }

  #state(at) {
    if (at >= this.start && at < this.reached) return "accepted";
    return this.accepted === false && at === this.reached ? "refused" : "unread";
  }

  #stateAtStep(at) {
    const { event, given, refused, taken } = this.stand;
    if (refused === at) return "refused";
    if (given && at >= given[0] && at < given[1]) return "given";
    if (event.kind === "eat" && at >= event.at && at < event.to) return "now";
    if (event.kind === "refuse" && at >= event.at && at < event.to) return "now";
    if (taken.some(({ start, end }) => at >= start && at < end)) return "accepted";
    return at < this.stand.seen ? "seen" : "unread";
  }

  #inWords(length) {
    if (this.accepted === null) return "It is not known how many characters are accepted";
    if (this.accepted) return this.reached - this.start === length ? `All ${length} characters are accepted` : `Characters ${this.start + 1} to ${this.reached} of ${length} are accepted`;
    if (this.reached >= length) return `All ${length} characters are accepted, but the pattern wants more`;
    return `${this.reached} of ${length} characters are accepted; character ${this.reached + 1} is refused`;
  }

  #stepInWords() {
    const { position, given, refused } = this.stand;
    const more = refused !== null ? `; character ${refused + 1} is refused` : given ? `; characters ${given[0] + 1} to ${given[1]} were given back` : "";
    return `The engine stands before character ${position + 1}${more}`;
  }
}

/** Blanks and control characters, which would leave an empty cell, as the symbols Unicode has for them. */
function visible(character) {
  const code = character.codePointAt(0);
  if (code === 0x7f) return "␡";
  if (code <= 0x20) return String.fromCodePoint(0x2400 + code);
  return character;
}

define("ri-char-strip", RiCharStrip);
