/** The rows of the list: an exchange, or a gap where exchanges are missing. */

import { html, nothing } from "../../vendor/lit.js";
import { barShare } from "../core/window.js";
import { byteSize, plural } from "../format/bytes.js";
import { templatePieces, tintOf, visible } from "../format/segments.js";
import { failedBeside, missOf, statusOf } from "../format/status.js";
import { clock, durationParts, moment } from "../format/time.js";
import { icon, styles } from "./element.js";
import { tinted } from "./tinted.js";

const GAP_REASONS = {
  slow_viewer: "this page was too slow to take them",
  retention: "the journal had let go of them",
  recorder_overflow: "the recorder could not keep up",
  process_killed: "their process was killed before it had stored them",
};

/** The row of one exchange, `top` px down; `index` is its place in the list. `isRouted`: the routes are known. */
export function exchangeRow(row, { index, top, selected }, isRouted) {
  const status = statusOf(row);
  return html`<div
    class="list-row"
    role="row"
    id=${selected ? "row-selected" : nothing}
    aria-rowindex=${index + 2}
    aria-selected=${selected ? "true" : "false"}
    data-id=${row.id}
    data-kind=${status.kind}
    data-state=${row.state}
    ${styles({ transform: `translateY(${top}px)` })}
  >
    <span role="gridcell" class="c-method truncate" title=${row.method}><span class="method" data-method=${row.method}>${row.method}</span></span>
    <span role="gridcell" class="c-status" title=${status.title}>
      <span class="status" data-class=${status.kind}>${status.text}</span>
    </span>
    <span role="gridcell" class="c-path" title=${pathTitle(row)}>
      ${failedBeside(row) ? html`<span class="row-failed">${icon("circle-x", { size: "s", label: "failed after the answer began" })}</span>` : nothing}${row.replay_of ? icon("rotate-ccw", { size: "s", label: "replay" }) : nothing}<span class="truncate"
        >${tinted({ text: row.path, parameters: spansOf(row) })}${row.query ? html`<span class="row-query">?${visible(row.query)}</span>` : nothing}</span
      >
    </span>
    <span role="gridcell" class="c-route" title=${row.route ? `${row.route.name ?? ""} ${row.route.path}`.trim() : nothing}>${routeCell(row, isRouted)}</span>
    <span role="gridcell" class="c-size truncate" title=${sizeCell(row)}>${sizeCell(row)}</span>
    <span role="gridcell" class="c-time" title=${moment(row.started)}>${clock(row.started)}</span>
    <span role="gridcell" class="c-ms">${tookCell(row)}</span>
    <span role="gridcell" class="c-bar"
      ><i data-slow=${row.duration_ms >= 1000 ? "2" : row.duration_ms >= 100 ? "1" : "0"} ${styles({ transform: `scaleX(${barShare(row.duration_ms)})` })}></i
    ></span>
  </div>`;
}

/** A gap: how many exchanges are missing here, and why. */
export function gapRow(row, { index, top }) {
  return html`<div class="list-row list-gap" role="row" aria-rowindex=${index + 2} ${styles({ transform: `translateY(${top}px)` })}>
    <span role="gridcell" class="c-gap">
      ${icon("scissors", { size: "s" })} ${plural(row.count, "exchange")} skipped: ${GAP_REASONS[row.reason] ?? row.reason}
      ${row.recoverable ? html`<button type="button" class="link" @click=${() => window.location.reload()}>reload from the journal</button>` : nothing}
    </span>
  </div>`;
}

function spansOf(row) {
  return row.params.map(([name, , start, end]) => ({ name, start, end }));
}

function pathTitle(row) {
  return visible(row.path + (row.query ? `?${row.query}` : ""));
}

function routeCell(row, isRouted) {
  if (row.route) return html`<span class="truncate">${template(row.route.path || "/", row.params.map(([name]) => name))}</span>`;
  return html`<span class="row-miss">${missOf(row, isRouted)}</span>`;
}

/** A route's template, tinted; converters are set apart so that a narrow list can leave them out. */
function template(text, known) {
  const converter = (words) => (words ? html`<span class="converter">${words}</span>` : nothing);
  return templatePieces(text, known).map(({ text: plain, name, open, before, after, close, names }) =>
    name === undefined ? plain : html`<span class="seg" data-tint=${tintOf(name, names)}>${open}${converter(before)}${name}${converter(after)}${close}</span>`,
  );
}

function sizeCell(row) {
  if (row.kind === "websocket") return plural(row.frames, "frame");
  return row.status === null ? "" : byteSize(row.response_bytes);
}

function tookCell(row) {
  const running = row.state === "pending" || row.state === "streaming";
  if (running) return html`<span class="row-open" title=${row.state}>${icon("loader-circle", { size: "s", spin: true })}</span>`;
  const { value, unit } = durationParts(row.duration_ms);
  return html`${value}<small>${unit}</small>`;
}
