/**
 * The list of requests: only the seen rows are in the page, whatever the number of rows held.
 *
 * Newest at the bottom. At the bottom it follows; scrolled away, the row under the eye stays while old rows go.
 * The selection is pinned by id. Emits `ri-select` with an id.
 */

import { guard, html, nothing } from "../../vendor/lit.js";
import { drawnWindow, scrollToShow, slotIndexes } from "../core/window.js";
import { count } from "../format/bytes.js";
import { RiElement, define, icon, styles } from "./element.js";
import { exchangeRow, gapRow } from "./list-rows.js";

const ROW = 28;
const HEAD = 28;

export class RiList extends RiElement {
  static properties = {
    store: { attribute: false },
    selected: { attribute: false },
    follow: { state: true },
  };

  constructor() {
    super();
    this.follow = true;
    this.anchor = null;
    this.height = 600;
    this.filter = null;
    this.loaded = false;
    this.top = 0;
    this.placed = 0;
    this.drawn = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    this.watch(this.store);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.observer?.disconnect();
  }

  get box() {
    return this.querySelector(".list");
  }

  get rows() {
    return this.store.rows;
  }

  focus() {
    this.box?.focus();
  }

  firstUpdated() {
    this.observer = new ResizeObserver(() => {
      this.height = this.box.clientHeight - HEAD;
      this.requestUpdate();
    });
    this.observer.observe(this.box);
  }

  updated(changed) {
    const refiltered = this.filter !== this.store.filter;
    const arrived = this.store.loaded && !this.loaded;
    this.filter = this.store.filter;
    this.loaded = this.store.loaded;
    if (this.follow) this.#toEnd();
    else if (!refiltered) this.#holdAnchor();
    if (this.selected !== null && (refiltered || arrived || changed.has("selected"))) this.#showSelected();
  }

  /** Select the neighbour of the selection, `step` rows on; without a selection the newest. */
  move(step) {
    const at = this.selected === null ? -1 : this.rows.indexOfId(this.selected);
    if (at < 0) return this.moveTo("last");
    for (let index = at + step; index >= 0 && index < this.rows.length; index += step) {
      const row = this.rows.rowAt(index);
      if (row && row.kind !== "gap") return this.#select(row);
    }
    return undefined;
  }

  /** Select the "first" or the "last" row. */
  moveTo(end) {
    const step = end === "last" ? -1 : 1;
    for (let index = end === "last" ? this.rows.length - 1 : 0; index >= 0 && index < this.rows.length; index += step) {
      const row = this.rows.rowAt(index);
      if (row && row.kind !== "gap") {
        this.#select(row);
        if (end === "last") this.follow = true;
        return;
      }
    }
  }

  render() {
    const { length } = this.rows;
    const seen = this.#window();
    this.drawn = seen.start;
    const indexes = slotIndexes({ ...seen, length });
    const place = this.selected === null ? -1 : this.rows.indexOfId(this.selected);
    const chosen = place >= 0 && indexes.includes(place);
    return html`<div
        class="list scroll"
        role="grid"
        aria-label="Requests, newest last"
        aria-rowcount=${length + 1}
        aria-activedescendant=${chosen ? "row-selected" : nothing}
        tabindex="0"
        @scroll=${() => this.#scrolled()}
        @click=${(event) => this.#click(event)}
      >
        <div class="list-head list-row" role="row" aria-rowindex="1">
          <span role="columnheader" class="c-method">Method</span>
          <span role="columnheader" class="c-status">Status</span>
          <span role="columnheader" class="c-path">Path</span>
          <span role="columnheader" class="c-route">Route</span>
          <span role="columnheader" class="c-size">Size</span>
          <span role="columnheader" class="c-time">Time</span>
          <span role="columnheader" class="c-ms">Took</span>
          <span role="columnheader" class="c-bar"><span class="sr-only">Duration, logarithmic</span></span>
        </div>
        <div class="list-space" role="rowgroup" ${styles({ height: `${length * ROW}px` })}>
          ${indexes.map((index) => this.#slot(index))}
        </div>
        ${length === 0 ? this.#nothing() : nothing}
      </div>
      ${this.#pill(length)}`;
  }

