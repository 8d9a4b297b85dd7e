/**
 * A Lit controller for long lists of rows of one height: which rows are drawn, and scrolling to one.
 *
 * The host gives `box()`, the element that scrolls, `rowHeight`, `head` (px of what stays above the rows), and calls
 * `scrolled()` from the box's scroll event. Rows are absolutely placed: row `i` at `i * rowHeight`.
 */

import { drawnWindow, scrollToShow, slotIndexes } from "../core/window.js";

export class RowWindow {
  #host;
  #box;
  #row;
  #head;
  #height = 600;
  #top = 0;
  #drawn = -1;
  #observed = null;
  #observer = null;

  constructor(host, { box, rowHeight, head = 0 }) {
    this.#host = host;
    this.#box = box;
    this.#row = rowHeight;
    this.#head = head;
    host.addController(this);
  }

  hostUpdated() {
    const box = this.#box();
    if (!box || box === this.#observed) return;
    this.#observed = box;
    this.#observer ??= new ResizeObserver(() => this.#measure());
    this.#observer.observe(box);
  }

  hostDisconnected() {
    this.#observer?.disconnect();
    this.#observed = null;
  }

  /** The index that each drawn slot shows, -1 for an empty slot. To be asked once a render. */
  slots(length) {
    const seen = this.#window(length);
    this.#drawn = seen.start;
    return slotIndexes({ ...seen, length });
  }

  scrolled(length) {
    this.#top = this.#box().scrollTop;
    if (this.#window(length).start !== this.#drawn) this.#host.requestUpdate();
  }

  /** Scroll as little as it takes to see row `index` whole; with `about`, bring a row far away into the middle. */
  show(index, { about = false } = {}) {
    const box = this.#box();
    if (!box || index < 0) return;
    if (box.clientHeight) this.#height = box.clientHeight - this.#head; // not observed yet
    const place = { index, scrollTop: box.scrollTop, height: this.#height, rowHeight: this.#row };
    let top = scrollToShow(place);
    if (top === box.scrollTop) return;
    if (about) top = Math.max(0, index * this.#row - this.#height / 2);
    box.scrollTop = top;
    this.#top = box.scrollTop;
    this.#host.requestUpdate();
  }

  #measure() {
    const height = this.#box()?.clientHeight ?? 0;
    if (height === 0 || height - this.#head === this.#height) return;
    this.#height = height - this.#head;
    this.#host.requestUpdate();
  }

  #window(length) {
    return drawnWindow({ scrollTop: this.#top, height: this.#height, rowHeight: this.#row, length });
  }
}
