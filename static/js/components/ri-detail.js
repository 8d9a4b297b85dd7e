/**
 * One exchange, opened: why it landed where it did, and all that was recorded of it.
 *
 * Reads the exchange and its explanation over HTTP; reads again while the exchange is still running.
 */

import { html, nothing } from "../../vendor/lit.js";
import { ApiError } from "../core/api.js";
import { comebacks } from "../core/comebacks.js";
import { byteSize, count, plural } from "../format/bytes.js";
import { missOf, statusOf } from "../format/status.js";
import { clock, duration, moment } from "../format/time.js";
import { visible } from "../format/segments.js";
import { RiElement, define, icon } from "./element.js";
import "./ri-copy-as.js";
import { refocus } from "./refocus.js";
import { tinted } from "./tinted.js";
import "./ri-tabs.js";
import { DETAIL, sheets } from "./sheets.js";
import { framesTab, messagesTab } from "./detail/flow.js";
import { requestTab, responseTab } from "./detail/messages.js";
import { timelineTab } from "./detail/timeline.js";
import { whyTab } from "./detail/why.js";

await sheets(...DETAIL);

/** A running exchange is read again at most this often. */
const REFRESH_MS = 400;

const TABS = {
  why: whyTab,
  request: requestTab,
  response: responseTab,
  timeline: timelineTab,
  messages: messagesTab,
  frames: framesTab,
};

export class RiDetail extends RiElement {
  static properties = {
    exchangeId: { attribute: false },
    store: { attribute: false },
    api: { attribute: false },
    router: { attribute: false },
    tables: { attribute: false },
    shown: { state: true },
    problem: { state: true },
  };

  constructor() {
    super();
    /** `{id, seq, exchange, panels, explanation, snapshot}` or null before the first answer. */
    this.shown = null;
    this.problem = null;
    this.asked = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.watch(this.router);
    this.watch(this.store, () => this.#refreshWhenChanged());
    this.watch(comebacks(this.store), () => this.problem && this.#read());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.asked?.abort();
    window.clearTimeout(this.timer);
    this.timer = null;
  }

  willUpdate(changed) {
    this.hadFocus = this.contains(document.activeElement);
    if (changed.has("exchangeId")) this.#read();
  }

  /** What was read stays while the dashboard is away, which is said above it. */
  get #isHeld() {
    return this.problem.status === 0 && this.shown?.id === this.exchangeId;
  }

  /** A link of a tab goes with it: then the focus stands at the tabs. */
  updated() {
    if (this.hadFocus) refocus(this, () => this.querySelector('[role="tab"][aria-selected="true"]'));
  }

  /** Move the focus in here: to the tabs. */
  take() {
    this.querySelector('[role="tab"][aria-selected="true"]')?.focus();
  }

  /** Go `step` tabs on. */
  step(step) {
    this.querySelector("ri-tabs")?.step(step);
  }

  render() {
    const { shown } = this;
    return html`<aside class="detail" aria-label="Request" aria-busy=${shown?.id === this.exchangeId ? "false" : "true"}>
      ${this.problem && !this.#isHeld ? this.#failed() : shown ? this.#exchange(shown) : this.#waiting()}
    </aside>`;
  }

  #exchange(shown) {
    const tabs = tabsOf(shown);
    const wanted = this.router.state.tab ?? "why";
    const tab = tabs.some((one) => one.id === wanted) ? wanted : "why";
    return html`${this.#head(shown)}
      <ri-tabs
        .tabs=${tabs}
        .current=${tab}
        .label=${"Parts of the request"}
        .panel=${"detail-panel"}
        @ri-tab=${(event) => this.router.set({ tab: event.detail === "why" ? null : event.detail }, { replace: true })}
      ></ri-tabs>
      <div class="detail-panel scroll" role="tabpanel" id="detail-panel" aria-labelledby="tab-${tab}" tabindex="0">
        ${TABS[tab]({ ...shown, api: this.api, router: this.router, store: this.store })}
      </div>`;
  }

