/** The line at the foot: which app, where, how many routes, how fast; and the keys that help most. */

import { html, nothing } from "../../vendor/lit.js";
import { now } from "../core/clock.js";
import { count, plural } from "../format/bytes.js";
import { duration } from "../format/time.js";
import { RiElement, define, icon } from "./element.js";
import { RouteCount } from "./route-count.js";
import { sheets } from "./sheets.js";

await sheets("statusbar", "adapted");

const HINTS = [
  { keys: ["j", "k"], word: "move" },
  { keys: ["/"], word: "filter" },
  { keys: ["r"], word: "replay" },
  { keys: ["c"], word: "curl" },
  { keys: ["?"], word: "keys" },
];

export class RiStatusbar extends RiElement {
  static properties = { session: { attribute: false }, numbers: { state: true } };

  #routes = new RouteCount(this);

  constructor() {
    super();
    this.numbers = { rate: 0, p95: null };
  }

  connectedCallback() {
    super.connectedCallback();
    const { store } = this.session;
    this.watchOnly(store, () => [store.app, store.pulse]);
    this.timer = window.setInterval(() => this.#measure(), 1000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.clearInterval(this.timer);
  }

  render() {
    const { store } = this.session;
    const { status, app, pulse } = store;
    const lost = pulse?.lost ?? app?.stats?.dropped ?? 0;
    return html`<footer class="statusbar" aria-label="Status">
      <span class="statusbar-target" title="The application">${status?.target ?? "no application yet"}</span>
      ${status?.url ? html`<span class="mono">${status.url.replace(/^https?:\/\//, "")}</span>` : nothing}
      ${this.#routes.value === null ? nothing : html`<span>${plural(this.#routes.value, "route")}</span>`}
      <span title="Requests a second, over the last 10 s">${this.numbers.rate.toFixed(1)} req/s</span>
      ${this.numbers.p95 === null ? nothing : html`<span title="95th percentile of the last 500 durations">p95 ${duration(this.numbers.p95)}</span>`}
      ${pulse?.recorder_us_p50 ? html`<span class="optional" title="What recording costs a request, median">recorder ${Math.round(pulse.recorder_us_p50)} µs</span>` : nothing}
      ${lost ? html`<span class="statusbar-lost">${icon("triangle-alert", { size: "s" })}${count(lost)} not recorded</span>` : nothing}
      <span class="statusbar-keys" aria-hidden="true">
        ${HINTS.map(({ keys, word }) => html`<span>${keys.map((key) => html`<kbd class="key">${key}</kbd>`)} ${word}</span>`)}
      </span>
    </footer>`;
  }

  /** Of the last seconds: the first rows do not wait for its code, and where that cannot be had there are no numbers. */
  async #measure() {
    const rates = await import("../core/rates.js").catch(() => null);
    const { ring } = this.session.store;
    if (rates) this.numbers = { rate: rates.requestRate(ring, now()), p95: rates.p95(ring) };
  }
}

define("ri-statusbar", RiStatusbar);
