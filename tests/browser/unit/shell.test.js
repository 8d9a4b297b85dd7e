import { Api, ApiError } from "../../../static/js/core/api.js";
import { fuzzyPick, fuzzyScore } from "../../../static/js/core/fuzzy.js";
import { KEYMAP } from "../../../static/js/core/key-words.js";
import { intentOf } from "../../../static/js/core/keys.js";
import { p95, requestRate } from "../../../static/js/core/rates.js";
import { Ring } from "../../../static/js/core/ring.js";
import { Router } from "../../../static/js/core/router.js";
import { Store } from "../../../static/js/core/store.js";
import { barShare, drawnWindow, scrollToShow, slotIndexes } from "../../../static/js/core/window.js";
import { equal, ok, test } from "./harness.js";

function place(search = "") {
  const log = [];
  return { search, log, read: () => place.search ?? search, write: (text, { replace }) => log.push([replace ? "replace" : "push", text]) };
}

test("the address holds view, filter and selection, and nothing that is default", () => {
  const at = place("?view=routes&path=%2Fx");
  const router = new Router(at);
  equal(router.state, { view: "routes", path: "/x" });
  router.set({ view: "live", path: null, filter: "status:4xx" });
  equal(at.log, [["push", "?filter=status%3A4xx"]]);
  router.set({ filter: "status:4xx" });
  equal(at.log.length, 1);
  router.set({ filter: "" }, { replace: true });
  equal(at.log[1], ["replace", ""]);
});

test("while another worker of its start runs, the application runs", () => {
  const store = new Store({ schedule: (callback) => callback() });
  const told = (pid, generation, state) => ({ worker: { pid, generation }, target: "shop:app", state });
  const say = (...status) => store.apply({ type: "app", app: { status } });
  const found = () => [store.status.worker.pid, store.status.state];
  equal(store.status, null);
  say(told(1, 0, "running"), told(2, 0, "running"), told(1, 0, "stopped"));
  equal(found(), [2, "running"]);
  say(told(1, 0, "running"), told(3, 0, "starting"));
  equal(found(), [1, "running"]);
  say(told(1, 0, "stopped"), told(2, 0, "stopped"), told(3, 1, "starting"));
  equal(found(), [3, "starting"]);
  say(told(1, 0, "running"), told(3, 1, "starting"));
  equal(found(), [3, "starting"]);
  say(told(1, 0, "running"), told(2, 0, "failed"));
  equal(found(), [2, "failed"]);
});

test("clocks say nothing about which process is the newest: the order in which the journal took them does", () => {
  const store = new Store({ schedule: (callback) => callback() });
  const told = (pid, generation, state, at) => ({ worker: { pid, generation }, target: "shop:app", state, updated_unix_ns: at });
  const say = (...status) => (store.apply({ type: "app", app: { status } }), [store.status.worker.pid, store.status.state]);
  equal(say(told(1, 0, "stopped", 900), told(2, 1, "running", 100)), [2, "running"]);
  equal(say(told(2, 1, "running", 100), told(1, 0, "stopped", 50)), [2, "running"]);
  equal(say(told(2, 1, "failed", 100), told(1, 0, "stopped", 900)), [2, "failed"]);
  equal(say({ ...told(7, 5, "failed", 1), target: "other:app" }, told(1, 0, "stopped", 2)), [1, "stopped"]);
});

test("an unknown view is the live one", () => {
  equal(new Router(place("?view=nonsense")).state.view, "live");
});

test("listeners of the address hear of changes until they stop", () => {
  const router = new Router(place());
  const heard = [];
  const stop = router.subscribe((state) => heard.push(state.id));
  router.set({ id: "a" });
  stop();
  router.set({ id: "b" });
  equal(heard, ["a"]);
});

test("every key of the map has one meaning, and none while typing", () => {
  const keys = KEYMAP.flatMap((line) => line.keys);
  equal(keys.length, new Set(keys).size);
  const press = (key, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });
  for (const { keys: named, intent } of KEYMAP) {
    for (const key of named) equal(key === "mod+k" ? intentOf(press("k", { ctrlKey: true })) : intentOf(press(key)), intent, `what is said of ${key}`);
  }
  equal(intentOf(press("j"), { typing: true }), null);
  equal(intentOf(press("Escape"), { typing: true }), "leave-input");
  equal(intentOf(press("k", { metaKey: true }), { typing: true }), "palette");
  equal(intentOf(press("c", { ctrlKey: true })), null);
});

