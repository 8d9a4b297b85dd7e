/**
 * The match ladder: what every route said to one request, in the order they were tried.
 *
 * Properties: `explanation` (EXPLANATION), `snapshot` (the table it was made against, or null), `names` (parameter
 * names in order, for tints), `unfolded` (show every rung), `mounts` (indexes of the mounts above, for nested tables).
 * Emits `ri-route` `{index, mounts}` when a route's pattern is chosen.
 */

import { html, nothing, repeat } from "../../vendor/lit.js";
import { ladder, methodsOf } from "../format/ladder.js";
import { RiElement, define, icon } from "./element.js";
import { tinted } from "./ri-path.js";

const SIGNS = { matched: "check", shadowed: "eye-off", refused: "x" };

export class RiLadder extends RiElement {
  static properties = {
    explanation: { attribute: false },
    snapshot: { attribute: false },
    names: { attribute: false },
    mounts: { attribute: false },
    unfolded: { type: Boolean },
    opened: { state: true },
  };

  constructor() {
    super();
    this.explanation = null;
    this.snapshot = null;
    this.names = null;
    this.mounts = [];
    this.unfolded = false;
    this.opened = new Set();
  }

  willUpdate(changed) {
    if (changed.has("explanation")) this.opened = new Set();
  }

  render() {
    if (!this.explanation) return nothing;
    const lines = ladder(this.explanation, this.snapshot);
    return html`<ol class="ladder" aria-label="Match ladder: routes in the order they were tried">
      ${repeat(lines, (line) => (line.fold ? `f${line.fold.first}` : line.number), (line) => this.#line(line))}
    </ol>`;
  }

  #line(line) {
    if (!line.fold) return this.#rung(line);
    const { first, last, text } = line.fold;
    const open = this.unfolded || this.opened.has(first);
    return html`<li class="ladder-fold">
        <button type="button" aria-expanded=${open ? "true" : "false"} @click=${() => this.#toggle(first)}>
          <span class="ladder-number">${first}–${last}</span>${icon("chevron-right", { size: "s" })}<span>${text}</span>
        </button>
      </li>
      ${open ? line.rungs.map((rung) => this.#rung(rung)) : nothing}`;
  }

  #rung({ verdict, route, number, parameters, reason }) {
    const methods = methodsOf(route);
    return html`<li
        class="ladder-rung"
        data-outcome=${verdict.outcome}
        data-index=${verdict.index}
        ?data-unexamined=${!verdict.examined}
      >
        <span class="ladder-number">${number}</span>
        <span class="method" data-method=${methods[0]} title=${methods.join(", ")}>
          ${methods[0]}${methods.length > 1 ? html`<sup>+${methods.length - 1}</sup>` : nothing}
        </span>
        <button type="button" class="ladder-pattern" title="Open ${route?.name ?? "this route"}" @click=${() => this.#choose(verdict.index)}>
          ${tinted({
            text: route?.path ?? `route ${number}`,
            parameters,
            names: this.names ?? parameters.map((one) => one.name),
            reached: verdict.template_reached,
            refused: verdict.template_refused,
          })}
        </button>
        <span class="ladder-reason" data-kind=${reason.kind}>
          ${icon(SIGNS[reason.kind], { size: "s" })}${reason.text}${this.#more(verdict, reason)}
        </span>
      </li>
      ${verdict.inner ? this.#inner(verdict, route) : nothing}`;
  }

  #more(verdict, { more }) {
    if (!more) return nothing;
    const others = verdict.reasons.slice(1).map((one) => one.message);
    return html`<span class="ladder-more"> · ${others.join(" · ")}</span>`;
  }

  #inner(verdict, route) {
    return html`<li class="ladder-inner">
      <ri-ladder
        .explanation=${verdict.inner}
        .snapshot=${route?.table ?? null}
        .names=${this.names}
        .mounts=${[...this.mounts, verdict.index]}
        ?unfolded=${this.unfolded}
      ></ri-ladder>
    </li>`;
  }

  #toggle(first) {
    const opened = new Set(this.opened);
    if (!opened.delete(first)) opened.add(first);
    this.opened = opened;
  }

  #choose(index) {
    this.dispatchEvent(new CustomEvent("ri-route", { bubbles: true, detail: { index, mounts: this.mounts } }));
  }
}

define("ri-ladder", RiLadder);
