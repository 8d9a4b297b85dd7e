import { equal, ok, test } from "./harness.js";
import { Latest } from "../../../static/js/core/latest.js";
import { METHODS, readBox, writeBox } from "../../../static/js/core/search-box.js";
import { deadAt, funnelBars } from "../../../static/js/format/funnel.js";
import { routeRows } from "../../../static/js/format/route-rows.js";
import { mayDiffer, rawPath, routerSays } from "../../../static/js/format/router-says.js";
import { flatten, gutters } from "../../../static/js/format/tables.js";
import { errorShare, heatOf, trafficByKey } from "../../../static/js/format/traffic.js";
import { isCatchAll, wallsOf } from "../../../static/js/format/walls.js";

const read = (text) => {
  const { method, path, find } = readBox(text);
  return [method, path, find];
};

test("a path is tested, an address by its path, a verb before either is the method", () => {
  equal(read("/items/42"), [null, "/items/42", ""]);
  equal(read("  /items"), [null, "/items", ""]);
  equal(read("http://127.0.0.1:8000/items/42?x=1#top"), [null, "/items/42", ""]);
  equal(read("https://shop.example"), [null, "/", ""]);
  equal(read("wss://shop.example/live"), ["WEBSOCKET", "/live", ""]);
  equal(read("DELETE /items/1"), ["DELETE", "/items/1", ""]);
  equal(read("post https://shop.example/items"), ["POST", "/items", ""]);
  equal(read("ws /live"), ["WEBSOCKET", "/live", ""]);
});

test("all other words find routes, and so does a template", () => {
  for (const text of ["get_item", "POST", "POST items", "shop/orders.py:25", "/items/{item_id:int}", "{id}"]) equal(read(text), [null, "", text]);
  equal(read("fetch /items"), [null, "", "fetch /items"], "fetch is no method");
  equal(read(""), [null, "", ""]);
});

test("what is tested is what a server hands to the router", () => {
  equal(readBox("/a%20b").path, "/a b");
  ok(readBox("/a%2Fb").note.includes("%2F"), "a slash that comes from %2F is said");
  equal(readBox("/100%").path, "/100%", "what cannot be decoded stays");
  equal(readBox("/items?limit=3&x").query, "limit=3&x");
  equal(readBox("/items?").query, "");
  equal(readBox("/items").query, null);
  equal(readBox("/items").note, null);
});

test("a tested path that is written into the box is read as the same path", () => {
  for (const path of ["/", "/items/42", "/a b", "/a?b", "/a#b", "/100%", "/a%2Fb", "/%25", "/ü/日本", "//x"]) equal(readBox(writeBox({ path })).path, path);
  equal(writeBox({ path: "", find: "get_item" }), "get_item");
  ok(METHODS.includes("WEBSOCKET"));
});

test("of the questions that come while one is answered only the newest is asked", async () => {
  const asked = [];
  const open = [];
  const latest = new Latest((question) => {
    asked.push(question);
    return new Promise((resolve) => open.push(resolve));
  });
  const first = latest.ask("/");
  latest.ask("/a");
  latest.ask("/ab");
  equal(asked, ["/"]);
  open.shift()();
  await Promise.resolve();
  await Promise.resolve();
  equal(asked, ["/", "/ab"]);
  open.shift()();
  await first;
  const again = latest.ask("/abc");
  equal(asked.at(-1), "/abc");
  open.shift()();
  await again;
});

test("the funnel has a bar a character, and knows where the last route was lost", () => {
  const funnel = { path: "/ax", steps: [{ at: 0, viable: 1000 }, { at: 1, viable: 1000 }, { at: 2, viable: 1 }, { at: 3, viable: 0 }] };
  const bars = funnelBars(funnel);
  equal(bars.map(({ at }) => at), [1, 2, 3]);
  equal(bars[0].share, 1);
  ok(bars[1].share > 0.1, "one of a thousand still shows");
  equal(bars[2].share, 0);
  equal(deadAt(funnel), 3);
  equal(deadAt({ path: "", steps: [{ at: 0, viable: 2 }] }), null);
});

const part = (regex) => ({ kind: "parameter", name: "p", regex, start: 0, end: 1 });
const route = (index, path, more = {}) => ({ index, path, kind: "http", methods: ["GET", "HEAD"], implied_head: true, name: `r${index}`, endpoint: "m:f", parts: [], includes: [], table: null, ...more });
const lines = flatten({ routes: [route(0, "/files/{p:path}", { parts: [part(".*")] }), route(1, "/files/a"), route(2, "/office", { kind: "mount", table: { routes: [route(0, "/x")] } }), route(3, "/office/keys"), route(4, "/last")] });
const named = (number, methods = ["GET", "HEAD"]) => ({ number, methods });
const finding = (number, by, more = {}) => ({ kind: "unreachable", exactness: "exact", methods: ["GET"], route: named(number), by: by.map((one) => named(one)), witness: "/files/a", ...more });

test("a route is hidden when every method of it is proven dead, and by whom", () => {
  const { hiddenBy, hides } = wallsOf([finding("2", ["1"]), finding("4", ["3"], { kind: "swallowed", methods: ["*"] })]);
  equal([...hiddenBy.keys()], ["1", "3"]);
  equal([...hiddenBy.get("1").by], ["0"]);
  equal([...hides], [["0", ["1"]], ["2", ["3"]]]);
});

