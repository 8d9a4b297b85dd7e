import { Store } from "../../../static/js/core/store.js";
import { StreamClient, retryDelay } from "../../../static/js/core/stream.js";
import { equal, ok, sample, test } from "./harness.js";

/** A WebSocket that meets the interface and does what the test says. */
class FakeSocket {
  static made = [];

  constructor(url, protocols) {
    Object.assign(this, { url, protocols, sent: [], closed: null });
    FakeSocket.made.push(this);
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close(code) {
    this.closed = code;
  }

  receive(message) {
    this.onmessage({ data: JSON.stringify(message) });
  }
}

function made({ probe = async () => "ok" } = {}) {
  FakeSocket.made = [];
  const store = new Store({ schedule: (callback) => callback(), capacity: 100 });
  const states = [];
  const timers = [];
  const watches = [];
  const stream = new StreamClient({
    url: "ws://x/api/stream", protocols: () => ["inspector.v1", "inspector.token.T"], WebSocket: FakeSocket, probe,
    onMessage: (message) => store.apply(message), onState: (state) => states.push(state),
    setTimeout: (callback) => timers.push(callback), clearTimeout: () => {}, random: () => 0.5,
    setInterval: (callback) => watches.push(callback), clearInterval: (number) => delete watches[number - 1],
  });
  stream.open();
  const last = () => FakeSocket.made.at(-1);
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  const look = () => Object.values(watches).forEach((callback) => callback());
  return { store, stream, states, timers, last, settle, look };
}

const row = (id, seq, status = 200) => ({ id, seq, status, kind: "http", started: 0, replay_of: null });

test("the token travels as a subprotocol, never in the address", () => {
  const { last } = made();
  equal(last().protocols, ["inspector.v1", "inspector.token.T"]);
  ok(!last().url.includes("token"));
});

test("hello has no cursor at first, and the last number after a break", async () => {
  const { last, timers, settle } = made();
  last().onopen();
  equal(last().sent[0], { type: "hello", v: 1, log: null, cursor: null });
  last().receive({ type: "welcome", v: 1, log: "L", head: 3, tail: 1, app: null });
  last().receive({ type: "snapshot", seq: 3, rows: [row("a", 1)], total: 1 });
  last().receive({ type: "delta", from: 4, to: 6, rows: [row("b", 6)], removed: [] });
  last().onclose();
  await settle();
  timers.shift()();
  last().onopen();
  equal(last().sent[0], { type: "hello", v: 1, log: "L", cursor: 6 });
});

test("snapshots, deltas and gaps are acknowledged", () => {
  const { last } = made();
  last().onopen();
  last().receive({ type: "welcome", v: 1, log: "L", head: 0, tail: 1, app: null });
  last().receive({ type: "snapshot", seq: 3, rows: [], total: 0 });
  last().receive({ type: "delta", from: 4, to: 5, rows: [], removed: [] });
  last().receive({ type: "gap", from: 6, to: 9, count: 4, reason: "slow_viewer", recoverable: false });
  equal(last().sent.slice(1).map((one) => one.to), [3, 5, 9]);
});

test("a viewer that was cut off and came back holds what one that stayed holds", async () => {
  const { store, last, timers, settle } = made();
  const stayed = new Store({ schedule: (callback) => callback(), capacity: 100 });
  const both = (message) => (last().receive(message), stayed.apply(message));
  last().onopen();
  both({ type: "welcome", v: 1, log: "L", head: 1, tail: 1, app: null });
  both({ type: "snapshot", seq: 1, rows: [row("a", 1)], total: 1 });
  last().onclose();
  await settle();
  stayed.apply({ type: "delta", from: 2, to: 3, rows: [row("b", 2, null), row("c", 3)], removed: [] });
  stayed.apply({ type: "delta", from: 4, to: 4, rows: [row("b", 4)], removed: ["a"] });
  timers.shift()();
  last().onopen();
  last().receive({ type: "welcome", v: 1, log: "L", head: 4, tail: 1, app: null });
  last().receive({ type: "delta", from: 2, to: 4, rows: [row("b", 4), row("c", 3)], removed: ["a"] });
  equal(store.ring.toArray(), stayed.ring.toArray());
});

test("another log empties the page and asks for a snapshot next time", () => {
  const { store, stream, last } = made();
  last().onopen();
  last().receive({ type: "welcome", v: 1, log: "L", head: 1, tail: 1, app: null });
  last().receive({ type: "snapshot", seq: 1, rows: [row("a", 1)], total: 1 });
  last().receive({ type: "reset", log: "M", reason: "cleared" });
  equal([store.ring.size, stream.cursor], [0, null]);
});

test("a break is told, and the next try waits longer each time", async () => {
  const { last, states, timers, settle } = made();
  last().onclose();
  await settle();
  timers.shift()();
  last().onclose();
  await settle();
  equal(states, ["connecting", "reconnecting", "reconnecting"]);
  ok(retryDelay(3, () => 0.5) === 2000 && retryDelay(20, () => 0.5) === 5000);
});

test("a refused token locks the page instead of trying for ever", async () => {
  const { last, states, timers, settle } = made({ probe: async () => "locked" });
  last().onclose();
  await settle();
  equal([states.at(-1), timers.length], ["locked", 0]);
});

test("who tries again while it is found out why the connection broke, has one connection and not two", async () => {
  const { stream, last, states, timers, settle } = made();
  last().onclose();
  stream.retry();
  await settle();
  equal([FakeSocket.made.length, timers.length, states], [2, 0, ["connecting"]]);
  equal(last().closed, null);
});

test("a connection on which nothing comes any more is let go, and made anew", async () => {
  const { last, states, timers, settle, look } = made();
  last().onopen();
  last().receive({ type: "welcome", v: 1, log: "L", head: 0, tail: 1, app: null });
  const first = last();
  look();
  last().receive({ type: "pulse", head: 0, lost: 0, recorder_us_p50: null });
  look();
  equal([first.closed, timers.length], [null, 0]);
  look();
  await settle();
  equal([first.closed, states.at(-1), timers.length], [1000, "reconnecting", 1]);
  timers.shift()();
  look();
  equal([FakeSocket.made.length, last().closed], [2, null]);
});

test("every message of the contract is understood", async () => {
  const { store, last } = made();
  last().onopen();
  for (const name of ["welcome", "snapshot", "delta", "gap", "app", "pulse", "reset"]) last().receive(await sample(`stream-${name}`));
  equal(store.ring.size, 0);
  equal(store.status.state, "failed");
});

test("the snapshot of the contract fills the list, the delta updates it in place", async () => {
  const { store, last } = made();
  last().onopen();
  last().receive(await sample("stream-welcome"));
  const snapshot = await sample("stream-snapshot");
  last().receive(snapshot);
  equal(store.rows.length, snapshot.rows.length);
  const delta = await sample("stream-delta");
  const known = new Set(snapshot.rows.map((one) => one.id));
  last().receive(delta);
  const fresh = delta.rows.filter((one) => !known.has(one.id)).length;
  const gone = delta.removed.filter((id) => known.has(id)).length;
  equal(store.rows.length, snapshot.rows.length + fresh - gone);
});

test("listeners hear of a burst once a frame", () => {
  const frames = [];
  const store = new Store({ schedule: (callback) => frames.push(callback) });
  let heard = 0;
  store.subscribe(() => heard++);
  for (let seq = 1; seq <= 50; seq++) store.apply({ type: "delta", from: seq, to: seq, rows: [row(`r${seq}`, seq)], removed: [] });
  equal(frames.length, 1);
  frames[0]();
  equal([heard, store.rows.length], [1, 50]);
});
