/** How many routes there are, counted in one way everywhere: those that answer. Pure. */

/** The routes of a table's snapshot; a mount whose table is known only leads to its own. */
export function routesOf({ routes }) {
  return routes.reduce((sum, route) => sum + routesBelow(route), 0);
}

/** The routes that one entry stands for: itself, or all that it mounts. */
export function routesBelow(route) {
  return route?.table ? routesOf(route.table) : 1;
}
