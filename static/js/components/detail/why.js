/** The Why tab: the answer in one sentence, the path as the route reads it, the values, the match ladder. */

import { html, nothing } from "../../../vendor/lit.js";
import { nextAsked } from "../../core/next-asked.js";
import { count } from "../../format/bytes.js";
import { tintOf, visible } from "../../format/segments.js";
import { innermost } from "../../format/tables.js";
import { statusOf } from "../../format/status.js";
import { duration } from "../../format/time.js";
import { triedOf } from "../../format/tried.js";
import { icon } from "../element.js";
import { link } from "../link.js";
import { shortNumber } from "../route-number.js";
import { inOrder, tinted } from "../tinted.js";
import "../ri-ladder.js";

/** Characters of a value that are shown as they are, and of a path that is not scrolled in its own box. */
const LONG = 240;
/** Characters of a sentence that is not scrolled in its own box. */
const VERY_LONG = 700;

/** Whole tab for `{exchange, panels, explanation, snapshot}`. */
export function whyTab({ exchange, panels, explanation, snapshot, router, store }) {
  const { why } = panels;
  const names = why.path.spans.map((span) => span.name);
  return html`
    <section class="section">${answer(exchange, explanation?.answer ?? why.answer, panels.response.error && router)}${next(exchange, panels.response, { router, store })}</section>
    <section class="section">
      <header><h3>${pathHeading(exchange, explanation)}</h3></header>
      ${readPath(why.path, exchange, explanation)} ${why.parameters.length ? parameters(why.parameters, names) : nothing}
    </section>
    ${why.steps.length > 1 ? chain(why.steps) : nothing} ${ladderSection({ exchange, panels, explanation, snapshot, names })}
  `;
}

function pathHeading({ routing }, explanation) {
  if (routing === "unknown") return "Path";
  return innermost(explanation)?.outcome === "not_found" ? "Path, as far as a route read it" : "Path, as the route reads it";
}

const KINDS = { 1: ["ok", "circle-check"], 2: ["ok", "circle-check"], 3: ["info", "corner-down-right"], 4: ["warn", "circle-alert"], 5: ["bad", "circle-x"] };

/** The sentence; with a `router`, and the way to the traceback of what it names. */
function answer(exchange, sentence, router) {
  const failed = exchange.error !== null || exchange.state === "error";
  const [kind, sign] = failed ? KINDS[5] : (KINDS[Math.floor(exchange.status / 100)] ?? ["info", "info"]);
  return html`<p class="callout answer" data-kind=${kind}>${icon(sign)}<span class="answer-words" tabindex=${sentence.length > VERY_LONG ? 0 : nothing}>${inOrder(visible(sentence))}${router ? html` <button class="link" type="button" @click=${() => router.set({ tab: "response" })}>Traceback</button>` : nothing}</span></p>`;
}

/** After a redirect: the request that came next for its address. */
function next(exchange, { status, location }, { router, store }) {
  const row = location && status >= 300 && status < 400 ? nextAsked(store.ring, exchange, location) : null;
  if (row === null) return nothing;
  const { text, kind } = statusOf(row);
  const said = html`<span class="method" data-method=${row.method}>${row.method}</span> <code>${inOrder(visible(row.path))}</code> <span class="status" data-class=${kind}>${text}</span>`;
  return html`<p class="answer-next">${icon("corner-down-right", { size: "s" })}next request for it: ${link(router, { id: row.id }, said, { title: "Open it", keep: true })} <span class="dim">${duration(row.started - exchange.started)} later</span></p>`;
}

function readPath({ decoded, raw, root_path: root, spans }, { query, asked }, explanation) {
  const differs = raw !== null && raw !== decoded;
  const stop = stopOf(decoded, explanation);
  const read = stop === null ? {} : { reached: stop, refused: [stop, [...decoded].length] };
  const endsEarly = stop === [...decoded].length;
  return html`<p class="path-read" tabindex=${decoded.length + query.length > LONG ? 0 : nothing}>${tinted({ text: decoded, parameters: spans, ...read })}${endsEarly ? html`<span class="path-end">ends here</span>` : nothing}${query ? html`<span class="row-query">?${visible(query)}</span>` : nothing}</p>
    ${differs ? html`<p class="path-note">as it came: <code>${visible(raw)}</code></p>` : nothing}
    ${root ? html`<p class="path-note">below root path <code>${visible(root)}</code></p>` : nothing}
    ${isRewritten(decoded, root, asked) ? html`<p class="path-note">the routes were asked for <code>${visible(asked)}</code></p>` : nothing}`;
}

/** The character at which the last table asked gave up, counted in the whole path; null where a route took it or it is not known. */
function stopOf(decoded, explanation) {
  const last = innermost(explanation);
  if (last?.outcome !== "not_found" || !decoded.endsWith(last.path)) return null;
  return [...decoded].length - [...last.path].length + last.reached;
}

/** Whether a middleware put another path into the scope, beyond what the root path explains. */
function isRewritten(decoded, root, asked) {
  const above = root.replace(/\/+$/, "");
  const below = above && decoded.startsWith(above) ? decoded.slice(above.length) || "/" : decoded;
  return asked !== null && asked !== decoded && asked !== below;
}

