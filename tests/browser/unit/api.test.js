import { Api, ApiError } from "../../../static/js/core/api.js";
import { Kept } from "../../../static/js/core/kept.js";
import { equal, ok, test } from "./harness.js";

const asking = (answer) => new Api({ base: "/", token: () => null, fetch: async () => answer });

async function problemOf(promise) {
  const reason = await promise.then(() => null, (error) => error);
  ok(reason instanceof ApiError, "an ApiError");
  return [reason.status, reason.code];
}

test("an answer that breaks off, or is another’s page, is a problem of the dashboard and none of the page", async () => {
  equal(await problemOf(asking(new Response("<h1>Please log in</h1>")).app()), [0, "not_json"]);
  const broken = new ReadableStream({ start: (controller) => controller.error(new TypeError("network error")) });
  equal(await problemOf(asking(new Response(broken)).app()), [0, "cut_off"]);
  const also = new ReadableStream({ start: (controller) => controller.error(new TypeError("network error")) });
  equal(await problemOf(asking(new Response(also)).body("x", "request")), [0, "cut_off"]);
});

test("a question that was given up stays an abort", async () => {
  const json = async () => {
    throw new DOMException("gone", "AbortError");
  };
  equal(await asking({ ok: true, json }).app().catch((error) => error.name), "AbortError");
});

test("what cannot be stored is kept as long as the page", () => {
  const refuse = () => {
    throw new DOMException("denied", "SecurityError");
  };
  for (const kept of [new Kept(refuse), new Kept(() => ({ getItem: () => null, setItem: refuse, removeItem: refuse }))]) {
    equal(kept.get("theme"), null);
    kept.set("theme", "dark");
    equal(kept.get("theme"), "dark");
    kept.remove("theme");
    equal(kept.get("theme"), null);
  }
});
