/** The rows of the route table: a route, a wall, a run left out. Drawing only; `at` is `{index, top}`. */

import { html, nothing } from "../../vendor/lit.js";
import { count, plural } from "../format/bytes.js";
import { methodsOf, numberAbove, reasonOf } from "../format/ladder.js";
import { templateParameters } from "../format/segments.js";
import { calledOf, sourceOf } from "../format/tables.js";
import { ago, duration, moment } from "../format/time.js";
import { NO_TRAFFIC, errorShare, heatOf } from "../format/traffic.js";
import { isCatchAll } from "../format/walls.js";
import { icon, styles } from "./element.js";
import { shortNumber } from "./route-number.js";
import { tinted } from "./tinted.js";

const SIGNS = { matched: "check", shadowed: "eye-off", refused: "x" };
/** Letters of two methods that have room side by side: "POST PATCH". */
const MOST_LETTERS = 9;

const place = (top) => styles({ transform: `translateY(${top}px)` });

/**
 * One route. `view` is what the whole table knows: `{explanation, traffic, busiest, total, walls, now, href}`; `verdict`
 * the route's own or undefined.
 */
export function routeRow({ line, bars }, { index, top, selected, verdict }, view) {
  const { route } = line;
  const tested = view.explanation !== null;
  const traffic = view.traffic.get(line.key) ?? NO_TRAFFIC;
  return html`<div
    class="route-row"
    role="row"
    id=${selected ? "route-selected" : nothing}
    aria-rowindex=${index + 2}
    aria-selected=${selected ? "true" : "false"}
    data-key=${line.key}
    data-kind=${route.kind}
    data-outcome=${tested ? (verdict?.outcome ?? "unasked") : nothing}
    ?data-unexamined=${tested && verdict && !verdict.examined}
    ?data-cold=${!tested && view.busiest > 0 && passed(traffic) === 0}
    ?data-hidden=${view.walls.hiddenBy.has(line.key)}
    ${place(top)}
  >
    <span role="gridcell" class="r-number" title=${line.number}>${shortNumber(line.number)}</span>
    <span role="gridcell" class="r-gutter">${bars.map(gutterBar)}</span>
    <span role="gridcell" class="r-methods">${methodWords(route)}</span>
    <span role="gridcell" class="r-pattern">${pattern(line, verdict, view)}${marks(line, view)}</span>
    ${tested ? verdictCells(line, verdict, view) : trafficCells(line, traffic, view)}
  </div>`;
}

/** How many requests came this way: through a mount, those for the routes inside it too. */
export function passed(traffic) {
  return traffic.through ?? traffic.count;
}

function gutterBar({ kind, prefix, at, begins, ends }) {
  const how = kind === "mount" ? `inside the mount ${prefix}` : `included with the prefix ${prefix || "“”"}`;
  return html`<i data-kind=${kind} ?data-begins=${begins} ?data-ends=${ends} title="${how}${at ? ` at ${at}` : ""}"></i>`;
}

/** The methods a route answers; the HEAD that a GET implies is there, but quieter. */
export function methodWords(route) {
  const methods = methodsOf(route);
  const shown = methods.slice(0, methods.length === 2 && methods.join("").length <= MOST_LETTERS ? 2 : 1);
  const implied = route.implied_head && shown.length === 1;
  const more = methods.length - shown.length;
  return html`${shown.map((method) => html`<span class="method" data-method=${method}>${method}</span>`)}${more
    ? html`<span class="r-more" title=${methods.join(", ")}>+${more}</span>`
    : nothing}${implied ? html`<span class="method" data-implied title="GET implies HEAD">HEAD</span>` : nothing}`;
}

function pattern({ key, route, prefix, chain }, verdict, view) {
  const whole = prefix + route.path;
  const how = chain.map((one) => `${one.kind === "mount" ? "mounted at" : "included with"} ${one.prefix}`).join(", ");
  return html`<a href=${view.href(key)} tabindex="-1" title=${how ? `${whole}: ${how}` : whole}
    >${prefix ? html`<span class="r-prefix">${prefix}</span>` : nothing}${tinted({
      text: route.path,
      parameters: templateParameters(route),
      reached: verdict ? verdict.template_reached : null,
      refused: verdict?.template_refused ?? null,
    })}</a>`;
}

