import { equal, ok, test } from "./harness.js";
import { findLine, flatten, gutters, innermost, keyOf, keyOfNumber, routeFits, sourceOf, verdictsByKey } from "../../../static/js/format/tables.js";

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

test("the number people read names the same line as the key", () => {
  for (const line of flatten(table)) equal(keyOfNumber(line.number), keyOf(line));
});

test("neighbours that came in by the same include share a bar with one beginning and one end", () => {
  const at = { file: "app.py", line: 9 };
  const included = (index) => route(index, `/api/${index}`, { includes: [{ prefix: "/api", ...at }] });
  const bars = gutters(flatten({ routes: [route(0, "/"), included(1), included(2), route(3, "/last")] }));
  equal(bars.map((each) => each.length), [0, 1, 1, 0]);
  equal(bars.flat().map(({ begins, ends }) => [begins, ends]), [[true, false], [false, true]]);
  equal(bars[1][0].prefix, "/api");
});

test("routes inside a mount have a bar for it, the mount itself has none", () => {
  const bars = gutters(flatten(table));
  equal(bars.map((each) => each.map(({ kind }) => kind)), [[], [], [], ["mount"], ["mount"]]);
});

test("the search box finds by path, name, verb and handler, all words together", () => {
  const line = { route: route(0, "/items", { name: "list_items", methods: ["GET"], endpoint: "shop.api:items" }), prefix: "" };
  for (const words of ["/items", "LIST", "get shop.api", ""]) ok(routeFits(line, words), words);
  for (const words of ["post", "list orders"]) ok(!routeFits(line, words), words);
  ok(routeFits({ ...line, prefix: "/shop" }, "/shop/items"), "with the prefix of its mount");
});

test("verdicts of mounted tables are found by the mount chain", () => {
  const below = { winner: 1, outcome: "found", verdicts: [{ index: 0, inner: null }, { index: 1, inner: null }] };
  const explanation = { winner: 0, verdicts: [{ index: 0, inner: below }] };
  equal([...verdictsByKey(explanation).keys()], ["0", "0.0", "0.1"]);
  ok(innermost(explanation) === below);
  equal([...verdictsByKey(null).keys()], []);
});

test("a verb finds routes that answer it, not names that contain it", () => {
  const line = { route: route(0, "/items", { name: "get_item", methods: ["POST"] }), prefix: "" };
  ok(!routeFits(line, "GET"));
  ok(routeFits(line, "get_"));
  ok(routeFits({ ...line, route: { ...line.route, methods: ["GET", "HEAD"] } }, "head"), "an implied HEAD counts");
  ok(routeFits({ ...line, route: { ...line.route, kind: "websocket", methods: [] } }, "ws"));
});

test("the winner is found by its index where only some verdicts are there", () => {
  const explanation = { winner: 7, verdicts: [{ index: 3, inner: null }, { index: 7, inner: null }] };
  ok(innermost(explanation) === explanation);
});

test("a source is shown by its last two names and its line", () => {
  equal(sourceOf({ file: "/home/me/shop/orders.py", line: 25 }), "shop/orders.py:25");
  equal(sourceOf({ file: "app.py", line: 3 }), "app.py:3");
});
