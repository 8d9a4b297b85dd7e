import { equal, sample, test } from "./harness.js";
import { seenRoutes } from "../../../static/js/format/health.js";
import { routesBelow, routesOf } from "../../../static/js/format/route-count.js";
import { triedOf } from "../../../static/js/format/tried.js";

const route = (index, table = null) => ({ index, path: `/${index}`, kind: table ? "mount" : "http", methods: ["GET"], parts: [], includes: [], table });
const inner = { routes: [route(0), route(1), route(2, { routes: [route(0)] })] };
const table = { routes: [route(0), route(1, inner), route(2)] };
const said = (index, more) => ({ index, examined: true, inner: null, ...more });

test("a mount whose table is known is no route, what is mounted there is", () => {
  equal([routesOf(table), routesBelow(table.routes[0]), routesBelow(table.routes[1]), routesBelow(null)], [5, 1, 3, 1]);
});

test("routes are tried one by one, those of a mount that refuses the path all at once", () => {
  equal(triedOf({ verdicts: [said(0), said(1), said(2, { examined: false })] }, table), { tried: 4, all: 5 });
});

test("inside a mount that takes the path only those are tried that stand before the one that took it", () => {
  const below = { verdicts: [said(0), said(1), said(2, { examined: false })] };
  equal(triedOf({ verdicts: [said(0), said(1, { inner: below }), said(2, { examined: false })] }, table), { tried: 3, all: 5 });
});

test("where the table is not known every verdict is a route", () => {
  equal(triedOf({ verdicts: [said(0), said(1, { examined: false })] }, null), { tried: 1, all: 2 });
});

test("Health and the ladder count the routes of one table alike", async () => {
  const answer = await sample("routes");
  const explanation = await sample("explanation-not_found");
  const { all } = triedOf(explanation, answer.table);
  equal([all, seenRoutes(answer).all], [routesOf(answer.table), routesOf(answer.table)]);
});
