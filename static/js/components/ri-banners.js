/** What the reader must know before trusting the screen: reconnecting, app reloading, app failed to import, losses. */

import { html, nothing } from "../../vendor/lit.js";
import { RiElement, define, icon } from "./element.js";
import { sheets } from "./sheets.js";

await sheets("banners", "print");

export class RiBanners extends RiElement {
  static properties = { session: { attribute: false }, seconds: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    const { store } = this.session;
    this.watchOnly(store, () => [store.connection, store.retryAt, store.app]);
    this.timer = window.setInterval(() => this.session.store.retryAt && this.requestUpdate(), 1000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.clearInterval(this.timer);
  }

  render() {
    return html`${this.#connection()}${this.#journal()}${this.#application()}`;
  }

  #connection() {
    const { store, stream } = this.session;
    if (store.connection !== "reconnecting") return nothing;
    const seconds = Math.max(0, Math.ceil((store.retryAt - performance.now()) / 1000));
    return html`<div class="banner" data-kind="warn" role="status">
      ${icon("wifi-off")}
      <p><strong>The dashboard does not answer.</strong> What is listed stays; trying again <span aria-hidden="true">${seconds > 0 ? `in ${seconds} s` : "now"}</span>.</p>
      <button class="button" type="button" @click=${() => stream.retry()}>Retry now</button>
    </div>`;
  }

  #journal() {
    const problem = this.session.store.app?.stats?.journal_problem;
    if (!problem) return nothing;
    return html`<div class="banner" data-kind="warn" role="status">
      ${icon("triangle-alert")}
      <p><strong>The journal takes nothing:</strong> ${problem}. The application goes on; what is recorded waits in memory, within a bound.</p>
    </div>`;
  }

  #application() {
    const { app, status } = this.session.store;
    if (app?.mode === "open") {
      return html`<div class="banner" data-kind="info" role="status">
        ${icon("history")}
        <p><strong>A recording, opened from a file.</strong> It is only read; no process serves its application, so nothing can be replayed.</p>
      </div>`;
    }
    switch (status?.state) {
      case "starting":
        return html`<div class="banner" data-kind="info" role="status">
          ${icon("loader-circle", { spin: true })}
          <p><strong>${status.target}</strong> is ${status.worker.generation > 0 ? "reloading" : "starting"}…</p>
        </div>`;
      case "stopped":
        if (this.session.store.connection === "reconnecting") return nothing; // who would know of it is away too
        return html`<div class="banner" data-kind="warn" role="status">
          ${icon("plug")}
          <p><strong>${status.target}</strong> has stopped. What it recorded is still here.</p>
        </div>`;
      case "failed":
        return this.#failed(status);
      default:
        return nothing;
    }
  }

  #failed(status) {
    const last = (status.error ?? "").trimEnd().split("\n").at(-1);
    return html`<details class="failed" open>
      <summary>
        ${icon("circle-x")}<strong>${status.target} does not start</strong><code class="truncate">${last}</code>
        <span class="dim">it is tried again when a file changes</span>
      </summary>
      <pre class="failed-traceback scroll" tabindex="0" aria-label="Traceback">${traceback(status.error ?? "")}</pre>
    </details>`;
  }
}

/** A traceback with its file lines and its last line set apart. */
export function traceback(text) {
  const lines = text.trimEnd().split("\n");
  const last = lines.pop();
  return html`${lines.map(tracebackLine)}<strong>${last}</strong>`;
}

/** One line of it. */
export function tracebackLine(line) {
  const place = /^(\s*File ")(.+)(", line )(\d+)(.*)$/.exec(line);
  if (!place) return `${line}\n`;
  return html`<span class="tb-file">${place[1]}<b>${place[2]}</b>${place[3]}<b>${place[4]}</b>${place[5]}</span>\n`;
}

define("ri-banners", RiBanners);
