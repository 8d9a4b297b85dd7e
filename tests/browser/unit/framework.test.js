import { equal, test } from "./harness.js";
import { mayRedirectSlashes, nameHeading, picturedBy, sorterOf } from "../../../static/js/format/framework.js";
import { methodsOf } from "../../../static/js/format/ladder.js";
import { growTree } from "../../../static/js/format/route-tree.js";
import { templatePieces } from "../../../static/js/format/segments.js";
import { missOf } from "../../../static/js/format/status.js";
import { flatten } from "../../../static/js/format/tables.js";

const of = (name, redirect_slashes = false) => ({ framework: { name }, redirect_slashes });
const ours = { redirect_slashes: false };
const route = (index, path, more = {}) => ({ index, path, kind: "http", methods: ["GET"], implied_head: false, name: `r${index}`, endpoint: "m:f", parts: [], includes: [], table: null, ...more });
const labels = (nodes) => nodes.map(({ label }) => label);
const words = (template, known) => templatePieces(template, known).map((one) => one.text ?? [one.open, one.before, one.name, one.after, one.close].join("|"));

test("the order of the program decides nothing where a router sorts its routes", () => {
  equal(["Litestar", "Flask", "Django", "Starlette"].map((name) => sorterOf(of(name))), ["Litestar", "Flask", null, null]);
  equal(sorterOf(ours), null);
});

test("a regex is a picture of a route but where the router compares with it", () => {
  equal(["Litestar", "Quart", "FastAPI"].map((name) => picturedBy(of(name))), ["Litestar", "Quart", null]);
  equal(picturedBy(ours), null);
});

test("names are called what the framework calls them", () => {
  equal(["Django", "Flask", "FastAPI"].map((name) => nameHeading(of(name))), ["URL name", "Endpoint", "Handler"]);
});

test("a slash is redirected only where the framework can", () => {
  equal([mayRedirectSlashes(of("Litestar")), mayRedirectSlashes(of("Starlette")), mayRedirectSlashes(of("Quart", true)), mayRedirectSlashes(ours)], [false, true, true, true]);
});

test("methods stand in the order in which people name them, OPTIONS last", () => {
  equal(methodsOf({ kind: "http", methods: ["DELETE", "OPTIONS", "POST", "QUERY"] }), ["POST", "DELETE", "QUERY", "OPTIONS"]);
});

test("of a parameter the half that is its name is told by the names of the request", () => {
  equal(words("/prices/{float:price}", ["price"]), ["/prices/", "{|float:|price||}"]);
  equal(words("/prices/{price:float}", ["price"]), ["/prices/", "{||price|:float|}"]);
  equal(words("/ships/<ship_id:int>/", ["ship_id"]), ["/ships/", "<||ship_id|:int|>", "/"]);
  equal(words("/<any(red, green):colour>/<id>", ["colour", "id"]), ["/", "<|any(red, green):|colour||>", "/", "<||id||>"]);
  equal(words("/items/<int:item>"), ["/items/<int:item>"], "which half it is cannot be told");
  equal(words("/{year:(?:19|20)[0-9]{2}}/x"), ["/", "{||year|:(?:19|20)[0-9]{2}|}", "/x"]);
});

test("what no route took is told apart from what is not known", () => {
  const row = { routing: "unknown", state: "complete" };
  equal([missOf(row), missOf(row, true), missOf({ ...row, state: "pending" }, true)], ["not known", "not by a route", "not known yet"]);
});

test("a slash at the end is no branch of its own where nothing else stands there", () => {
  const lines = flatten({ routes: [route(0, "/"), route(1, "/admin/"), route(2, "/admin/login/"), route(3, "/about"), route(4, "/about/")] });
  const { root, leaves } = growTree(lines);
  equal(labels(root.children), ["/", "/admin", "/about"]);
  equal(labels(root.children[1].children), ["/", "/login/"]);
  equal(labels(root.children[2].children), ["/"], "both have a route");
  equal([leaves.get("2").label, leaves.get("2").end], ["/login/", "/admin/login/".length]);
});

test("what is served for a host stands below the host", () => {
  const table = { routes: [route(0, "/status")] };
  const mount = { kind: "mount", condition: "host api.example.org", table };
  const { root } = growTree(flatten({ routes: [route(0, "/", mount), route(1, "/status")] }));
  equal(labels(root.children), ["host api.example.org", "/status"]);
  equal(labels(root.children[0].children), ["/status"]);
  equal(root.children[0].lines.map(({ number }) => number), ["1"]);
});
