/**
 * The routes in match order; only the seen rows are in the page, whatever the number of routes.
 *
 * `rows` are those of routeRows(), `view` what routeRow() needs, `verdicts` a Map of line key to verdict, `selected` the
 * key of a route or null, `depth` how many bars the gutter has. Emits `ri-select` with a key, `ri-open` with one whose
 * pattern was chosen.
 */

import { guard, html, nothing } from "../../vendor/lit.js";
import { RiElement, define, styles } from "./element.js";
import { foldRow, routeRow, wallRow } from "./route-row.js";
import { shortNumber } from "./route-number.js";
import { RowWindow } from "./row-window.js";

const ROW = 28;
/** Width of a digit of a route's number in px; one of a mount in a mount, "12.3.4", needs more room than others. */
const DIGIT = 7;
const BAR = 9;

export class RiRouteTable extends RiElement {
  static properties = {
    rows: { attribute: false },
    view: { attribute: false },
    verdicts: { attribute: false },
    selected: { attribute: false },
    depth: { attribute: false },
    naming: { attribute: false },
  };

  #window = new RowWindow(this, { box: () => this.box, rowHeight: ROW, head: ROW });
  #shown = null;
  #digits = 0;

  constructor() {
    super();
    this.rows = [];
    this.verdicts = new Map();
    this.selected = null;
    this.depth = 0;
  }

  willUpdate(changed) {
    if (changed.has("rows")) this.#digits = this.rows.reduce((most, { line }) => Math.max(most, line ? shortNumber(line.number).length : 0), 0);
  }

  get box() {
    return this.querySelector(".routes");
  }

  focus() {
    this.box.focus();
  }

  /** Select the neighbour of the selection, `step` routes on; without a selection the first. */
  move(step) {
    const at = this.rows.findIndex((row) => row.kind === "route" && row.key === this.selected);
    if (at < 0) return this.moveTo("first");
    for (let index = at + step; index >= 0 && index < this.rows.length; index += step) {
      if (this.rows[index].kind === "route") return this.#select(this.rows[index].key);
    }
    return undefined;
  }

  /** Select the "first" or the "last" route. */
  moveTo(end) {
    const routes = this.rows.filter((row) => row.kind === "route");
    const row = end === "last" ? routes.at(-1) : routes[0];
    if (row) this.#select(row.key);
  }

  /** Scroll to a route, if it is among the rows. */
  show(key, options) {
    this.#window.show(this.rows.findIndex((row) => row.key === key), options);
  }

  updated() {
    if (this.selected === this.#shown) return;
    this.#shown = this.selected;
    if (this.selected !== null) this.show(this.selected, { about: true });
  }

  render() {
    const { rows, view } = this;
    const tested = view.explanation !== null;
    const drawn = this.#window.slots(rows.length);
    return html`<div
      class="routes scroll"
      role="grid"
      aria-label="Routes in match order"
      aria-rowcount=${rows.length + 1}
      aria-activedescendant=${this.selected !== null && drawn.some((index) => rows[index]?.key === this.selected) ? "route-selected" : nothing}
      tabindex="0"
      ?data-tested=${tested}
      ${styles({ "--gutter": `${this.depth * BAR}px`, "--number": `${Math.max(38, this.#digits * DIGIT + 6)}px` })}
      @scroll=${() => this.#window.scrolled(rows.length)}
      @click=${(event) => this.#click(event)}
    >
      ${this.#head(tested)}
      <div class="routes-space" role="rowgroup" ${styles({ height: `${rows.length * ROW}px` })}>
        ${drawn.map((index) => this.#slot(index))}
      </div>
    </div>`;
  }

  #head(tested) {
    const head = (name, text) => html`<span role="columnheader" class="r-${name}">${text}</span>`;
    return html`<div class="routes-head" role="row" aria-rowindex="1">
      ${head("number", "#")}${head("gutter", html`<span class="sr-only">Included by</span>`)}${head("methods", "Method")}${head("pattern", "Pattern")}
      ${tested
        ? html`${head("verdict", "Verdict")}${head("reach", "Fits")}`
        : html`${head("handler", this.naming)}${head("hits", "Hits")}${head("last", "Last seen")}${head("p50", "p50")}${head("errors", "Errors")}`}
    </div>`;
  }

  #slot(index) {
    const row = index < 0 ? undefined : this.rows[index];
    if (!row) return html`<div class="route-row" role="presentation" hidden></div>`;
    const place = { index, top: index * ROW, selected: row.key === this.selected, verdict: this.verdicts.get(row.key) };
    return html`${guard([row, index, place.selected, place.verdict, this.view], () => this.#draw(row, place))}`;
  }

  #draw(row, place) {
    if (row.kind === "wall") return wallRow(row, place, this.view);
    return row.kind === "fold" ? foldRow(row, place) : routeRow(row, place, this.view);
  }

  #click(event) {
    const behind = event.target.closest("[data-select]")?.dataset.select;
    const key = behind ?? event.target.closest(".route-row[data-key]")?.dataset.key;
    if (key === undefined || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (!behind && event.target.closest(".r-pattern a")) this.dispatchEvent(new CustomEvent("ri-open", { detail: key }));
    else this.#select(key);
  }

  #select(key) {
    this.dispatchEvent(new CustomEvent("ri-select", { detail: key }));
  }
}

define("ri-route-table", RiRouteTable);
