/**
 * The route table as a tree of path segments. Lines are as thick as the traffic that flowed along them, branches the
 * tested path walked are lit, branches nobody took are pale, walls stand where a catch-all hides routes.
 *
 * Properties: `tree` (of growTree), `flow` (of flowOf), `walk` (of walkOf), `walls`, `selected` (key of a route). Only the seen
 * rows are in the page. Emits `ri-select` with the key of a route.
 */

import { html, nothing, svg } from "../../vendor/lit.js";
import { now } from "../core/clock.js";
import { count, plural } from "../format/bytes.js";
import { byMethod, methodsOf } from "../format/ladder.js";
import { templateParameters } from "../format/segments.js";
import { litOnward, nextOf, treeRows } from "../format/route-tree.js";
import { ago, duration } from "../format/time.js";
import { NO_TRAFFIC, errorShare, heatOf } from "../format/traffic.js";
import { isCatchAll } from "../format/walls.js";
import { RiElement, define, icon, styles } from "./element.js";
import { tinted } from "./tinted.js";
import { RowWindow } from "./row-window.js";

const ROW = 26;
const STEP = 16;
/** Levels that stand a whole step apart; deeper ones close up, and where even that has no room they stand below each other. */
const FULL_STEPS = 7;
const CLOSE_STEP = 3;
const MOST_CLOSE = 20;
const THICKEST = 5;
/** Nodes up to which all branches stand open at first; of a larger tree only the first level. */
const ALL_OPEN = 400;

export class RiRouteTree extends RiElement {
  static properties = {
    tree: { attribute: false },
    flow: { attribute: false },
    walk: { attribute: false },
    walls: { attribute: false },
    selected: { attribute: false },
    toggled: { state: true },
    at: { state: true },
  };

  #window = new RowWindow(this, { box: () => this.querySelector(".route-tree"), rowHeight: ROW });
  #rows = [];

  constructor() {
    super();
    /** Keys of the nodes that are not as they would be at first. */
    this.toggled = new Set();
    /** Key of the node the keyboard is at. */
    this.at = null;
  }

  willUpdate(changed) {
    if (changed.has("tree")) this.toggled = new Set();
    if (changed.has("tree") || changed.has("toggled") || changed.has("walk")) this.#rows = treeRows(this.tree, (node) => this.#isOpen(node));
  }

  updated(changed) {
    if (changed.has("walk") && this.walk.of.size) this.#window.show(this.#end(), { about: true });
    if (changed.has("selected") && this.selected !== null) this.#window.show(this.#rows.findIndex(({ node }) => this.#isSelected(node)), { about: true });
  }