test("a route dead for one method only is not hidden", () => {
  const both = { route: named("2", ["GET", "POST"]) };
  equal(wallsOf([finding("2", ["1"], both)]).hiddenBy.size, 0);
  equal(wallsOf([finding("2", ["1"], both), finding("2", ["3"], { ...both, methods: ["POST"] })]).hiddenBy.size, 1);
});

test("a route that only a line break still reaches is hidden, but not in total", () => {
  const { hiddenBy, hides } = wallsOf([finding("2", ["1"], { kind: "newline_only" }), finding("4", ["3"])]);
  equal([hiddenBy.get("1").isTotal, hiddenBy.get("3").isTotal], [false, true]);
  equal(hides.get("0"), ["1"]);
});

test("what several routes hide together is no wall of one, and what is not proven none at all", () => {
  const { hiddenBy, hides } = wallsOf([finding("5", ["1", "3"])]);
  equal([...hiddenBy.get("4").by], ["0", "2"]);
  equal(hides.size, 0);
  equal(wallsOf([finding("2", ["1"], { exactness: "unknown" }), finding("2", ["1"], { kind: "overlap" })]).hiddenBy.size, 0);
});

test("only mounts and templates that end with the rest of the path are walls", () => {
  equal(lines.map(({ route: one }) => isCatchAll(one)), [true, false, true, false, false, false]);
});

const kinds = (rows) => rows.map((row) => (row.kind === "route" ? row.line.number : row.kind === "fold" ? `${row.first}-${row.last}` : `wall ${row.line.number}`));

test("a wall stands below the route that hides others, a mount's below what is mounted", () => {
  const walls = wallsOf([finding("2", ["1"]), finding("4", ["3"])]);
  equal(kinds(routeRows({ lines, bars: gutters(lines), walls })), ["1", "wall 1", "2", "3", "3.1", "wall 3", "4", "5"]);
});

test("a wall that ends the table is drawn too", () => {
  const walls = wallsOf([finding("2", ["3"])]);
  equal(kinds(routeRows({ lines: lines.slice(0, 4), bars: gutters(lines), walls })), ["1", "2", "3", "3.1", "wall 3"]);
});

test("routes without a verdict fold, but for the selected one", () => {
  const walls = wallsOf([]);
  const verdicts = new Map([["1", {}]]);
  equal(kinds(routeRows({ lines, bars: gutters(lines), walls, verdicts })), ["1-1", "2", "3-5"]);
  equal(kinds(routeRows({ lines, bars: gutters(lines), walls, verdicts, wanted: "3" })), ["1-1", "2", "3-3.1", "4", "5-5"]);
});

test("every request is counted once, also where a mount counts what is inside it", () => {
  const hit = (count, errors = 0) => ({ count, errors, last: 5, p50_ms: 1 });
  const traffic = trafficByKey({ hits: { 0: hit(3), 2: hit(4, 1) }, inner: { 2: { hits: { 0: hit(3, 1) }, inner: {} } } });
  equal(traffic.get("0").count, 3);
  equal(traffic.get("2").count, 1, "what the mount answered itself");
  equal(traffic.get("2").through, 4);
  equal(traffic.get("2.0").errors, 1);
  equal(traffic.get("2").errors, 0);
  equal(trafficByKey(null).size, 0);
});

test("heat and error shares are never rounded to nothing", () => {
  equal(heatOf(0, 9), 0);
  equal(heatOf(9, 9), 1);
  ok(heatOf(1, 10_000) > 0.05);
  equal(errorShare({ count: 1000, errors: 1 }), "<1%");
  equal(errorShare({ count: 3, errors: 2 }), "67%");
  equal(errorShare({ count: 3, errors: 0 }), "");
});

test("an address is tested with its host", () => {
  equal(readBox("https://u:p@shop.example:8443/x").host, "shop.example:8443");
  equal(readBox("/x").host, null);
  equal(readBox("words").host, null);
});

const verdict = { framework: "FastAPI", outcome: "match", route: { number: "2.1" }, said: "it goes to route 2.1", host: null, unseen: null };
const taken = (winner, inner) => ({ outcome: "found", winner, verdicts: [{ index: winner, inner }] });

test("the router's word stands beside the explanation, and a difference is never hidden", () => {
  equal(routerSays(verdict, taken(1, taken(0))).kind, "same");
  equal(routerSays(verdict, taken(1, taken(1))).kind, "other");
  equal(routerSays(verdict, { outcome: "not_found", winner: null }).kind, "other");
  equal(routerSays({ ...verdict, outcome: "websocket_mismatch", route: null }, { outcome: "not_found", winner: null }).kind, "same");
  equal(routerSays({ ...verdict, route: { number: "2" }, unseen: "not known" }, taken(1)), { kind: "unseen", text: "not known" });
  ok(routerSays({ ...verdict, host: "shop.example" }, taken(0)).text.includes("otherwise for shop.example: it goes to route 2.1"));
});

test("the router is asked where another one may decide, also below a mount", () => {
  ok(mayDiffer({ framework: { name: "Django" }, routes: [] }));
  ok(mayDiffer({ routes: [{ kind: "mount", table: null }] }));
  ok(mayDiffer({ routes: [{ kind: "mount", table: { framework: {}, routes: [] } }] }));
  ok(mayDiffer({ routes: [{ kind: "http", condition: "host shop.example" }] }));
  ok(!mayDiffer({ routes: [{ kind: "http" }, { kind: "mount", table: { routes: [] } }] }));
  equal(rawPath("/a b/ü%"), "/a%20b/%C3%BC%25");
});
