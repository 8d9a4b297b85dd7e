/**
 * Beside the route table: the tree, what would be if, what has changed. Which one is in the address as `side`.
 *
 * `table` is the snapshot in force, `tree` what the first tab shows. The other two are elements of their own that take
 * `.api .table .router .store`; their code is fetched when they are first shown.
 */

import { html, nothing } from "../../vendor/lit.js";
import { RiElement, define } from "./element.js";
import "./ri-tabs.js";

const TABS = [
  { id: "tree", label: "Tree" },
  { id: "whatif", label: "What-if" },
  { id: "changes", label: "Changes" },
];
const LAZY = {
  whatif: () => import("./ri-whatif.js"),
  changes: () => import("./ri-changes.js"),
};
const PANEL = "routes-side-panel";

export class RiRoutesSide extends RiElement {
  static properties = {
    api: { attribute: false },
    router: { attribute: false },
    store: { attribute: false },
    table: { attribute: false },
    tree: { attribute: false },
    ready: { state: true },
  };

  constructor() {
    super();
    this.ready = new Set(["tree"]);
  }

  get #side() {
    const { side } = this.router.state;
    return TABS.some(({ id }) => id === side) ? side : "tree";
  }

  connectedCallback() {
    super.connectedCallback();
    this.watch(this.router);
  }

  willUpdate() {
    if (!this.ready.has(this.#side)) this.#load(this.#side);
  }

  /** Show the neighbour of the tab shown, `step` places on. */
  step(step) {
    this.querySelector("ri-tabs").step(step);
  }

  render() {
    const side = this.#side;
    return html`<ri-tabs .tabs=${TABS} .current=${side} .label=${"Beside the table"} .panel=${PANEL} @ri-tab=${(event) => this.#show(event)}></ri-tabs>
      <div class="routes-side-panel scroll" id=${PANEL} data-side=${side} role="tabpanel" aria-labelledby="tab-${side}" tabindex="0">
        ${this.ready.has(side) ? this.#panel(side) : nothing}
      </div>`;
  }

  #panel(side) {
    const { api, table, router, store } = this;
    switch (side) {
      case "whatif":
        return html`<ri-whatif .api=${api} .table=${table} .router=${router} .store=${store}></ri-whatif>`;
      case "changes":
        return html`<ri-changes .api=${api} .table=${table} .router=${router} .store=${store}></ri-changes>`;
      default:
        return this.tree;
    }
  }

  #show(event) {
    event.stopPropagation();
    this.router.set({ side: event.detail === "tree" ? null : event.detail });
  }

  async #load(side) {
    try {
      await LAZY[side]();
    } catch (reason) {
      this.dispatchEvent(new CustomEvent("ri-unloaded", { bubbles: true, detail: reason }));
      return;
    }
    this.ready = new Set([...this.ready, side]);
  }
}

define("ri-routes-side", RiRoutesSide);
