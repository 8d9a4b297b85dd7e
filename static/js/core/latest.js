/** Asks one question at a time, and of those that come meanwhile only the newest: for answers on each key. Pure. */

export class Latest {
  #answer;
  #busy = false;
  #waiting = null;

  /** `answer(question)` gives a promise that settles when the question is dealt with; it must not reject. */
  constructor(answer) {
    this.#answer = answer;
  }

  /** Ask now, or as soon as the one before has its answer. Resolves when nothing is left to ask. */
  async ask(question) {
    this.#waiting = { question };
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (this.#waiting) {
        const next = this.#waiting.question;
        this.#waiting = null;
        await this.#answer(next);
      }
    } finally {
      this.#busy = false;
    }
  }
}
