/**
 * The routes of a what-if in their order: drag one, or move it with Alt and the arrows; choose one to change it.
 *
 * Emits `ri-edit` with a function that alters the draft, and `ri-pick` with the id of the route chosen (or null).
 */

import { html, live, nothing, repeat } from "../../vendor/lit.js";
import { addRoute, changeRoute, moveBefore, moveBy, toggleRemoved } from "../core/whatif.js";
import { count } from "../format/bytes.js";
import { methodsOf } from "../format/ladder.js";
import { RiElement, define, icon } from "./element.js";
import { pattern } from "./ri-finding.js";
import { shortNumber } from "./route-number.js";

/** Rows drawn; of a larger table those that fit the box above, and all that are edited. */
const MOST = 200;

export class RiWhatifList extends RiElement {
  static properties = {
    /** As `draftLines()` gives them. */
    lines: { attribute: false },
    picked: { attribute: false },
    find: { state: true },
    over: { state: true },
  };

  #dragged = null;
  #refocus = null;

  constructor() {
    super();
    this.lines = [];
    this.picked = null;
    this.find = "";
    this.over = null;
  }

  /** A link with edits opens on the first of them. */
  firstUpdated() {
    this.querySelector("li[data-state]")?.scrollIntoView({ block: "center" });
  }

  updated(changed) {
    if (changed.has("picked") && this.picked !== null) this.querySelector('[aria-expanded="true"]')?.parentElement.scrollIntoView({ block: "nearest" });
    if (this.#refocus === null) return;
    const row = [...this.querySelectorAll(".whatif-row")].find((one) => one.dataset.id === this.#refocus);
    this.#refocus = null;
    row?.focus();
    row?.scrollIntoView({ block: "nearest" });
  }

  render() {
    const shown = this.#shown();
    const first = shown.find((line) => line.id === this.picked) ?? shown[0];
    return html`
      ${this.lines.length > 12 ? html`<input class="input" type="search" aria-label="Find a route to edit" placeholder="Find a path, name or number" spellcheck="false"
        .value=${live(this.find)} @input=${(event) => (this.find = event.target.value)} />` : nothing}
      <ol class="whatif-rows" aria-label="Routes in the order they would be tried" @dragleave=${(event) => event.currentTarget.contains(event.relatedTarget) || (this.over = null)}>
        ${repeat(shown, (line) => line.id, (line) => this.#row(line, line === first))}
      </ol>
      ${shown.length < this.lines.length ? html`<p class="dim">${count(shown.length)} of ${count(this.lines.length)} routes</p>` : nothing}`;
  }

  #shown() {
    const words = this.find.toLowerCase().trim();
    const fits = (line) => words === "" || line.number === words || `${line.path} ${line.route?.name ?? ""}`.toLowerCase().includes(words);
    const edited = (line) => line.id === this.picked || line.moved || line.changed || line.removed || line.isNew;
    let room = MOST;
    return this.lines.filter((line) => edited(line) || (fits(line) && room-- > 0));
  }

  #row(line, isStop) {
    const { id, depth, moved, changed, removed, isNew } = line;
    const state = removed ? "removed" : isNew ? "added" : changed ? "changed" : moved ? "moved" : null;
    const chosen = id === this.picked;
    return html`<li
      data-state=${state ?? nothing}
      data-depth=${depth}
      data-over=${this.over?.id === id ? this.over.where : nothing}
      draggable="true"
      @dragstart=${(event) => this.#dragStart(event, line)}
      @dragover=${(event) => this.#dragOver(event, line)}
      @drop=${(event) => this.#drop(event, line)}
      @dragend=${() => ((this.#dragged = null), (this.over = null))}
    >
      <button class="whatif-row" type="button" data-id=${id} tabindex=${isStop ? 0 : -1} aria-expanded=${chosen ? "true" : "false"}
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown" @click=${() => this.#pick(chosen ? null : id)} @keydown=${(event) => this.#key(event, line)}>
        <span class="grip" aria-hidden="true">${icon("grip-vertical", { size: "s" })}</span>
        <span class="finding-number" title=${line.number}>${shortNumber(line.number)}</span>
        ${this.#methods(line)}
        <span class="whatif-path" title=${line.path}>${pattern(line.path || "/")}</span>
        ${state ? html`<span class="badge" data-kind=${{ removed: "bad", added: "ok" }[state] ?? "accent"}>${moved && changed ? "moved, changed" : state}</span>` : nothing}
      </button>
      ${chosen ? this.#editor(line) : nothing}
    </li>`;
  }

