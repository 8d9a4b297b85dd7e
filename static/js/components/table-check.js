/**
 * A Lit controller that holds what the check of the table in force proves about its order, asked once a table.
 *
 * `walls` is as in wallsOf(): empty until it is known, and where it could not be found out.
 */

import { ApiError } from "../core/api.js";
import { wallsOf } from "../format/walls.js";

const NONE = Object.freeze({ hiddenBy: new Map(), hides: new Map() });

export class TableCheck {
  walls = NONE;

  #host;
  #table = null;
  #isAnswered = false;

  /** `host` is a Lit element with `.api`. */
  constructor(host) {
    this.#host = host;
  }

  /** Let the next question be asked, also where it was asked in vain: the dashboard was away. */
  retry() {
    if (!this.#isAnswered) this.#table = null;
  }

  /** Ask about the table with this fingerprint, unless that was done. */
  async ask(table) {
    if (table === this.#table) return;
    this.#table = table;
    this.#isAnswered = false;
    this.walls = NONE;
    try {
      const { findings } = await this.#host.api.check({ table });
      if (table !== this.#table) return;
      this.#isAnswered = true;
      this.walls = wallsOf(findings);
      this.#host.requestUpdate();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // No walls, then: Health says what is wrong with the check.
    }
  }
}
