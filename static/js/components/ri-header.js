/** The bar on top: brand, connection, filter box, pause, clear, palette, theme. */

import { html } from "../../vendor/lit.js";
import { count } from "../format/bytes.js";
import { RiElement, define, icon } from "./element.js";
import "./ri-filter.js";

const CONNECTION = { connecting: "connecting", open: "live", reconnecting: "reconnecting", locked: "locked" };
const THEME_ICON = { system: "monitor", light: "sun", dark: "moon" };
const CHORD = navigator.userAgent.includes("Mac") ? "⌘K" : "Ctrl K";

export class RiHeader extends RiElement {
  static properties = { session: { attribute: false } };

  connectedCallback() {
    super.connectedCallback();
    const { store } = this.session;
    this.watchOnly(store, () => [store.connection, store.paused, store.rows.waiting]);
  }

  render() {
    const { store, theme } = this.session;
    const state = store.connection === "open" && store.paused ? "paused" : store.connection;
    return html`<header class="top">
      <div class="brand">
        ${mark()}
        <h1>Route Inspector</h1>
        <span class="connection" data-state=${state} role="status"><i></i>${CONNECTION[state] ?? state}</span>
      </div>
      <ri-filter .store=${store} .router=${this.session.router}></ri-filter>
      <div class="top-actions">
        ${this.#pause(store)} ${this.#button("clear", "trash-2", "Clear", "Forget all recorded requests")}
        <button class="button" data-kind="ghost" type="button" title="Command palette" @click=${() => this.#intend("palette")}>
          ${icon("search")}<span class="key">${CHORD}</span>
        </button>
        <button
          class="button"
          data-kind="ghost"
          data-icon-only
          type="button"
          title="Theme: ${theme} (t)"
          aria-label="Theme: ${theme}"
          @click=${() => this.#intend("theme")}
        >
          ${icon(THEME_ICON[theme])}
        </button>
        <button class="button" data-kind="ghost" data-icon-only type="button" title="Keys (?)" aria-label="Keyboard help" @click=${() => this.#intend("help")}>
          ${icon("keyboard")}
        </button>
      </div>
    </header>`;
  }

  #pause(store) {
    const waiting = store.rows.waiting;
    return html`<button class="button" data-kind="ghost" type="button" aria-pressed=${store.paused} title="Pause or resume (p)" @click=${() => this.#intend("pause")}>
      ${icon(store.paused ? "play" : "pause")}<span class="wide">${store.paused ? "Resume" : "Pause"}</span>
      ${store.paused && waiting ? html`<span class="waiting">${count(waiting)} new</span>` : ""}
    </button>`;
  }

  #button(intent, iconName, label, title) {
    return html`<button class="button" data-kind="ghost" type="button" title=${title} @click=${() => this.#intend(intent)}>
      ${icon(iconName)}<span class="wide">${label}</span>
    </button>`;
  }

  #intend(intent) {
    this.dispatchEvent(new CustomEvent("ri-intent", { bubbles: true, detail: intent }));
  }
}

/** The mark: a path that forks, one way taken. */
export function mark() {
  return html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
    <rect width="24" height="24" rx="6" />
    <path class="mark-miss" d="M6 12h3.5c2.5 0 2.5 5 5 5H18" />
    <path class="mark-hit" d="M6 12h3.5c2.5 0 2.5-5 5-5H18" />
    <circle cx="18" cy="7" r="1.9" />
  </svg>`;
}

define("ri-header", RiHeader);