  /** What waits below: new rows while paused, else the end of the list while scrolled away. */
  #pill(length) {
    const { paused, rows } = this.store;
    if (paused && rows.waiting > 0) {
      return html`<button class="follow" type="button" @click=${() => this.#resume()}>${icon("play", { size: "s" })} ${count(rows.waiting)} new</button>`;
    }
    if (this.follow || length === 0) return nothing;
    return html`<button class="follow" type="button" @click=${() => this.#followAgain()}>${icon("arrow-down", { size: "s" })} Follow</button>`;
  }

  /** The window to draw. Following, it is the end that the scroll position will have; reading that would cost a layout. */
  #window() {
    const scrollTop = this.follow ? this.#endTop() : this.top;
    return drawnWindow({ scrollTop, height: this.height, rowHeight: ROW, length: this.rows.length });
  }

  #endTop() {
    return Math.max(0, this.rows.length * ROW - this.height);
  }

  #slot(index) {
    const row = index < 0 ? undefined : this.rows.rowAt(index);
    if (!row) return html`<div class="list-row" role="presentation" hidden></div>`;
    const selected = row.id === this.selected;
    return html`${guard([row, index, selected], () => this.#row(row, { index, top: index * ROW, selected }))}`;
  }

  #row(row, place) {
    return row.kind === "gap" ? gapRow(row, place) : exchangeRow(row, place, this.store.table !== null);
  }

  #nothing() {
    if (!this.store.loaded) return html`<div class="list-none">${icon("loader-circle", { spin: true })} Reading the journal…</div>`;
    if (this.store.ring.size === 0) return html`<div class="list-none"><p>Nothing is recorded any more. The next request appears here.</p></div>`;
    return html`<div class="list-none">
      <p>No request passes <code>${this.store.filter.text}</code></p>
      ${this.store.filter.problems.map(({ message }) => html`<p class="row-miss">Left out: ${message}</p>`)}
      <button class="button" type="button" @click=${() => this.#intend("set-filter:")}>Show all</button>
    </div>`;
  }

  #click(event) {
    const id = event.target.closest(".list-row[data-id]")?.dataset.id;
    if (id) this.dispatchEvent(new CustomEvent("ri-select", { detail: id }));
  }

  #select(row) {
    this.dispatchEvent(new CustomEvent("ri-select", { detail: row.id }));
  }

  #intend(intent) {
    this.dispatchEvent(new CustomEvent("ri-intent", { bubbles: true, detail: intent }));
  }

  #scrolled() {
    this.top = this.box.scrollTop;
    const byReader = Math.abs(this.top - this.placed) >= 1;
    if (byReader) this.follow = this.#endTop() - this.top < ROW / 2;
    this.#noteAnchor();
    if (this.#window().start !== this.drawn) this.requestUpdate();
  }

  /** Remember which row is at the top edge, by its number, so that it can be kept there. */
  #noteAnchor() {
    const index = Math.floor(this.top / ROW);
    this.anchor = index < this.rows.length ? { number: this.rows.numberAt(index), offset: this.top - index * ROW } : null;
  }

  #holdAnchor() {
    if (!this.anchor) return;
    const index = this.rows.indexOf(this.anchor.number);
    if (index < 0) return this.#noteAnchor();
    const wanted = index * ROW + this.anchor.offset;
    if (Math.abs(wanted - this.top) >= 1) this.#scrollTo(wanted);
    return undefined;
  }

  #toEnd() {
    const end = this.#endTop();
    if (Math.abs(this.top - end) >= 1) this.#scrollTo(end);
  }

  #resume() {
    this.#intend("pause");
    this.#followAgain();
  }

  #followAgain() {
    this.follow = true;
    this.focus();
  }

  #showSelected() {
    const index = this.selected === null ? -1 : this.rows.indexOfId(this.selected);
    if (index < 0) return;
    const top = scrollToShow({ index, scrollTop: this.top, height: this.height, rowHeight: ROW });
    if (top === this.top) return;
    this.follow = false;
    this.#scrollTo(top);
    this.#noteAnchor();
  }

  /** Scroll ourselves, and remember where to: the event that follows says nothing about the reader's wish. */
  #scrollTo(top) {
    this.box.scrollTop = top;
    this.top = this.placed = this.box.scrollTop;
    if (this.#window().start !== this.drawn) this.requestUpdate();
  }
}

define("ri-list", RiList);
