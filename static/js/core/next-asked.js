/** The request that came next for the address a redirect leads to. Pure. */

/** Later than that it is another story; and further on nobody looks. */
const WITHIN_MS = 10_000;
const MOST = 500;

/**
 * The row of the first exchange after `exchange` that asked for `location`, by path and query, or null. It is not known
 * whether the same client sent it.
 */
export function nextAsked(ring, { id, started }, location) {
  const wanted = targetOf(location);
  const number = ring.numberOf(id);
  if (wanted === null || number < 0) return null;
  let looked = 0;
  for (const [, row] of ring.entries(number + 1)) {
    if (looked++ === MOST || row.started - started > WITHIN_MS) return null;
    if (row.kind !== "gap" && row.path === wanted.path && (row.query ?? "") === wanted.query) return row;
  }
  return null;
}

/** `{path, query}` of a Location header, decoded as a server decodes it; null for what is none. */
function targetOf(location) {
  try {
    const { pathname, search } = new URL(location, "http://localhost");
    return { path: decodeURIComponent(pathname), query: search.slice(1) };
  } catch {
    return null;
  }
}
