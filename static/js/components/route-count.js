/**
 * A Lit controller that counts the routes of the table in force: `value`, null while not known. The host has `.session`;
 * `told(fingerprint)` is called when one was counted.
 */

import { ApiError } from "../core/api.js";
import { comebacks } from "../core/comebacks.js";

/** Who looks at the table itself is told why it is not there. */
function unknown(reason) {
  if (!(reason instanceof ApiError)) throw reason;
  return null;
}

export class RouteCount {
  value = null;

  #host;
  #told;
  #table = undefined;
  #stops = [];

  constructor(host, told = () => {}) {
    this.#host = host;
    this.#told = told;
    host.addController(this);
  }

  hostConnected() {
    const { store } = this.#host.session;
    this.#stops = [store.subscribe(() => this.#follow()), comebacks(store).subscribe(() => this.value === null && this.#count())];
    this.#follow();
  }

  hostDisconnected() {
    for (const stop of this.#stops.splice(0)) stop();
    this.#table = undefined;
  }

  #follow() {
    const { table } = this.#host.session.store;
    if (table === this.#table) return;
    this.#table = table;
    this.#count();
  }

  async #count() {
    const table = this.#table;
    const value = table === null ? null : await this.#host.session.tables.count(table).catch(unknown);
    if (table !== this.#table) return;
    this.value = value;
    this.#host.requestUpdate();
    if (value !== null) this.#told(table);
  }
}