  /** Where the walk ended: the last row of the best state. */
  #end() {
    const won = this.#rows.findLastIndex(({ node }) => this.walk.of.get(node) === "won");
    return won >= 0 ? won : this.#rows.findLastIndex(({ node }) => this.walk.of.has(node));
  }

  #isSelected(node) {
    return node.lines.some((line) => line.key === this.selected);
  }

  #isOpen(node) {
    const first = this.tree.leaves.size <= ALL_OPEN || this.walk.of.has(node);
    return this.toggled.has(node.key) !== first;
  }

  render() {
    const busiest = this.flow.of.get(this.tree.root).count;
    const drawn = this.#window.slots(this.#rows.length);
    const isInSight = drawn.some((index) => this.#rows[index]?.node.key === this.at);
    return html`<div class="route-tree scroll" role="tree" aria-label="Route tree" tabindex="0"
      aria-activedescendant=${isInSight ? "tree-at" : nothing}
      @scroll=${() => this.#window.scrolled(this.#rows.length)} @keydown=${(event) => this.#key(event)}>
      <div class="tree-space" role="presentation" ${styles({ height: `${this.#rows.length * ROW}px` })}>
        ${drawn.map((index) => (index < 0 ? nothing : this.#row(this.#rows[index], index, busiest)))}
      </div>
    </div>`;
  }

  #row({ node, open, guides }, index, busiest) {
    const flow = this.flow.of.get(node);
    const walk = this.walk.of.get(node);
    const shut = node.children.length > 0;
    return html`<div class="tree-row" role="treeitem" aria-level=${node.depth + 1} aria-selected=${this.#isSelected(node)}
      aria-expanded=${shut ? (open ? "true" : "false") : nothing} id=${node.key === this.at ? "tree-at" : nothing}
      data-walk=${walk ?? nothing} ?data-cold=${busiest > 0 && flow.count === 0} ?data-at=${node.key === this.at}
      ?data-hidden=${node.lines.length > 0 && node.lines.every((line) => this.walls.hiddenBy.has(line.key))}
      title=${this.#title(node, flow)} ${styles({ transform: `translateY(${index * ROW}px)` })} @click=${(event) => this.#click(event, node)}>
      ${this.#edges(node, guides, busiest)}
      <span class="tree-label">${shut && !open ? icon("chevron-right", { size: "s" }) : nothing}<code>${label(node)}</code>${methodsIn(node)}${this.#wall(node)}</span>
      ${flow.count ? this.#traffic(flow) : nothing}
    </div>`;
  }

  #traffic(flow) {
    return html`<span class="tree-flow"><b>${errorShare(flow)}</b><i>${flow.p50 === null ? "" : duration(flow.p50)}</i><i>${ago(flow.last, now()).replace(" ago", "")}</i><span>${count(flow.count)}</span></span>`;
  }

  /** The lines left of a row, each as thick as what flows on to the nodes still to come. */
  #edges(node, guides, busiest) {
    const width = leftOf(guides.length - 1) + STEP;
    const middle = ROW / 2 - 4;
    return html`<svg class="tree-edges" width=${width} height=${ROW} viewBox="0 0 ${width} ${ROW}" aria-hidden="true">
      ${guides.map((first, level) => {
        const x = leftOf(level) + STEP / 2 - 1;
        if (first === null) return nothing;
        if (level < guides.length - 1) return this.#onward(`M${x} 0V${ROW}`, first, busiest);
        const next = nextOf(node);
        return svg`${this.#edge(`M${x} ${middle}q0 4 4 4H${width - 2}`, this.flow.of.get(node).count, this.walk.of.get(node), busiest)}
          ${next ? this.#onward(`M${x} ${middle}V${ROW}`, next, busiest) : nothing}${this.#onward(`M${x} 0V${middle}`, node, busiest)}`;
      })}
    </svg>`;
  }

  /** The line to a node and the siblings after it. */
  #onward(path, first, busiest) {
    return this.#edge(path, this.flow.onward.get(first), litOnward(this.walk, first.parent, first.index), busiest);
  }

  #edge(path, flowing, lit, busiest) {
    const width = 1 + (THICKEST - 1) * heatOf(flowing, busiest);
    return svg`<path d=${path} stroke-width=${width.toFixed(2)} data-walk=${lit ?? nothing} ?data-hot=${flowing > 0} />`;
  }

  #wall(node) {
    const hidden = node.lines.flatMap((line) => this.walls.hides.get(line.key) ?? []);
    const isWall = node.lines.some((line) => isCatchAll(line.route));
    return hidden.length ? html`<span class="tree-wall" ?data-solid=${isWall} title="Takes every path of ${plural(hidden.length, "later route")}"><span>hides ${count(hidden.length)}</span></span>` : nothing;
  }

  #title(node, flow) {
    const said = [node.key];
    if (flow.count) said.push(plural(flow.count, "request"), `last ${ago(flow.last, now())}`);
    else said.push("no request in the recording");
    if (flow.p50 !== null) said.push(`p50 ${duration(flow.p50)}`);
    if (flow.errors) said.push(`${errorShare(flow)} failed`);
    return said.join(" · ");
  }

  #click(event, node) {
    if (event.target.closest(".tree-label .icon") || node.lines.length === 0) this.#toggle(node);
    this.#go(node);
  }

  #toggle(node) {
    if (node.children.length === 0) return;
    const toggled = new Set(this.toggled);
    if (!toggled.delete(node.key)) toggled.add(node.key);
    this.toggled = toggled;
  }

  #go(node) {
    this.at = node.key;
    if (node.lines.length) this.dispatchEvent(new CustomEvent("ri-select", { bubbles: true, detail: node.lines[0].key }));
    this.updateComplete.then(() => this.#window.show(this.#rows.findIndex((row) => row.node === node)));
  }

  #key(event) {
    const index = this.#rows.findIndex(({ node }) => node.key === this.at);
    const row = this.#rows[index];
    const to = { ArrowDown: this.#rows[index + 1], ArrowUp: this.#rows[index - 1], Home: this.#rows[0], End: this.#rows.at(-1) }[event.key]?.node;
    if (to) this.#go(to);
    else if (event.key === "ArrowRight" && row?.node.children.length) row.open ? this.#go(row.node.children[0]) : this.#toggle(row.node);
    else if (event.key === "ArrowLeft" && row) row.open ? this.#toggle(row.node) : row.node.depth > 0 && this.#go(row.node.parent);
    else if (event.key === "Enter" && row) this.#toggle(row.node);
    else return;
    event.preventDefault();
  }
}

/** How far from the left edge a level of the tree begins, in px. */
function leftOf(level) {
  return Math.min(level, FULL_STEPS) * STEP + Math.min(Math.max(0, level - FULL_STEPS), MOST_CLOSE) * CLOSE_STEP;
}

function label({ label: text, start, lines }) {
  const line = lines[0];
  const own = line ? templateParameters(line.route).map((one) => ({ ...one, start: one.start + line.prefix.length - start, end: one.end + line.prefix.length - start })) : [];
  return tinted({ text, parameters: own.filter((one) => one.start >= 0), names: own.map((one) => one.name) });
}

function methodsIn(node) {
  const methods = [...new Set(node.lines.flatMap(({ route }) => methodsOf(route)))].sort(byMethod);
  return methods.map((method) => html`<span class="method" data-method=${method}>${method}</span>`);
}

define("ri-route-tree", RiRouteTree);
