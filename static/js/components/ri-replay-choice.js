/** The Replay screen before a request is chosen: the newest requests to edit and send again, and what was replayed. */

import { html, nothing } from "../../vendor/lit.js";
import { statusOf } from "../format/status.js";
import { RiElement, define, icon } from "./element.js";
import { tinted } from "./tinted.js";

const MOST = 10;
/** Looking through all rows for the few that are shown costs a scan: not one a frame. */
const LOOK_EVERY_MS = 1000;

export class RiReplayChoice extends RiElement {
  static properties = {
    store: { attribute: false },
    router: { attribute: false },
    recorded: { state: true },
    replays: { state: true },
  };

  constructor() {
    super();
    this.recorded = [];
    this.replays = [];
    this.timer = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#look();
    this.watch(this.store, () => this.#lookSoon());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.clearTimeout(this.timer);
    this.timer = null;
  }

  #lookSoon() {
    if (this.recorded.length === 0) return this.#look();
    this.timer ??= window.setTimeout(() => this.#look(), LOOK_EVERY_MS);
    return undefined;
  }

  /** Take the newest of either kind from the list. */
  #look() {
    this.timer = null;
    const [recorded, replays] = [[], []];
    for (const row of this.store.newest()) {
      if (recorded.length >= MOST && replays.length >= MOST) break;
      const wanted = row.replay_of ? replays : recorded;
      if (row.kind === "http" && wanted.length < MOST) wanted.push(row);
    }
    [this.recorded, this.replays] = [recorded, replays];
  }

  render() {
    const { recorded, replays } = this;
    if (recorded.length + replays.length === 0) {
      return html`<div class="empty">${icon("rotate-ccw")}<p>Every request that is recorded can be edited and sent again from here.</p></div>`;
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
      <ul>${rows.map((row) => this.#entry(row, stateOf(row)))}</ul>
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
