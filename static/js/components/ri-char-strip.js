import { html, nothing } from "../../vendor/lit.js";
import { RiElement, define } from "./element.js";

/**
 * A text, one cell a character: green as far as the regex accepted it, red where it died, dim behind.
 * `text`, `reached` (characters accepted), `accepted` (the whole text matched), `spans` ([{name, start, end}]).
 */
export class RiCharStrip extends RiElement {
  static properties = {
    text: {},
    reached: { type: Number },
    accepted: { type: Boolean },
    spans: { attribute: false },
    tints: { attribute: false },
  };

  constructor() {
    super();
    this.text = "";
    this.reached = 0;
    this.accepted = false;
    this.spans = [];
    this.tints = {};
  }

  render() {
    const characters = [...this.text];
    return html`<div class="char-strip" role="img" aria-label=${this.#inWords(characters.length)}>
      ${characters.map((character, at) => this.#cell(character, at))}
      ${!this.accepted && this.reached >= characters.length
        ? html`<span class="char" data-state="refused" title="the text ends here">⌁</span>` : nothing}
    </div>`;
  }

  #cell(character, at) {
    const span = this.spans.find(({ start, end }) => at >= start && at < end);
    const state = this.accepted || at < this.reached ? "accepted" : at === this.reached ? "refused" : "unread";
    return html`<span class="char" data-state=${state} data-tint=${span ? this.tints[span.name] ?? 1 : nothing}
      title="${at}: ${visible(character)}${span ? ` · ${span.name}` : ""}">${visible(character)}</span>`;
  }

  #inWords(length) {
    if (this.accepted) return `All ${length} characters are accepted`;
    if (this.reached >= length) return `All ${length} characters are accepted, but the pattern wants more`;
    return `${this.reached} of ${length} characters are accepted; character ${this.reached + 1} is refused`;
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
