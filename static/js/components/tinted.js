/** A path or a template with its parameters tinted, and how far it was accepted, as pieces for other templates. */

import { html, nothing } from "../../vendor/lit.js";
import { segments, tintOf } from "../format/segments.js";

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Text whose segments stand in the order of the path, also where one of them is read from right to left. */
export const inOrder = (text) => (RIGHT_TO_LEFT.test(text) ? text.split(/(\/)/).map((part) => html`<bdi>${part}</bdi>`) : text);

function piece({ text: whole, parameter, accepted, refused }, names) {
  const text = inOrder(whole);
  if (parameter === null && !accepted && !refused) return text;
  return html`<span
    class="seg"
    data-tint=${parameter === null ? nothing : tintOf(parameter, names)}
    ?data-accepted=${accepted}
    ?data-refused=${refused}
    title=${parameter ?? nothing}
    >${text}</span
  >`;
}

/**
 * Tinted pieces of `text`. `parameters`: `[{name, start, end}]`; `names`: all parameter names of the screen in order
 * (for equal tints), by default those of `parameters`; `reached` and `refused` as in `segments()`.
 */
export function tinted({ text, parameters = [], names = null, reached = null, refused = null }) {
  const order = names ?? parameters.map((one) => one.name);
  return segments({ text, parameters, reached, refused }).map((one) => piece(one, order));
}
