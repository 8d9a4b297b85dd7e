/**
 * A Lit controller that holds the route table in force and fetches it again when the app has another one.
 *
 * `value` is the answer of api/routes (`{table, hits}`) or null, `problem` the ApiError of the last attempt or null.
 */

import { comebacks } from "../core/comebacks.js";

export class NewestTable {
  value = null;
  problem = null;

  #host;
  #fingerprint = undefined;
  #stops = [];

  /** `host` is a Lit element with `.store` and `.api`. */
  constructor(host) {
    this.#host = host;
    host.addController(this);
  }

  /** Why there is no table to show yet: one of many routes takes a moment to come. */
  get waitingWords() {
    return this.#host.store.table ? "Reading the route table…" : "No route table yet: it appears here as soon as the app has started.";
  }

  hostConnected() {
    const { store } = this.#host;
    this.#stops = [store.subscribe(() => this.#follow()), comebacks(store).subscribe(() => this.problem && this.reload())];
    this.#follow();
  }

  hostDisconnected() {
    for (const stop of this.#stops.splice(0)) stop();
    this.#fingerprint = undefined;
  }

  /** Ask again, for newer hit counts. */
  async reload() {
    try {
      this.value = await this.#host.api.routes();
      this.problem = null;
    } catch (error) {
      this.problem = error;
    }
    this.#host.requestUpdate();
  }

  #follow() {
    const fingerprint = this.#host.store.table;
    if (fingerprint === this.#fingerprint) return;
    this.#fingerprint = fingerprint;
    if (fingerprint !== null) this.reload();
    else this.value = null;
  }
}
