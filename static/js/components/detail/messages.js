/** The Request and Response tabs: scope, headers, cookies, bodies, and the exception with its traceback. */

import { html, nothing } from "../../../vendor/lit.js";
import { plural } from "../../format/bytes.js";
import { statusClass } from "../../format/status.js";
import { visible } from "../../format/segments.js";
import { icon } from "../element.js";
import { traceback, tracebackLine } from "../ri-banners.js";
import "../ri-body.js";

const REDACTED = "•••";
/** Characters of a message that fit without scrolling it. */
const LONG = 600;

export function requestTab({ exchange, panels, api }) {
  const { request } = panels;
  const hasBody = request.body.size > 0;
  return html`
    ${section("Scope", scopeFacts(request, exchange))}
    ${request.query.length ? section("Query", pairs(request.query, "Query parameters"), request.query.length) : nothing}
    ${section("Headers", pairs(request.headers, "Request headers"), request.headers.length)}
    ${request.cookies.length ? section("Cookies", pairs(request.cookies, "Cookies"), request.cookies.length) : nothing}
    ${hasBody || exchange.kind === "http" ? section("Body", bodyOf(request.body, "request", exchange, api)) : nothing}
    ${exchange.redactions.length ? section("Redacted", redactions(exchange.redactions), exchange.redactions.length) : nothing}
  `;
}

export function responseTab({ exchange, panels, api }) {
  const { response } = panels;
  return html`
    ${response.error ? failure(response.error) : nothing} ${exchange.socket ? section("Connection", socketFacts(exchange.socket)) : nothing}
    ${section("Status", statusLine(response))}
    ${section("Headers", response.headers.length ? pairs(response.headers, "Response headers") : none("No headers were sent."), response.headers.length)}
    ${exchange.kind === "http" ? section("Body", bodyOf(response.body, "response", exchange, api)) : nothing}
  `;
}

function section(title, content, number = null) {
  return html`<section class="section">
    <header><h3>${title}</h3>${number ? html`<span class="dim">${number}</span>` : nothing}</header>
    ${content}
  </section>`;
}

const none = (text) => html`<p class="dim">${text}</p>`;

function scopeFacts(request, exchange) {
  const facts = [
    ["type", exchange.kind],
    ["method", request.method],
    ["path", request.path],
    ["raw_path", request.raw_path],
    ["query_string", request.query_string],
    ["root_path", request.root_path],
    ["scheme", request.scheme],
    ["http_version", request.http_version],
    ["client", request.client],
    ["server", request.server],
    ["subprotocols", request.subprotocols.join(", ")],
    ["extensions", request.extensions.join(", ")],
    ["state", request.state_keys.join(", ")],
    ["process", `${exchange.worker} on ${exchange.host}${exchange.generation ? `, reload ${exchange.generation}` : ""}`],
  ];
  return html`<dl class="facts mono-values">
    ${facts.filter(([, value]) => value !== null && value !== "").map(([name, value]) => html`<dt>${name}</dt><dd>${shownValue(String(value))}</dd>`)}
  </dl>`;
}

function socketFacts(socket) {
  const closed = socket.closed_by
    ? `by the ${socket.closed_by}, ${socket.close_code ?? "no code"}${socket.close_reason ? ` “${visible(socket.close_reason)}”` : ""}`
    : "still open";
  return html`<dl class="facts">
    <dt>Handshake</dt><dd>${socket.accepted ? "accepted" : "refused"}</dd>
    ${socket.subprotocol ? html`<dt>Subprotocol</dt><dd class="mono">${visible(socket.subprotocol)}</dd>` : nothing}
    <dt>Closed</dt><dd>${closed}</dd>
    <dt>Frames</dt><dd>${socket.frame_count}</dd>
  </dl>`;
}

function statusLine({ status, reason, allow, location }) {
  if (status === null) return none("No response was sent.");
  return html`<dl class="facts">
    <dt>Status</dt>
    <dd><span class="status" data-class=${String(Math.floor(status / 100))}>${status}</span> ${reason ?? ""} <span class="dim">${statusClass(status)}</span></dd>
    ${allow.length ? html`<dt>Allowed</dt><dd class="mono">${allow.join(", ")}</dd>` : nothing}
    ${location ? html`<dt>Location</dt><dd class="mono">${visible(location)}</dd>` : nothing}
  </dl>`;
}

/** `[[name, value]]` as a table, in the order they came, doubles kept. */
function pairs(list, label) {
  return html`<table class="table pairs" aria-label=${label}>
    <tbody>
      ${list.map(([name, value]) => html`<tr><th scope="row">${visible(name)}</th><td>${shownValue(value)}</td></tr>`)}
    </tbody>
  </table>`;
}

/** A value with its redacted parts as quiet dots. */
function shownValue(value) {
  const parts = visible(value ?? "").split(REDACTED);
  return parts.flatMap((part, index) => (index === 0 ? [part] : [html`<span class="secret" title="redacted before it was stored">${REDACTED}</span>`, part]));
}

function redactions(list) {
  return html`<ul class="redactions">
    ${list.map((one) => html`<li>${icon("eye-off", { size: "s" })}<code>${visible(one.where)}</code><span class="dim">rule: ${one.rule}</span></li>`)}
  </ul>`;
}

function bodyOf(body, side, exchange, api) {
  return html`<ri-body .body=${body} .side=${side} .exchangeId=${exchange.id} .api=${api}></ri-body>`;
}

function failure({ type, message, parts }) {
  return html`<section class="section">
    <p class="callout" data-kind="bad">${icon("bug")}<span class="answer-words" tabindex=${message.length > LONG ? 0 : nothing}><strong>${visible(type)}</strong>: ${visible(message)}</span></p>
    <div class="code traceback scroll" role="region" tabindex="0" aria-label="Traceback">${parts.map((part) => tracebackPart(part, part === parts.at(-1)))}</div>
  </section>`;
}

/** The application's own lines as they are; what libraries did in between is folded. */
function tracebackPart({ text, frames }, isLast) {
  const lines = isLast ? traceback(text) : text.trimEnd().split("\n").map(tracebackLine);
  if (frames) return html`<details><summary>${plural(frames, "frame")} of libraries</summary><div>${lines}</div></details>`;
  return text.trim() ? html`<div>${lines}</div>` : nothing;
}
