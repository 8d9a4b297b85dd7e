import { byteSize, plural } from "../../../static/js/format/bytes.js";
import { fromHex, hexDump } from "../../../static/js/format/hex.js";
import { jsonPieces, prettyJson } from "../../../static/js/format/json.js";
import { foldOf, foldText, ladder, methodsOf, numberAbove, reasonOf } from "../../../static/js/format/ladder.js";
import { segments, templatePieces, tintOf, visible } from "../../../static/js/format/segments.js";
import { failedBeside, statusOf } from "../../../static/js/format/status.js";
import { ago, duration } from "../../../static/js/format/time.js";
import { equal, ok, sample, test } from "./harness.js";

test("durations have three digits and the right unit", () => {
  const cases = [[0, "0 ms"], [0.0004, "<1 µs"], [0.0042, "4.2 µs"], [0.05, "50 µs"], [0.42, "0.42 ms"], [12.34, "12.3 ms"], [310, "310 ms"], [4021.7, "4.02 s"], [30_000, "30.0 s"], [125_000, "2 min 5 s"], [null, "–"]];
  for (const [ms, text] of cases) equal(duration(ms), text);
});

test("sizes and counts are read by people", () => {
  equal([0, 812, 12_700, 3_250_000].map(byteSize), ["0 B", "812 B", "12 kB", "3.1 MB"]);
  equal([plural(1, "frame"), plural(1204, "exchange")], ["1 frame", "1,204 exchanges"]);
  equal(ago(0, 90_000), "1 min ago");
});

test("a hex dump has offset, sixteen bytes and their text", () => {
  const [first, second] = hexDump(fromHex("00".repeat(15) + "41" + "7a"));
  equal([first.offset, first.text, second.offset, second.text], ["00000000", "···············A", "00000010", "z"]);
});

test("invisible and turning characters are written out", () => {
  equal(visible("a\u202eb\u0000c\x1b[31m"), "a\\u202eb\\x00c\\x1b[31m");
  equal(visible("a\u3164b\u034fc\uffa0"), "a\\u3164b\\u034fc\\uffa0");
  equal(visible("ünï → 日本"), "ünï → 日本");
});

test("a path is cut at its parameters, counted in characters as python counts", () => {
  const pieces = segments({ text: "/🎈/42", parameters: [{ name: "id", start: 3, end: 5 }] });
  equal(pieces.map((one) => [one.text, one.parameter]), [["/🎈/", null], ["42", "id"]]);
});

test("what was accepted of a refused part stays accepted", () => {
  const pieces = segments({ text: "/admin", reached: 2, refused: [0, 6] });
  equal(pieces.map((one) => [one.text, one.accepted, one.refused]), [["/a", true, false], ["dmin", false, true]]);
});

test("the pieces of a text are the text again, whatever the spans", async () => {
  for (const name of ["found", "not_found", "mount", "redirect", "shadowed"]) {
    const { verdicts, path } = await sample(`explanation-${name}`);
    for (const verdict of verdicts) {
      const pieces = segments({ text: path, parameters: verdict.parameters, reached: verdict.reached, refused: [verdict.reached, path.length] });
      equal(pieces.map((one) => one.text).join(""), path);
    }
  }
});

test("templates are cut at their braces", () => {
  const pieces = templatePieces("/c/{isbn}@{scale:int}x");
  equal(pieces.map((one) => one.text ?? `${one.name}|${one.after}`), ["/c/", "isbn|", "@", "scale|:int", "x"]);
  equal([tintOf("isbn", pieces[1].names), tintOf("scale", pieces[1].names)], [1, 2]);
});

test("json is coloured without being changed", () => {
  const text = '{"a": [1, -2.5e3, true, null, "b\\"c: 1"], "d" : "x"}';
  const pieces = jsonPieces(text);
  equal(pieces.map((one) => one.text).join(""), text);
  equal(pieces.filter((one) => one.kind).map((one) => one.kind), ["key", "number", "number", "word", "word", "string", "key", "string"]);
});

test("numbers that javascript would round are left as they came", () => {
  equal(prettyJson("[12345678901234567890]"), "[12345678901234567890]");
  equal(prettyJson("{"), null);
  equal(prettyJson("[1]"), "[\n  1\n]");
  const wide = `${"[".repeat(900)}${"1,".repeat(5_000)}1${"]".repeat(900)}`;
  equal(prettyJson(wide), wide);
});

