/** The paths that recorded requests asked of one route. Pure. */

const MOST = 4;
/** Further back nobody looks: it is asked while one types. */
const WITHIN = 2000;

/** The newest different paths which the route with this whole template took, newest first; `rows` are newest first. */
export function recordedPaths(rows, template) {
  const found = new Set();
  let looked = 0;
  for (const row of rows) {
    if (found.size === MOST || looked++ === WITHIN) break;
    if (row.route?.path === template) found.add(row.asked ?? row.path);
  }
  return [...found];
}
