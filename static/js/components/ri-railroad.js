import { html, nothing, svg } from "../../vendor/lit.js";
import { layoutRailroad } from "../core/railroad.js";
import { RiElement, define } from "./element.js";

const AIR = 5; // around the part in which the engine is

/**
 * A regex drawn as tracks. `tree` is Python's own parse tree; `states` says per node id whether the text
 * tried was accepted or refused there; `tints` maps a group's name to its parameter tint (1 to 6). `current` is the
 * node at which the engine is, as `{id, kind}`, or null.
 */
export class RiRailroad extends RiElement {
  static properties = {
    tree: { attribute: false },
    states: { attribute: false },
    tints: { attribute: false },
    current: { attribute: false },
    caption: {},
  };

  #tree = null;
  #layout = null;

  constructor() {
    super();
    this.states = {};
    this.tints = {};
    this.current = null;
    this.caption = "Railroad diagram of the compiled regex";
  }

  render() {
    if (!this.tree) return nothing;
    const { width, height, shapes } = this.#shapes();
    const of = (type) => shapes.filter((shape) => shape.type === type);
    return html`<div class="railroad" tabindex="0" role="group" aria-label="${this.caption}; scrolls sideways">
      <svg viewBox="0 0 ${width} ${height}" width=${width} height=${height} role="img" aria-label=${this.caption}>
        ${of("area").filter(({ id }) => id === this.current?.id).map((shape) => this.#area(shape))}
        ${of("frame").map((shape) => this.#frame(shape))}
        ${of("rail").map((shape) => svg`<path class="rail" d=${shape.d}></path>`)}
        ${of("box").map((shape) => this.#box(shape))}
        ${of("note").map((shape) => this.#note(shape))}
      </svg>
    </div>`;
  }

  #shapes() {
    if (this.#tree !== this.tree) {
      this.#tree = this.tree;
      this.#layout = layoutRailroad(this.tree);
    }
    return this.#layout;
  }

  updated(changed) {
    if (changed.has("current") && this.current) this.#reveal();
  }

  /** Scroll sideways, and only sideways, until the engine's node is in sight. */
  #reveal() {
    const scroller = this.querySelector(".railroad");
    const shape = this.#layout.shapes.find(({ type, id }) => id === this.current.id && (type === "box" || type === "area"));
    if (!scroller || !shape || scroller.scrollWidth <= scroller.clientWidth) return;
    const [left, right] = [shape.x, shape.x + shape.width];
    if (left < scroller.scrollLeft) scroller.scrollLeft = left - 24;
    else if (right > scroller.scrollLeft + scroller.clientWidth) scroller.scrollLeft = right - scroller.clientWidth + 24;
  }

  #box(shape) {
    const state = this.states[shape.id] ?? "untouched";
    const round = shape.kind === "literal" || shape.kind === "at" ? shape.height / 2 : 5;
    return svg`<g class="station" data-kind=${shape.kind} data-state=${state} data-current=${this.#kindAt(shape)}>
      <title>${shape.label}${state === "untouched" ? "" : `: ${state}`}</title>
      <rect x=${shape.x} y=${shape.y} width=${shape.width} height=${shape.height} rx=${round}></rect>
      <text x=${shape.x + shape.width / 2} y=${shape.y + shape.height / 2}>${shape.label}</text>
    </g>`;
  }

  #frame(shape) {
    return svg`<g class="frame" data-kind=${shape.kind} data-tint=${shape.kind === "group" ? this.tints[shape.label] ?? 1 : nothing}>
      <rect x=${shape.x} y=${shape.y} width=${shape.width} height=${shape.height} rx="8"></rect>
      <text x=${shape.x + 4} y=${shape.y - 6}>${shape.label}</text>
    </g>`;
  }

  #area(shape) {
    return svg`<rect class="area" data-current=${this.#kindAt(shape)} x=${shape.x - AIR} y=${shape.y - AIR} width=${shape.width + 2 * AIR} height=${shape.height + 2 * AIR} rx="10"></rect>`;
  }

  #note(shape) {
    return svg`<text class="note" x=${shape.x} y=${shape.y}>${shape.text}</text>`;
  }

  #kindAt({ id }) {
    return id === this.current?.id ? this.current.kind : nothing;
  }
}

define("ri-railroad", RiRailroad);
