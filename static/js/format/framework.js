/** What differs between frameworks on the screens: words and what makes sense. Pure. */

/** Their routers sort the routes, or keep them in a tree: the place in the program decides nothing. */
const SORTING = new Set(["BlackSheep", "Falcon", "Flask", "Litestar", "Quart", "Sanic"]);
/** Their routers compare a path with one regex a route; what is shown of others is a picture. */
const WITH_REGEXES = new Set(["Datasette", "FastAPI", "Starlette"]);
/** What the name of a route is called there, where it is not that of its handler. */
const NAMES = { Django: "URL name", Flask: "Endpoint", Quart: "Endpoint", Sanic: "Name" };

const nameOf = (table) => table?.framework?.name ?? null;

/** The name of the framework whose router sorts the routes by itself; null where the order of the table decides. */
export function sorterOf(table) {
  return SORTING.has(nameOf(table)) ? nameOf(table) : null;
}

/** The name of the framework of which the regex of a route is only a picture; null where the regex is its own. */
export function picturedBy(table) {
  return nameOf(table) === null || WITH_REGEXES.has(nameOf(table)) ? null : nameOf(table);
}

/** What stands above the names of the routes. */
export function nameHeading(table) {
  return NAMES[nameOf(table)] ?? "Handler";
}

/** Whether the slash at the end can be redirected there at all. */
export function mayRedirectSlashes(table) {
  return nameOf(table) === null || table.redirect_slashes || WITH_REGEXES.has(nameOf(table));
}
