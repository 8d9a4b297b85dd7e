/**
 * What the page knows: the rows, what passes the filter, the app's status, the connection. Pure.
 *
 * Messages of the stream are applied at once; listeners are told once a frame (`schedule`), so a burst paints once.
 */

import { Filtered } from "./filtered.js";
import { parseFilter } from "./filter.js";
import { Ring } from "./ring.js";
import { Tally } from "./tally.js";

/** @typedef {"connecting"|"open"|"reconnecting"|"locked"} Connection */

export class Store {
  /** @type {Connection} */
  connection = "connecting";
  /** When the next attempt to connect is due (by performance.now()), or null. */
  retryAt = null;
  /** The body of api/app, or null before the first welcome. */
  app = null;
  /** The last pulse: `{head, lost, recorder_us_p50}`, or null. */
  pulse = null;
  /** Id of the journal's log, or null. */
  log = null;
  /** True between the first snapshot (or an empty one) and for ever after. */
  loaded = false;
  filter = parseFilter("");
  paused = false;
  /** Fingerprint of the route table that was in force when the page came in, or null. */
  firstTable = null;

  #schedule;
  #listeners = new Set();
  #scheduled = false;
  #tallies = new Set();

  /** `schedule(callback)` runs it before the next paint (requestAnimationFrame in the page). */
  constructor({ schedule, capacity = 100_000 }) {
    this.#schedule = schedule;
    this.ring = new Ring(capacity, { left: (row) => this.#tallies.forEach((tally) => tally.remove(row)) });
    this.rows = new Filtered(this.ring);
  }

  /**
   * The status of the app's newest process, or null; they come in the order in which the journal took them, whatever the
   * clocks said. A process that stops late is no news of the start that follows it, and while another worker of its start
   * runs, the app does.
   */
  get status() {
    const all = this.app?.status ?? [];
    const last = all.at(-1) ?? null;
    if (last?.state !== "stopped" && last?.state !== "starting") return last;
    const { target, worker } = last;
    const follows = (one) => one.target === target && one.state !== "stopped" && one.worker.generation > worker.generation;
    const isBeside = (one) => one.state === "running" && one.worker.generation === worker.generation;
    return (last.state === "stopped" && all.findLast(follows)) || all.findLast(isBeside) || last;
  }

  /** Fingerprint of the route table in force, or null (a foreign app, or none yet). */
  get table() {
    return this.app?.table ?? this.status?.table ?? null;
  }

  /** Call `listener()` once a frame after changes; returns the function that stops it. */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A count of the held rows by these tests that keeps up from now on; `drop(tally)` ends it. */
  tally(tests) {
    const tally = new Tally(tests);
    for (const [, row] of this.ring.entries()) tally.add(row);
    this.#tallies.add(tally);
    return tally;
  }

  drop(tally) {
    this.#tallies.delete(tally);
  }

  /** Apply one message of the stream. Unknown types are passed over: an older page may meet a newer server. */
  apply(message) {
    switch (message.type) {
      case "welcome":
        this.#newLog(message.log);
        this.#become(message.app);
        break;
      case "snapshot":
        this.#replaceAll(message.rows);
        break;
      case "delta":
        for (const row of message.rows) this.#put(row);
        for (const id of message.removed) this.#remove(id);
        break;
      case "gap":
        this.#put(gapRow(message));
        break;
      case "reset":
        this.log = message.log;
        this.#replaceAll([]);
        break;
      case "app":
        this.#become(message.app);
        break;
      case "pulse":
        this.pulse = message;
        break;
      default:
        return;
    }
    this.#changed();
  }

  /** @param {Connection} state */
  setConnection(state, { retryAt = null } = {}) {
    this.connection = state;
    this.retryAt = retryAt;
    this.#changed();
  }

  setFilter(text) {
    if (text === this.filter.text) return;
    this.filter = parseFilter(text);
    this.rows.refilter(this.filter.test);
    this.#changed();
  }

  setPaused(paused) {
    this.paused = paused;
    if (paused) this.rows.hold();
    else this.rows.release();
    this.#changed();
  }

  /** Rows of exchanges (gaps left out), newest first. */
  *newest() {
    for (let number = this.ring.next - 1; number >= this.ring.first; number--) {
      const row = this.ring.at(number);
      if (row && row.kind !== "gap") yield row;
    }
  }

  #become(app) {
    this.app = app;
    this.firstTable ??= this.table;
  }

  #newLog(log) {
    if (this.log !== null && this.log !== log) this.#replaceAll([]);
    this.log = log;
  }

  #replaceAll(rows) {
    this.ring.clear();
    this.rows.clear();
    this.#tallies.forEach((tally) => tally.clear());
    for (const row of rows) this.#put(row);
    this.loaded = true;
  }

  #put(row) {
    const isNew = this.ring.numberOf(row.id) < 0;
    this.rows.noticePut(this.ring.put(row), row, isNew);
    this.#tallies.forEach((tally) => tally.add(row));
  }

  #remove(id) {
    const number = this.ring.numberOf(id);
    if (number >= 0 && this.ring.remove(id)) this.rows.noticeRemoved(number);
  }

  #changed() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => {
      this.#scheduled = false;
      for (const listener of this.#listeners) listener();
    });
  }
}

/** A gap of the stream as an entry of the list: what was lost is said where it is missing. */
function gapRow({ from, to, count, reason, recoverable }) {
  return { id: `gap:${from}-${to}`, kind: "gap", from, to, count, reason, recoverable };
}
