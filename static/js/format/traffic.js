/** How often routes were taken: counts by line, sums, shares. Pure. */

/** Traffic of nobody: `{count, errors, last, p50}`; `last` is Unix ms, `p50` ms, both null where there is none. */
export const NO_TRAFFIC = Object.freeze({ count: 0, errors: 0, last: null, p50: null });

/**
 * A Map of line key to traffic from an answer `{hits, inner}` of the API. What a mount counts beyond the routes inside
 * it (those it answered itself) stays with the mount, so that every request is counted once.
 */
export function trafficByKey(answer, mounts = []) {
  const found = new Map();
  if (!answer) return found;
  for (const [index, { count, errors, last, p50_ms: p50 }] of Object.entries(answer.hits)) {
    const below = answer.inner[index] ? sumOf(answer.inner[index]) : NO_TRAFFIC;
    const own = { count: Math.max(0, count - below.count), errors: Math.max(0, errors - below.errors), last, p50 };
    found.set([...mounts, index].join("."), answer.inner[index] ? { ...own, through: count } : own);
  }
  for (const [index, inner] of Object.entries(answer.inner)) {
    for (const [key, traffic] of trafficByKey(inner, [...mounts, index])) found.set(key, traffic);
  }
  return found;
}

function sumOf({ hits }) {
  return Object.values(hits).reduce((sum, one) => ({ count: sum.count + one.count, errors: sum.errors + one.errors }), { count: 0, errors: 0 });
}

/** The sum of two; a median of sums is not known, so `p50` is that of the one which has traffic, if only one has. */
export function addTraffic(a, b) {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  return { count: a.count + b.count, errors: a.errors + b.errors, last: Math.max(a.last, b.last), p50: null };
}

/** How much of the busiest a count is, from 0 to 1 on a logarithmic scale: one request still shows. */
export function heatOf(count, busiest) {
  return count <= 0 || busiest <= 0 ? 0 : Math.log2(1 + count) / Math.log2(1 + busiest);
}

/** `2%`, `<1%`, or "" without an error. */
export function errorShare({ count, errors }) {
  if (!errors) return "";
  const percent = (100 * errors) / count;
  return percent < 1 ? "<1%" : `${Math.round(percent)}%`;
}
