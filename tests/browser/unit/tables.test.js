import { equal, ok, test } from "./harness.js";
import { findLine, flatten, innermost, keyOf, routeFits, segmentTree, sourceOf, templateSegments, verdictsByKey } from "../../../static/js/format/tables.js";

const route = (index, path, more = {}) => ({ index, path, kind: "http", methods: ["GET"], implied_head: false, name: `r${index}`, endpoint: "m:f", parts: [], includes: [], table: null, ...more });
const inner = { routes: [route(0, "/"), route(1, "/reports/{year:int}")] };
const table = { routes: [route(0, "/items"), route(1, "/items/{item_id:int}"), route(2, "/admin", { kind: "mount", table: inner })] };

test("routes below a mount carry its chain, its prefix and a dotted number", () => {
  const lines = flatten(table);
  equal(lines.map(({ number }) => number), ["1", "2", "3", "3.1", "3.2"]);
  equal(lines.at(-1).mounts, [2]);
  equal(lines.at(-1).prefix, "/admin");
});

test("a route's key finds it again", () => {
  const lines = flatten(table);
  for (const line of lines) ok(findLine(lines, keyOf(line)) === line);
  equal(findLine(lines, "9.9"), null);
});

test("a template is cut at slashes, never inside braces", () => {
  equal(templateSegments("/items/{item_id:int}"), ["/items", "/{item_id:int}"]);
  equal(templateSegments("/a/{x}-{y}.{z}/"), ["/a", "/{x}-{y}.{z}", "/"]);
  equal(templateSegments("/"), ["/"]);
});

test("routes with a common beginning share branches of the tree", () => {
  const tree = segmentTree(flatten(table));
  equal(tree.children.map(({ label }) => label), ["/items", "/admin"]);
  equal(tree.children[0].children.map(({ label }) => label), ["/{item_id:int}"]);
  equal(tree.children[1].children.map(({ label }) => label), ["/reports"]);
});

test("a branch is walked as far as a template below it was accepted", () => {
  const reached = { 0: 6, 1: 7, 2: 1 };
  const tree = segmentTree(flatten(table), ({ route: { index }, mounts }) => (mounts.length ? null : reached[index]));
  equal(tree.children.map(({ walked }) => walked), [true, false]);
  equal(tree.children[0].children[0].walked, false);
});

test("the search box finds by path, name, verb and handler, all words together", () => {
  const line = { route: route(0, "/items", { name: "list_items", methods: ["GET"], endpoint: "shop.api:items" }), prefix: "" };
  for (const words of ["/items", "LIST", "get shop.api", ""]) ok(routeFits(line, words), words);
  for (const words of ["post", "list orders"]) ok(!routeFits(line, words), words);
});

test("verdicts of mounted tables are found by the mount chain", () => {
  const below = { winner: 1, outcome: "found", verdicts: [{ index: 0, inner: null }, { index: 1, inner: null }] };
  const explanation = { winner: 0, verdicts: [{ index: 0, inner: below }] };
  equal([...verdictsByKey(explanation).keys()], ["0", "0.0", "0.1"]);
  ok(innermost(explanation) === below);
  equal([...verdictsByKey(null).keys()], []);
});

test("a source is shown by its last two names and its line", () => {
  equal(sourceOf({ file: "/home/me/shop/orders.py", line: 25 }), "shop/orders.py:25");
  equal(sourceOf({ file: "app.py", line: 3 }), "app.py:3");
});
