import { addRoute, altered, changeRoute, draftLines, draftOf, editsOf, formatEdits, moveBefore, moveBy, parseEdits, toggleRemoved } from "../../../static/js/core/whatif.js";
import { editWords, shellWord, unaskedWords, whatifCommand } from "../../../static/js/format/edits.js";
import { equal, ok, test } from "./harness.js";

const route = (index, path, more = {}) => ({ index, path, kind: "http", methods: ["GET", "HEAD"], implied_head: true, name: `r${index}`, endpoint: "m:f", parts: [], includes: [], table: null, ...more });
const paths = (count) => Array.from({ length: count }, (_, index) => route(index, `/${"abcdef"[index]}`));
const tableOf = (routes) => ({ fingerprint: "t", redirect_slashes: true, routes });
const TABLE = tableOf([...paths(4), route(4, "/admin", { kind: "mount", table: tableOf(paths(3)) })]);
const drawn = (edits, table = TABLE) => draftLines(draftOf(table, edits)).map((line) => line.id);

function permutations(items) {
  if (items.length < 2) return [items];
  return items.flatMap((one, at) => permutations(items.toSpliced(at, 1)).map((rest) => [one, ...rest]));
}

/** The longest ascending run that lies scattered in a short list, by trying them all. */
function longestRun(values) {
  let longest = 0;
  for (let mask = 0; mask < 1 << values.length; mask++) {
    const kept = values.filter((_, at) => mask & (1 << at));
    if (kept.every((value, at) => at === 0 || kept[at - 1] < value)) longest = Math.max(longest, kept.length);
  }
  return longest;
}

test("every order of five routes is reached by as few moves as there can be", () => {
  const table = tableOf(paths(5));
  for (const wanted of permutations(["1", "2", "3", "4", "5"])) {
    const draft = draftOf(table, []);
    draft.levels.set("", [...wanted]);
    const edits = editsOf(draft);
    equal(drawn(edits, table), wanted);
    equal(edits.length, 5 - longestRun(wanted.map(Number)));
  }
});

test("moving a route away and back leaves no edit", () => {
  const away = altered(TABLE, [], (draft) => moveBefore(draft, "4", "1"));
  equal(away, [{ op: "move", route: "4", before: "1" }]);
  equal(altered(TABLE, away, (draft) => moveBefore(draft, "4", "5")), []);
});

test("a step moves a route by one place and stops at the ends of its table", () => {
  equal(drawn(altered(TABLE, [], (draft) => moveBy(draft, "2", 1))).slice(0, 4), ["1", "3", "2", "4"]);
  equal(drawn(altered(TABLE, [], (draft) => moveBy(draft, "2", -1))).slice(0, 4), ["2", "1", "3", "4"]);
  equal(altered(TABLE, [], (draft) => moveBy(draft, "1", -1)), []);
  equal(altered(TABLE, [], (draft) => moveBy(draft, "5.3", 1)), []);
});

test("of two ways to the same order the one that was gone by hand is kept", () => {
  equal(altered(TABLE, [], (draft) => moveBy(draft, "1", 1)), [{ op: "move", route: "1", before: "3" }]);
  equal(altered(TABLE, [], (draft) => moveBy(draft, "2", -1)), [{ op: "move", route: "2", before: "1" }]);
});

test("a step passes over routes that are taken out", () => {
  const edits = altered(TABLE, [{ op: "remove", route: "2" }], (draft) => moveBy(draft, "1", 1));
  equal(edits, [{ op: "move", route: "1", before: "4" }, { op: "remove", route: "2" }]);
});

test("a route inside a mount moves among its own only", () => {
  equal(altered(TABLE, [], (draft) => moveBefore(draft, "5.1", "2")), []);
  equal(drawn(altered(TABLE, [], (draft) => moveBefore(draft, "5.3", "5.1"))).slice(-3), ["5.3", "5.1", "5.2"]);
});

