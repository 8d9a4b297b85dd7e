/** The words of a reload: what became of the routes, and of the requests recorded before. Pure. */

import { plural } from "./bytes.js";

const PARTS = [
  ["added", "added"],
  ["removed", "removed"],
  ["moved", "moved"],
  ["changed", "changed"],
];

/** The changed entries that are declared otherwise, without those that only stand on other lines. */
export function declaredOtherwise(reload) {
  return reload.changed.filter(({ what }) => what.some((one) => one !== "source"));
}

/** How many entries only stand on other lines of their file now. */
export function onOtherLines(reload) {
  return reload.totals.changed - declaredOtherwise(reload).length;
}

/** Does a reload change anything that a request could notice? */
export function isWorthSaying(reload) {
  const { added, removed, moved } = reload.totals;
  return added + removed + moved + declaredOtherwise(reload).length > 0 || reload.redirect_slashes !== null;
}

/** `1 added, 2 moved`, or "no route changed"; entries that only stand on other lines do not count. */
export function changedWords(reload) {
  const numbers = { ...reload.totals, changed: declaredOtherwise(reload).length };
  const said = PARTS.filter(([key]) => numbers[key] > 0).map(([key, word]) => `${numbers[key]} ${word}`);
  if (reload.redirect_slashes !== null) said.push(`slash redirects ${reload.redirect_slashes ? "on" : "off"}`);
  return said.length ? said.join(", ") : "no route changed";
}

/** `3 recorded requests now go elsewhere`. */
export function movedWords(total) {
  if (total === 0) return "no recorded request goes elsewhere";
  return `${plural(total, "recorded request")} now ${total === 1 ? "goes" : "go"} elsewhere`;
}

const OUTCOMES = { not_found: "404, no route", method_not_allowed: "405, other methods only", redirect: "redirect", unknown: "not known" };

/** What a verdict without a route comes to, in words: `405, allowed: GET, HEAD`, `redirect to /books/`. */
export function outcomeWords({ outcome, answer = null, allow = [], location = null }) {
  const said = outcome ?? answer;
  if (said === "method_not_allowed" && allow?.length) return `405, allowed: ${allow.join(", ")}`;
  if (said === "redirect" && location) return `redirect to ${location}`;
  return OUTCOMES[said] ?? said;
}

/** A method to try a region with; for a star one that no 405 of it names. */
export function methodToAsk({ methods: [first], old, new: after }) {
  if (first !== "*") return first;
  const named = [...(old.allow ?? []), ...(after.allow ?? [])];
  return ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"].find((one) => !named.includes(one)) ?? "TRACE";
}

/** What a star stands for: every method but those named where some are, else any. */
export function starWord({ old, new: after }) {
  return [old, after].some((side) => side.answer === "method_not_allowed") ? "other" : "any";
}

const sideKey = (side) => JSON.stringify([side.route?.number ?? null, side.route?.name ?? null, outcomeWords(side)]);

/**
 * Requests that go elsewhere, those of one kind together:
 * `[{method, path, old, new, count, id, started}]`, the most frequent first; `id` is the newest of them.
 */
export function groupMoved(moved) {
  const groups = new Map();
  for (const one of moved) {
    const key = `${one.method} ${one.path} ${sideKey(one.old)} ${sideKey(one.new)}`;
    const group = groups.get(key);
    if (!group) groups.set(key, { ...one, count: 1 });
    else {
      group.count++;
      if (one.started > group.started) Object.assign(group, { id: one.id, started: one.started });
    }
  }
  return [...groups.values()].sort((a, b) => b.count - a.count || b.started - a.started);
}
