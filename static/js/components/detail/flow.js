/** The tabs that follow time: timeline, ASGI messages, WebSocket frames. */

import { html, nothing } from "../../../vendor/lit.js";
import { byteSize, fromHex, hexDump, plural } from "../../format/bytes.js";
import { jsonPieces, prettyJson } from "../../format/json.js";
import { visible } from "../../format/segments.js";
import { duration } from "../../format/time.js";
import { icon, styles } from "../element.js";

const STEP = {
  RequestStarted: "edge", RequestFinished: "edge", RequestFailed: "bad", EndpointRaised: "bad", ClientDisconnected: "bad",
  RouteMatched: "routing", RouteMissed: "routing", ParametersBound: "params", ParametersRejected: "bad",
  DependencyResolved: "params", EndpointStarted: "endpoint", EndpointFinished: "endpoint",
  MiddlewareEntered: "middleware", MiddlewareLeft: "middleware",
};

/** `RouteMatched` as words: "Route matched". */
function words(kind) {
  const text = kind.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return text[0].toUpperCase() + text.slice(1);
}

export function timelineTab({ exchange, panels }) {
  const { timeline } = panels;
  const total = Math.max(exchange.duration_ms ?? 0, timeline.at(-1)?.at_ms ?? 0, 0.001);
  return html`<section class="section">
    <header>
      <h3>Timeline</h3>
      <span class="dim">${duration(exchange.duration_ms)} in all · recording cost ${Math.round(exchange.recorder_us)} µs</span>
    </header>
    <ol class="timeline">
      ${timeline.map((moment) => step(moment, total))}
    </ol>
  </section>`;
}

function step({ at_ms: at, took_ms: took, kind, label, size }, total) {
  return html`<li data-step=${STEP[kind] ?? "response"}>
    <span class="timeline-at">${duration(at)}</span>
    <span class="timeline-what truncate" title=${`${words(kind)} ${visible(label)}`}
      ><span class="timeline-kind">${words(kind)}</span> ${visible(label)}${size && !label.includes("byte") ? html` · ${byteSize(size)}` : nothing}</span
    >
    <span class="timeline-track"
      ><i ${styles({ left: `${(at / total) * 100}%`, width: `${Math.max(((took ?? 0) / total) * 100, 0.4)}%` })}></i
    ></span>
    <span class="timeline-took">${took === null ? "" : duration(took)}</span>
  </li>`;
}

const DIRECTION = {
  receive: { sign: "arrow-right", word: "receive: from the client", short: "in" },
  send: { sign: "arrow-left", word: "send: to the client", short: "out" },
};

function arrow(direction) {
  const { sign, word } = DIRECTION[direction] ?? DIRECTION.send;
  return html`<span class="direction" data-direction=${direction}>${icon(sign, { size: "s", label: word })}</span>`;
}

export function messagesTab({ exchange, panels }) {
  return html`<section class="section">
    <header>
      <h3>ASGI messages</h3>
      <span class="dim">what the application received and sent, in order</span>
    </header>
    <table class="table flow" aria-label="ASGI messages">
      <thead>
        <tr><th scope="col">At</th><th scope="col"><span class="sr-only">Direction</span></th><th scope="col">Type</th><th scope="col">What</th><th scope="col" class="number">Bytes</th></tr>
      </thead>
      <tbody>
        ${panels.messages.map(
          (one) => html`<tr>
            <td class="flow-at">${duration(one.at_ms)}</td>
            <td>${arrow(one.direction)}</td>
            <td class="mono">${one.type}</td>
            <td>${visible(one.label)}</td>
            <td class="number">${one.size === null ? "" : one.size}</td>
          </tr>`,
        )}
      </tbody>
    </table>
    ${leftOut(exchange.messages_left_out, "message")}
  </section>`;
}

export function framesTab({ exchange, panels }) {
  const { socket } = exchange;
  return html`<section class="section">
    <header>
      <h3>Frames</h3>
      <span class="dim">${plural(socket?.frame_count ?? panels.frames.length, "frame")}${socket?.subprotocol ? html` · <code>${visible(socket.subprotocol)}</code>` : nothing}</span>
    </header>
    ${panels.frames.length ? html`<ol class="frames">${panels.frames.map(frame)}</ol>` : html`<p class="dim">No frames${socket?.accepted ? " yet" : ": the handshake was refused"}.</p>`}
    ${leftOut(exchange.frames_left_out, "frame")} ${socket?.closed_by ? closed(socket) : nothing}
  </section>`;
}

function frame(one) {
  const text = one.text === null ? null : visible(one.text.slice(0, 200));
  return html`<li>
    <details>
      <summary>
        ${arrow(one.direction)}<span class="flow-at">${duration(one.at_ms)}</span>
        <span class="frame-text mono truncate">${text ?? `${one.opcode}, ${byteSize(one.size)}`}</span>
        ${one.complete ? nothing : html`<span class="badge">cut</span>`}<span class="frame-size">${byteSize(one.size)}</span>
      </summary>
      <pre class="code scroll" tabindex="0" aria-label="Frame">${frameText(one)}</pre>
    </details>
  </li>`;
}

function frameText(one) {
  if (one.text === null) return hexDump(fromHex(one.hex ?? "")).map((line) => `${line.offset}  ${line.hex}  ${line.text}\n`).join("");
  const pretty = prettyJson(one.text);
  if (pretty === null) return visible(one.text);
  return jsonPieces(pretty).map((piece) => (piece.kind ? html`<span class="j-${piece.kind}">${visible(piece.text)}</span>` : piece.text));
}

function leftOut(number, word) {
  return number ? html`<p class="body-note">${icon("scissors", { size: "s" })} ${plural(number, word)} more not kept</p>` : nothing;
}

function closed({ closed_by: by, close_code: code, close_reason: reason }) {
  return html`<p class="frames-end">${icon("unplug", { size: "s" })} closed by the ${by} with ${code ?? "no code"}${reason ? ` “${visible(reason)}”` : ""}</p>`;
}
