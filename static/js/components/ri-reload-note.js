/** After a reload with another route table: what changed, in one line, with the way to the whole story. */

import { html, nothing } from "../../vendor/lit.js";
import { changedWords, isWorthSaying, movedWords } from "../format/changes.js";
import { RiElement, define, icon } from "./element.js";
import { link } from "./link.js";
import { refocus } from "./refocus.js";
import { sheets } from "./sheets.js";

await sheets("banners");

export class RiReloadNote extends RiElement {
  static properties = { session: { attribute: false }, reload: { state: true } };

  #table = null;

  constructor() {
    super();
    /** The reload to speak of, or null. */
    this.reload = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#table = this.session.store.firstTable;
    this.watch(this.session.store, () => this.#notice());
    this.watch(this.session.router);
    this.#notice();
  }

  /** The first table is where the page came in; every other one is news, also one that came before this code did. */
  async #notice() {
    const { store, api } = this.session;
    const before = this.#table;
    if (store.table === null || store.table === before) return;
    this.#table = store.table;
    if (before === null) return;
    const answer = await api.reloads().catch(() => null); // the note is a courtesy: without an answer it stays away
    const newest = answer?.reloads.find((one) => one.new === this.#table) ?? null;
    this.reload = newest !== null && isWorthSaying(newest) ? newest : null;
  }

  #dismiss() {
    this.reload = null;
    refocus(this);
  }

  render() {
    const { router } = this.session;
    const { view, side } = router.state;
    if (this.reload === null || (view === "routes" && side === "changes")) return nothing;
    return html`<div class="banner" data-kind="info" role="status">
      ${icon("git-compare")}
      <p><strong>Routes changed:</strong> ${changedWords(this.reload)}; ${movedWords(this.reload.requests_total)}.
        ${link(router, { view: "routes", side: "changes" }, "Before and after", { title: "Each change, and the requests that go elsewhere", name: "" })}</p>
      <button class="button" data-kind="ghost" data-icon-only type="button" aria-label="Dismiss" @click=${() => this.#dismiss()}>${icon("x")}</button>
    </div>`;
  }
}

define("ri-reload-note", RiReloadNote);
