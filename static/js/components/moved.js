/** Who took a request before and who takes it now: lists that What-if and Changes share. */

import { html, nothing } from "../../vendor/lit.js";
import { now } from "../core/clock.js";
import { plural } from "../format/bytes.js";
import { groupMoved, methodToAsk, outcomeWords, starWord } from "../format/changes.js";
import { visible } from "../format/segments.js";
import { ago, moment } from "../format/time.js";
import { icon } from "./element.js";
import { link } from "./link.js";
import { pattern } from "./ri-finding.js";
import { shortNumber } from "./route-number.js";

/** Lines drawn; more are counted. */
const MOST = 100;

/** One side of a change: the route that takes the request, else what becomes of it. */
export function side(which) {
  const outcome = which.outcome ?? which.answer;
  const { route } = which;
  if (outcome === "found" && route) return html`<span class="side"><span class="finding-number" title=${route.number}>${shortNumber(route.number)}</span> ${pattern(route.path)} <span class="dim">${route.name}</span></span>`;
  return html`<span class="side" data-miss>${outcomeWords(which)}${route ? html` <span class="dim">inside ${route.path}</span>` : nothing}</span>`;
}

function sides(one) {
  return html`<span class="sides">${side(one.old)}<span class="to">${icon("arrow-right", { size: "s", label: "now" })}${side(one.new)}</span></span>`;
}

/** Recorded requests that go elsewhere, equal ones together; a click opens the newest of them. */
export function movedList(router, moved, total) {
  const groups = groupMoved(moved);
  const left = total - moved.length;
  return html`<ul class="moved">
      ${groups.slice(0, MOST).map((one) => html`<li>
        <span class="moved-request">${link(router, { view: "live", id: one.id, side: null, edits: null }, html`<span class="method" data-method=${one.method}>${one.method}</span> <code>${visible(one.path)}</code>`, { title: "Open the newest of these" })}
          <span class="dim" title=${moment(one.started)}>${one.count > 1 ? `${plural(one.count, "time")}, last ` : nothing}${ago(one.started, now())}</span></span>
        ${sides(one)}
      </li>`)}
    </ul>
    ${groups.length > MOST ? html`<p class="dim">and ${plural(groups.length - MOST, "more kind")} of request</p>` : nothing}
    ${left > 0 ? html`<p class="dim">and ${plural(left, "older request")}, not listed</p>` : nothing}`;
}

/** Regions of all paths whose taker changes, each with an example; a click asks every route about it. */
export function regionList(router, regions) {
  return html`<ul class="moved">
      ${regions.slice(0, MOST).map((one) => {
        const method = methodToAsk(one);
        const word = one.methods[0] === "*" ? starWord(one) : method === "WEBSOCKET" ? "WS" : method;
        return html`<li>
          <span class="moved-request">${link(router, { view: "routes", method, path: one.witness, route: null, find: null }, html`<span class="method" data-method=${word}>${word}</span> <code>${visible(one.witness)}</code>`, { title: "Ask every route about it", keep: true })}
            ${one.methods.length > 1 ? html`<span class="dim">also ${one.methods.slice(1).join(", ")}</span>` : nothing}
            ${one.regions > 1 ? html`<span class="dim">and ${plural(one.regions - 1, "more kind")} of path</span>` : nothing}</span>
          ${sides(one)}
        </li>`;
      })}
    </ul>
    ${regions.length > MOST ? html`<p class="dim">and ${plural(regions.length - MOST, "more region")}</p>` : nothing}`;
}