function marks({ key, route }, { walls }) {
  const hides = isCatchAll(route) ? 0 : (walls.hides.get(key)?.length ?? 0);
  return html`${route.condition ? html`<span class="badge r-condition" title="The path alone does not lead here; only on a condition: ${route.condition}">${route.condition}</span>` : nothing}${route.kind === "mount" && !route.table ? html`<span class="badge" title="What is mounted here has no route table that is known">opaque</span>` : nothing}${hides
    ? html`<span class="badge" data-kind="warn" title="Every path of ${plural(hides, "later route")} is taken here">hides ${hides}</span>`
    : nothing}${walls.hiddenBy.has(key) ? html`<span class="r-dead" title=${hiddenTitle(walls.hiddenBy.get(key))}>${icon("ban", { size: "s", label: "never reached" })}</span>` : nothing}`;
}

function hiddenTitle({ isTotal }) {
  return isTotal ? "No request reaches this route: earlier ones take every path of it" : "Only a path with a line break (%0A) reaches this route: earlier ones take every other";
}

function verdictCells({ mounts }, verdict, { explanation }) {
  if (!verdict) {
    const why = mounts.length ? "not asked: its mount did not take the path" : "refused; others come nearer";
    return html`<span role="gridcell" class="r-verdict">${why}</span><span role="gridcell" class="r-reach"></span>`;
  }
  const { kind, text } = reasonOf(verdict, numberAbove(mounts));
  const more = kind === "refused" ? verdict.reasons.slice(1) : [];
  const all = [text, ...more.map((one) => one.message)].join(" · ");
  const share = verdict.reached / Math.max(1, [...explanation.path].length);
  return html`<span role="gridcell" class="r-verdict" data-kind=${kind} title=${all}>
      ${icon(SIGNS[kind], { size: "s" })}<span class="truncate">${text}${more.length ? html`<span class="r-also"> · ${more.map((one) => one.message).join(" · ")}</span>` : nothing}</span>
    </span>
    <span role="gridcell" class="r-reach" title="${verdict.reached} characters of the path fit"><i ${styles({ "--share": Math.min(1, share).toFixed(3) })}></i></span>`;
}

function trafficCells({ route }, traffic, { busiest, now }) {
  const all = passed(traffic);
  const failed = errorShare(traffic);
  return html`<span role="gridcell" class="r-handler" title=${[route.endpoint, route.file && sourceOf(route)].filter(Boolean).join(" at ")}
      ><span class="truncate">${calledOf(route)}</span>${route.file ? html`<code>${sourceOf(route).split("/").at(-1)}</code>` : nothing}</span
    >
    <span role="gridcell" class="r-hits"><i ${styles({ "--share": heatOf(all, busiest).toFixed(3) })}></i>${all ? count(all) : "–"}</span>
    <span role="gridcell" class="r-last" title=${traffic.last ? moment(traffic.last) : nothing}>${traffic.last ? ago(traffic.last, now).replace(" ago", "") : "–"}</span>
    <span role="gridcell" class="r-p50">${traffic.p50 === null ? "–" : duration(traffic.p50)}</span>
    <span role="gridcell" class="r-errors" title=${failed ? `${plural(traffic.errors, "answer")} of 500 and above, or raised` : nothing}>${failed || "–"}</span>`;
}

/** The wall below a route that takes all there is: the routes that stand behind it, each a link. */
export function wallRow({ line, hidden }, { index, top }, { href, walls }) {
  const most = 3;
  return html`<div class="route-wall" role="row" aria-rowindex=${index + 2} ${place(top)}>
    <span role="gridcell" class="wall-words">
      ${icon("ban", { size: "s" })}<b>${line.route.path}</b> hides ${plural(hidden.length, "route")}:
      ${hidden.slice(0, most).map((one) => html`<a data-select=${one.key} href=${href(one.key)} tabindex="-1"><span class="wall-number">${shortNumber(one.number)}</span><code>${one.prefix + one.route.path}</code>${walls.hiddenBy.get(one.key)?.isTotal === false ? html`<span class="wall-but">but for %0A</span>` : nothing}</a>`)}
      ${hidden.length > most ? `and ${hidden.length - most} more` : nothing}
    </span>
  </div>`;
}

/** Routes of a large table that have no verdict of their own. */
export function foldRow({ count: number, first, last }, { index, top }) {
  return html`<div class="route-fold" role="row" aria-rowindex=${index + 2} ${place(top)}>
    <span role="gridcell">${number === 1 ? `route ${shortNumber(first)}: refused` : `${shortNumber(first)} – ${shortNumber(last)}: ${count(number)} routes, all refused`}</span>
  </div>`;
}
