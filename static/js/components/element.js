/** What every component shares: Lit without a shadow root, styles through the CSSOM, icons. */

import { Directive, LitElement, PartType, directive, html, noChange, nothing } from "../../vendor/lit.js";
import { ICONS } from "../../vendor/icons.js";

/** A Lit element that renders into itself, so that one sheet styles everything and one tree holds the focus order. */
export class RiElement extends LitElement {
  #stops = [];

  createRenderRoot() {
    return this;
  }

  /** Redraw whenever `source` (a store, a router) tells of a change, for as long as the element is in the page. */
  watch(source, react = () => this.requestUpdate()) {
    this.#stops.push(source.subscribe(react));
  }

  /** As `watch`, but redraw only when one of the values `pick()` gives is another one: for parts outside the list. */
  watchOnly(source, pick) {
    let before = pick();
    this.watch(source, () => {
      const now = pick();
      if (now.every((value, index) => Object.is(value, before[index]))) return;
      before = now;
      this.requestUpdate();
    });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const stop of this.#stops.splice(0)) stop();
  }
}

class StylesDirective extends Directive {
  #before = {};

  constructor(part) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error("styles() stands on the element itself: <div ${styles({...})}>");
  }

  render() {
    return noChange;
  }

  update(part, [wanted]) {
    for (const name of Object.keys(this.#before)) if (!(name in wanted)) part.element.style.removeProperty(name);
    for (const [name, value] of Object.entries(wanted)) {
      if (this.#before[name] !== value) part.element.style.setProperty(name, value);
    }
    this.#before = { ...wanted };
    return noChange;
  }
}

/**
 * Styles that are computed, set through the CSSOM: `<div ${styles({"--at": "12px"})}>`.
 * Lit's own styleMap writes a `style` attribute at first render, which `style-src 'self'` refuses.
 */
export const styles = directive(StylesDirective);

/** An icon of the set; with no `label` it is decoration. */
export function icon(name, { label = null, size = null, spin = false } = {}) {
  return html`<svg
    class="icon ${spin ? "spin" : ""}"
    viewBox="0 0 24 24"
    data-size=${size ?? nothing}
    role=${label ? "img" : nothing}
    aria-label=${label ?? nothing}
    aria-hidden=${label ? nothing : "true"}
  >
    ${ICONS[name]}
  </svg>`;
}

/** Register an element once. */
export function define(name, constructor) {
  if (!customElements.get(name)) customElements.define(name, constructor);
}