  #methods({ route, methods }) {
    const shown = route ? methodsOf({ ...route, methods, implied_head: true }) : methods;
    return html`<span class="whatif-methods" title=${shown.join(", ")}>${shown.map((method) => html`<span class="method" data-method=${method}>${method}</span> `)}</span>`;
  }

  #editor(line) {
    const { id, route, path, methods, removed, isNew } = line;
    const isHttp = route === null || route.kind === "http";
    const restore = () => this.#alter((draft) => changeRoute(draft, id, { path: route.path, methods: route.methods }));
    return html`<div class="whatif-editor" @dragstart=${(event) => event.stopPropagation()}>
      <label>${route?.kind === "mount" ? "Prefix" : "Pattern"}
        <input class="input mono" spellcheck="false" autocomplete="off" ?disabled=${removed} .value=${live(path)}
          @input=${(event) => this.#alter((draft) => changeRoute(draft, id, { path: event.target.value }))} /></label>
      ${isHttp ? html`<label>Methods
        <input class="input mono" spellcheck="false" autocomplete="off" ?disabled=${removed} .value=${methods.filter((one) => one !== "HEAD" || !methods.includes("GET")).join(" ")}
          @change=${(event) => this.#alter((draft) => changeRoute(draft, id, { methods: parseMethods(event.target.value) }))} /></label>` : nothing}
      ${isNew ? nothing : html`<label>Before number
        <input class="input mono" inputmode="decimal" placeholder="as it is" ?disabled=${removed} .value=${""} @change=${(event) => this.#jump(event, line)} /></label>`}
      <div class="whatif-actions">
        ${line.changed && !removed ? html`<button class="button" type="button" @click=${restore}>${icon("undo-2")}As it was</button>` : nothing}
        <button class="button" type="button" @click=${() => this.#remove(line)}>${icon(removed ? "undo-2" : "trash-2")}${removed ? "Put back" : "Take out"}</button>
        ${isNew || removed ? nothing : html`<button class="button" type="button"
          @click=${() => this.#alter((draft) => addRoute(draft, { path: freshPath(this.lines), methods: ["GET"], before: id }))}>${icon("plus")}Add one above</button>`}
      </div>
    </div>`;
  }

  #remove({ id, isNew }) {
    if (isNew) this.#pick(null);
    this.#alter((draft) => toggleRemoved(draft, id));
  }

  #jump(event, { id, level }) {
    const wanted = event.target.value.trim();
    const before = level && !wanted.includes(".") ? `${level}.${wanted}` : wanted;
    if (this.lines.some((line) => line.id === before && line.level === level)) this.#alter((draft) => moveBefore(draft, id, before));
    event.target.value = "";
  }

  #key(event, line) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    if (event.altKey) {
      this.#refocus = line.id;
      this.#alter((draft) => moveBy(draft, line.id, step));
      return;
    }
    const rows = [...this.querySelectorAll(".whatif-row")];
    rows[rows.indexOf(event.currentTarget) + step]?.focus();
  }

  #dragStart(event, line) {
    this.#dragged = line;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", line.path);
  }

  /** Where a drop here would put it: above or below this row, if both stand in one table. */
  #dragOver(event, line) {
    if (this.#dragged === null || this.#dragged.level !== line.level || this.#dragged.id === line.id) return;
    event.preventDefault();
    const { top, height } = event.currentTarget.getBoundingClientRect();
    const where = event.clientY < top + height / 2 ? "above" : "below";
    if (this.over?.id !== line.id || this.over.where !== where) this.over = { id: line.id, where };
  }

  #drop(event, line) {
    if (this.#dragged === null || this.over === null) return;
    event.preventDefault();
    const { id } = this.#dragged;
    const siblings = this.lines.filter((one) => one.level === line.level && one.id !== id);
    const at = siblings.findIndex((one) => one.id === line.id) + (this.over.where === "below" ? 1 : 0);
    this.over = null;
    this.#alter((draft) => moveBefore(draft, id, siblings[at]?.id ?? null));
  }

  #pick(id) {
    this.dispatchEvent(new CustomEvent("ri-pick", { bubbles: true, detail: id }));
  }

  #alter(alter) {
    this.dispatchEvent(new CustomEvent("ri-edit", { bubbles: true, detail: alter }));
  }
}

/** A path to begin with that no route has. */
export function freshPath(lines) {
  const taken = new Set(lines.map((line) => line.path));
  let number = 1;
  while (taken.has(number === 1 ? "/new" : `/new-${number}`)) number++;
  return number === 1 ? "/new" : `/new-${number}`;
}

/** `get, post` as `["GET", "POST"]`. */
function parseMethods(text) {
  return text.toUpperCase().split(/[\s,]+/).filter(Boolean);
}

define("ri-whatif-list", RiWhatifList);
