import { equal, ok, sample, test } from "./harness.js";
import { drawCourse, liveSteps, nextBack, standAt, stationStates } from "../../../static/js/core/steps.js";
import { nodesOf, stepInWords } from "../../../static/js/format/steps.js";

// a*ab against "aab": two rounds, a refusal, one round given back.
const EVENTS = [
  ["start", "0", 0, 0],
  ["eat", "2", 0, 1, 1],
  ["eat", "2", 1, 2, 2],
  ["refuse", "2", 2, 2, 3],
  ["refuse", "3", 2, 2],
  ["back", "1", 2, 1, 2],
  ["eat", "3", 1, 3],
  ["match", "0", 0, 3],
];
const TREE = {
  id: "0", op: "sequence", text: "a*ab", label: "", children: [
    { id: "1", op: "repeat", text: "a*", label: "any number", children: [{ id: "2", op: "literal", text: "a", label: "a", children: [] }] },
    { id: "3", op: "literal", text: "ab", label: "ab", children: [] },
  ],
};
const said = (event, text = "aab", tree = TREE) => {
  const { code, words } = stepInWords(event, nodesOf(tree), text);
  return code ? `${code} ${words}` : words;
};

test("a step back leaves only what was done before the decision", () => {
  equal(liveSteps(EVENTS, 5).map(({ kind }) => kind), ["start", "eat", "eat", "refuse", "refuse"]);
  equal(liveSteps(EVENTS, 6).map(({ kind }) => kind), ["start", "eat"]);
});

test("at a step it is known what is taken, given back and seen", () => {
  const back = standAt(EVENTS, 6);
  equal([back.position, back.taken, back.given, back.refused, back.seen, back.backs], [1, [{ node: "2", start: 0, end: 1 }], [1, 2], null, 2, 1]);
  equal(standAt(EVENTS, 5).refused, 2);
  equal(standAt(EVENTS, 8).taken.map(({ start, end }) => [start, end]), [[0, 1], [1, 3]]);
});

test("what a look-around read is not taken, and its groups stay", () => {
  const events = [["start", "0", 0, 0], ["look", "1", 0, 0], ["eat", "2", 0, 1], ["capture", "3", 0, 1], ["seen", "1", 1, 0], ["eat", "4", 0, 1]];
  equal(standAt(events, 3).taken.length, 1);
  equal(standAt(events, 5).taken, []);
  equal(standAt(events, 6).taken, [{ node: "4", start: 0, end: 1 }]);
  equal(standAt(events, 6).captures.get("3"), { start: 0, end: 1 });
});

test("a box is lit for what it took and did not give back, and red where it refuses", () => {
  equal(stationStates(EVENTS, 5), { 2: "accepted", 3: "refused" });
  equal(stationStates(EVENTS, 6), { 2: "accepted" });
});

test("the next way back is found from where one stands", () => {
  equal([nextBack(EVENTS, 0), nextBack(EVENTS, 5), nextBack(EVENTS, 6)], [6, 6, null]);
});

test("the course rises with the position and falls where text is given back", () => {
  const { line, falls } = drawCourse(EVENTS, { width: 70, height: 30, length: 3 });
  ok(line.startsWith("M0 30L10 20L20 10"));
  equal(falls, "M40 10L50 20");
});

test("each step is said in words", () => {
  equal(said(EVENTS[0]), "The engine starts at the first character");
  equal(said(EVENTS[2]), "a takes “a” in round 2 of its loop");
  equal(said(EVENTS[4]), "ab refuses “b”");
  equal(said(EVENTS[5]), "a* gives back “a”: the engine goes on without this round");
  equal(said(EVENTS[7]), "Match: “aab”");
  equal(said(["refuse", "3", 1, 2], "aax"), "ab refuses “x” after “a”");
  equal(said(["refuse", "3", 2, 2], "aa"), "ab finds the end of the text");
  equal(said(["left", "0", 2, 2], "aab"), "The pattern is through, but “b” is left over");
});

test("characters that cannot be seen are written out", () => {
  equal(said(["eat", "3", 0, 1], "\u202e"), "ab takes “\\u202e”");
});

test("every kind of step that the server sends has its words", async () => {
  for (const name of ["regex-steps", "regex-any"]) {
    const { steps, tree } = await sample(name);
    for (const event of steps.events) ok(said(event, "/stock/9.txt", tree));
  }
});
