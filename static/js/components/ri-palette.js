/** The command palette: screens, actions, routes and recent requests in one fuzzy list. */

import { html, nothing } from "../../vendor/lit.js";
import { fuzzyPick } from "../core/fuzzy.js";
import { methodsOf } from "../format/ladder.js";
import { visible } from "../format/segments.js";
import { statusOf } from "../format/status.js";
import { RiElement, define, icon } from "./element.js";
import { sheets } from "./sheets.js";

await sheets("overlay");

const MOST = 12;
const RECENT = 200;

const COMMANDS = [
  { text: "Go to Live", icon: "activity", intent: "view:live", key: "1" },
  { text: "Go to Routes", icon: "route", intent: "view:routes", key: "2" },
  { text: "Go to Regex", icon: "regex", intent: "view:regex", key: "3" },
  { text: "Go to Replay", icon: "rotate-ccw", intent: "view:replay", key: "4" },
  { text: "Go to Health", icon: "heart-pulse", intent: "view:health", key: "5" },
  { text: "Replay this request", icon: "rotate-ccw", intent: "replay", key: "r" },
  { text: "Copy as curl", icon: "terminal", intent: "copy-curl", key: "c" },
  { text: "Copy as Python, httpx", icon: "copy", intent: "copy-as:httpx" },
  { text: "Copy as pytest test", icon: "copy", intent: "copy-as:pytest" },
  { text: "Copy as Hurl file", icon: "copy", intent: "copy-as:hurl" },
  { text: "Copy as HAR entry", icon: "copy", intent: "copy-as:har" },
  { text: "Copy link to this view", icon: "link", intent: "copy-link", key: "y" },
  { text: "Pause or resume", icon: "pause", intent: "pause", key: "p" },
  { text: "Filter requests", icon: "search", intent: "filter", key: "/" },
  { text: "Show errors only", icon: "circle-x", intent: "set-filter:is:error" },
  { text: "Show requests without a route", icon: "ban", intent: "set-filter:is:unmatched" },
  { text: "Show all requests", icon: "list", intent: "set-filter:" },
  { text: "Clear the recording", icon: "trash-2", intent: "clear" },
  { text: "Theme: light", icon: "sun", intent: "theme:light" },
  { text: "Theme: dark", icon: "moon", intent: "theme:dark" },
  { text: "Theme: as the system", icon: "monitor", intent: "theme:system" },
  { text: "Keyboard help", icon: "keyboard", intent: "help", key: "?" },
];

export class RiPalette extends RiElement {
  static properties = {
    session: { attribute: false },
    query: { state: true },
    chosen: { state: true },
    items: { state: true },
  };

  constructor() {
    super();
    this.query = "";
    this.chosen = 0;
    this.items = [];
  }

  get dialog() {
    return this.querySelector("dialog");
  }

  toggle() {
    if (this.dialog.open) return this.dialog.close();
    this.query = "";
    this.chosen = 0;
    this.items = [...COMMANDS, ...this.#requests()];
    this.dialog.showModal();
    this.#addRoutes();
  }

  render() {
    const found = fuzzyPick(this.query, this.items, (item) => item.text, MOST);
    return html`<dialog class="palette" aria-label="Command palette" @click=${(event) => event.target === this.dialog && this.dialog.close()}>
      <div class="palette-box">
        ${icon("search")}
        <input
          type="text"
          role="combobox"
          aria-label="Command, route or request"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant=${found[this.chosen] ? `palette-${this.chosen}` : nothing}
          placeholder="A command, a route, a path…"
          autocomplete="off"
          spellcheck="false"
          .value=${this.query}
          @input=${(event) => {
            this.query = event.target.value;
            this.chosen = 0;
          }}
          @keydown=${(event) => this.#key(event, found)}
        />
        <kbd class="key">Esc</kbd>
      </div>
      ${found.length
        ? html`<ul id="palette-list" role="listbox" aria-label="Matches">
            ${found.map((item, index) => this.#item(item, index))}
          </ul>`
        : html`<p class="palette-none">Nothing matches “${this.query}”.</p>`}
    </dialog>`;
  }

  #item(item, index) {
    return html`<li
      id="palette-${index}"
      role="option"
      aria-selected=${index === this.chosen ? "true" : "false"}
      @mousemove=${() => (this.chosen = index)}
      @click=${() => this.#run(item)}
    >
      ${item.icon ? icon(item.icon) : html`<span class="method" data-method=${item.method}>${item.method}</span>`}
      <span class="palette-text truncate ${item.icon ? "" : "mono"}" title=${visible(item.label ?? item.text)}>${visible(item.label ?? item.text)}</span>
      ${item.note ? html`<span class="palette-note truncate" title=${item.note}>${item.note}</span>` : nothing}
      ${item.key ? html`<kbd class="key">${item.key}</kbd>` : nothing}
    </li>`;
  }

  #key(event, found) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.chosen = (this.chosen + step + found.length) % Math.max(1, found.length);
    } else if (event.key === "Enter" && found[this.chosen]) {
      event.preventDefault();
      this.#run(found[this.chosen]);
    }
  }

  #run(item) {
    this.dialog.close();
    if (item.patch) this.session.router.set(item.patch);
    else this.dispatchEvent(new CustomEvent("ri-intent", { bubbles: true, detail: item.intent }));
  }

  /** Recent requests, the newest of each method, address and status. */
  #requests() {
    const items = new Map();
    let seen = 0;
    for (const row of this.session.store.newest()) {
      if (seen++ === RECENT) break;
      const label = row.path + (row.query ? `?${row.query}` : "");
      const note = statusOf(row).text;
      const text = `${row.method} ${label} ${row.route?.name ?? ""}`;
      const key = `${row.method} ${label} ${note}`;
      if (!items.has(key)) items.set(key, { text, label, method: row.method, note, patch: { view: "live", id: row.id } });
    }
    return [...items.values()];
  }

  async #addRoutes() {
    const { store, tables } = this.session;
    if (!store.table) return;
    const answer = await tables.get(store.table).catch(() => null);
    if (!answer) return;
    const routes = answer.table.routes.map((route) => {
      const method = methodsOf(route)[0];
      const note = route.file ? `${route.name ?? ""} ${route.file.split("/").at(-1)}:${route.line}` : (route.name ?? "");
      return { text: `${method} ${route.path} ${note}`, label: route.path, method, note, weight: 100, patch: { view: "regex", route: String(route.index) } };
    });
    this.items = [...COMMANDS, ...routes, ...this.#requests()];
  }
}

define("ri-palette", RiPalette);
