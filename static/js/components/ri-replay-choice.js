/** The Replay screen before a request is chosen: the newest requests to edit and send again, and what was replayed. */

import { html, nothing } from "../../vendor/lit.js";
import { statusOf } from "../format/status.js";
import { RiElement, define, icon } from "./element.js";
import { tinted } from "./ri-path.js";

const MOST = 10;

export class RiReplayChoice extends RiElement {
  static properties = {
    store: { attribute: false },
    router: { attribute: false },
  };

  connectedCallback() {
    super.connectedCallback();
    this.watch(this.store);
  }

  render() {
    const rows = [...this.store.newest()].filter((row) => row.kind === "http");
    const replays = rows.filter((row) => row.replay_of);
    const recorded = rows.filter((row) => !row.replay_of);
    if (rows.length === 0) {
      return html`<div class="empty">${icon("rotate-cw")}<p>Every request that is recorded can be edited and sent again from here.</p></div>`;
    }
    return html`<div class="replay-choice scroll">
      ${this.#list("Choose a request to edit and send again", recorded, (row) => ({ id: row.id, result: null }))}
      ${this.#list("Replayed before", replays, (row) => ({ id: row.replay_of, result: row.id }))}
      <p class="dim">In Live, <kbd class="key">r</kbd> brings the chosen request here.</p>
    </div>`;
  }

  #list(heading, rows, stateOf) {
    if (rows.length === 0) return nothing;
    return html`<section>
      <h2>${heading}</h2>
      <ul>${rows.slice(0, MOST).map((row) => this.#entry(row, stateOf(row)))}</ul>
    </section>`;
  }

  #entry(row, state) {
    const status = statusOf(row);
    return html`<li>
      <button type="button" class="button" data-kind="ghost" @click=${() => this.router.set(state)}>
        <span class="method" data-method=${row.method}>${row.method}</span>
        <span class="mono truncate">${tinted({ text: row.path, parameters: row.params.map(([name, , start, end]) => ({ name, start, end })) })}</span>
        <span class="status" data-class=${status.kind} title=${status.title}>${status.text}</span>
      </button>
    </li>`;
  }
}

define("ri-replay-choice", RiReplayChoice);