test("a pattern and methods changed back leave no edit, implied HEAD or not", () => {
  const edits = altered(TABLE, [], (draft) => changeRoute(draft, "1", { path: "/x", methods: ["POST"] }));
  equal(edits, [{ op: "pattern", route: "1", path: "/x" }, { op: "methods", route: "1", methods: ["POST"] }]);
  equal(altered(TABLE, edits, (draft) => changeRoute(draft, "1", { path: "/a", methods: ["GET"] })), []);
});

test("added routes stand where they were added, in the order they were added", () => {
  const first = altered(TABLE, [], (draft) => addRoute(draft, { path: "/n1", methods: ["GET"], before: "2" }));
  const both = altered(TABLE, first, (draft) => addRoute(draft, { path: "/n2", methods: ["GET"], before: "2" }));
  equal(draftLines(draftOf(TABLE, both)).slice(0, 4).map((line) => line.path), ["/a", "/n1", "/n2", "/b"]);
  const last = altered(TABLE, both, (draft) => addRoute(draft, { path: "/end", methods: ["GET"], before: null }));
  equal(draftLines(draftOf(TABLE, last)).at(-1).path, "/end");
  equal(altered(TABLE, last, (draft) => ["+3", "+2", "+1"].forEach((id) => toggleRemoved(draft, id))), []);
});

test("what is taken out is drawn as such, and put back without a trace", () => {
  const edits = altered(TABLE, [], (draft) => toggleRemoved(draft, "3"));
  equal(edits, [{ op: "remove", route: "3" }]);
  equal(draftLines(draftOf(TABLE, edits)).filter((line) => line.removed).map((line) => line.number), ["3"]);
  equal(altered(TABLE, edits, (draft) => toggleRemoved(draft, "3")), []);
});

test("with a mount go the edits inside it", () => {
  const edits = altered(TABLE, [{ op: "pattern", route: "5.1", path: "/x" }, { op: "move", route: "5.3", before: "5.1" }], (draft) => toggleRemoved(draft, "5"));
  equal(edits, [{ op: "remove", route: "5" }]);
});

test("edits that fit nothing are kept, so that the server can say what is wrong", () => {
  const strange = [{ op: "move", route: "9", before: "1" }, { op: "paint", route: "1" }];
  equal(altered(TABLE, strange, (draft) => moveBefore(draft, "2", "1")), [...strange, { op: "move", route: "2", before: "1" }]);
});

test("the address holds edits as JSON, and what is none is no edit", () => {
  const edits = [{ op: "redirect_slashes", value: false }];
  equal(parseEdits(formatEdits(edits)), edits);
  equal([parseEdits("{"), parseEdits("7"), parseEdits("[1]"), parseEdits(null), formatEdits([])], [[], [], [], [], null]);
});

test("edits read as sentences", () => {
  const pathOf = (number) => ({ 1: "/a", 2: "/b" })[number];
  const words = (edit) => editWords(edit, pathOf);
  equal(words({ op: "move", route: "2", before: "1" }), "move 2 /b before 1 /a");
  equal(words({ op: "move", route: "1", before: null }), "move 1 /a to the end");
  equal(words({ op: "pattern", route: "1", path: "/x" }), "1 /a becomes /x");
  equal(words({ op: "methods", route: "1", methods: ["PUT"] }), "1 /a takes PUT");
  equal(words({ op: "add", path: "/n", methods: ["GET"], before: null }), "add GET /n at the end");
  equal(words({ op: "remove", route: "2" }), "take out 2 /b");
  equal(words({ op: "redirect_slashes", value: false }), "no redirect of the slash at the end");
});

test("the command survives a shell", () => {
  equal(shellWord("shop.app:app"), "shop.app:app");
  equal(shellWord("it's"), `'it'\\''s'`);
  const command = whatifCommand("shop:app", [{ op: "pattern", route: "1", path: "/it's" }]);
  ok(command.startsWith("inspector whatif shop:app --edit '[{"), command);
  ok(command.includes(`'\\''`), command);
});

test("requests that could not be asked again are counted with their reason", () => {
  equal(unaskedWords({}), "");
  equal(unaskedWords({ redacted_path: 2, not_routed: 0 }), "2 could not be asked again: their path was redacted");
});
