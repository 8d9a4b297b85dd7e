/** The route table as a tree of path segments; branches that the tested path walked are lit. `tree` from segmentTree(). */

import { html, nothing } from "../../vendor/lit.js";
import { methodsOf } from "../format/ladder.js";
import { RiElement, define } from "./element.js";

export class RiRouteTree extends RiElement {
  static properties = { tree: { attribute: false } };

  render() {
    return this.tree ? html`<ul class="route-tree">${this.tree.children.map((node) => this.#node(node))}</ul>` : nothing;
  }

  #node(node) {
    const methods = [...new Set(node.lines.flatMap(({ route }) => methodsOf(route)))];
    return html`<li>
      <span class="route-branch" ?data-walked=${node.walked}>
        <code>${node.label}</code>
        ${methods.map((method) => html`<span class="method" data-method=${method}>${method}</span>`)}
      </span>
      ${node.children.length ? html`<ul>${node.children.map((child) => this.#node(child))}</ul>` : nothing}
    </li>`;
  }
}

define("ri-route-tree", RiRouteTree);
