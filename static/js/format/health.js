/** What the Health screen says, from findings, hits and rows. Pure. */

import { flatten, keyOf } from "./tables.js";

export const SEVERITIES = Object.freeze(["error", "warning", "note"]);

/** How a kind of finding reads after the pattern it is about: “/users/me can never be reached”. */
const KIND_WORDS = {
  unreachable: "can never be reached",
  duplicate: "is declared twice",
  swallowed: "is swallowed by a mount",
  partly_shadowed: "is partly shadowed",
  literal_braces: "has a brace that is no parameter",
  overlap: "overlaps with an earlier route",
  allow_gap: "hides the methods of an earlier route",
  newline_only: "is reached only with a line break in the path",
  slow_pattern: "can be made slow by one path",
  quadratic_pattern: "costs the square of a path it refuses",
  docs_differ: "is documented otherwise than it answers",
  undecided: "could not be decided",
};

/** The words of a kind; one this page does not know yet is read as it is spelt. */
export function kindWords(kind) {
  return KIND_WORDS[kind] ?? kind.replaceAll("_", " ");
}

/** `{error: 2, warning: 0, note: 5}`. */
export function countSeverities(findings) {
  return Object.fromEntries(SEVERITIES.map((level) => [level, findings.filter((one) => one.severity === level).length]));
}

/** The findings of one severity, or of all, the worst first and else in the order of the table. */
export function pickFindings(findings, level = null) {
  const kept = level === null ? findings : findings.filter((one) => one.severity === level);
  return [...kept].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

/** The longest example shown whole; an attack on a slow pattern may be thousands of characters long. */
const SHOWN = 120;

/** An example as it is shown: `{text, more}`, `more` being how many characters are left out. */
export function shownWitness(path) {
  const characters = [...path];
  return { text: characters.slice(0, SHOWN).join(""), more: Math.max(0, characters.length - SHOWN) };
}

/** May the example be put to the router from the page? An attack would hang the process that is asked. */
export function isSafeToAsk({ kind, witness }) {
  return kind !== "slow_pattern" && shownWitness(witness).more === 0;
}

/** The method to try a finding's witness with: a star means any, WEBSOCKET a handshake. */
export function witnessMethod({ methods }) {
  return methods.length === 0 || methods[0] === "*" ? "GET" : methods[0];
}

/**
 * The edit that the fix of a dead route amounts to, or null: moving it before the first route that takes its paths,
 * where both are entries of one table. A duplicate is revived by no order.
 */
export function fixingEdit({ kind, route, by }) {
  if (kind !== "unreachable" && kind !== "partly_shadowed") return null;
  const level = (number) => number.split(".").slice(0, -1).join(".");
  const last = (number) => Number(number.split(".").at(-1));
  if (by.length === 0 || by.some((one) => level(one.number) !== level(route.number))) return null;
  const first = by.reduce((least, one) => (last(one.number) < last(least.number) ? one : least));
  return { op: "move", route: route.number, before: first.number };
}

/** The hit of a line of `flatten()` in an answer of api/routes, or null when it was never taken. */
export function hitOf(answer, { mounts, route }) {
  let level = answer;
  for (const mount of mounts) level = level?.inner?.[mount];
  return level?.hits?.[route.index] ?? null;
}

/** `{seen, all, never: [line]}` of the routes that answer themselves; a mount whose table is known is none. */
export function seenRoutes(answer) {
  const lines = flatten(answer.table).filter((line) => !line.route.table);
  const never = lines.filter((line) => hitOf(answer, line) === null);
  return { seen: lines.length - never.length, all: lines.length, never: never.map((line) => ({ ...line, key: keyOf(line) })) };
}

const MISSES = ["not_found", "method_not_allowed"];

/**
 * What the router sent away: `[{routing, method, path, count, last, id}]`, the most frequent first; `last` is when
 * it came last (Unix ms), `id` that exchange.
 */
export function unmatched(rows) {
  const groups = new Map();
  for (const row of rows) {
    if (!MISSES.includes(row.routing)) continue;
    const key = `${row.routing} ${row.method} ${row.path}`;
    const group = groups.get(key) ?? { routing: row.routing, method: row.method, path: row.path, count: 0, last: 0, id: null };
    group.count++;
    if (row.started >= group.last) Object.assign(group, { last: row.started, id: row.id });
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.count - a.count || b.last - a.last);
}

/** `[{label, value, bad, title}]`: what the recorder told of itself; empty when its process tells nothing. */
export function ownNumbers(stats) {
  if (stats?.recorded === undefined) return [];
  const line = (label, value, title, bad = false) => ({ label, value, title, bad });
  const failing = (label, value, title) => line(label, value, title, value > 0);
  return [
    line("recorded", stats.recorded, "exchanges in the journal since the app started"),
    failing("not recorded", stats.dropped, "exchanges that will never be in the journal: a limit was met"),
    line("waiting", stats.pending + stats.unsaved, "events and records that are on their way to the journal"),
    line("open", stats.open, "exchanges that have not ended"),
    failing("listener errors", stats.listener_errors, "events the recorder could not take down"),
    failing("recorder errors", stats.drain_errors, "events that could not be put together"),
    failing("redaction errors", stats.redaction_errors, "values that were left out because they could not be redacted"),
    failing("journal errors", stats.journal_errors, "writes the journal refused; they are tried again"),
  ];
}
