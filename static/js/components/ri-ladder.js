/**
 * The match ladder: what every route said to one request, in the order they were tried.
 *
 * Properties: `explanation` (EXPLANATION), `snapshot` (the table it was made against, or null), `names` (parameter
 * names in order, for tints), `mounts` (indexes of the mounts above, for nested tables).
 * Emits `ri-route` `{index, mounts}` when a route's pattern is chosen.
 */

import { html, nothing, repeat } from "../../vendor/lit.js";
import { count } from "../format/bytes.js";
import { ladder, methodsOf } from "../format/ladder.js";
import { RiElement, define, icon } from "./element.js";
import { refocus } from "./refocus.js";
import { shortNumber } from "./route-number.js";
import { tinted } from "./tinted.js";

/** Rungs of a fold drawn at a time: one of thousands would take seconds. */
const PAGE = 100;
const SIGNS = { matched: "check", shadowed: "eye-off", refused: "x" };

export class RiLadder extends RiElement {
  static properties = {
    explanation: { attribute: false },
    snapshot: { attribute: false },
    names: { attribute: false },
    mounts: { attribute: false },
    opened: { state: true },
  };

  constructor() {
    super();
    this.explanation = null;
    this.snapshot = null;
    this.names = null;
    this.mounts = [];
    /** How many rungs are drawn of each open fold, by the number of its first one. */
    this.opened = new Map();
  }

  willUpdate(changed) {
    if (changed.has("explanation")) this.opened = new Map();
  }

  render() {
    if (!this.explanation) return nothing;
    const lines = ladder(this.explanation, this.snapshot, this.mounts);
    return html`<ol class="ladder" aria-label="Match ladder: routes in the order they were tried">
      ${repeat(lines, (line) => (line.fold ? `f${line.fold.first}` : line.number), (line) => this.#line(line))}
    </ol>`;
  }

  #line(line) {
    if (!line.fold) return this.#rung(line);
    const { first, last, text } = line.fold;
    const open = this.opened.has(first);
    return html`<li class="ladder-fold">
        <button type="button" aria-expanded=${open ? "true" : "false"} @click=${() => this.#toggle(first)}>
          <span class="ladder-number" title="${first}–${last}">${shortNumber(first)}–${shortNumber(last)}</span>${icon("chevron-right", { size: "s" })}<span>${text}</span>
        </button>
      </li>
      ${open ? this.#rungs(line.rungs, first) : nothing}`;
  }

  #rungs(rungs, first) {
    const shown = this.opened.get(first);
    const left = rungs.length - shown;
    return html`${rungs.slice(0, shown).map((rung) => this.#rung(rung))}${left > 0
      ? html`<li class="ladder-rest"><button type="button" class="link" @click=${() => this.#openMore(first, shown + PAGE)}>Show ${count(Math.min(PAGE, left))} of ${count(left)} more</button></li>`
      : nothing}`;
  }

  #rung({ verdict, route, number, parameters, reason }) {
    const methods = methodsOf(route);
    return html`<li
        class="ladder-rung"
        data-outcome=${verdict.outcome}
        data-index=${verdict.index}
        ?data-unexamined=${!verdict.examined}
      >
        <span class="ladder-number" title=${number}>${shortNumber(number)}</span>
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
        ${route?.condition ? html`<span class="badge" title="Only on a condition: ${route.condition}">${route.condition}</span>` : nothing}
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
      ></ri-ladder>
    </li>`;
  }

  #toggle(first) {
    if (!this.opened.has(first)) return this.#open(first, PAGE);
    this.opened = new Map([...this.opened].filter(([key]) => key !== first));
  }

  #openMore(first, shown) {
    this.#open(first, shown);
    refocus(this, () => this.querySelector(".ladder-fold button"));
  }

  #open(first, shown) {
    this.opened = new Map(this.opened).set(first, shown);
  }

  #choose(index) {
    this.dispatchEvent(new CustomEvent("ri-route", { bubbles: true, detail: { index, mounts: this.mounts } }));
  }
}

define("ri-ladder", RiLadder);
