import { equal, ok, test } from "./harness.js";
import { layoutRailroad, timesInWords } from "../../../static/js/core/railroad.js";

const leaf = (id, label, op = "literal") => ({ id, op, label, text: label, children: [] });
const node = (op, children, more = {}) => ({ id: 99, op, label: "", text: "", name: null, min: null, max: null, greedy: true, children, ...more });
const boxes = (tree) => layoutRailroad(tree).shapes.filter(({ type }) => type === "box");

test("a sequence stands from left to right on one rail", () => {
  const [first, second] = boxes(node("sequence", [leaf(1, "/a/"), leaf(2, "0-9", "class")]));
  ok(first.x + first.width < second.x);
  equal(first.y, second.y);
  equal([first.id, second.id], [1, 2]);
});

test("alternatives hang below each other in the order in which they are tried, and never overlap", () => {
  const found = boxes(node("choice", [leaf(1, "a"), leaf(2, "b"), leaf(3, "c")]));
  equal(found.map(({ id }) => id), [1, 2, 3]);
  for (let at = 1; at < found.length; at++) ok(found[at].y >= found[at - 1].y + found[at - 1].height);
});

test("a named group is framed around all that it holds", () => {
  const { shapes } = layoutRailroad(node("group", [leaf(1, "0-9", "class")], { name: "item_id" }));
  const frame = shapes.find(({ type }) => type === "frame");
  const box = shapes.find(({ type }) => type === "box");
  equal(frame.label, "item_id");
  ok(frame.x <= box.x && frame.x + frame.width >= box.x + box.width);
  ok(frame.y <= box.y && frame.y + frame.height >= box.y + box.height);
});

test("a group without a name adds nothing", () => {
  equal(layoutRailroad(node("group", [leaf(1, "a")])).shapes.some(({ type }) => type === "frame"), false);
});

test("every shape lies inside the drawing", () => {
  const tree = node("sequence", [
    leaf(1, "/x/"),
    node("repeat", [node("choice", [leaf(2, "a"), node("repeat", [leaf(3, "0-9", "class")], { min: 0, max: null })])], { min: 0, max: 3 }),
    node("group", [node("repeat", [leaf(4, "any", "any")], { min: 0, max: null, greedy: false })], { name: "rest" }),
  ]);
  const { width, height, shapes } = layoutRailroad(tree);
  for (const { type, x, y, width: w = 0, height: h = 0 } of shapes) {
    if (type === "rail") continue;
    ok(x >= 0 && y >= 0 && x + w <= width && y + h <= height, `${type} at ${x},${y}`);
  }
});

test("how often is said in words", () => {
  equal(timesInWords({ min: 1, max: null, greedy: true }), "any more");
  equal(timesInWords({ min: 3, max: null, greedy: true }), "at least 3");
  equal(timesInWords({ min: 4, max: 4, greedy: true }), "exactly 4");
  equal(timesInWords({ min: 2, max: 5, greedy: true }), "2 to 5");
  equal(timesInWords({ min: 0, max: 1, greedy: true }), "");
  equal(timesInWords({ min: 0, max: null, greedy: false }), "any more, as few as possible");
});

test("a node of a kind nobody knows is an error that names it", () => {
  let message = "";
  try {
    layoutRailroad({ op: "mystery", children: [] });
  } catch (error) {
    message = error.message;
  }
  ok(message.includes("mystery"));
});

test("a look-ahead is a frame around what it looks for", () => {
  const tree = node("other", [leaf(1, "admin")], { id: 5, label: "negative look-ahead" });
  const { shapes } = layoutRailroad(tree);
  const frame = shapes.find(({ type }) => type === "frame");
  equal([frame.label, frame.kind], ["negative look-ahead", "other"]);
  equal(shapes.filter(({ type }) => type === "box").map(({ label }) => label), ["admin"]);
});

test("every part without a box of its own has an area that covers its boxes", () => {
  const { shapes } = layoutRailroad(node("repeat", [leaf(1, "a"), leaf(2, "b")], { id: 7, min: 0, max: null }));
  const area = shapes.find(({ type, id }) => type === "area" && id === 7);
  for (const box of shapes.filter(({ type }) => type === "box")) {
    ok(box.x >= area.x && box.x + box.width <= area.x + area.width && box.y >= area.y && box.y + box.height <= area.y + area.height);
  }
});
