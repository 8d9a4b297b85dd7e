/** What a text did in a regex, as pieces of the Regex screen. */

import { html, nothing } from "../../vendor/lit.js";
import { tintOf, visible } from "../format/segments.js";
import { nodesOf } from "../format/steps.js";
import { icon } from "./element.js";

/** The names of the groups of a regex tree, in order. */
export function groupNames(tree) {
  return groupsOf(tree).filter(({ name }) => name).map(({ name }) => name);
}

/** The groups of a regex tree, in order. */
function groupsOf(tree) {
  return tree ? [...nodesOf(tree).values()].filter(({ op }) => op === "group") : [];
}

/** What the groups hold in the middle of a run, as spans: `captures` maps node ids to places. */
export function spansAt(tree, captures, text) {
  const characters = [...text];
  return groupsOf(tree).filter(({ id }) => captures.has(id)).map(({ id, name, number }) => {
    const { start, end } = captures.get(id);
    return { name, number, start, end, text: characters.slice(start, end).join("") };
  });
}

/** Yes or no, where it stopped, and what was expected there. */
export function verdict(trace, text) {
  const kind = trace.accepted === null ? "unknown" : trace.accepted ? "ok" : "bad";
  return html`<p class="regex-verdict" data-kind=${kind} role="status">
    ${icon({ unknown: "circle-help", ok: "check", bad: "x" }[kind], { size: "s" })} <span>${inWords(trace, [...text])}</span>
  </p>`;
}

function inWords(trace, characters) {
  if (trace.accepted === null) return `not known: ${trace.note}`;
  if (trace.accepted) return whereItMatches(trace, characters.length);
  const got = characters[trace.reached];
  return `stops at character ${trace.reached + 1}: expected ${trace.expected}, got ${got === undefined ? "the end" : `“${visible(got)}”`}`;
}

function whereItMatches({ start, reached }, length) {
  if (start === 0 && reached === length) return "matches";
  if (start === reached) return `matches the empty text before character ${start + 1}`;
  return reached - start === 1 ? `matches character ${reached}` : `matches characters ${start + 1} to ${reached}`;
}

/** Every group with what it holds: the same rows at every step, so that nothing below moves. */
export function spansTable(tree, spans, names) {
  const groups = groupsOf(tree);
  if (!groups.length) return nothing;
  return html`<table class="table">
    <thead><tr><th scope="col">Group</th><th scope="col">Text</th><th scope="col">Characters</th></tr></thead>
    <tbody>
      ${groups.map(({ name, number }) => {
        const span = spans.find((one) => one.number === number);
        return html`<tr>
          <td><code class="seg" data-tint=${name ? tintOf(name, names) : nothing}>${name ?? number}</code></td>
          <td>${span ? html`<code>${visible(span.text)}</code>` : html`<span class="dim">nothing</span>`}</td>
          <td>${span ? html`<code>${span.start}–${span.end}</code>` : nothing}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}
