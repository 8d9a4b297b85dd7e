/**
 * The server's time: what is shown was stamped with it, and the browser's own clock may be hours off, or be set.
 *
 * Kept as what the server's clock is ahead of `performance.now()`, which nobody sets. That one may stop while a computer
 * sleeps, so each welcome and each pulse says the time anew.
 */

import { heard } from "./stream.js";

/** A clock that is behind what was thought by more than this was set, and is followed. */
const STEP_MS = 10_000;
/** By how much a word of the server may take the time back: a pulse comes every 2 s, so it goes a hundredth slower. */
const SLEW_MS = 20;

export class Clock {
  #read;
  #newest;
  #taken = null;
  #ahead = performance.timeOrigin;

  /** `read()` gives ms since some moment; `newest()` the last `{unixMs, at}` of the server, `at` as `read()` was then, or null. */
  constructor({ read, newest }) {
    this.#read = read;
    this.#newest = newest;
  }

  /** Unix ms of the server; of the browser until the server was heard. Goes slower rather than back. */
  now() {
    const said = this.#newest();
    if (said && said !== this.#taken) this.#ahead = this.#aheadBy(said);
    this.#taken = said;
    return this.#read() + this.#ahead;
  }

  /** What is on its way for longer says less: the most that was said is the nearest to the truth. */
  #aheadBy({ unixMs, at }) {
    const ahead = unixMs - at;
    if (!this.#taken || ahead < this.#ahead - STEP_MS) return ahead;
    return Math.max(ahead, this.#ahead - SLEW_MS);
  }
}

const clock = new Clock({ read: () => performance.now(), newest: () => heard });

/** The server's time in unix ms, for every "how long ago". */
export const now = () => clock.now();
