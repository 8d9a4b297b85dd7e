/** A route table as a tree of path segments: its branches, what flowed through them, which were walked. Pure. */

import { NO_TRAFFIC, addTraffic } from "./traffic.js";

/** `/items/{item_id:int}` as `["/items", "/{item_id:int}"]`: cut before each slash that is not inside braces. */
export function templateSegments(template) {
  return template.match(/\/(?:\{[^}]*\}|[^/{])*|^(?:\{[^}]*\}|[^/{])+/g) ?? [template];
}

/**
 * The tree over `lines` as `{root, leaves}`: nodes `{key, label, start, end, depth, index, parent, lines, children}`,
 * children in the order in which the table first names them, and the node of each line by its key. `start` and `end` are
 * the place of the label in the template, in characters; `index` is the node's among its siblings.
 */
export function growTree(lines) {
  const root = { key: "", label: "", start: 0, end: 0, depth: -1, index: 0, parent: null, lines: [], children: [], byLabel: new Map() };
  const leaves = new Map();
  for (const line of lines) {
    const leaf = branch(root, line);
    leaf.lines.push(line);
    leaves.set(line.key, leaf);
  }
  joinSlashes(root, leaves);
  return { root, leaves };
}

/** `/books` that has nothing but `/` below it is `/books/`, one node: else every branch of such a table is two rows. */
function joinSlashes(node, leaves) {
  for (const child of node.children) joinSlashes(child, leaves);
  const [last, ...others] = node.children;
  if (!node.parent || node.lines.length || others.length || last?.label !== "/" || last.children.length) return;
  Object.assign(node, { label: `${node.label}/`, end: last.end, lines: last.lines, children: [] });
  for (const { key } of last.lines) leaves.set(key, node);
}

function branch(root, line) {
  let node = line.host ? branchOff(root, line.host, 0) : root;
  if (line.host && line.depth === 0 && line.route.path.length < 2) return node;
  for (const label of templateSegments(line.prefix + (line.route.path === "/" && line.prefix ? "" : line.route.path))) {
    node = branchOff(node, label, [...label].length);
  }
  return node;
}

/** The child with this label, made where there is none; `length` is how much of the template it stands for. */
function branchOff(node, label, length) {
  const known = node.byLabel.get(label);
  if (known) return known;
  const child = { key: node.key + label, label, start: node.end, end: node.end + length, depth: node.depth + 1, index: node.children.length, parent: node, lines: [], children: [], byLabel: new Map() };
  node.byLabel.set(label, child);
  node.children.push(child);
  return child;
}

/**
 * What went through each node with all below it, as `{of, onward}`: Maps of node to traffic, and of node to the number
 * of requests for it and the siblings after it. `hits` is a Map of line key to traffic.
 */
export function flowOf({ root }, hits) {
  const flow = { of: new Map(), onward: new Map() };
  addFlow(root, hits, flow);
  return flow;
}

function addFlow(node, hits, flow) {
  let sum = NO_TRAFFIC;
  let onward = 0;
  for (const line of node.lines) sum = addTraffic(sum, hits.get(line.key) ?? NO_TRAFFIC);
  for (const child of node.children.toReversed()) {
    const below = addFlow(child, hits, flow);
    onward += below.count;
    flow.onward.set(child, onward);
    sum = addTraffic(sum, below);
  }
  flow.of.set(node, sum);
  return sum;
}

/**
 * The branches a tested path walked, as `{of, last}`. `of` is a Map of node to "won" (it leads to the route that took
 * it), "also" (to one that would have) or "reached" (the path fits so far); `last` maps a node to `{won, also, reached}`,
 * the index of the last child in that state. `verdicts` is a Map of line key to verdict.
 */
export function walkOf({ leaves }, verdicts) {
  const of = new Map();
  for (const [key, verdict] of verdicts) {
    const leaf = leaves.get(key);
    if (leaf) walk(leaf, key, verdict, of);
  }
  const last = new Map();
  for (const [node, state] of of) {
    const seen = last.get(node.parent) ?? { won: -1, also: -1, reached: -1 };
    seen[state] = Math.max(seen[state], node.index);
    last.set(node.parent, seen);
  }
  return { of, last };
}

const RANK = { reached: 1, also: 2, won: 3 };

function walk(leaf, key, verdict, of) {
  const line = leaf.lines.find((one) => one.key === key);
  const reached = [...line.prefix].length + verdict.template_reached;
  const state = { matched: "won", shadowed: "also" }[verdict.outcome] ?? "reached";
  for (let node = leaf; node.parent; node = node.parent) {
    if (state === "reached" && (node.end > reached || node.label === "/")) continue;
    if (RANK[state] > (RANK[of.get(node)] ?? 0)) of.set(node, state);
  }
}

/** How a line is lit that leads to the child `from` of `node` and those after it: a state of the walk, or null. */
export function litOnward({ last }, node, from) {
  const seen = last.get(node);
  return seen ? (["won", "also", "reached"].find((state) => seen[state] >= from) ?? null) : null;
}

/**
 * The rows of the tree as they are drawn, those below closed nodes left out: `[{node, open, guides}]`. `guides` has for
 * each level left of the node the first sibling whose line passes there, or null where none does; the last is the node.
 */
export function treeRows({ root }, isOpen) {
  const rows = [];
  const visit = (parent, guides) => {
    for (const node of parent.children) {
      const open = node.children.length > 0 && isOpen(node);
      rows.push({ node, open, guides: [...guides, node] });
      if (open) visit(node, [...guides, nextOf(node)]);
    }
  };
  visit(root, []);
  return rows;
}

/** The sibling after a node, or null. */
export function nextOf(node) {
  return node.parent.children[node.index + 1] ?? null;
}
