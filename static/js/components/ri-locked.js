/** The screen without a token: what it is, where it is found, and a box for it. */

import { html, nothing } from "../../vendor/lit.js";
import { RiElement, define, icon } from "./element.js";
import { mark } from "./ri-header.js";
import { sheets } from "./sheets.js";

await sheets("content", "banners");

export class RiLocked extends RiElement {
  static properties = { session: { attribute: false }, refused: { state: true }, busy: { state: true } };

  constructor() {
    super();
    this.refused = false;
    this.busy = false;
  }

  firstUpdated() {
    this.querySelector("input").focus();
  }

  render() {
    return html`<main class="locked">
      <form class="card" @submit=${(event) => this.#submit(event)}>
        ${mark()}
        <h1>This dashboard is locked</h1>
        <p class="dim">
          It shows recorded headers and bodies, so it wants the token of this run. The terminal that started it printed a
          link that ends in <code>#token=…</code>: open that link, or paste it here.
        </p>
        <div class="field">
          <label for="token">Token or link</label>
          <input id="token" class="input mono" data-size="l" name="token" autocomplete="off" spellcheck="false" aria-invalid=${this.refused} aria-describedby=${this.refused ? "token-refused" : nothing} />
        </div>
        ${this.refused ? html`<p class="locked-refused" id="token-refused" role="alert">${icon("circle-alert")} That is not the token of this run; each start makes a new one.</p>` : nothing}
        <button class="button" data-kind="primary" type="submit" ?disabled=${this.busy}>${icon("lock")} Unlock</button>
      </form>
    </main>`;
  }

  async #submit(event) {
    event.preventDefault();
    const typed = this.querySelector("input").value.trim();
    if (!typed) return;
    this.busy = true;
    this.refused = false;
    const token = /token=([\w.~-]+)/.exec(typed)?.[1] ?? typed;
    this.refused = !(await this.session.unlock(token));
    this.busy = false;
  }
}

define("ri-locked", RiLocked);
