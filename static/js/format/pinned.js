/** The round of the pinned requests in words. Pure. */

/** "2 same, 1 changed since start 4", or that it runs, or that there was none. */
export function pinnedWords({ running, generation, results }, counts) {
  const parts = [
    [counts.same, "same"],
    [counts.changed, "changed"],
    [counts.refused, "not sent"],
    [counts.waiting, "waiting"],
  ].filter(([number]) => number);
  const said = parts.map(([number, word]) => `${number} ${word}`).join(", ");
  if (running) return `replaying, ${results.length - counts.waiting} of ${results.length} done`;
  return generation ? `${said}, after reload ${generation}` : said;
}

/** What the navigation says beside Replay: `{kind, number, title}`, or null while nothing was compared. */
export function pinnedBadge({ same, changed }) {
  if (changed) return { kind: "bad", number: changed, title: `${changed} pinned ${changed === 1 ? "request answers" : "requests answer"} otherwise` };
  if (same) return { kind: "ok", number: same, title: `${same} pinned ${same === 1 ? "request answers" : "requests answer"} as recorded` };
  return null;
}
