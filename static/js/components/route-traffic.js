/**
 * A Lit controller that counts how often each route was taken, and counts again while requests come in.
 *
 * `byKey` maps the key of a route to its traffic, `counted` is the number of requests looked at. The host has `.store`
 * and `.api`.
 */

import { ApiError } from "../core/api.js";
import { trafficByKey } from "../format/traffic.js";

/** Counting reads up to 10,000 rows of the journal: once in this time is often enough. */
const AGAIN_MS = 2000;

export class RouteTraffic {
  byKey = new Map();
  counted = 0;

  #host;
  #table = null;
  #seen = null;
  #timer = null;
  #stop = null;

  constructor(host) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected() {
    this.#stop = this.#host.store.subscribe(() => this.#notice());
    this.#notice();
  }

  hostDisconnected() {
    this.#stop?.();
    window.clearTimeout(this.#timer);
    this.#timer = null;
    this.#seen = null;
  }

  #notice() {
    const { table, ring, log } = this.#host.store;
    const seen = `${table} ${log} ${ring.next} ${ring.size}`;
    const isOther = table !== this.#table;
    if (seen === this.#seen || (this.#timer !== null && !isOther)) return;
    if (isOther) this.byKey = new Map();
    if (table === null) return;
    window.clearTimeout(this.#timer);
    this.#seen = seen;
    this.#table = table;
    this.#timer = window.setTimeout(() => this.#again(), AGAIN_MS);
    this.#count(table);
  }

  #again() {
    this.#timer = null;
    this.#notice();
  }

  async #count(table) {
    let answer;
    try {
      answer = await this.#host.api.hits({ table });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return; // said by whatever else is asked; the next request counts again
    }
    if (table !== this.#table) return;
    this.byKey = trafficByKey(answer);
    this.counted = answer.counted;
    this.#host.requestUpdate();
  }
}
