/** The keyboard map and the filter grammar, in a dialog. */

import { html } from "../../vendor/lit.js";
import { GRAMMAR } from "../core/filter-words.js";
import { KEYMAP } from "../core/key-words.js";
import { RiElement, define, icon } from "./element.js";
import { sheets } from "./sheets.js";

await sheets("overlay");

const NAMES = { ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc", Enter: "Enter", "mod+k": navigator.userAgent.includes("Mac") ? "⌘ K" : "Ctrl K" };

export class RiHelp extends RiElement {
  get dialog() {
    return this.querySelector("dialog");
  }

  toggle() {
    if (this.dialog.open) this.dialog.close();
    else this.dialog.showModal();
  }

  render() {
    const groups = [...new Set(KEYMAP.map((line) => line.group))];
    return html`<dialog class="help" aria-labelledby="help-title" @click=${(event) => event.target === this.dialog && this.dialog.close()}>
      <header>
        <h2 id="help-title">Keys and filter words</h2>
        <button class="button" data-kind="ghost" data-icon-only type="button" aria-label="Close" @click=${() => this.dialog.close()}>${icon("x")}</button>
      </header>
      <div class="help-columns scroll" tabindex="0" role="group" aria-label="Keys and filter words">
        ${groups.map((group) => this.#group(group))}
        <section class="help-wide">
          <h3>Filter</h3>
          <dl class="help-grammar">
            ${GRAMMAR.map((one) => html`<div><dt><code>${one.text}</code></dt><dd>${one.hint}</dd></div>`)}
          </dl>
        </section>
      </div>
    </dialog>`;
  }

  #group(group) {
    return html`<section>
      <h3>${group}</h3>
      <dl class="help-keys">
        ${KEYMAP.filter((line) => line.group === group).map(
          (line) => html`<div>
            <dt>${line.keys.map((key) => html`<kbd class="key">${NAMES[key] ?? key}</kbd>`)}</dt>
            <dd>${line.hint}</dd>
          </div>`,
        )}
      </dl>
    </section>`;
  }
}

define("ri-help", RiHelp);
