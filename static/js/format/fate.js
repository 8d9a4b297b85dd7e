/** What an explanation comes to, in one word for a colour and a sign. Pure. */

import { innermost } from "./tables.js";

/**
 * "taken", "refused" (a route takes the request, and its endpoint would refuse a value of the path), "redirect" or
 * "missed", of an EXPLANATION as api/explain gives it.
 */
export function fateOf(explanation) {
  const { outcome } = innermost(explanation);
  if (outcome === "redirect") return "redirect";
  if (outcome !== "found") return "missed";
  return explanation.refusal ? "refused" : "taken";
}
