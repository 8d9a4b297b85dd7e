/** The Live screen before the first request: what to do, as one line to copy. */

import { html } from "../../vendor/lit.js";
import { RiElement, define, icon } from "./element.js";
import { sheets } from "./sheets.js";

await sheets("first-steps");

export class RiEmpty extends RiElement {
  static properties = { store: { attribute: false } };

  connectedCallback() {
    super.connectedCallback();
    this.watchOnly(this.store, () => [this.store.app]);
  }

  /** The line to copy: the app's own address as it told it. */
  get line() {
    return `curl -i ${this.store.status?.url ?? window.location.origin}/`;
  }

  render() {
    return html`<div class="empty first-steps">
      <span class="first-steps-pulse" aria-hidden="true">${icon("activity")}</span>
      <h2>Waiting for the first request</h2>
      <p>Everything <strong>${this.store.status?.target ?? "the application"}</strong> is asked appears here, with the reason for where it landed.</p>
      <div class="copy-line">
        <code>${this.line}</code>
        <button class="button" data-kind="ghost" type="button" @click=${() => this.#copy()}>${icon("copy")} Copy</button>
      </div>
      <p class="first-steps-more">or open <b>Routes</b> <kbd class="key">2</kbd> and type a path: every route answers without a request.</p>
    </div>`;
  }

  #copy() {
    this.dispatchEvent(new CustomEvent("ri-copy", { bubbles: true, detail: { text: this.line, what: "command" } }));
  }
}

define("ri-empty", RiEmpty);
