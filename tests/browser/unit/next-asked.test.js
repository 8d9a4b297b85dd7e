import { equal, test } from "./harness.js";
import { nextAsked } from "../../../static/js/core/next-asked.js";
import { Ring } from "../../../static/js/core/ring.js";

const row = (id, path, more) => ({ id, kind: "http", path, query: "", started: 1000 + Number(id), ...more });

function after(...rows) {
  const ring = new Ring(100);
  for (const one of [row("0", "/users/"), ...rows]) ring.put(one);
  return (location) => nextAsked(ring, { id: "0", started: 1000 }, location)?.id ?? null;
}

test("after a redirect the next request for its address is found, by path and query", () => {
  const next = after(row("1", "/users", { query: "page=2" }), { id: "g", kind: "gap" }, row("2", "/users"), row("3", "/users"));
  equal([next("/users"), next("http://shop.example/users?page=2"), next("/others")], ["2", "1", null]);
});

test("an address is compared as servers decode it, and what is none is not compared", () => {
  const next = after(row("1", "/a b"));
  equal([next("/a%20b"), next("/a%2"), next("http://[")], ["1", null, null]);
});

test("a request much later, or before, is not what a redirect led to", () => {
  equal(after(row("1", "/users", { started: 20_000 }))("/users"), null);
  const ring = new Ring(10);
  ring.put(row("1", "/users"));
  ring.put(row("2", "/users/"));
  equal(nextAsked(ring, { id: "2", started: 1002 }, "/users"), null);
  equal(nextAsked(ring, { id: "gone", started: 1002 }, "/users"), null);
});
