import { Filtered } from "../../../static/js/core/filtered.js";
import { Ring } from "../../../static/js/core/ring.js";
import { Store } from "../../../static/js/core/store.js";
import { equal, ok, test } from "./harness.js";

const row = (id, change = {}) => ({ id: String(id), kind: "http", ...change });
const ids = (list) => Array.from({ length: list.length }, (_, index) => list.rowAt(index).id).join("");

function made(capacity, accept = () => true) {
  const ring = new Ring(capacity);
  const rows = new Filtered(ring);
  rows.refilter(accept);
  const put = (one) => {
    const isNew = ring.numberOf(one.id) < 0;
    rows.noticePut(ring.put(one), one, isNew);
  };
  const remove = (id) => {
    const number = ring.numberOf(id);
    if (ring.remove(id)) rows.noticeRemoved(number);
  };
  return { ring, rows, put, remove };
}

test("what waits while the list is held is counted as it stands now", () => {
  const { ring, rows, put, remove } = made(4, (one) => one.status === 404);
  rows.hold();
  put(row("a", { status: null }));
  equal(rows.waiting, 0);
  put(row("a", { status: 404 }));
  put(row("b", { status: 404 }));
  equal(rows.waiting, 2);
  put(row("b", { status: 200 }));
  equal(rows.waiting, 1);
  remove("a");
  equal(rows.waiting, 0);
  for (const id of "cdefgh") put(row(id, { status: 404 }));
  equal([rows.waiting, ring.size], [4, 4]);
  rows.release();
  equal([ids(rows), rows.waiting], ["efgh", 0]);
});

test("a full ring lets the oldest go and keeps the numbers of the others", () => {
  const ring = new Ring(3);
  for (const id of "abcd") ring.put(row(id));
  equal(ring.toArray().map((one) => one.id).join(""), "bcd");
  equal([ring.numberOf("a"), ring.numberOf("b"), ring.numberOf("d")], [-1, 1, 3]);
  equal(ring.size, 3);
});

test("an update stays in its place", () => {
  const ring = new Ring(3);
  for (const id of "abc") ring.put(row(id));
  equal(ring.put(row("b", { status: 200 })), 1);
  equal(ring.find("b").status, 200);
  equal(ring.toArray().map((one) => one.id).join(""), "abc");
});

test("a removed row leaves a hole that is passed over", () => {
  const ring = new Ring(4);
  for (const id of "abcd") ring.put(row(id));
  ok(ring.remove("b"));
  ok(!ring.remove("b"));
  equal(ring.toArray().map((one) => one.id).join(""), "acd");
  ring.remove("a");
  equal(ring.first, 2);
});

test("numbers go on after a clear, so that no old number means a new row", () => {
  const ring = new Ring(4);
  ring.put(row("a"));
  ring.clear();
  equal([ring.size, ring.put(row("b"))], [0, 1]);
});

test("the filtered list keeps the order and follows evictions", () => {
  const { rows, put } = made(4, (one) => one.id !== "c");
  for (const id of "abcdef") put(row(id));
  equal(ids(rows), "def");
});

test("a row that comes to pass the filter appears in its old place", () => {
  const { rows, put } = made(9, (one) => one.status === 200);
  for (const id of "abc") put(row(id, { status: id === "b" ? null : 200 }));
  equal(ids(rows), "ac");
  put(row("b", { status: 200 }));
  equal(ids(rows), "abc");
  put(row("a", { status: 500 }));
  equal(ids(rows), "bc");
});

test("held rows wait and are counted, release shows them", () => {
  const { rows, put } = made(9, (one) => one.id !== "x");
  put(row("a"));
  rows.hold();
  for (const id of "bxc") put(row(id));
  equal([ids(rows), rows.waiting], ["a", 2]);
  rows.release();
  equal([ids(rows), rows.waiting], ["abc", 0]);
});

test("a gap passes every filter", () => {
  const { rows, put } = made(9, () => false);
  put(row("a"));
  put(row("g", { kind: "gap" }));
  equal(ids(rows), "g");
});

test("places are found by number and by id", () => {
  const { ring, rows, put, remove } = made(9);
  for (const id of "abcd") put(row(id));
  remove("b");
  equal([rows.indexOfId("c"), rows.indexOfId("b"), rows.indexOf(ring.numberOf("d"))], [1, -1, 2]);
});

test("any order of puts, updates, removals and evictions agrees with filtering anew", () => {
  let seed = 7;
  const random = (n) => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % n;
  const accept = (one) => one.status % 3 !== 0;
  const { ring, rows, put, remove } = made(40, accept);
  for (let step = 0; step < 4000; step++) {
    const id = String(Math.max(0, Math.floor(step / 3) - random(30)));
    if (random(10) === 0) remove(id);
    else put(row(id, { status: random(9) }));
    const anew = ring.toArray().filter(accept).map((one) => one.id).join(" ");
    const kept = Array.from({ length: rows.length }, (_, index) => rows.rowAt(index).id).join(" ");
    if (anew !== kept) throw new Error(`step ${step}: ${kept} is not ${anew}`);
  }
});

test("a tally keeps the count of rows that come, change, leave and are cleared", () => {
  const store = new Store({ schedule: (callback) => callback(), capacity: 3 });
  const put = (...rows) => store.apply({ type: "delta", from: 0, to: 0, rows, removed: [] });
  put(row("a", { status: 200 }));
  const tally = store.tally([() => true, (one) => one.status === 500]);
  put(row("b", { status: null }), row("c", { status: 500 }));
  equal(tally.counts, [3, 1]);
  put(row("b", { status: 500 }));
  equal(tally.counts, [3, 2]);
  put(row("d", { status: 500 }));
  equal(tally.counts, [3, 3], "a full ring let the oldest go");
  store.apply({ type: "delta", from: 0, to: 0, rows: [], removed: ["c"] });
  equal(tally.counts, [2, 2]);
  store.apply({ type: "reset", log: "other" });
  equal(tally.counts, [0, 0]);
  put(row("e", { status: 500 }));
  store.drop(tally);
  put(row("f", { status: 500 }));
  equal(tally.counts, [1, 1], "no longer kept up");
});

test("the route table that the page came in with is remembered", () => {
  const store = new Store({ schedule: (callback) => callback() });
  const app = (table) => ({ table, status: [] });
  equal(store.firstTable, null);
  store.apply({ type: "welcome", log: "l", app: app(null) });
  store.apply({ type: "app", app: app("one") });
  store.apply({ type: "app", app: app("two") });
  equal([store.firstTable, store.table], ["one", "two"]);
});
