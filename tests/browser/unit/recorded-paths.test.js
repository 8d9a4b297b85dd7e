import { recordedPaths } from "../../../static/js/core/recorded-paths.js";
import { equal, test } from "./harness.js";

const row = (path, template, asked = path) => ({ path, asked, route: template && { path: template } });

test("each path of the route is given once, the newest first, as the table was asked", () => {
  const rows = [row("/a/2", "/a/{n}"), row("/b", "/b"), row("/a/2", "/a/{n}"), row("/x/a/1", "/a/{n}", "/a/1"), row("/a/z", null)];
  equal(recordedPaths(rows, "/a/{n}"), ["/a/2", "/a/1"]);
});

test("a handful of recorded paths is enough", () => {
  const rows = Array.from({ length: 50 }, (_, n) => row(`/a/${n}`, "/a/{n}"));
  equal(recordedPaths(rows, "/a/{n}"), ["/a/0", "/a/1", "/a/2", "/a/3"]);
});
