/** How many of its routes a table tried. Pure. */

import { routesBelow } from "./route-count.js";

/**
 * `{tried, all}` of the routes of an explanation's table; `snapshot` may be null. A mount that refuses a path refuses it
 * for all that is mounted there.
 */
export function triedOf({ verdicts }, snapshot) {
  let [tried, all] = [0, 0];
  for (const { index, inner, examined } of verdicts) {
    const route = snapshot?.routes[index] ?? null;
    const number = routesBelow(route);
    const below = inner ? triedOf(inner, route?.table ?? null) : { tried: examined ? number : 0, all: number };
    tried += below.tried;
    all += below.all;
  }
  return { tried, all };
}
