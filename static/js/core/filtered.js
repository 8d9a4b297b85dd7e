/**
 * The rows that pass the filter, as an ascending list of ring numbers: the list draws windows of it.
 *
 * Keeps up with the ring one change at a time (a push at the end is O(1), a change of an old row O(log n) plus a
 * splice near the end); `hold()` freezes the end for Pause and counts what waits.
 */
export class Filtered {
  #ring;
  #test = () => true;
  #numbers = [];
  #gone = 0; // leading entries of #numbers already evicted from the ring
  #heldFrom = null;
  /** Ring numbers of the rows that came while held, and pass. */
  #waiting = new Set();

  constructor(ring) {
    this.#ring = ring;
  }

  get length() {
    return this.#numbers.length - this.#gone;
  }

  /** How many rows came and passed while held. */
  get waiting() {
    return this.#waiting.size;
  }

  get held() {
    return this.#heldFrom !== null;
  }

  /** The ring number at place `index` (0 is the oldest shown). */
  numberAt(index) {
    return this.#numbers[index + this.#gone];
  }

  rowAt(index) {
    return this.#ring.at(this.numberAt(index));
  }

  /** The place of a ring number, or -1. */
  indexOf(number) {
    const at = this.#search(number);
    return this.#numbers[at] === number ? at - this.#gone : -1;
  }

  indexOfId(id) {
    const number = this.#ring.numberOf(id);
    return number < 0 ? -1 : this.indexOf(number);
  }

  /** Filter anew with `test(row)`: O(rows). */
  refilter(test = this.#test) {
    this.#test = test;
    this.#numbers = [];
    this.#gone = 0;
    this.#waiting.clear();
    for (const [number, row] of this.#ring.entries()) this.#consider(number, row);
  }

  /** Tell of a row that was put into the ring under `number`; `isNew` when it was not there before. */
  noticePut(number, row, isNew) {
    this.#trim();
    if (this.#isHeldBack(number)) this.#waiting.delete(number);
    if (isNew || this.#isHeldBack(number)) this.#consider(number, row);
    else this.#reconsider(number, row);
  }

  noticeRemoved(number) {
    const at = this.#search(number);
    if (this.#numbers[at] === number) this.#numbers.splice(at, 1);
    this.#waiting.delete(number);
    this.#trim();
  }

  clear() {
    this.#numbers = [];
    this.#gone = 0;
    this.#waiting.clear();
    if (this.held) this.#heldFrom = this.#ring.next;
  }

  hold() {
    this.#heldFrom ??= this.#ring.next;
  }

  release() {
    const from = this.#heldFrom;
    if (from === null) return;
    this.#heldFrom = null;
    this.#waiting.clear();
    for (const [number, row] of this.#ring.entries(from)) this.#consider(number, row);
  }

  #isHeldBack(number) {
    return this.#heldFrom !== null && number >= this.#heldFrom;
  }

  #consider(number, row) {
    if (row.kind !== "gap" && !this.#test(row)) return;
    if (this.#isHeldBack(number)) this.#waiting.add(number);
    else this.#numbers.push(number);
  }

  #reconsider(number, row) {
    const at = this.#search(number);
    const shown = this.#numbers[at] === number;
    const passes = row.kind === "gap" || this.#test(row);
    if (passes && !shown) this.#numbers.splice(at, 0, number);
    if (!passes && shown) this.#numbers.splice(at, 1);
  }

  /** The first place in #numbers whose entry is >= number. */
  #search(number) {
    let low = this.#gone;
    let high = this.#numbers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#numbers[middle] < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #trim() {
    for (const number of this.#waiting) {
      if (number >= this.#ring.first) break;
      this.#waiting.delete(number);
    }
    while (this.#gone < this.#numbers.length && this.#numbers[this.#gone] < this.#ring.first) this.#gone++;
    if (this.#gone > 4096 && this.#gone * 2 > this.#numbers.length) {
      this.#numbers = this.#numbers.slice(this.#gone);
      this.#gone = 0;
    }
  }
}
