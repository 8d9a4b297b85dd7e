/** The typing funnel: how many routes are still viable after each character of a path. Pure. */

import { visible } from "./segments.js";

/** Bars drawn at most: a longer path scrolls out of its box anyway. */
const MOST = 240;

/**
 * One bar a character: `[{at, viable, share, title}]`; `share` (0 to 1) is logarithmic in the number of routes, so that
 * one of a thousand still shows. `steps` are the API's, the first for the empty path.
 */
export function funnelBars({ path, steps }) {
  const most = Math.max(1, steps[0]?.viable ?? 1);
  const characters = [...path];
  return steps.slice(1, MOST + 1).map(({ at, viable }) => ({
    at,
    viable,
    share: viable === 0 ? 0 : Math.max(0.12, Math.log2(1 + viable) / Math.log2(1 + most)),
    title: `after “${visible(characters.slice(0, at).join(""))}”: ${viable} of ${most}`,
  }));
}

/** The number of characters after which no route was viable any more, or null when some are to the end. */
export function deadAt({ steps }) {
  return steps.find(({ viable }) => viable === 0)?.at ?? null;
}
