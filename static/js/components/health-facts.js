/** The quiet facts beside the findings: what traffic never touched, the last change, the inspector itself. */

import { html, nothing } from "../../vendor/lit.js";
import { now } from "../core/clock.js";
import { byteSize, count, plural } from "../format/bytes.js";
import { changedWords, movedWords } from "../format/changes.js";
import { ownNumbers } from "../format/health.js";
import { methodsOf } from "../format/ladder.js";
import { ago, duration, moment } from "../format/time.js";
import { icon } from "./element.js";
import { link } from "./link.js";
import { pattern } from "./ri-finding.js";
import { shortNumber } from "./route-number.js";

const SIGNS = { ok: "circle-check", bad: "circle-alert", warn: "triangle-alert", info: "info" };

/** A sentence that matters; `kind` is ok, info, warn or bad. */
export function callout(kind, text) {
  return html`<div class="callout" data-kind=${kind}>${icon(SIGNS[kind])}<p>${text}</p></div>`;
}

/** Routes no recorded request took. `shown` of them are drawn, `more()` asks for `page` further ones. */
export function neverSeen(seen, { router, shown, more, page }) {
  if (!seen) return nothing;
  const lines = seen.never.slice(0, shown);
  const left = seen.never.length - lines.length;
  return html`<section class="health-card" aria-labelledby="health-never">
    <h3 id="health-never">Never seen <span class="dim">${count(seen.never.length)}</span></h3>
    ${lines.length
      ? html`<p class="dim">No recorded request took them since this table is in force.</p>
        <ul class="never">${lines.map(({ route, number, prefix, key }) => html`<li>
          <span class="finding-number" title=${number}>${shortNumber(number)}</span><span class="method" data-method=${methodsOf(route)[0]}>${methodsOf(route)[0]}</span>
          ${link(router, { view: "regex", route: key }, pattern(prefix + route.path), { title: "Open its regex" })}</li>`)}</ul>
        ${left ? html`<button class="link" type="button" @click=${more}>${left > page ? `${count(page)} of ` : ""}${plural(left, "more route")}</button>` : nothing}`
      : html`<p class="dim">Every route took at least one recorded request.</p>`}
  </section>`;
}

/** The newest change of the table; null says there was none, undefined that it is not known. */
export function lastReload(reload, router) {
  if (reload === undefined) return nothing;
  return html`<section class="health-card" aria-labelledby="health-reload">
    <h3 id="health-reload">Last change of the table</h3>
    ${reload
      ? html`<p><span title=${moment(reload.at)}>${ago(reload.at, now())}</span>: ${changedWords(reload)}; ${movedWords(reload.requests_total)}.</p>
        <p>${link(router, { view: "routes", side: "changes" }, "Before and after", { title: "Each change, and the requests that go elsewhere", name: "" })}</p>`
      : html`<p class="dim">The table is the one the recording began with.</p>`}
  </section>`;
}

/** What the recorder and the journal tell of themselves; `app` is the body of api/app, `gaps` how many the list has. */
export function ownFacts({ pulse }, app, gaps) {
  const numbers = ownNumbers(app?.stats);
  const cost = pulse?.recorder_us_p50 ?? app?.stats?.recorder_us_p50 ?? null;
  const fact = (label, value, title, bad = false) => html`<dt title=${title}>${label}</dt><dd ?data-bad=${bad}>${value}</dd>`;
  return html`<section class="health-card" aria-labelledby="health-own">
    <h3 id="health-own">The inspector itself</h3>
    <dl class="facts own">
      ${numbers.map(({ label, value, title, bad }) => fact(label, count(value), title, bad))}
      ${fact("gaps in this list", count(gaps), "places where this page was not told everything", gaps > 0)}
      ${cost === null ? nothing : fact("cost of recording", duration(cost / 1000), "what recording adds to a request, median")}
      ${app ? html`${fact("exchanges held", count(app.journal.exchanges), "in the journal now")}
        ${fact("journal size", byteSize(app.journal.bytes), "what they take there, as its limits count it")}
        ${fact("removed for room", count(app.journal.trimmed), "by the limits of the journal, since it was cleared")}` : nothing}
    </dl>
    ${app?.stats?.journal_problem ? callout("bad", app.stats.journal_problem) : nothing}
    ${numbers.length ? nothing : html`<p class="dim">What the recorder counts stands in the app’s own process, which this dashboard does not share.</p>`}
  </section>`;
}
