/** A route table's snapshot as lists and trees for the screens. Pure. */

import { methodsOf } from "./ladder.js";

/**
 * Every route with those of mounted apps below their mount:
 * `[{route, mounts, depth, number, prefix}]`; `mounts` is the chain of mount indexes above it, `number` what people
 * read ("18.2" is the second route inside mount 18), `prefix` the path of the mounts above.
 */
export function flatten(snapshot, { mounts = [], prefix = "", number = "" } = {}) {
  if (!snapshot) return [];
  return snapshot.routes.flatMap((route) => {
    const own = number ? `${number}.${route.index + 1}` : `${route.index + 1}`;
    const line = { route, mounts, depth: mounts.length, number: own, prefix };
    if (!route.table) return [line];
    const below = { mounts: [...mounts, route.index], prefix: prefix + mountPrefix(route), number: own };
    return [line, ...flatten(route.table, below)];
  });
}

function mountPrefix(route) {
  return route.path.replace(/\/+$/, "");
}

/** The key of a line, for the address and for repeat(): the mount chain and the index. */
export function keyOf({ route, mounts }) {
  return [...mounts, route.index].join(".");
}

/** The line whose key is `key`, or null. */
export function findLine(lines, key) {
  return lines.find((line) => keyOf(line) === key) ?? null;
}

/** `/items/{item_id:int}` as `["/items", "/{item_id:int}"]`: cut before each slash that is not inside braces. */
export function templateSegments(template) {
  return template.match(/\/(?:\{[^}]*\}|[^/{])*|^(?:\{[^}]*\}|[^/{])+/g) ?? [template];
}

/**
 * The table as a tree of segments: `{label, key, lines, children, walked}`. `reachedOf(line)` gives how far the
 * template was accepted (characters), or null when nothing is being tried; a node is walked when a route below it
 * was accepted past its end.
 */
export function segmentTree(lines, reachedOf = () => null) {
  const root = { label: "", key: "", lines: [], children: [], walked: false };
  for (const line of lines) insert(root, line, reachedOf(line));
  return root;
}

function insert(root, line, reached) {
  let node = root;
  let end = 0;
  for (const label of templateSegments(line.prefix + (line.route.path === "/" && line.prefix ? "" : line.route.path))) {
    end += label.length;
    let child = node.children.find((one) => one.label === label);
    if (!child) {
      child = { label, key: node.key + label, lines: [], children: [], walked: false };
      node.children.push(child);
    }
    child.walked ||= reached !== null && reached >= end && label !== "/";
    node = child;
  }
  node.lines.push(line);
}

/** Does a route fit what was typed into the one search box: a path, a name, a verb or a handler. */
export function routeFits({ route, prefix }, words) {
  const text = [prefix + route.path, route.name, route.endpoint, ...methodsOf(route)].join(" ").toLowerCase();
  return words.toLowerCase().split(/\s+/).filter(Boolean).every((word) => text.includes(word));
}

/** `{index, ...}` verdicts of an explanation by line key, those of mounted tables included. */
export function verdictsByKey(explanation, mounts = []) {
  const found = new Map();
  for (const verdict of explanation?.verdicts ?? []) {
    found.set([...mounts, verdict.index].join("."), verdict);
    if (!verdict.inner) continue;
    for (const [key, inner] of verdictsByKey(verdict.inner, [...mounts, verdict.index])) found.set(key, inner);
  }
  return found;
}

/** The innermost explanation: where a mount took the path, that of the mounted table. */
export function innermost(explanation) {
  const taken = explanation?.winner === null ? null : explanation?.verdicts?.[explanation.winner];
  return taken?.inner ? innermost(taken.inner) : explanation;
}

/** `shop/orders.py:25`: the last two parts of the path, enough to find it. */
export function sourceOf({ file, line }) {
  return `${file.split(/[\\/]/).slice(-2).join("/")}:${line}`;
}
