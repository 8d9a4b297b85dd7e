/**
 * The typing funnel under a path: a bar a character, standing under its character, as high as routes are still viable
 * after it; and what may come next. `funnel` is the API's answer, `indent` the characters typed before the path, `shift`
 * how far (px) the box above is scrolled. Emits `ri-complete` with the path of the completion chosen.
 */

import { html, nothing } from "../../vendor/lit.js";
import { count } from "../format/bytes.js";
import { deadAt, funnelBars } from "../format/funnel.js";
import { visible } from "../format/segments.js";
import { RiElement, define, icon, styles } from "./element.js";

export class RiFunnel extends RiElement {
  static properties = { funnel: { attribute: false }, indent: { attribute: false }, shift: { attribute: false } };

  constructor() {
    super();
    this.funnel = null;
    this.indent = 0;
    this.shift = 0;
  }

  render() {
    const { funnel } = this;
    if (!funnel) return nothing;
    const bars = funnelBars(funnel);
    const dead = deadAt(funnel);
    return html`<div class="funnel-strip" aria-hidden="true">
        <div class="funnel-bars" ${styles({ "--indent": `${this.indent}ch`, "--shift": `${-this.shift}px` })}>
          ${bars.map(({ at, share, title }) => html`<i title=${title} ?data-dead=${dead !== null && at >= dead} ${styles({ "--share": share.toFixed(3) })}></i>`)}
        </div>
      </div>
      <p class="funnel-words">${this.#left(dead)} ${this.#next(dead)}</p>`;
  }

  #left(dead) {
    const { steps, path } = this.funnel;
    const most = steps[0].viable;
    if (dead === 0) return html`<span>no route takes this method</span>`;
    if (dead !== null) {
      const character = [...path][dead - 1] ?? "";
      return html`<span>no route is left after <b>“${visible(character)}”</b>, character ${dead} of ${[...path].length}</span>`;
    }
    return html`<span title="Entries of the table that take this method; a mount counts as one"><b>${count(steps.at(-1).viable)}</b> of ${count(most)} still viable</span>`;
  }

  #next(dead) {
    const { next } = this.funnel;
    if (!next.words) return nothing;
    const so = [...this.funnel.path].slice(0, next.at).join("");
    return html`<span>${dead === null ? "next" : html`after <code>${visible(so)}</code>`}: ${next.words}</span>
      ${next.completions.map((path) => html`<button type="button" class="funnel-next" title="Try ${path}" @click=${() => this.#complete(path)}>${icon("corner-down-right", { size: "s" })}<code>${path}</code></button>`)}`;
  }

  #complete(path) {
    this.dispatchEvent(new CustomEvent("ri-complete", { bubbles: true, detail: path }));
  }
}

define("ri-funnel", RiFunnel);
