/**
 * The rows the page holds: the newest `capacity`, oldest first, each with a number that never changes.
 *
 * A row keeps its number while it is updated in place; when the ring is full the oldest goes. Everything but
 * `remove` and `toArray` is O(1), so a burst costs the same at 100 rows and at 100,000.
 */
export class Ring {
  #slots;
  #first = 0; // number of the oldest held entry
  #next = 0; // number the next entry gets
  #numbers = new Map();
  #left;

  /** `left(row)` is called for each row that goes: evicted, removed, or replaced by a newer state of it. */
  constructor(capacity, { left = () => {} } = {}) {
    this.#slots = new Array(capacity);
    this.#left = left;
  }

  get capacity() {
    return this.#slots.length;
  }

  get first() {
    return this.#first;
  }

  get next() {
    return this.#next;
  }

  get size() {
    return this.#numbers.size;
  }

  /** The row with this number, or undefined when it is gone. */
  at(number) {
    return number >= this.#first && number < this.#next ? this.#slots[number % this.capacity] : undefined;
  }

  /** The number of a row by its id, or -1. */
  numberOf(id) {
    return this.#numbers.get(id) ?? -1;
  }

  find(id) {
    return this.at(this.numberOf(id));
  }

  /** Add a row at the end, or update the one with its id in place. Gives the row's number. */
  put(row) {
    const { id } = row;
    const held = this.#numbers.get(id);
    if (held !== undefined) {
      this.#left(this.#slots[held % this.capacity]);
      this.#slots[held % this.capacity] = row;
      return held;
    }
    if (this.#next - this.#first === this.capacity) this.#dropOldest();
    const number = this.#next++;
    this.#slots[number % this.capacity] = row;
    this.#numbers.set(id, number);
    return number;
  }

  /** Take a row out; its number stays empty. */
  remove(id) {
    const number = this.#numbers.get(id);
    if (number === undefined) return false;
    this.#numbers.delete(id);
    this.#left(this.#slots[number % this.capacity]);
    this.#slots[number % this.capacity] = undefined;
    while (this.#first < this.#next && this.#slots[this.#first % this.capacity] === undefined) this.#first++;
    return true;
  }

  /** Let go of all rows at once; `left` is not called. */
  clear() {
    this.#slots.fill(undefined);
    this.#numbers.clear();
    this.#first = this.#next;
  }

  /** Rows oldest first, as `[number, row]`. */
  *entries(from = this.#first) {
    for (let number = Math.max(from, this.#first); number < this.#next; number++) {
      const row = this.#slots[number % this.capacity];
      if (row !== undefined) yield [number, row];
    }
  }

  toArray() {
    return Array.from(this.entries(), ([, row]) => row);
  }

  #dropOldest() {
    const row = this.#slots[this.#first % this.capacity];
    if (row !== undefined) {
      this.#numbers.delete(row.id);
      this.#left(row);
    }
    this.#slots[this.#first % this.capacity] = undefined;
    this.#first++;
  }
}
