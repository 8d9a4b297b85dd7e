/** The tabs of what passed: ASGI messages, WebSocket frames. */

import { html, nothing } from "../../../vendor/lit.js";
import { byteSize, plural } from "../../format/bytes.js";
import { fromHex, hexDump } from "../../format/hex.js";
import { jsonPieces, prettyJson } from "../../format/json.js";
import { visible } from "../../format/segments.js";
import { duration } from "../../format/time.js";
import { icon } from "../element.js";

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
        ${icon("chevron-right", { size: "s" })}
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
  return html`<p class="frames-end">${icon("plug", { size: "s" })} closed by the ${by} with ${code ?? "no code"}${reason ? ` “${visible(reason)}”` : ""}</p>`;
}
