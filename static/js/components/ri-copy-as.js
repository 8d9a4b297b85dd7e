/** A button with a menu: the opened request in another tool's words. */

import { html } from "../../vendor/lit.js";
import { EXPORTS } from "../format/exports.js";
import { RiElement, define, icon } from "./element.js";

export class RiCopyAs extends RiElement {
  static properties = { open: { state: true } };

  constructor() {
    super();
    this.open = false;
  }

  get #menu() {
    return this.querySelector("[popover]");
  }

  render() {
    return html`<button class="button" data-kind="ghost" type="button" popovertarget="copy-as" aria-haspopup="menu" aria-expanded=${this.open} aria-label="Copy as" title="Copy as curl, httpx, pytest, Hurl or HAR">
        ${icon("copy")}<span class="wide">Copy as</span>
      </button>
      <div class="menu" id="copy-as" popover role="menu" aria-label="Copy as" @beforetoggle=${(event) => this.#place(event)} @toggle=${(event) => this.#toggled(event)} @keydown=${(event) => this.#key(event)}>
        ${EXPORTS.map(({ format, label }) => html`<button type="button" role="menuitem" tabindex="-1" @click=${() => this.#choose(format)}>${label}</button>`)}
      </div>`;
  }

  /** Below the button, its right edges in line. */
  #place(event) {
    if (event.newState !== "open") return;
    const { bottom, right } = this.querySelector("button").getBoundingClientRect();
    this.#menu.style.top = `${bottom + 4}px`;
    this.#menu.style.right = `${Math.max(8, window.innerWidth - right)}px`;
  }

  #toggled(event) {
    this.open = event.newState === "open";
    if (this.open) this.#menu.querySelector("button").focus();
  }

  #key(event) {
    if (event.key === "Tab") return this.#menu.hidePopover();
    const items = [...this.#menu.querySelectorAll("button")];
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    items.at(to % items.length).focus();
  }

  #choose(format) {
    this.#menu.hidePopover();
    this.dispatchEvent(new CustomEvent("ri-intent", { bubbles: true, detail: `copy-as:${format}` }));
  }
}

define("ri-copy-as", RiCopyAs);
