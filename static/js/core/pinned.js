/**
 * What became of the pinned requests since the application came back (the body of api/pinned), kept up to date. Pure.
 *
 * Nothing is asked while nothing is pinned. It is asked again when a pin, a replay or a status of the app is news, and
 * while a round runs.
 */

import { pinnedBadge } from "../format/pinned.js";

const NONE = Object.freeze({ generation: null, running: false, results: Object.freeze([]) });
const UNFINISHED = new Set(["pending", "streaming"]);

export class Pinned {
  /** `{generation, running, results}` as last answered. */
  value = NONE;
  /** Why the last question was not answered, or null. */
  problem = null;

  #api;
  #store;
  #seen = null;
  #asking = false;
  #again = false;
  #listeners = new Set();

  constructor({ api, store }) {
    this.#api = api;
    this.#store = store;
  }

  /** How many of each verdict: `{same, changed, refused, waiting}`. */
  get counts() {
    const counts = { same: 0, changed: 0, refused: 0, waiting: 0 };
    for (const one of this.value.results) counts[one.verdict]++;
    return counts;
  }

  /** What the navigation says beside Replay: `{kind, number, title}`, or null while nothing was compared. */
  get badge() {
    return pinnedBadge(this.counts);
  }

  /** Call `listener()` after each change; returns the function that stops it. */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Look whether there is news, and ask if so: called once in a while. */
  async look() {
    const seen = this.#news();
    if (seen === this.#seen && !this.value.running) return;
    this.#seen = seen;
    await this.ask();
  }

  /** Ask now; while an answer is awaited, once more after it. */
  async ask() {
    if (this.#asking) {
      this.#again = true;
      return;
    }
    this.#asking = true;
    try {
      do {
        this.#again = false;
        await this.#fetch();
      } while (this.#again);
    } finally {
      this.#asking = false;
    }
  }

  async replayAll() {
    await this.#api.replayPinned();
    this.#become({ ...this.value, running: true }, null);
    await this.ask();
  }

  /** Let these places differ in the replays of a pinned request. */
  async keepRules(id, rules) {
    const result = await this.#api.keepRules({ id, rules });
    const results = this.value.results.map((one) => (one.id === id ? result : one));
    this.#become({ ...this.value, results }, null);
  }

  async unpin(id) {
    await this.#api.pin({ id, pinned: false });
    this.#become({ ...this.value, results: this.value.results.filter((one) => one.id !== id) }, null);
  }

  async #fetch() {
    try {
      this.#become(await this.#api.pinned(), null);
    } catch (reason) {
      this.#become(this.value, reason); // while the dashboard is away the last results stay
    }
  }

  #become(value, problem) {
    const before = JSON.stringify([this.value, this.problem?.message]);
    [this.value, this.problem] = [value, problem];
    if (JSON.stringify([value, problem?.message]) === before) return;
    for (const listener of this.#listeners) listener();
  }

  /** A text that is another one when a pin, a finished replay, or what serves is another one; null when nothing is pinned. */
  #news() {
    const pins = [];
    let replays = 0;
    for (const row of this.#store.newest()) {
      if (row.pinned) pins.push(row.id);
      if (row.replay_of && !UNFINISHED.has(row.state)) replays++;
    }
    const held = this.#store.app?.journal?.pinned ?? 0;
    if (!pins.length && !held && !this.value.results.length) return null;
    const serving = (this.#store.app?.status ?? []).map(({ worker, state, table }) => `${worker.pid} ${worker.generation} ${state} ${table}`);
    return [pins, replays, serving, this.#store.connection].join("|");
  }
}
