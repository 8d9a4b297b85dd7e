import { fateOf } from "../../../static/js/format/fate.js";
import { equal, sample, test } from "./harness.js";

const said = (outcome, more = {}) => ({ outcome, winner: null, verdicts: [], refusal: null, ...more });

test("a route that takes a request whose value its endpoint refuses is no success", async () => {
  equal(fateOf(await sample("explain-refusal")), "refused");
  equal(["found", "redirect", "not_found", "method_not_allowed"].map((outcome) => fateOf(said(outcome))), ["taken", "redirect", "missed", "missed"]);
});

test("a server that does not tell of refusals yet is believed", () => {
  equal(fateOf(said("found", { refusal: undefined })), "taken");
});

test("what is mounted decides, and the refusal stands at the top", () => {
  const inner = said("not_found");
  const verdicts = [{ index: 0, inner }];
  equal(fateOf(said("found", { winner: 0, verdicts })), "missed");
  equal(fateOf(said("found", { winner: 0, verdicts: [{ index: 0, inner: said("found") }], refusal: { status: 422 } })), "refused");
});
