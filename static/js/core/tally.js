/** Counts of rows that pass each of some tests, kept up with every row that comes or goes: nothing is counted anew. Pure. */
export class Tally {
  #tests;
  #counts;

  /** `tests` is `[(row) => boolean]`; a test must say the same of a row each time it is asked. */
  constructor(tests) {
    this.#tests = tests;
    this.#counts = tests.map(() => 0);
  }

  /** How many of the held rows pass each test, in the order of the tests. */
  get counts() {
    return [...this.#counts];
  }

  add(row) {
    this.#change(row, 1);
  }

  remove(row) {
    this.#change(row, -1);
  }

  clear() {
    this.#counts.fill(0);
  }

  #change(row, by) {
    for (let at = 0; at < this.#tests.length; at++) if (this.#tests[at](row)) this.#counts[at] += by;
  }
}