function parameters(list, names) {
  return html`<table class="table values">
    <thead>
      <tr>
        <th scope="col">Parameter</th>
        <th scope="col">From</th>
        <th scope="col">Raw text</th>
        <th scope="col">Converter</th>
        <th scope="col">Python value</th>
      </tr>
    </thead>
    ${groupByUser(list).map(
      ([user, own]) => html`<tbody>
        ${user ? html`<tr class="values-user"><th scope="rowgroup" colspan="5">${usedBy(user)}</th></tr>` : nothing}
        ${own.map((one) => parameterRow(one, names))}
      </tbody>`,
    )}
  </table>`;
}

/** The parameters of each who asked for them, in their order; by whom is known of this framework only. */
function groupByUser(list) {
  const groups = new Map();
  for (const one of list) groups.set(one.used_by, [...(groups.get(one.used_by) ?? []), one]);
  return [...groups];
}

function parameterRow(one, names) {
  const tint = one.source === "path" && names.includes(one.name) ? tintOf(one.name, names) : nothing;
  const source = html`${one.source}${one.alias && one.alias !== one.name ? html` <code class="dim">${visible(one.alias)}</code>` : nothing}`;
  return html`<tr ?data-problem=${one.problem !== null}>
      <th scope="row" class="values-name" data-tint=${tint}>${visible(one.name)}<span class="values-source">${source}</span></th>
      <td>${source}</td>
      <td class="mono">${rawText(one)}</td>
      <td><span class="mono">${one.converter}</span>${one.regex ? html`<code class="values-regex">${one.regex}</code>` : nothing}</td>
      <td>${value(one)}</td>
    </tr>
    ${one.problems.map((problem) => problemRow(problem))}`;
}

function problemRow({ where, message }) {
  return html`<tr class="values-problem">
    <td colspan="5">${icon("circle-alert", { size: "s" })} ${where ? html`<code>${visible(where)}</code>: ` : nothing}${visible(message)}</td>
  </tr>`;
}

function rawText({ raw, default_used: isDefault }) {
  if (raw === null) return html`<span class="dim">${isDefault ? "not sent" : "–"}</span>`;
  return unfolded(visible(Array.isArray(raw) ? raw.join(", ") : raw));
}

/** A text whole, or its beginning and the rest behind it: a file is pages long. */
function unfolded(text) {
  if (text.length <= LONG) return text;
  return html`<details><summary>${text.slice(0, LONG / 2)}…</summary>${text.slice(LONG / 2)}</details>`;
}

function value({ value: text, value_type: type, declared_type: declared, default_used: isDefault, problem }) {
  if (problem !== null) return html`<span class="values-refused">refused</span> <span class="values-type">wants ${declared}</span>`;
  return html`<span class="mono">${text === null ? "–" : unfolded(visible(text))}</span> <span class="values-type">${type ?? declared}</span>
    ${isDefault ? html`<span class="badge">default</span>` : nothing}`;
}

function usedBy(text) {
  const [, name, place] = /^(.*?)( \S+:\d+)?$/.exec(text);
  return html`asked by <span class="mono">${visible(name)}</span>${place ? html` <span class="values-place">${visible(place)}</span>` : nothing}`;
}

/** The way through the mounts: each table's answer, outermost first. */
function chain(steps) {
  return html`<section class="section">
    <header><h3>Through ${steps.length - 1 === 1 ? "a mount" : `${steps.length - 1} mounts`}</h3></header>
    <ol class="chain">
      ${steps.map(
        (step, at) => html`<li>
          <span class="ladder-number">${step.index === null ? "–" : shortNumber(steps.slice(0, at + 1).map(({ index }) => index + 1).join("."))}</span>
          ${step.template === null ? html`<span class="row-miss">no route</span>` : html`<code class="chain-template">${step.template}</code>`}
          <span class="dim">${step.template === null ? "takes" : "reads"}</span> <code class="chain-path" title=${visible(step.path)}>${visible(step.path)}</code>
          ${step.file ? html`<span class="values-place">${step.file.split("/").slice(-2).join("/")}:${step.line}</span>` : nothing}
        </li>`,
      )}
    </ol>
  </section>`;
}

function ladderSection({ exchange, panels, explanation, snapshot, names }) {
  const { why, timeline } = panels;
  if (!explanation) return unexplained(exchange, timeline);
  const { tried, all } = triedOf(explanation, snapshot);
  const took = why.steps[0]?.took_us;
  return html`<section class="section">
    <header>
      <h3>Match ladder</h3>
      <span class="dim">${why.host ? html`of the host <code>${visible(why.host)}</code> · ` : nothing}${howMany(tried, all)} tried${took ? ` · ${duration(took / 1000)}` : ""}</span>
    </header>
    <ri-ladder .explanation=${explanation} .snapshot=${snapshot} .names=${names.length ? names : null}></ri-ladder>
  </section>`;
}

function howMany(tried, total) {
  if (total === 1) return "its only route";
  return `${tried === total ? `all ${count(total)}` : `${count(tried)} of ${count(total)}`} routes`;
}

function unexplained({ routing }, timeline) {
  return html`<section class="section">
    <header><h3>Match ladder</h3></header>
    <p class="dim">${whyUnexplained(routing, timeline)}</p>
  </section>`;
}

function whyUnexplained(routing, timeline) {
  if (routing !== "unknown") return "The route table of that time is no longer in the journal.";
  if (timeline.some(({ kind }) => kind === "MiddlewareEntered")) return "No route was asked: a middleware answered before.";
  return "The routes of this application are not known here: it is recorded from outside, through plain ASGI.";
}
