/** The edge between the list and the detail, which is drawn or moved by the arrow keys. */

import { html } from "../../vendor/lit.js";

/** Bounds of the detail's width, in per cent of both; the middle is where a double click leads. */
const NARROWEST = 28;
const WIDEST = 75;
const MIDDLE = 50;

const bounded = (percent) => Math.min(WIDEST, Math.max(NARROWEST, percent));

/** The edge; `resize` takes the detail's new width in per cent. */
export function split({ width, resize }) {
  return html`<div
    class="live-split"
    role="separator"
    aria-orientation="vertical"
    aria-label="Width of the detail"
    aria-valuemin=${NARROWEST}
    aria-valuemax=${WIDEST}
    aria-valuenow=${Math.round(width)}
    tabindex="0"
    @pointerdown=${(event) => drag(event, resize)}
    @keydown=${(event) => nudge(event, width, resize)}
    @dblclick=${() => resize(MIDDLE)}
  ></div>`;
}

function drag(event, resize) {
  const edge = event.currentTarget;
  const box = edge.parentElement.getBoundingClientRect();
  edge.setPointerCapture(event.pointerId);
  const move = (moved) => resize(bounded(((box.right - moved.clientX) / box.width) * 100));
  edge.addEventListener("pointermove", move);
  edge.addEventListener("lostpointercapture", () => edge.removeEventListener("pointermove", move), { once: true });
}

function nudge(event, width, resize) {
  const step = { ArrowLeft: 2, ArrowRight: -2 }[event.key];
  if (!step) return;
  event.preventDefault();
  resize(bounded(width + step));
}