test("a status is always a word, also without one", () => {
  const row = (status, state, kind = "http") => statusOf({ status, state, kind });
  equal([row(404, "complete").text, row(null, "error").kind, row(null, "cancelled").text, row(101, "complete", "websocket").kind], ["404", "5", "cancel", "ws"]);
});

test("a failure behind a good status is told, one that the status tells is not told twice", () => {
  const row = (status, state) => failedBeside({ status, state });
  equal([row(201, "error"), row(101, "error"), row(500, "error"), row(null, "error"), row(404, "complete")], [true, true, false, false, false]);
});

test("the ladder keeps the order of trial and shows every route once", async () => {
  const { table } = await sample("routes");
  for (const name of ["found", "not_found", "method_not_allowed", "redirect", "shadowed", "mount", "mount_not_found", "websocket_not_found"]) {
    const explanation = await sample(`explanation-${name}`);
    const numbers = ladder(explanation, table).flatMap((line) => (line.fold ? line.rungs : [line])).map((one) => one.number);
    equal(numbers, explanation.verdicts.map((one) => String(one.index + 1)));
  }
});

test("what matched, what would match too and the nearest miss are never folded", async () => {
  for (const name of ["found", "not_found", "shadowed", "mount"]) {
    const explanation = await sample(`explanation-${name}`);
    for (const verdict of explanation.verdicts) {
      const important = verdict.outcome !== "refused" || (explanation.outcome === "not_found" && verdict.reached > 1 && verdict.reached === explanation.reached);
      if (important) equal([name, verdict.index, foldOf(verdict, explanation)], [name, verdict.index, null]);
    }
  }
});

test("a fold says how many routes failed, where, and which speak another protocol", () => {
  const rungs = (...reached) => reached.map((one) => ({ verdict: { reached: one } }));
  const http = { protocol: "http", winner: 5 };
  equal(foldText(["early", "early"], rungs(1, 1), http), "2 routes failed at the first character");
  equal(foldText(["early", "protocol", "early"], rungs(1, 1, 3), http), "2 routes failed in the first segment, 1 takes only WebSocket");
  equal(foldText(["protocol", "protocol"], rungs(0, 0), { protocol: "websocket", winner: null }), "2 routes take only HTTP");
  equal(foldText(["unexamined", "unexamined"], rungs(4, 4), http), "2 routes not examined: route 6 had taken it");
});

test("what was not tried is never said to have failed", () => {
  const explanation = { outcome: "found", path: "/users/7", winner: 0, protocol: "http" };
  const refused = (more) => ({ outcome: "refused", inner: null, reached: 1, path_matches: false, reasons: [{ kind: "literal" }], ...more });
  equal(foldOf(refused({ examined: true }), explanation), "early");
  equal(foldOf(refused({ examined: false }), explanation), "unexamined");
  equal(foldOf(refused({ examined: false, reasons: [{ kind: "protocol" }] }), explanation), "unexamined");
});

test("inside a mount the ladder has the numbers of the route table", async () => {
  const { table } = await sample("routes");
  const explanation = await sample("explanation-mount");
  const { index, inner } = explanation.verdicts.find((one) => one.inner);
  const numbers = ladder(inner, table.routes[index].table, [index]).flatMap((line) => (line.fold ? line.rungs : [line])).map((one) => one.number);
  equal(numbers, inner.verdicts.map((one) => `${index + 1}.${one.index + 1}`));
  equal(reasonOf({ outcome: "shadowed", shadowed_by: 1, reasons: [] }, numberAbove([index])).text, `would match too: shadowed by ${index + 1}.2`);
});

test("a shadowed rung names the route that took it, counted from one", () => {
  equal(reasonOf({ outcome: "shadowed", shadowed_by: 5, reasons: [] }).text, "would match too: shadowed by 6");
});

test("an implied HEAD is not printed, a socket and a mount have their own word", () => {
  equal(methodsOf({ kind: "http", methods: ["GET", "HEAD"], implied_head: true }), ["GET"]);
  equal([methodsOf({ kind: "websocket", methods: [] }), methodsOf({ kind: "mount", methods: [] })], [["WS"], ["MOUNT"]]);
  ok(methodsOf(null));
});
