/** Tabs by the book: arrows move, Home and End jump, one tab stop. Emits `ri-tab` with a tab's id. */

import { html, nothing } from "../../vendor/lit.js";
import { RiElement, define } from "./element.js";

export class RiTabs extends RiElement {
  static properties = {
    tabs: { attribute: false },
    current: { attribute: false },
    label: { attribute: false },
    panel: { attribute: false },
  };

  constructor() {
    super();
    /** `[{id, label, count?}]` */
    this.tabs = [];
    this.current = "";
    this.label = "";
    /** Id of the element the tabs show. */
    this.panel = "";
  }

  render() {
    return html`<div class="tabs" role="tablist" aria-label=${this.label} @keydown=${(event) => this.#key(event)}>
      ${this.tabs.map(
        ({ id, label, count }) => html`<button
          class="tab"
          type="button"
          role="tab"
          id="tab-${id}"
          aria-selected=${id === this.current ? "true" : "false"}
          aria-controls=${id === this.current ? this.panel : nothing}
          tabindex=${id === this.current ? 0 : -1}
          @click=${() => this.#choose(id)}
        >
          ${label}${count ? html`<span class="count">${count}</span>` : nothing}
        </button>`,
      )}
    </div>`;
  }

  updated(changed) {
    if (changed.has("current") || changed.has("tabs")) this.#show();
  }

  /** Bring the current tab into sight where there is not room for all of them. */
  #show() {
    const [row, tab] = [this.querySelector(".tabs"), this.querySelector('[aria-selected="true"]')];
    if (!tab || row.scrollWidth <= row.clientWidth) return;
    row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
  }

  /** Choose the tab `step` places on, round the end. */
  step(step) {
    const at = this.tabs.findIndex((tab) => tab.id === this.current);
    this.#choose(this.tabs[(at + step + this.tabs.length) % this.tabs.length].id);
  }

  #key(event) {
    const ends = { Home: this.tabs[0]?.id, End: this.tabs.at(-1)?.id };
    if (event.key === "ArrowRight") this.step(1);
    else if (event.key === "ArrowLeft") this.step(-1);
    else if (ends[event.key]) this.#choose(ends[event.key]);
    else return;
    event.preventDefault();
    this.updateComplete.then(() => this.querySelector('[aria-selected="true"]')?.focus());
  }

  #choose(id) {
    if (id === this.current) return;
    this.current = id;
    this.dispatchEvent(new CustomEvent("ri-tab", { bubbles: true, detail: id }));
  }
}

define("ri-tabs", RiTabs);
