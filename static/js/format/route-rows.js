/** The rows of the route table as they are drawn, each of one height: routes, walls, and what is left out. Pure. */

import { isCatchAll } from "./walls.js";

/**
 * `[{kind: "route", line, bars} | {kind: "wall", line, hidden} | {kind: "fold", count, first, last}]`.
 *
 * A wall stands below the catch-all or mount that hides other routes (and below what is mounted there); `hidden` are
 * their lines. Where `verdicts` holds only some of the routes (a large table), runs without a verdict fold into one row,
 * but for the route whose key is `wanted`.
 */
export function routeRows({ lines, bars, walls, verdicts = null, wanted = null }) {
  const rows = [];
  const standing = new Walls(lines, walls);
  lines.forEach((line, index) => {
    rows.push(...standing.before(line));
    if (verdicts && !verdicts.has(line.key) && line.key !== wanted) fold(rows, line);
    else {
      rows.push({ kind: "route", key: line.key, line, bars: bars[index] });
      standing.note(line);
    }
  });
  return [...rows, ...standing.before(null)];
}

function fold(rows, line) {
  const last = rows.at(-1);
  if (last?.kind === "fold") Object.assign(last, { count: last.count + 1, last: line.number });
  else rows.push({ kind: "fold", key: `fold ${line.key}`, count: 1, first: line.number, last: line.number });
}

/** The walls not drawn yet, innermost last. */
class Walls {
  #waiting = [];
  #hides;
  #byKey;

  constructor(lines, { hides }) {
    this.#hides = hides;
    this.#byKey = hides.size ? new Map(lines.map((line) => [line.key, line])) : new Map();
  }

  note(line) {
    if (!isCatchAll(line.route)) return;
    const hidden = (this.#hides.get(line.key) ?? []).map((key) => this.#byKey.get(key)).filter(Boolean);
    if (hidden.length) this.#waiting.push({ kind: "wall", key: `wall ${line.key}`, line, hidden });
  }

  /** The walls that end before `line`: it is not inside what they stand for. Without a line, all of them. */
  before(line) {
    const done = [];
    while (this.#waiting.length && !line?.key.startsWith(`${this.#waiting.at(-1).line.key}.`)) done.push(this.#waiting.pop());
    return done;
  }
}
