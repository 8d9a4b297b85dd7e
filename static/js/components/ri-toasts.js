/** Short notes at the lower edge, read out politely, gone by themselves. */

import { html, repeat } from "../../vendor/lit.js";
import { RiElement, define, icon } from "./element.js";
import { sheets } from "./sheets.js";

await sheets("overlay");

const SHOWN_MS = { ok: 2400, warn: 4000, bad: 8000 };
const ICONS = { ok: "circle-check", warn: "circle-alert", bad: "circle-x" };
const MOST = 4;

export class RiToasts extends RiElement {
  static properties = { notes: { state: true } };

  constructor() {
    super();
    this.notes = [];
    this.next = 0;
  }

  /** Show `text`; `kind` is "ok", "warn" or "bad". */
  show(text, kind = "ok") {
    const note = { id: this.next++, text, kind };
    const others = this.notes.filter((one) => one.text !== text); // said again, not twice
    this.notes = [...others.slice(1 - MOST), note];
    window.setTimeout(() => (this.notes = this.notes.filter((one) => one !== note)), SHOWN_MS[kind]);
  }

  render() {
    return html`<div class="toasts" role="status" aria-live="polite">
      ${repeat(this.notes, (note) => note.id, (note) => html`<div class="toast" data-kind=${note.kind}>${icon(ICONS[note.kind])}<span>${note.text}</span></div>`)}
    </div>`;
  }
}

define("ri-toasts", RiToasts);