test("the api sends the token as a header and never a cookie", async () => {
  const asked = [];
  const fetch = async (url, options) => (asked.push([url, options]), new Response("{}"));
  await new Api({ base: "http://x/b/", fetch, token: () => "T" }).replay({ of: "1" });
  const [url, { headers, credentials, method, body }] = asked[0];
  equal([url, headers.Authorization, headers["Content-Type"], credentials, method], ["http://x/b/api/replays", "Bearer T", "application/json", "omit", "POST"]);
  equal(JSON.parse(body), { of: "1", edit: {}, confirm: false });
});

test("an error of the api carries code, message and hint", async () => {
  const answer = () => new Response(JSON.stringify({ error: { code: "confirm", message: "m", hint: "h" } }), { status: 409 });
  const reason = await new Api({ base: "/", fetch: async () => answer(), token: () => null }).app().catch((one) => one);
  ok(reason instanceof ApiError);
  equal([reason.status, reason.code, reason.message, reason.hint], [409, "confirm", "m", "h"]);
});

test("an answer that is no json is still an error with words", async () => {
  const fetch = async () => new Response("<html>", { status: 502 });
  const reason = await new Api({ base: "/", fetch, token: () => null }).app().catch((one) => one);
  equal([reason.code, reason.status], ["http_502", 502]);
});

test("a dashboard that is gone is told apart from one that refuses", async () => {
  const fetch = async () => { throw new TypeError("failed"); };
  const reason = await new Api({ base: "/", fetch, token: () => null }).app().catch((one) => one);
  equal([reason.code, reason.status], ["unreachable", 0]);
});

test("the drawn window has a fixed number of slots and keeps a row in its slot", () => {
  const shape = { height: 280, rowHeight: 28, length: 1000 };
  const before = drawnWindow({ ...shape, scrollTop: 2800 });
  const after = drawnWindow({ ...shape, scrollTop: 2828 });
  equal(before.slots, after.slots);
  const a = slotIndexes({ ...before, length: 1000 });
  const b = slotIndexes({ ...after, length: 1000 });
  equal(a.filter((index, slot) => index !== b[slot]).length, 1);
});

test("the drawn window ends with the list", () => {
  const { start, slots } = drawnWindow({ scrollTop: 99_999, height: 280, rowHeight: 28, length: 30 });
  equal(start, 30 - slots);
  equal(slotIndexes({ start: 0, slots: 4, length: 2 }), [0, 1, -1, -1]);
});

test("showing a row scrolls only as far as needed", () => {
  const shape = { height: 280, rowHeight: 28 };
  equal(scrollToShow({ ...shape, index: 5, scrollTop: 0 }), 0);
  equal(scrollToShow({ ...shape, index: 10, scrollTop: 0 }), 28);
  equal(scrollToShow({ ...shape, index: 1, scrollTop: 100 }), 28);
});

test("the bar of a duration is logarithmic and never empty", () => {
  equal([barShare(null), barShare(0), barShare(10_000), barShare(1e9)], [0, 0.03, 1, 1]);
  ok(barShare(10) > barShare(1) && barShare(1) > 0.1);
});

test("rates look at the last ten seconds, p95 at finished http requests", () => {
  const ring = new Ring(100);
  for (let n = 1; n <= 40; n++) ring.put({ id: `${n}`, kind: n % 2 ? "http" : "websocket", started: n * 1000, duration_ms: n });
  equal(requestRate(ring, 40_000), 1.1);
  equal(p95(ring), 37);
  equal(p95(new Ring(3)), null);
});

test("the palette finds letters in order, and whole words first", () => {
  ok(fuzzyScore("gtb", "get_book") !== null);
  equal(fuzzyScore("bgt", "get_book"), null);
  equal(fuzzyPick("book", ["bxoxoxk", "get_book"], (one) => one, 2), ["get_book", "bxoxoxk"]);
  equal(fuzzyPick("", ["a", "b"], (one) => one, 1), ["a"]);
});
