import { html, nothing, svg } from "../../vendor/lit.js";
import { layoutRailroad } from "../core/railroad.js";
import { RiElement, define } from "./element.js";

/**
 * A regex drawn as tracks. `tree` is Python's own parse tree; `states` says per node id whether the text
 * tried was accepted or refused there; `tints` maps a group's name to its parameter tint (1 to 6).
 */
export class RiRailroad extends RiElement {
  static properties = {
    tree: { attribute: false },
    states: { attribute: false },
    tints: { attribute: false },
    caption: {},
  };

  constructor() {
    super();
    this.states = {};
    this.tints = {};
    this.caption = "Railroad diagram of the compiled regex";
  }

  render() {
    if (!this.tree) return nothing;
    const { width, height, shapes } = layoutRailroad(this.tree);
    return html`<div class="railroad" tabindex="0" role="group" aria-label="${this.caption}; scrolls sideways">
      <svg viewBox="0 0 ${width} ${height}" width=${width} height=${height} role="img" aria-label=${this.caption}>
        ${shapes.filter((shape) => shape.type === "frame").map((shape) => this.#frame(shape))}
        ${shapes.filter((shape) => shape.type === "rail").map((shape) => svg`<path class="rail" d=${shape.d}></path>`)}
        ${shapes.filter((shape) => shape.type === "box").map((shape) => this.#box(shape))}
        ${shapes.filter((shape) => shape.type === "note").map((shape) => this.#note(shape))}
      </svg>
    </div>`;
  }

  #box(shape) {
    const state = this.states[shape.id] ?? "untouched";
    const round = shape.kind === "literal" || shape.kind === "at" ? shape.height / 2 : 5;
    return svg`<g class="station" data-kind=${shape.kind} data-state=${state}>
      <title>${shape.label}${state === "untouched" ? "" : `: ${state}`}</title>
      <rect x=${shape.x} y=${shape.y} width=${shape.width} height=${shape.height} rx=${round}></rect>
      <text x=${shape.x + shape.width / 2} y=${shape.y + shape.height / 2}>${shape.label}</text>
    </g>`;
  }

  #frame(shape) {
    return svg`<g class="frame" data-tint=${this.tints[shape.label] ?? 1}>
      <rect x=${shape.x} y=${shape.y} width=${shape.width} height=${shape.height} rx="8"></rect>
      <text x=${shape.x + 4} y=${shape.y - 6}>${shape.label}</text>
    </g>`;
  }

  #note(shape) {
    return svg`<text class="note" x=${shape.x} y=${shape.y}>${shape.text}</text>`;
  }
}

define("ri-railroad", RiRailroad);
