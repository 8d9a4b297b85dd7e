/**
 * The pinned requests as a regression test: green or red since the app came back, and what differs.
 *
 * In the address: `pins` ("open" or "closed", where it is not as the screen has it), and `id` and `result` of the pair
 * that is looked at.
 */

import { html, nothing } from "../../vendor/lit.js";
import { plural } from "../format/bytes.js";
import { pinnedWords } from "../format/pinned.js";
import { RiElement, define, icon } from "./element.js";
import { refocus } from "./refocus.js";

const SIGNS = {
  same: ["circle-check", "same"],
  changed: ["circle-x", "changed"],
  refused: ["ban", "not sent"],
  waiting: ["clock", "waiting"],
};

export class RiPinned extends RiElement {
  static properties = { pinned: { attribute: false }, router: { attribute: false }, busy: { state: true } };

  constructor() {
    super();
    this.busy = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.watch(this.pinned);
    this.watch(this.router);
  }

  /** Open where nothing else is on the screen, a line above a request that is edited. */
  get #isOpen() {
    const { pins, id } = this.router.state;
    return pins ? pins === "open" : !id;
  }

  get #mayReplay() {
    const { value, counts } = this.pinned;
    return !value.running && !this.busy && counts.refused < value.results.length;
  }

  render() {
    const { value, counts } = this.pinned;
    if (!value.results.length) return nothing;
    const kind = counts.changed ? "bad" : counts.same ? "ok" : "none";
    return html`<section class="pinned" aria-labelledby="pinned-head" data-kind=${kind}>
      <header class="pinned-head">
        <button class="pinned-toggle" type="button" aria-expanded=${this.#isOpen} aria-controls="pinned-list" @click=${() => this.#toggle()}>
          ${icon("chevron-right", { size: "s" })}<h2 id="pinned-head">Pinned</h2>
        </button>
        <p role="status">${value.running ? icon("loader-circle", { size: "s", spin: true }) : icon(kind === "bad" ? "circle-x" : kind === "ok" ? "circle-check" : "clock", { size: "s" })}
          <span>${pinnedWords(value, counts)}</span></p>
        <button class="button" type="button" aria-disabled=${this.#mayReplay ? nothing : "true"} @click=${() => this.#mayReplay && this.#do(() => this.pinned.replayAll())}>
          ${icon("rotate-ccw")}Replay all now
        </button>
      </header>
      ${this.#isOpen ? html`<ul id="pinned-list" class="pinned-list scroll">${value.results.map((one) => this.#line(one))}</ul>` : nothing}
    </section>`;
  }

  #line(one) {
    const { id, result } = this.router.state;
    const isShown = id === one.id && (result ?? null) === one.replay_id;
    const [sign, word] = SIGNS[one.verdict];
    return html`<li data-verdict=${one.verdict}>
      <a class="pinned-line" href=${this.router.href(this.#patch(one))} aria-current=${isShown ? "true" : nothing} @click=${(event) => this.#open(event, one)}>
        <span class="pinned-verdict">${icon(sign, { size: "s" })}${word}</span>
        <span class="method" data-method=${one.method}>${one.method}</span>
        <span class="pinned-path mono truncate" title=${one.route ?? "no route"}>${one.path}${one.query ? html`<span class="row-query">?${one.query}</span>` : nothing}</span>
        <span class="pinned-summary truncate" title=${one.summary}>${one.summary}</span>
      </a>
      <span class="pinned-actions">${this.#rules(one)}
        <button class="button" data-kind="ghost" data-icon-only type="button" title="Unpin" aria-label="Unpin ${one.method} ${one.path}"
          @click=${() => this.#do(() => this.pinned.unpin(one.id))}>${icon("x")}</button>
      </span>
    </li>`;
  }

  /** A click accepts what looks volatile, another one takes that back. */
  #rules(one) {
    if (one.proposed_rules.length && one.verdict === "changed") {
      return html`<button class="button" data-kind="ghost" type="button" title="May differ from now on: ${one.proposed_rules.join(", ")}"
        @click=${() => this.#do(() => this.pinned.keepRules(one.id, [...one.rules, ...one.proposed_rules]))}>
        ${icon("eye-off")}Let ${one.proposed_rules.length === 1 ? "it" : "them"} differ</button>`;
    }
    if (!one.rules.length) return nothing;
    return html`<button class="button" data-kind="ghost" type="button" title="These may differ: ${one.rules.join(", ")}"
      @click=${() => this.#do(() => this.pinned.keepRules(one.id, []))}>${icon("undo-2")}Forget ${plural(one.rules.length, "rule")}</button>`;
  }

  #patch(one) {
    return { view: "replay", id: one.id, result: one.replay_id, pins: "open" };
  }

  #open(event, one) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.router.set(this.#patch(one));
  }

  #toggle() {
    this.router.set({ pins: this.#isOpen ? "closed" : "open" }, { replace: true });
  }

  async #do(action) {
    this.busy = true;
    try {
      await action();
    } catch (reason) {
      this.dispatchEvent(new CustomEvent("ri-fail", { bubbles: true, detail: reason }));
    } finally {
      this.busy = false;
      refocus(this, () => this.querySelector(".pinned-line"));
    }
  }
}

define("ri-pinned", RiPinned);
