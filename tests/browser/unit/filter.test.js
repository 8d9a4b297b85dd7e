import { hasTerm, parseFilter, withTerms } from "../../../static/js/core/filter.js";
import { equal, ok, sample, test } from "./harness.js";

const ROW = {
  id: "a1", kind: "http", method: "GET", path: "/users/42", query: "page=2", status: 404, state: "complete",
  routing: "matched", route: { index: 2, path: "/users/{id:int}", name: "get_user" }, params: [["id", "42", 7, 9]],
  duration_ms: 120, response_bytes: 20_000, content_type: "application/json", error: null, replay_of: null,
  worker: 7, redacted: false,
};
const passes = (text, change = {}) => parseFilter(text).test({ ...ROW, ...change });

test("an empty filter passes every row", () => {
  const filter = parseFilter("  ");
  ok(filter.isEmpty && filter.test(ROW));
});

test("terms are joined with and", () => {
  ok(passes("status:4xx method:GET"));
  ok(!passes("status:4xx method:POST"));
});

test("values with a comma are joined with or", () => {
  ok(passes("status:2xx,4xx"));
  ok(passes("method:put,get"));
  ok(!passes("status:2xx,5xx"));
});

test("a minus turns a term round", () => {
  ok(!passes("-status:404"));
  ok(passes("-is:static"));
  ok(!passes("-is:static", { path: "/app.css" }));
});

test("status takes a number, a class, a range, a comparison and none", () => {
  ok(passes("status:404") && passes("status:400-450") && passes("status>=400") && !passes("status>404"));
  ok(passes("status:none", { status: null }) && !passes("status>=400", { status: null }));
});

test("durations know their units and default to milliseconds", () => {
  ok(passes("dur>100") && passes("dur>100ms") && passes("dur<0.5s") && !passes("dur>1s") && passes("dur>50000us"));
  ok(!passes("dur>1", { duration_ms: null }));
});

test("sizes know their units", () => {
  ok(passes("size>10kb") && !passes("size>1mb"));
});

test("route is found by name, by pattern, by number, and none means no route", () => {
  ok(passes("route:get_user") && passes("route:{id:int}") && passes("route:3") && passes("route:#3") && !passes("route:4"));
  ok(passes("route:none", { route: null }) && !passes("route:get_user", { route: null }));
});

test("param asks for a name, or for a name and its raw text", () => {
  ok(passes("param:id") && passes("param:id=42") && !passes("param:id=43") && !passes("param:slug"));
});

test("bare words look into path, query, route and error", () => {
  ok(passes("users") && passes("page=2") && passes("get_u") && passes("valueerror", { error: "ValueError: x" }) && !passes("books"));
});

test("quotes keep spaces and colons together", () => {
  ok(passes('"/users/4"') && passes('path:"/users/42"') && !passes('"users 42"'));
});

test("is:unmatched means the router's 404 and 405, not a handler's", () => {
  ok(!passes("is:unmatched"));
  ok(passes("is:unmatched", { routing: "not_found" }) && passes("is:unmatched", { routing: "method_not_allowed" }));
});

test("an unknown key is a problem with its place and a way out", () => {
  const { problems } = parseFilter("status:4xx methd:POST");
  equal(problems.length, 1);
  equal([problems[0].start, problems[0].end], [11, 21]);
  ok(problems[0].message.includes("methd") && problems[0].message.includes("method"));
});

test("a term with a problem does not empty the list", () => {
  ok(parseFilter("status:4xx dur>fast").test(ROW));
});

test("every problem says what would be right", () => {
  const texts = ["status:9xx", "dur>fast", "size>big", "is:nice", "path>3", "method:"];
  for (const text of texts) equal([text, parseFilter(text).problems.length], [text, 1]);
  ok(parseFilter("status:9xx").problems[0].message.includes("404"));
  ok(parseFilter("is:nice").problems[0].message.includes("replay"));
});

test("terms can be added and dropped without touching the others", () => {
  equal(withTerms("status:4xx users", { drop: (one) => one.startsWith("status:"), add: ["is:ws"] }), "users is:ws");
  ok(hasTerm("a status:4xx", "status:4xx") && !hasTerm("a status:4xx", "status:5xx"));
});

test("every row of the contract can be asked every question", async () => {
  const { rows } = await sample("rows");
  const filter = parseFilter("status:200 is:error is:redirect is:static param:x=1 route:none dur>1 size>1 type:json error:x worker:1 id:0 state:complete query:a nonsense");
  equal(filter.problems, []);
  for (const row of rows) filter.test(row);
});

test("the cases that the Python twin is held to", async () => {
  const { rows, cases } = await (await fetch("/tests/cases/filter.json")).json();
  ok(cases.length > 100);
  for (const { filter, passes, mistakes } of cases) {
    const parsed = parseFilter(filter);
    equal([filter, rows.filter(parsed.test).map((row) => row.id)], [filter, passes]);
    equal([filter, parsed.problems.map(({ start, end, message }) => [start, end, message])], [filter, mistakes]);
  }
});
