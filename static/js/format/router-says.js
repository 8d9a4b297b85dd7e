/** What the framework's own router says to a tested path, beside what the table explains. Pure. */

const OUTCOMES = { match: "found", websocket_mismatch: "not_found" };

/** Whether a router may decide otherwise than the table explains: another framework's, or one that looks at more than the path. */
export function mayDiffer(table) {
  if (table.framework) return true;
  return table.routes.some((route) => route.condition || (route.kind === "mount" && (!route.table || mayDiffer(route.table))));
}

/** A decoded path as it would stand in a request line. */
export function rawPath(path) {
  return path.split("/").map((segment) => encodeURIComponent(segment)).join("/");
}

/**
 * `{kind, text}` of a verdict of `api/ask` beside the EXPLANATION of the same path: "same", or "other" where the router
 * says otherwise, which is never hidden; "unseen" where what is mounted decides.
 */
export function routerSays(verdict, explanation) {
  const who = verdict.framework === "miniframework" ? "The router" : `${verdict.framework}’s own router`;
  const host = verdict.host ? ` for ${verdict.host}` : "";
  if (!isSame(verdict, explanation)) return { kind: "other", text: `${who} says otherwise${host}: ${verdict.said}. What stands here explains our picture of its routes only.` };
  if (verdict.unseen) return { kind: "unseen", text: verdict.unseen };
  return { kind: "same", text: `${who} says the same${host}.` };
}

function isSame(verdict, explanation) {
  const outcome = OUTCOMES[verdict.outcome] ?? verdict.outcome;
  const [said, number] = takenBy(explanation);
  return outcome === said && (outcome !== "found" || verdict.route?.number === number);
}

/** `[outcome, number]` of an explanation, down through the mounts: "3.1" is the first route of what entry 3 mounts. */
function takenBy({ outcome, winner, verdicts }) {
  if (winner === null) return [outcome, null];
  const inner = verdicts?.find((one) => one.index === winner)?.inner;
  if (!inner) return [outcome, `${winner + 1}`];
  const [below, number] = takenBy(inner);
  return [below, number === null ? null : `${winner + 1}.${number}`];
}
