/** The rungs of the match ladder: every verdict in the order of trial, with the dull runs folded. Pure. */

import { plural } from "./bytes.js";
import { routesBelow } from "./route-count.js";
import { templateParameters } from "./segments.js";

/** A refusal this early (the common leading slash at most, or inside the first segment) folds with its neighbours. */
const EARLY = 1;
const FOLD_FROM = 2;

/** Where the first segment of a path ends, counted in characters. */
function firstSegmentEnd(path) {
  const characters = [...path];
  const next = characters.indexOf("/", 1);
  return next < 0 ? characters.length : next;
}

/** Why a rung is dull: "unexamined", "protocol" or "early"; null when it is worth a line of its own. */
export function foldOf(verdict, explanation) {
  if (verdict.outcome !== "refused" || verdict.inner) return null;
  if (!verdict.examined) return "unexamined";
  const nearest = explanation.outcome === "not_found" && verdict.reached > EARLY && verdict.reached === explanation.reached;
  if (nearest) return null;
  if (verdict.reasons.some((one) => one.kind === "protocol")) return "protocol";
  const early = verdict.reached <= EARLY || verdict.reached < firstSegmentEnd(explanation.path);
  return !verdict.path_matches && early ? "early" : null;
}

/**
 * What a folded run says, e.g. "8 routes failed at the first character, 1 takes only WebSocket". `above` is the number
 * of the mount whose table it is, with a dot behind it.
 */
export function foldText(kinds, rungs, { protocol, winner }, above = "") {
  const number = (kind) => rungs.reduce((sum, { route }, at) => sum + (kinds[at] === kind ? routesBelow(route) : 0), 0);
  const [early, other, late] = [number("early"), number("protocol"), number("unexamined")];
  const routes = (count) => plural(count, "route");
  const atOnce = rungs.every(({ verdict }, at) => kinds[at] !== "early" || verdict.reached <= EARLY);
  const where = atOnce ? "at the first character" : "in the first segment";
  const said = [];
  if (early) said.push(`${routes(early)} failed ${where}`);
  if (other) said.push(`${early ? other : routes(other)} ${other === 1 ? "takes" : "take"} only ${protocol === "websocket" ? "HTTP" : "WebSocket"}`);
  if (late) said.push(`${routes(late)} not examined: route ${above}${winner + 1} had taken it`);
  return said.join(", ");
}

/**
 * The words a rung ends with: `{text, more, kind}`; `kind` is "matched", "shadowed" or "refused", `more` the number of
 * further reasons worth saying (a route that failed at once needs no second one). `above` is the number of the mount
 * whose table it is, with a dot behind it.
 */
export function reasonOf(verdict, above = "") {
  if (verdict.outcome === "matched") return { kind: "matched", text: "matched", more: 0 };
  if (verdict.outcome === "shadowed") {
    const by = verdict.shadowed_by === null ? "an earlier route" : `${above}${verdict.shadowed_by + 1}`;
    return { kind: "shadowed", text: `would match too: shadowed by ${by}`, more: 0 };
  }
  const [first, ...rest] = verdict.reasons;
  const near = verdict.path_matches || verdict.reached > EARLY;
  return { kind: "refused", text: first?.message ?? "refused", more: near ? rest.length : 0 };
}

function rung(verdict, snapshot, above) {
  const route = snapshot?.routes?.[verdict.index] ?? null;
  return {
    fold: null,
    verdict,
    route,
    number: `${above}${verdict.index + 1}`,
    parameters: templateParameters(route),
    reason: reasonOf(verdict, above),
  };
}

/**
 * `[{fold: null, verdict, route, number, parameters, reason} | {fold: {text, first, last}, rungs: [...]}]`.
 * Order is the order of trial; only neighbours fold, so numbers stay ascending. Inside `mounts` (indexes, from outside
 * to inside) they are those of the route table: "30.2".
 */
export function ladder(explanation, snapshot, mounts = []) {
  const above = numberAbove(mounts);
  const lines = [];
  let run = [];
  let kinds = [];
  const flush = () => {
    if (run.length >= FOLD_FROM) {
      const text = foldText(kinds, run, explanation, above);
      lines.push({ fold: { text, first: run[0].number, last: run.at(-1).number }, rungs: run });
    } else lines.push(...run);
    [run, kinds] = [[], []];
  };
  for (const verdict of explanation.verdicts) {
    const kind = foldOf(verdict, explanation);
    if (kind === null) {
      flush();
      lines.push(rung(verdict, snapshot, above));
    } else {
      run.push(rung(verdict, snapshot, above));
      kinds.push(kind);
    }
  }
  flush();
  return lines;
}

/** What stands in front of the numbers inside these mounts: "30." */
export function numberAbove(mounts) {
  return mounts.map((index) => `${index + 1}.`).join("");
}

/** The order in which people name them; OPTIONS, which frameworks add by themselves, comes last. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
const rankOf = (method) => (METHODS.indexOf(method) + 1 || METHODS.length + 1) + (method === "OPTIONS");

/** Compares two methods by that order. */
export const byMethod = (one, other) => rankOf(one) - rankOf(other);

/** Methods as the ladder prints them: HEAD is left out where GET implies it; WS and mounts have their own word. */
export function methodsOf(route) {
  if (!route) return ["?"];
  if (route.kind === "websocket") return ["WS"];
  if (route.kind === "mount") return ["MOUNT"];
  return route.methods.filter((method) => !(method === "HEAD" && route.implied_head)).sort(byMethod);
}
