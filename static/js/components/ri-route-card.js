/**
 * All there is to say about one route: pattern, handler, how it came into the table, traffic, and its reasons against
 * the tested path, and on request its plan. Properties: `line`, `verdict` or null, `traffic`, `walls`, `lines`, `router`,
 * `api`, `table` (the snapshot).
 */

import { html, nothing } from "../../vendor/lit.js";
import { now } from "../core/clock.js";
import { count, plural } from "../format/bytes.js";
import { numberAbove, reasonOf } from "../format/ladder.js";
import { templateParameters } from "../format/segments.js";
import { calledOf, findLine, sourceOf } from "../format/tables.js";
import { ago, duration, moment } from "../format/time.js";
import { errorShare } from "../format/traffic.js";
import { RiElement, define, icon } from "./element.js";
import { tinted } from "./tinted.js";
import { link } from "./link.js";
import { refocus } from "./refocus.js";
import "./ri-route-plan.js";
import { shortNumber } from "./route-number.js";
import { methodWords, passed } from "./route-row.js";

export class RiRouteCard extends RiElement {
  static properties = {
    line: { attribute: false },
    verdict: { attribute: false },
    traffic: { attribute: false },
    walls: { attribute: false },
    lines: { attribute: false },
    router: { attribute: false },
    api: { attribute: false },
    table: { attribute: false },
  };

  render() {
    const { route, number, prefix } = this.line;
    return html`<section class="route-card" aria-label="Route ${number}">
      <header>
        <span class="r-number" title=${number}>${shortNumber(number)}</span>
        <span class="r-methods">${methodWords(route)}</span>
        <h3>${calledOf(route)}</h3>
        <button class="button" data-kind="ghost" data-icon-only type="button" aria-label="Close" @click=${() => this.#close()}>${icon("x")}</button>
      </header>
      <p class="card-path">${prefix ? html`<span class="r-prefix">${prefix}</span>` : nothing}${tinted({ text: route.path, parameters: templateParameters(route) })}</p>
      ${this.#order()} ${this.#verdict()}
      <dl>${this.#facts().map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
      <p class="card-actions">${this.#actions()}</p>
      ${this.table.framework || route.kind === "mount" ? nothing : html`<ri-route-plan .line=${this.line} .table=${this.table.fingerprint} .api=${this.api} .router=${this.router}></ri-route-plan>`}
    </section>`;
  }

  #close() {
    this.router.set({ route: null }, { replace: true });
    refocus(this, () => document.querySelector(".routes"));
  }

  #facts() {
    const { route, chain } = this.line;
    return [
      ["Handler", html`<code>${route.endpoint ?? "–"}</code>`],
      route.file ? [this.table.framework ? "Source" : "Declared", html`<code title=${`${route.file}:${route.line}`}>${sourceOf(route)}</code>`] : null,
      route.condition ? ["Only if", html`${route.condition}`] : null,
      ...chain.map(({ kind, prefix, at }) => [kind === "mount" ? "Mounted" : "Included", html`<code>${prefix || "“”"}</code>${at ? html` <span class="dim">at ${at}</span>` : nothing}`]),
      ["Regex", html`<code>${route.regex}</code>`],
      ["Traffic", this.#traffic()],
    ].filter(Boolean);
  }

  #traffic() {
    const { traffic } = this;
    const all = passed(traffic);
    if (!all) return html`<span class="dim">no request in the recording</span>`;
    const failed = errorShare(traffic);
    return html`${plural(all, "request")}, last <span title=${moment(traffic.last)}>${ago(traffic.last, now())}</span>${traffic.p50 === null ? nothing : html`, p50 ${duration(traffic.p50)}`}${failed ? html`, <b class="failed">${failed} failed</b>` : nothing}`;
  }

  /** What its place in the table means: behind a wall, or a wall itself. */
  #order() {
    const { line, walls } = this;
    const hidden = walls.hiddenBy.get(line.key);
    const hides = walls.hides.get(line.key) ?? [];
    return html`${hidden
      ? html`<p class="callout" data-kind="bad">${icon("ban", { size: "s" })}<span>${hidden.isTotal ? "No request" : "Only a path with a line break (%0A)"} reaches it: ${this.#links([...hidden.by])} ${hidden.by.size === 1 ? "takes" : "together take"} every ${hidden.isTotal ? "path of it" : "other"} first${hidden.witness === null ? "" : html`, such as ${this.#try(hidden)}`}.</span></p>`
      : nothing}${hides.length ? html`<p class="callout" data-kind="warn">${icon("ban", { size: "s" })}<span>Hides ${plural(hides.length, "route")}: ${this.#links(hides)}.</span></p>` : nothing}`;
  }

  #links(keys) {
    const most = 6;
    const links = keys.slice(0, most).map((key, index) => {
      const line = findLine(this.lines, key);
      if (!line) return nothing;
      return html`${index ? ", " : ""}<button type="button" class="link" @click=${() => this.router.set({ route: key }, { replace: true })}>${shortNumber(line.number)} <code>${line.prefix + line.route.path}</code></button>`;
    });
    return keys.length > most ? html`${links} and ${count(keys.length - most)} more` : links;
  }

  #try({ witness, method }) {
    const tested = method === "*" ? "GET" : method;
    return html`<button type="button" class="link" title="Test this path" @click=${() => this.router.set({ method: tested, path: witness, find: null })}><code>${witness}</code></button>`;
  }

  #verdict() {
    const { verdict } = this;
    if (!verdict) return nothing;
    const { kind, text } = reasonOf(verdict, numberAbove(this.line.mounts));
    const reasons = verdict.reasons.length ? verdict.reasons.map((one) => one.message) : [text];
    return html`<ul class="card-reasons" data-kind=${kind} aria-label="What it says to the tested path">${reasons.map((one) => html`<li>${one}</li>`)}</ul>`;
  }

  #actions() {
    const { line, router } = this;
    const regex = { view: "regex", route: line.key };
    const seen = { view: "live", filter: `route:${line.route.name ?? line.route.path}` };
    return html`${link(router, regex, html`${icon("regex")}Regex`, { name: "button", keep: true })}
      ${link(router, seen, html`${icon("activity")}Its requests`, { name: "button" })}`;
  }
}

define("ri-route-card", RiRouteCard);
