import { equal, ok, test } from "./harness.js";
import { draftOf, editOf, editedParts, jsonProblem, targetOf } from "../../../static/js/core/edit.js";
import { hunks } from "../../../static/js/components/ri-diff.js";

const request = { method: "GET", path: "/b c", raw_path: "/b%20c", query_string: "q=1", headers: [["host", "x"], ["cookie", "•••"]] };

test("the target is what stood in the request line", () => {
  equal(targetOf(request), "/b%20c?q=1");
  equal(targetOf({ ...request, raw_path: null, query_string: "" }), "/b%20c");
});

test("an untouched draft is an empty edit", () => {
  const original = draftOf(request, "{}");
  equal(editOf(original, draftOf(request, "{}")), {});
});

test("an edit holds only what was changed", () => {
  const original = draftOf(request, "");
  const draft = { ...draftOf(request, ""), method: "POST", target: "/other" };
  equal(editOf(original, draft), { method: "POST", path: "/other" });
  equal(editedParts(editOf(original, draft)), "method, path");
});

test("headers go as a whole list once one of them is changed, blank lines left out", () => {
  const original = draftOf(request, "");
  const draft = draftOf(request, "");
  draft.headers.push(["x-new", "1"], ["", ""]);
  equal(editOf(original, draft), { headers: [["host", "x"], ["cookie", "•••"], ["x-new", "1"]] });
});

test("a body that is not text is never sent back as text", () => {
  equal(editOf(draftOf(request, null), draftOf(request, null)), {});
});

test("broken JSON is pointed out only where JSON is meant", () => {
  const json = [["Content-Type", "application/json; charset=utf-8"]];
  ok(jsonProblem("{", json));
  equal(jsonProblem("{}", json), null);
  equal(jsonProblem("", json), null);
  equal(jsonProblem("{", [["content-type", "text/plain"]]), null);
});

test("long equal runs of a difference shrink to the lines beside a change", () => {
  const many = Array.from({ length: 20 }, (_, at) => `line ${at}`).join("\n") + "\n";
  const lines = hunks([{ value: many }, { value: "old\n", removed: true }, { value: "new\n", added: true }, { value: "end\n" }]);
  equal(lines.map(({ sign, skipped }) => sign ?? skipped), [17, "same", "same", "same", "removed", "added", "same"]);
});
