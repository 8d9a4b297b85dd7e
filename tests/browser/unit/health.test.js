import { changedWords, groupMoved, isWorthSaying, methodToAsk, movedWords, onOtherLines, outcomeWords, starWord } from "../../../static/js/format/changes.js";
import { countSeverities, fixingEdit, hitOf, isSafeToAsk, kindWords, ownNumbers, pickFindings, seenRoutes, shownWitness, unmatched, witnessMethod } from "../../../static/js/format/health.js";
import { equal, ok, sample, test } from "./harness.js";

const name = (number) => ({ number, kind: "http", path: `/${number}`, methods: ["GET"], name: `r${number}`, file: "a.py", line: 1 });
const finding = (more = {}) => ({ kind: "unreachable", severity: "error", methods: ["GET"], route: name("6"), by: [name("5")], ...more });

test("findings come by severity, in the order of the table within each", () => {
  const found = [finding({ severity: "note", n: 1 }), finding({ n: 2 }), finding({ severity: "warning", n: 3 }), finding({ n: 4 })];
  equal(pickFindings(found).map((one) => one.n), [2, 4, 3, 1]);
  equal(pickFindings(found, "error").map((one) => one.n), [2, 4]);
  equal(countSeverities(found), { error: 2, warning: 1, note: 1 });
});

test("a kind this page does not know is read as it is spelt", () => {
  equal(kindWords("unreachable"), "can never be reached");
  equal(kindWords("brand_new_kind"), "brand new kind");
});

test("the fix of a dead route is a move before the first route that takes its paths", () => {
  equal(fixingEdit(finding()), { op: "move", route: "6", before: "5" });
  equal(fixingEdit(finding({ route: name("14.9"), by: [name("14.7"), name("14.2")] })), { op: "move", route: "14.9", before: "14.2" });
});

test("no move is offered where none helps: a duplicate, another table", () => {
  equal(fixingEdit(finding({ kind: "duplicate" })), null);
  equal(fixingEdit(finding({ by: [name("5.1")] })), null);
  equal(fixingEdit(finding({ by: [] })), null);
});

test("a witness is tried with a method of its finding, any method being GET", () => {
  equal([witnessMethod({ methods: ["PUT"] }), witnessMethod({ methods: ["*"] }), witnessMethod({ methods: ["WEBSOCKET"] })], ["PUT", "GET", "WEBSOCKET"]);
});

test("an attack on a slow pattern is shown, cut, and never put to the router", () => {
  equal(shownWitness(`/${"a".repeat(200)}`).more, 81);
  equal([isSafeToAsk({ kind: "unreachable", witness: "/x" }), isSafeToAsk({ kind: "slow_pattern", witness: "/x" })], [true, false]);
});

test("routes never seen are told apart, those inside mounts by their own hits", () => {
  const route = (index, path, more = {}) => ({ index, path, kind: "http", methods: ["GET"], parts: [], includes: [], table: null, ...more });
  const inner = { routes: [route(0, "/x"), route(1, "/y")] };
  const answer = { table: { routes: [route(0, "/a"), route(1, "/m", { kind: "mount", table: inner })] }, hits: { 1: { count: 2 } }, inner: { 1: { hits: { 0: { count: 2 } }, inner: {} } } };
  const { seen, all, never } = seenRoutes(answer);
  equal([seen, all], [1, 3]);
  equal(never.map((line) => line.number), ["1", "2.2"]);
  equal(hitOf(answer, { mounts: [1], route: { index: 0 } }).count, 2);
});

test("what the router sent away is counted by path, the newest exchange first in hand", () => {
  const row = (id, started, more = {}) => ({ id, started, method: "GET", path: "/x", routing: "not_found", ...more });
  const groups = unmatched([row("a", 1), row("c", 3), row("b", 2), row("d", 4, { method: "PUT", routing: "method_not_allowed" }), row("e", 5, { routing: "matched" })]);
  equal(groups.map(({ method, count, id }) => [method, count, id]), [["GET", 3, "c"], ["PUT", 1, "d"]]);
});

test("the inspector's own numbers are those of the recorder, or none at all", async () => {
  const { stats } = await sample("app");
  const lines = ownNumbers({ ...stats, listener_errors: 2 });
  ok(lines.every(({ value }) => Number.isInteger(value)), "every value");
  equal(lines.filter(({ bad }) => bad).map(({ label }) => label), ["listener errors"]);
  equal(ownNumbers({ dropped: 0, recorder_us_p50: null }), []);
});

const reload = (more = {}) => {
  const lists = { added: [], removed: [], moved: [], changed: [], ...more };
  const totals = Object.fromEntries(["added", "removed", "moved", "changed"].map((key) => [key, lists[key].length]));
  return { redirect_slashes: null, totals, ...lists };
};

test("a reload is told in one line; a route on another line of its file is no change", () => {
  const source = { old: name("1"), new: name("1"), what: ["source"] };
  const path = { old: name("1"), new: name("1"), what: ["path", "source"] };
  equal(changedWords(reload({ added: [name("1")], moved: [1, 2] })), "1 added, 2 moved");
  equal(changedWords(reload({ changed: [path, source] })), "1 changed");
  equal(changedWords({ ...reload(), redirect_slashes: false }), "slash redirects off");
  equal([changedWords(reload({ changed: [source] })), onOtherLines(reload({ changed: [source] }))], ["no route changed", 1]);
  equal([isWorthSaying(reload({ changed: [source] })), isWorthSaying(reload({ changed: [path] }))], [false, true]);
});

test("requests that go elsewhere are counted in words", () => {
  equal([movedWords(0), movedWords(1), movedWords(3)], ["no recorded request goes elsewhere", "1 recorded request now goes elsewhere", "3 recorded requests now go elsewhere"]);
});

test("an answer without a route is named by what the client gets", () => {
  equal(outcomeWords({ outcome: "method_not_allowed", allow: ["GET", "HEAD"] }), "405, allowed: GET, HEAD");
  equal(outcomeWords({ outcome: "redirect", location: "/books/" }), "redirect to /books/");
  equal([outcomeWords({ answer: "not_found" }), outcomeWords({ answer: "method_not_allowed" })], ["404, no route", "405, other methods only"]);
});

test("a star of a region is asked about with a method that no route there has", () => {
  const refused = { answer: "method_not_allowed", allow: ["GET", "HEAD"] };
  const nobody = { answer: "not_found", allow: [] };
  const region = (old, after) => ({ methods: ["*"], old, new: after });
  equal([methodToAsk(region(refused, nobody)), starWord(region(refused, nobody))], ["POST", "other"]);
  equal([methodToAsk(region(nobody, nobody)), starWord(region(nobody, nobody))], ["GET", "any"]);
  equal(methodToAsk({ methods: ["PUT"], old: nobody, new: nobody }), "PUT");
});

test("equal moves of equal requests are one line with the newest of them", () => {
  const one = (id, started, more = {}) => ({ id, started, method: "GET", path: "/x", old: { outcome: "found", route: name("1") }, new: { outcome: "found", route: name("2") }, ...more });
  const groups = groupMoved([one("a", 1), one("b", 3), one("c", 2, { new: { outcome: "not_found", route: null } })]);
  equal(groups.map(({ id, count }) => [id, count]), [["b", 2], ["c", 1]]);
});
