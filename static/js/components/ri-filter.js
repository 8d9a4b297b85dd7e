/**
 * The filter box: the grammar of core/filter.js, errors underlined where they stand, suggestions while typing.
 *
 * What is typed goes into the address at once (replaced, not pushed), so a filter is a link.
 */

import { html, live, nothing } from "../../vendor/lit.js";
import { parseFilter } from "../core/filter.js";
import { RiElement, define, icon } from "./element.js";

export class RiFilter extends RiElement {
  static properties = {
    store: { attribute: false },
    router: { attribute: false },
    text: { state: true },
    focused: { state: true },
    chosen: { state: true },
    drop: { state: true },
  };

  constructor() {
    super();
    this.text = "";
    this.focused = false;
    this.chosen = -1;
    /** The module of what hangs below the box, once it has been needed. */
    this.drop = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.text = this.router.state.filter ?? "";
    this.watch(this.router, (state) => {
      if ((state.filter ?? "") !== this.text.trim()) this.text = state.filter ?? "";
    });
  }

  get input() {
    return this.querySelector("input");
  }

  /** Put the caret into the box, all text selected. */
  take() {
    this.router.set({ view: "live" });
    this.input.focus();
    this.input.select();
  }

  render() {
    const { problems } = parseFilter(this.text);
    const suggestions = (this.focused && this.drop?.suggestionsFor(this.#word())) || [];
    return html`<div class="filter" ?data-invalid=${problems.length > 0} role="search">
      ${icon("search")}
      <div class="filter-field">
        <div class="filter-marks" aria-hidden="true"><span>${this.#marks(problems)}</span></div>
        <input
          type="text"
          role="combobox"
          aria-label="Filter requests"
          aria-autocomplete="list"
          aria-expanded=${suggestions.length > 0 ? "true" : "false"}
          aria-controls="filter-suggestions"
          aria-activedescendant=${suggestions[this.chosen] ? `filter-suggestion-${this.chosen}` : nothing}
          aria-invalid=${problems.length > 0 ? "true" : "false"}
          aria-describedby=${problems.length > 0 ? "filter-problem" : nothing}
          placeholder="Filter: status:4xx method:POST path:/users dur>100ms"
          autocomplete="off"
          spellcheck="false"
          .value=${live(this.text)}
          @input=${(event) => this.#type(event.target.value)}
          @focus=${() => this.#focus()}
          @blur=${() => (this.focused = false)}
          @keydown=${(event) => this.#key(event, suggestions)}
          @scroll=${(event) => this.#followScroll(event)}
        />
      </div>
      ${this.text
        ? html`<button type="button" class="filter-clear" aria-label="Clear the filter" @click=${() => this.#clear()}>${icon("x", { size: "s" })}</button>`
        : html`<span class="key">/</span>`}
      ${this.focused && this.drop ? this.drop.drop({ suggestions, problems, chosen: this.chosen, accept: (text) => this.#accept(text) }) : nothing}
    </div>`;
  }

  #marks(problems) {
    const pieces = [];
    let at = 0;
    for (const { start, end } of problems) {
      pieces.push(this.text.slice(at, start), html`<u>${this.text.slice(start, end)}</u>`);
      at = end;
    }
    return [...pieces, this.text.slice(at)];
  }

  /** Without suggestions, while the dashboard is away, the box filters all the same. */
  async #focus() {
    this.focused = true;
    this.drop ??= await import("./filter-drop.js").catch(() => null);
  }

  #word() {
    const caret = this.input?.selectionStart ?? this.text.length;
    return /\S*$/.exec(this.text.slice(0, caret))[0];
  }

  #type(text) {
    this.text = text;
    this.chosen = -1;
    this.router.set({ view: "live", filter: text.trim() }, { replace: true });
  }

  #accept(suggestion) {
    const { input } = this;
    const caret = input.selectionStart ?? this.text.length;
    const word = this.#word();
    const before = this.text.slice(0, caret - word.length) + this.drop.filled(suggestion);
    this.#type(before + this.text.slice(caret));
    this.updateComplete.then(() => input.setSelectionRange(before.length, before.length));
  }

  #key(event, suggestions) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.chosen = Math.max(-1, Math.min(suggestions.length - 1, this.chosen + step));
    } else if (event.key === "Enter" || (event.key === "Tab" && this.chosen >= 0)) {
      event.preventDefault();
      if (suggestions[this.chosen]) this.#accept(suggestions[this.chosen].text);
      else this.input.blur();
    }
  }

  #followScroll(event) {
    this.querySelector(".filter-marks").scrollLeft = event.target.scrollLeft;
  }

  #clear() {
    this.#type("");
    this.input.focus();
  }
}

define("ri-filter", RiFilter);
