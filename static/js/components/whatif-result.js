/** What the edits of a what-if would change, as the answer of api/whatif says. */

import { html, nothing } from "../../vendor/lit.js";
import { plural } from "../format/bytes.js";
import { unaskedWords } from "../format/edits.js";
import { kindWords } from "../format/health.js";
import { icon } from "./element.js";
import { movedList, regionList } from "./moved.js";
import { methodWords, pattern } from "./ri-finding.js";

function findings(list, kind, sign, words) {
  return list.map((one) => html`<li data-kind=${kind}>${icon(sign, { size: "s" })}
    <span><span class="dim">${words}</span> ${methodWords(one.methods)}${pattern(one.route.path)} ${kindWords(one.kind)}</span></li>`);
}

function verdict({ moved_total: total, asked }) {
  if (asked === 0) return { kind: "info", text: "No recorded request could be asked again." };
  if (asked === 1) return total ? { kind: "warn", text: "The one recorded request would go elsewhere." } : { kind: "ok", text: "The one recorded request would not go elsewhere." };
  if (total === 0) return { kind: "ok", text: `None of ${plural(asked, "recorded request")} would go elsewhere.` };
  return { kind: "warn", text: `${total} of ${plural(asked, "recorded request")} would go elsewhere.` };
}

/** The result as it stands below the list; `result` is the answer of api/whatif. */
export function whatifResult(router, result) {
  const { kind, text } = verdict(result);
  const unasked = unaskedWords(result.unasked);
  const { gone, new: come } = result.findings;
  const sign = { ok: "circle-check", warn: "git-compare", info: "info" }[kind];
  return html`<div class="callout" data-kind=${kind} role="status">${icon(sign)}
      <p><strong>${text}</strong>${unasked ? html`<br /><span class="dim">${unasked}</span>` : nothing}</p></div>
    ${gone.length || come.length
      ? html`<section><h3>Findings</h3><ul class="whatif-findings">
          ${findings(gone, "ok", "check", "no longer:")}${findings(come, "bad", "x", "new:")}</ul></section>`
      : nothing}
    ${result.moved.length ? html`<section><h3>Requests that would go elsewhere</h3>${movedList(router, result.moved, result.moved_total)}</section>` : nothing}
    ${result.failed
      ? html`<p class="dim">${result.failed}</p>`
      : html`<section><h3>Of all paths there are</h3>${proved(router, result)}</section>`}`;
}

function proved(router, { proved: isProved, regions }) {
  if (!isProved) return html`<p class="dim" role="status">Still working out what holds for paths that were not recorded…</p>`;
  return regions.length ? regionList(router, regions) : html`<p class="dim">Nothing: every path goes where it goes now.</p>`;
}