  #head({ exchange }) {
    const status = statusOf(exchange);
    const spans = exchange.params.map(([name, , start, end]) => ({ name, start, end }));
    return html`<header class="detail-head">
      <div class="detail-line">
        <span class="method truncate" data-method=${exchange.method} title=${exchange.method}>${exchange.method}</span>
        <span class="status" data-class=${status.kind} title=${status.title}>${status.text}</span>
        <h2 class="detail-path" title=${visible(exchange.path)}
          >${tinted({ text: exchange.path, parameters: spans })}${exchange.query ? html`<span class="row-query">?${visible(exchange.query)}</span>` : nothing}</h2
        >
        <div class="detail-actions">
          ${this.#action("copy-curl", "terminal", "Copy as curl (c)")} <ri-copy-as></ri-copy-as> ${this.#action("copy-link", "link", "Copy link (y)")}
          ${this.#pin(exchange)}
          <button class="button" data-kind="primary" type="button" title="Edit and run again (r)" @click=${() => this.#intend("replay")}>
            ${icon("rotate-ccw")} Replay
          </button>
          <button class="button" data-kind="ghost" data-icon-only type="button" aria-label="Close" title="Close (Esc)" @click=${() => this.dispatchEvent(new CustomEvent("ri-close"))}>
            ${icon("x")}
          </button>
        </div>
      </div>
      <div class="detail-facts">${this.#facts(exchange)}</div>
    </header>`;
  }

  #pin({ id }) {
    const pinned = this.store.ring.find(id)?.pinned === true;
    const title = pinned ? "Stays whatever the limits remove; unpin it" : "Let it stay, whatever the limits of the journal remove";
    return html`<button class="button" data-kind="ghost" type="button" aria-pressed=${pinned} title=${title} @click=${() => this.#setPinned(id, !pinned)}>
      ${pinned ? icon("lock") : nothing} ${pinned ? "Pinned" : "Pin"}
    </button>`;
  }

  async #setPinned(id, pinned) {
    try {
      await this.api.pin({ id, pinned });
    } catch (reason) {
      this.dispatchEvent(new CustomEvent("ri-fail", { bubbles: true, detail: reason }));
    }
  }

  #facts(exchange) {
    const facts = [
      exchange.route ? html`<span class="detail-route truncate" title=${exchange.route.name ?? exchange.route.path}>${exchange.route.name ?? exchange.route.path}</span>` : html`<span class="row-miss">${missOf(exchange, this.store.table !== null)}</span>`,
      html`<span>${exchange.duration_ms === null ? exchange.state : duration(exchange.duration_ms)}</span>`,
      exchange.kind === "websocket" ? html`<span>${plural(exchange.frames, "frame")}</span>` : html`<span>${byteSize(exchange.response_bytes)}</span>`,
      html`<time title=${moment(exchange.started)}>${clock(exchange.started)}</time>`,
    ];
    return html`${facts} ${exchange.state === "complete" ? nothing : html`<span class="badge" data-kind=${stateKind(exchange.state)}>${exchange.state}</span>`}
      ${exchange.redacted ? html`<span class="badge" title=${redactionTitle(exchange)}>${icon("eye-off", { size: "s" })}redacted</span>` : nothing}
      ${exchange.replay_of ? this.#replayOf(exchange) : nothing}`;
  }

  #replayOf({ id, replay_of: of, replay }) {
    const edits = replay?.edits?.length ? `, edited: ${replay.edits.join(", ")}` : "";
    return html`<span class="badge" data-kind="accent">${icon("rotate-ccw", { size: "s" })}replay${edits}</span>
      <button class="link" type="button" @click=${() => this.router.set({ id: of })}>original</button>
      <button class="link" type="button" @click=${() => this.router.set({ view: "replay", id: of, result: id })}>difference</button>`;
  }

  #action(intent, iconName, label) {
    return html`<button class="button" data-kind="ghost" data-icon-only type="button" title=${label} aria-label=${label} @click=${() => this.#intend(intent)}>${icon(iconName)}</button>`;
  }

  #failed() {
    return html`<div class="empty">
      ${icon("circle-alert")}
      <p>${this.problem.message}</p>
      ${this.problem.hint ? html`<p class="dim">${this.problem.hint}</p>` : nothing}
      <button class="button" type="button" @click=${() => this.dispatchEvent(new CustomEvent("ri-close"))}>Close</button>
    </div>`;
  }

  #waiting() {
    return html`<div class="empty">${icon("loader-circle", { spin: true, label: "Loading" })}</div>`;
  }

  #intend(intent) {
    this.dispatchEvent(new CustomEvent("ri-intent", { bubbles: true, detail: intent }));
  }

  #refreshWhenChanged() {
    const row = this.store.ring.find(this.exchangeId);
    const stale = row && this.shown?.id === this.exchangeId && row.seq > this.shown.seq;
    if (!stale || this.timer) return;
    this.timer = window.setTimeout(() => {
      this.timer = null;
      this.#read();
    }, REFRESH_MS);
  }

  async #read() {
    const id = this.exchangeId;
    const seq = this.store.ring.find(id)?.seq ?? 0;
    this.asked?.abort();
    const asked = (this.asked = new AbortController());
    try {
      const [answer, explained] = await this.#ask(id, asked.signal);
      if (asked.signal.aborted) return;
      this.shown = { id, seq, ...answer, ...explained };
      this.problem = null;
    } catch (reason) {
      if (reason?.name === "AbortError") return;
      if (!(reason instanceof ApiError)) throw reason;
      this.problem = reason;
    }
  }

  /** Both answers, side by side when the list already tells that the router's answer is known. */
  async #ask(id, signal) {
    const row = this.store.ring.find(id);
    const unexplained = { explanation: null, snapshot: null };
    if (row) {
      const explained = row.routing === "unknown" ? unexplained : this.#explanation(id, signal);
      return Promise.all([this.api.exchange(id, { signal }), explained]);
    }
    const answer = await this.api.exchange(id, { signal });
    return [answer, answer.exchange.routing === "unknown" ? unexplained : await this.#explanation(id, signal)];
  }

  /** The explanation and the table it was made against; nulls when the table is not known (a foreign app). */
  async #explanation(id, signal) {
    try {
      const explanation = await this.api.explanation(id, { signal });
      const snapshot = await this.tables.get(explanation.table).then((answer) => answer.table);
      return { explanation, snapshot };
    } catch (reason) {
      if (reason instanceof ApiError && reason.status !== 0) return { explanation: null, snapshot: null };
      throw reason;
    }
  }
}

function tabsOf({ exchange, panels }) {
  const tabs = [
    { id: "why", label: "Why" },
    { id: "request", label: "Request" },
    { id: "response", label: "Response" },
    { id: "timeline", label: "Timeline" },
    { id: "messages", label: "ASGI messages", count: count(panels.messages.length + exchange.messages_left_out) },
  ];
  if (exchange.kind === "websocket") tabs.push({ id: "frames", label: "Frames", count: count(exchange.frames) });
  return tabs;
}

const stateKind = (state) => ({ pending: "info", streaming: "info", error: "bad", lost: "bad" })[state] ?? "warn";
const redactionTitle = ({ redactions }) => (redactions ?? []).map((one) => one.where).join("\n") || "values replaced by •••";

define("ri-detail", RiDetail);
