/** What hangs below the filter box while somebody types: suggestions, and what is wrong. Loaded with the first focus. */

import { html, nothing } from "../../vendor/lit.js";
import { GRAMMAR } from "../core/filter-words.js";
import { icon } from "./element.js";
import { sheets } from "./sheets.js";

await sheets("filter-drop");

const MOST = 8;

/** Suggestions for the word the caret stands in; all of them for none. */
export function suggestionsFor(word) {
  const begun = word.replace(/^-/, "").toLowerCase();
  if (/[:<>]./.test(begun)) return [];
  return GRAMMAR.filter((one) => one.text.replace(/^-/, "").startsWith(begun)).slice(0, MOST);
}

/** What is put into the box for a suggestion: its key, to which a value is still to be typed, or all of it. */
export function filled(suggestion) {
  if (/^-?is:/.test(suggestion)) return `${suggestion} `;
  return /^(-?[a-z]+(?::|>=|<=|>|<))?/i.exec(suggestion)[0] || suggestion;
}

/** The list; `accept` takes the text of the suggestion that is clicked. */
export function drop({ suggestions, problems, chosen, accept }) {
  if (!suggestions.length && !problems.length) return nothing;
  const take = (event, text) => {
    event.preventDefault();
    accept(text);
  };
  return html`<div class="filter-drop">
    ${problems.length
      ? html`<p class="filter-problem" id="filter-problem" role="status">${icon("circle-alert", { size: "s" })} ${problems[0].message}</p>`
      : nothing}
    <ul id="filter-suggestions" role="listbox" aria-label="Filter words">
      ${suggestions.map(
        (one, index) => html`<li id="filter-suggestion-${index}" role="option" aria-selected=${index === chosen ? "true" : "false"} @mousedown=${(event) => take(event, one.text)}>
          <code>${one.text}</code><span>${one.hint}</span>
        </li>`,
      )}
    </ul>
  </div>`;
}
