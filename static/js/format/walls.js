/** Which routes stand behind others and are never reached, by the proofs of the check. Pure. */

import { keyOfNumber } from "./tables.js";

const PROVEN = new Set(["unreachable", "swallowed", "duplicate", "newline_only"]);

/**
 * What the findings of a check say about the order: `{hiddenBy, hides}`.
 *
 * `hiddenBy` maps the key of a route that no request reaches, by none of its methods, to `{by, witness, method, isTotal}`:
 * the keys of those that take its paths, a path they take, and whether really all are taken: `.*` takes no line break, so
 * a path with one gets past most catch-alls. `hides` maps a route that alone is to blame to the keys of those behind it.
 * A route that is dead for one method only is not among them.
 */
export function wallsOf(findings) {
  const dead = new Map();
  for (const finding of findings) {
    if (PROVEN.has(finding.kind) && finding.exactness === "exact") note(dead, finding);
  }
  const hiddenBy = new Map([...dead].filter(([, one]) => one.left.size === 0));
  const hides = new Map();
  for (const [key, { by }] of hiddenBy) {
    if (by.size !== 1) continue;
    const [wall] = by;
    hides.set(wall, [...(hides.get(wall) ?? []), key]);
  }
  return { hiddenBy, hides };
}

function note(dead, { kind, route, by, methods, witness }) {
  const key = keyOfNumber(route.number);
  let one = dead.get(key);
  if (!one) {
    const own = route.methods.filter((method) => method !== "HEAD" || !route.methods.includes("GET"));
    one = { by: new Set(), left: new Set(own), witness, method: methods[0], isTotal: true };
    dead.set(key, one);
  }
  one.isTotal &&= kind !== "newline_only";
  for (const taker of by) one.by.add(keyOfNumber(taker.number));
  for (const method of methods) {
    if (method === "*" || method === "WEBSOCKET") one.left.clear();
    one.left.delete(method);
  }
}

/** Is the route one that takes all there is below its prefix: a mount, or a template that ends with the rest of the path. */
export function isCatchAll({ kind, parts }) {
  const last = parts.at(-1);
  return kind === "mount" || (last?.kind === "parameter" && last.regex === ".*");
}
