/**
 * What differs between two exchanges, layer by layer (DIFFERENCE of api/difference), and their bodies line by line.
 */

import { html, nothing } from "../../vendor/lit.js";
import { diffLines } from "../../vendor/diff.js";
import { RiElement, define, icon } from "./element.js";

const NAMES = { status: "Status", route: "Route", parameters: "Parameters", headers: "Headers", body: "Body", time: "Time" };
const CONTEXT = 3;

export class RiDiff extends RiElement {
  static properties = { difference: { attribute: false } };

  render() {
    const difference = this.difference;
    if (!difference) return nothing;
    return html`<div class="callout" data-kind=${difference.same ? "ok" : "info"}>
        ${icon(difference.same ? "circle-check" : "git-compare")}
        <p>${difference.same ? "The same answer." : "Not the same:"} ${difference.summary}</p>
      </div>
      ${difference.layers.map((layer) => this.#layer(layer))}`;
  }

  #layer(layer) {
    const silent = layer.entries.length === 0 && !layer.text;
    return html`<section class="diff-layer" data-layer=${layer.layer}>
      <header>
        <h3>${NAMES[layer.layer] ?? layer.layer}</h3>
        <span class="badge" data-kind=${layer.same ? "ok" : "warn"}>${icon(layer.same ? "check" : "diff", { size: "s" })}${layer.same ? "same" : "differs"}</span>
      </header>
      ${silent ? nothing : html`${this.#entries(layer)} ${layer.text && !layer.same ? this.#lines(layer.text) : nothing}`}
    </section>`;
  }

  #entries({ entries, text, same }) {
    if (entries.length === 0 || (text && !same)) return nothing;
    return html`<table class="table">
      <thead><tr><th scope="col"><span class="sr-only">What</span></th><th scope="col">Recorded</th><th scope="col">Replay</th></tr></thead>
      <tbody>
        ${entries.map((entry) => html`<tr ?data-volatile=${entry.volatile}>
          <th scope="row"><code>${entry.what}</code>${entry.volatile ? html` <span class="badge">changes by itself</span>` : nothing}</th>
          <td><code>${entry.left ?? "–"}</code></td>
          <td><code>${entry.right ?? "–"}</code></td>
        </tr>`)}
      </tbody>
    </table>`;
  }

  #lines({ left, right }) {
    return html`<div class="diff-lines scroll" tabindex="0" role="region" aria-label="Bodies, line by line">
      ${hunks(diffLines(left, right)).map(({ sign, text, skipped }) => skipped
        ? html`<div class="diff-line" data-sign="skip">${skipped} equal lines</div>`
        : html`<div class="diff-line" data-sign=${sign}><span aria-hidden="true">${SIGN[sign]}</span><span class="sr-only">${SPOKEN[sign]}</span>${text}</div>`)}
    </div>`;
  }
}

const SIGN = { added: "+", removed: "−", same: " " };
const SPOKEN = { added: "added: ", removed: "removed: ", same: "" };

/** One entry a line, with long equal runs cut down to the lines next to a change. */
export function hunks(parts) {
  return parts.flatMap((part, at) => {
    const lines = part.value.replace(/\n$/, "").split("\n");
    const sign = part.added ? "added" : part.removed ? "removed" : "same";
    const whole = lines.map((text) => ({ sign, text }));
    if (sign !== "same" || lines.length <= 2 * CONTEXT + 1) return whole;
    const head = at === 0 ? [] : whole.slice(0, CONTEXT);
    const tail = at === parts.length - 1 ? [] : whole.slice(-CONTEXT);
    return [...head, { skipped: lines.length - head.length - tail.length }, ...tail];
  });
}

define("ri-diff", RiDiff);
