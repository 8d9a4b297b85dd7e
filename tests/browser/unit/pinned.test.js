import { equal, ok, test } from "./harness.js";
import { Pinned } from "../../../static/js/core/pinned.js";
import { pinnedBadge, pinnedWords } from "../../../static/js/format/pinned.js";

const result = (id, verdict) => ({ id, verdict, rules: [], proposed_rules: [] });

/** A store of these rows, and an API that counts how often it is asked. */
function make(rows, answers = []) {
  const asked = [];
  const store = { app: { status: [], journal: { pinned: 0 } }, connection: "open", rows, newest: () => store.rows };
  const api = {
    pinned: async () => {
      asked.push("pinned");
      return answers.shift() ?? { generation: 0, running: false, results: [] };
    },
    keepRules: async ({ id, rules }) => ({ ...result(id, "same"), rules }),
  };
  return { pinned: new Pinned({ api, store }), store, asked };
}

test("nothing is asked while nothing is pinned", async () => {
  const { pinned, asked } = make([{ id: "a", pinned: false, replay_of: null, state: "complete" }]);
  await pinned.look();
  await pinned.look();
  equal(asked, []);
});

test("a pin, a finished replay and another process are each a reason to ask, once", async () => {
  const row = { id: "a", pinned: true, replay_of: null, state: "complete" };
  const { pinned, store, asked } = make([row]);
  await pinned.look();
  await pinned.look();
  equal(asked.length, 1);
  store.rows = [row, { id: "b", pinned: false, replay_of: "a", state: "pending" }];
  await pinned.look();
  equal(asked.length, 1);
  store.rows[1].state = "complete";
  await pinned.look();
  equal(asked.length, 2);
  store.app.status = [{ worker: { pid: 7, generation: 1 }, state: "running", table: "t" }];
  await pinned.look();
  equal(asked.length, 3);
});

test("it is asked again and again while a round runs", async () => {
  const running = { generation: 1, running: true, results: [result("a", "waiting")] };
  const { pinned, asked } = make([{ id: "a", pinned: true, replay_of: null, state: "complete" }], [running, running]);
  for (let look = 0; look < 5; look++) await pinned.look();
  equal(asked.length, 3);
});

test("rules that are kept give their result at once and tell whoever listens", async () => {
  const { pinned } = make([{ id: "a", pinned: true, replay_of: null, state: "complete" }], [{ generation: 1, running: false, results: [result("a", "changed")] }]);
  await pinned.look();
  equal(pinned.counts.changed, 1);
  let told = 0;
  pinned.subscribe(() => told++);
  await pinned.keepRules("a", ["body:$.at"]);
  equal([told, pinned.counts.same, pinned.value.results[0].rules], [1, 1, ["body:$.at"]]);
});

test("what could not be asked leaves the last results", async () => {
  const { pinned, store } = make([{ id: "a", pinned: true, replay_of: null, state: "complete" }], [{ generation: 1, running: false, results: [result("a", "same")] }, Promise.reject(new Error("away"))]);
  await pinned.look();
  store.connection = "reconnecting";
  await pinned.look();
  equal([pinned.counts.same, pinned.problem.message], [1, "away"]);
});

test("a round is said in words, with the reload it belongs to", () => {
  const counts = { same: 2, changed: 1, refused: 0, waiting: 1 };
  equal(pinnedWords({ running: false, generation: 4, results: [1, 2, 3, 4] }, counts), "2 same, 1 changed, 1 waiting, after reload 4");
  equal(pinnedWords({ running: false, generation: 0, results: [1, 2, 3, 4] }, counts), "2 same, 1 changed, 1 waiting");
  equal(pinnedWords({ running: true, generation: 4, results: [1, 2, 3, 4] }, counts), "replaying, 3 of 4 done");
});

test("one red request outweighs all green ones", () => {
  equal(pinnedBadge({ same: 9, changed: 1 }).kind, "bad");
  equal(pinnedBadge({ same: 9, changed: 0 }).kind, "ok");
  ok(pinnedBadge({ same: 0, changed: 0 }) === null);
});
