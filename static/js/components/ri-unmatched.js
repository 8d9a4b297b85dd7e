/** The requests no route took, each path once, with the reason the table in force gives for it. */

import { html, nothing } from "../../vendor/lit.js";
import { now } from "../core/clock.js";
import { plural } from "../format/bytes.js";
import { visible } from "../format/segments.js";
import { ago, moment } from "../format/time.js";
import { RiElement, define, icon } from "./element.js";
import { link } from "./link.js";
import { inOrder } from "./tinted.js";

/** Paths shown and explained; a scanner can make thousands, of which the rarest say little. */
const MOST = 20;

const GROUPS = [
  { routing: "not_found", title: "No route has the path", status: 404 },
  { routing: "method_not_allowed", title: "The path exists, the method does not", status: 405 },
];

/** The method as the tester wants it: a recorded handshake is called WS. */
const asked = (method) => (method === "WS" ? "WEBSOCKET" : method);

export class RiUnmatched extends RiElement {
  static properties = {
    /** As `unmatched()` of format/health.js gives them. */
    groups: { attribute: false },
    table: { attribute: false },
    api: { attribute: false },
    router: { attribute: false },
    answers: { state: true },
  };

  constructor() {
    super();
    this.groups = [];
    this.table = null;
    this.answers = new Map();
  }

  willUpdate(changed) {
    if (changed.has("table")) this.answers = new Map();
  }

  /** Ask again about what had no answer: the dashboard was away. */
  retry() {
    this.answers = new Map([...this.answers].filter(([, answer]) => !answer.problem));
  }

  /** Ask about what is shown and not yet answered, one after the other: nobody waits for the last line. */
  async updated() {
    if (this.asking || this.table === null || !this.isConnected) return;
    const next = this.groups.slice(0, MOST).find((group) => !this.answers.has(this.#key(group)));
    if (!next) return;
    this.asking = true;
    const key = this.#key(next);
    const answer = await this.api.now(next.id).catch((problem) => ({ problem }));
    this.asking = false;
    this.answers = new Map(this.answers).set(key, answer);
  }

  render() {
    return GROUPS.map((group) => {
      const all = this.groups.filter((one) => one.routing === group.routing);
      return all.length ? this.#group(group, all) : nothing;
    });
  }

  #group({ title, status }, all) {
    const shown = this.groups.slice(0, MOST).filter((one) => all.includes(one));
    const requests = all.reduce((sum, one) => sum + one.count, 0);
    return html`<div class="unmatched">
      <h3><span class="status" data-class="4">${status}</span> ${title} <span class="dim">${plural(requests, "request")}</span></h3>
      <ul>${shown.map((one) => this.#line(one))}</ul>
      ${all.length > shown.length ? html`<p class="dim">and ${plural(all.length - shown.length, "more path")}, each seen less often</p>` : nothing}
    </div>`;
  }

  #line(group) {
    const { method, path, count: times, last, id } = group;
    return html`<li>
      ${link(this.router, { view: "live", id }, html`<span class="method" data-method=${method}>${method}</span> <code>${inOrder(visible(path))}</code>`, { title: "Open the newest of these" })}
      <span class="unmatched-times" title="last ${moment(last)}">${plural(times, "time")}, <span class="dim">last ${ago(last, now())}</span></span>
      ${this.#reason(group)}
    </li>`;
  }

  #reason(group) {
    const answer = this.answers.get(this.#key(group));
    if (this.table === null) return html`<p>The route table is not known.</p>`;
    if (!answer) return html`<p>…</p>`;
    if (answer.problem) return html`<p>${answer.problem.message}</p>`;
    const { fate } = answer;
    if (fate === "taken") return html`<p data-now>${icon("check", { size: "s" })}Now: ${visible(answer.answer)}</p>`;
    if (fate === "refused" || fate === "redirect") return html`<p>Now: ${visible(answer.answer)}</p>`;
    const meant = answer.did_you_mean;
    const tried = { view: "routes", method: asked(group.method), path: meant, host: answer.host };
    const content = html`${icon("corner-down-right", { size: "s" })}<code>${visible(meant ?? "")}</code>`;
    return html`<p>${inOrder(visible(answer.answer))}
      ${meant ? link(this.router, tried, content, { title: "Ask every route about it", name: "meant" }) : nothing}</p>`;
  }

  #key({ method, path }) {
    return `${this.table} ${method} ${path}`;
  }
}

define("ri-unmatched", RiUnmatched);
