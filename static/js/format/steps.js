/** One step of a regex engine in words. Pure. */

import { readEvent } from "../core/steps.js";
import { visible } from "./segments.js";

/** The nodes of a regex tree by id. */
export function nodesOf(tree, found = new Map()) {
  if (!tree) return found;
  found.set(tree.id, tree);
  for (const child of tree.children) nodesOf(child, found);
  return found;
}

/** `event` in words, as `{code, words}`: the piece of the regex it is about (null: none), and what that does. */
export function stepInWords(event, nodes, text) {
  const step = readEvent(event);
  const node = nodes.get(step.node);
  const code = WITHOUT_CODE.has(step.kind) ? null : node?.text || null;
  return { code, words: SAID[step.kind]({ ...step, op: node?.op, name: nameOf(node), letters: [...text], nodes }) };
}

const WITHOUT_CODE = new Set(["start", "left", "match", "fail", "capture"]);

const SAID = {
  start: ({ at }) => (at === 0 ? "The engine starts at the first character" : `A new start at character ${at + 1}`),
  eat: ({ at, to, number, letters }) =>
    `takes ${quoted(letters, at, to)}${number ? ` in round ${number} of its loop` : ""}`,
  refuse: refusal,
  hold: ({ op }) => (op === "other" ? "is content: nothing of the kind stands here" : "holds here"),
  round: ({ number }) => `begins round ${number}`,
  option: ({ op, number }) => (op === "other" ? `goes on with its ${number === 1 ? "first" : "second"} part` : `tries option ${number}`),
  capture: ({ name, at, to, letters }) => `${name} now holds ${quoted(letters, at, to)}`,
  look: ({ to }) => `looks from character ${to + 1} on, without taking anything`,
  seen: () => "is content, and has taken nothing",
  lock: () => "is through: there is no way back into it",
  back: comeback,
  left: ({ to, letters }) => `The pattern is through, but ${quoted(letters, to, letters.length)} is left over`,
  match: ({ at, to, letters }) => (to > at ? `Match: ${quoted(letters, at, to)}` : "Match of the empty text"),
  fail: () => "Nothing is left to try: no match",
};

function refusal({ op, at, to, letters }) {
  if (op === "other" || op === "at") return "does not hold here";
  const got = to < letters.length ? `refuses ${quoted(letters, to, to + 1)}` : "finds the end of the text";
  return to > at ? `${got} after ${quoted(letters, at, to)}` : got;
}

function comeback({ op, at, to, letters }) {
  const then = op === "choice" ? "takes the next option" : op === "repeat" ? "goes on without this round" : "goes another way";
  return at > to ? `gives back ${quoted(letters, to, at)}: the engine ${then}` : `the engine comes back here and ${then}`;
}

function nameOf(node) {
  return node?.op === "group" ? `Group ${node.name ? `“${node.name}”` : node.number}` : "";
}

const LONGEST = 40;

function quoted(letters, start, end) {
  const piece = letters.slice(start, Math.min(end, start + LONGEST)).join("");
  return `“${visible(piece)}${end > start + LONGEST ? "…" : ""}”`;
}
