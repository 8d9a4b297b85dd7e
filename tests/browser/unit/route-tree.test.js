import { equal, ok, test } from "./harness.js";
import { flatten } from "../../../static/js/format/tables.js";
import { flowOf, growTree, litOnward, nextOf, templateSegments, treeRows, walkOf } from "../../../static/js/format/route-tree.js";

const route = (index, path, more = {}) => ({ index, path, kind: "http", methods: ["GET"], implied_head: false, name: `r${index}`, endpoint: "m:f", parts: [], includes: [], table: null, ...more });
const inner = { routes: [route(0, "/"), route(1, "/reports/{year:int}")] };
const lines = flatten({ routes: [route(0, "/items"), route(1, "/items/{item_id:int}"), route(2, "/admin", { kind: "mount", table: inner }), route(3, "/items/new")] });
const tree = growTree(lines);
const node = (key) => tree.leaves.get(key);
const verdict = (outcome, template_reached) => ({ outcome, template_reached });
const traffic = (count, more = {}) => ({ count, errors: 0, last: 1000, p50: 2, ...more });

test("a template is cut at slashes, never inside braces", () => {
  equal(templateSegments("/items/{item_id:int}"), ["/items", "/{item_id:int}"]);
  equal(templateSegments("/a/{x}-{y}.{z}/"), ["/a", "/{x}-{y}.{z}", "/"]);
  equal(templateSegments("/"), ["/"]);
});

test("routes with a common beginning share branches of the tree", () => {
  equal(tree.root.children.map(({ label }) => label), ["/items", "/admin"]);
  equal(tree.root.children[0].children.map(({ label }) => label), ["/{item_id:int}", "/new"]);
  equal(tree.root.children[1].lines.map(({ number }) => number), ["3", "3.1"]);
});

test("what flowed through a branch is what flowed through all below it", () => {
  const flow = flowOf(tree, new Map([["0", traffic(2)], ["1", traffic(5, { errors: 1, last: 3000 })], ["2.1", traffic(1)]]));
  equal(flow.of.get(tree.root).count, 8);
  equal(flow.of.get(node("0")).count, 7);
  equal(flow.of.get(node("0")).errors, 1);
  equal(flow.of.get(node("0")).last, 3000);
  equal(flow.of.get(node("0")).p50, null, "a median of sums is not known");
  equal(flow.of.get(node("1")).p50, 2);
});

test("a line between siblings is as thick as what flows on to those after it", () => {
  const flow = flowOf(tree, new Map([["0", traffic(2)], ["1", traffic(5)], ["2.1", traffic(1)]]));
  equal(flow.onward.get(node("0")), 8);
  equal(flow.onward.get(node("2")), 1);
  equal(flow.onward.get(node("3")), 0);
});

test("the branch walked leads to the winner; others are lit as far as they fit", () => {
  const walk = walkOf(tree, new Map([["0", verdict("refused", 6)], ["1", verdict("refused", 7)], ["3", verdict("matched", 10)]]));
  equal(walk.of.get(node("0")), "won");
  equal(walk.of.get(node("3")), "won");
  equal(walk.of.get(node("1")), undefined);
  equal(walk.of.get(node("2")), undefined);
});

test("a route inside a mount is walked by the whole path", () => {
  const walk = walkOf(tree, new Map([["2", verdict("matched", 6)], ["2.1", verdict("refused", 9)]]));
  equal(walk.of.get(node("2")), "won");
  equal(walk.of.get(node("2.1").parent), "reached");
  equal(walk.of.get(node("2.1")), undefined);
});

test("the line down a level is lit as far as the last sibling that was walked", () => {
  const walk = walkOf(tree, new Map([["3", verdict("shadowed", 10)], ["1", verdict("matched", 20)]]));
  equal(litOnward(walk, node("0"), 0), "won");
  equal(litOnward(walk, node("0"), 1), "also");
  equal(litOnward(walk, node("0"), 2), null);
  equal(litOnward(walk, node("1"), 0), null);
});

test("rows below a closed node are left out, and lines pass where siblings follow", () => {
  const all = treeRows(tree, () => true);
  equal(all.map(({ node: { label } }) => label), ["/items", "/{item_id:int}", "/new", "/admin", "/reports", "/{year:int}"]);
  ok(all[1].guides[0] === node("2"), "the line to /admin passes the rows below /items");
  equal(all[4].guides[0], null, "none passes below the last");
  equal(treeRows(tree, (one) => one !== node("0")).map(({ node: { label } }) => label), ["/items", "/admin", "/reports", "/{year:int}"]);
  ok(nextOf(node("1")) === node("3"));
  equal(nextOf(node("3")), null);
});

test("a tree of ten thousand branches is grown without looking through them", () => {
  const many = flatten({ routes: Array.from({ length: 10_000 }, (_, index) => route(index, `/r${index}/x`)) });
  equal(growTree(many).root.children.length, 10_000);
});
