/**
 * What the endpoint of a route asks for, and the code that was made of it; asked of the app's process when it is opened.
 *
 * Properties: `line`, `table` (fingerprint of the table in force), `api`, `router`. In the address: `plan` ("open").
 */

import { html, nothing } from "../../vendor/lit.js";
import { RiElement, define, icon } from "./element.js";

export class RiRoutePlan extends RiElement {
  static properties = {
    line: { attribute: false },
    table: { attribute: false },
    api: { attribute: false },
    router: { attribute: false },
    plan: { state: true },
    problem: { state: true },
  };

  #asked = null;

  constructor() {
    super();
    this.plan = null;
    this.problem = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.watch(this.router);
  }

  get #isOpen() {
    return this.router.state.plan === "open";
  }

  updated() {
    if (this.#isOpen) this.#ask();
    else this.#asked = null; // opened again, it asks again: the app may run by then
  }

  async #ask() {
    const wanted = `${this.table} ${this.line.key}`;
    if (wanted === this.#asked) return;
    this.#asked = wanted;
    [this.plan, this.problem] = [null, null];
    const { mounts, route } = this.line;
    try {
      const plan = await this.api.plan({ table: this.table, mounts, index: route.index });
      if (this.#asked === wanted) this.plan = plan;
    } catch (error) {
      if (this.#asked === wanted) this.problem = error;
    }
  }

  render() {
    return html`<section class="plan">
      <button class="plan-toggle" type="button" aria-expanded=${this.#isOpen} @click=${() => this.router.set({ plan: this.#isOpen ? null : "open" }, { replace: true })}>
        ${icon("chevron-right", { size: "s" })}Plan <span class="dim">what it asks for, and its code</span>
      </button>
      ${this.#isOpen ? this.#body() : nothing}
    </section>`;
  }

  #body() {
    const { plan, problem } = this;
    if (problem) return html`<p class="callout" data-kind="info">${icon("info", { size: "s" })}<span>${problem.message}</span></p>`;
    if (!plan) return html`<p class="dim" role="status">Asking the app’s process…</p>`;
    return html`<p class="plan-call"><code>${plan.endpoint}</code> <span class="dim">${plan.in_thread ? "in a thread" : "awaited"}${plan.body === "none" ? "" : `, reads a ${plan.body} body`}</span></p>
      ${this.#asks(plan)}
      ${plan.dependencies.length ? html`<h4>Depends on</h4>${this.#tree(plan.dependencies)}` : nothing}
      ${this.#code(plan.code)}`;
  }

  #asks({ parameters, special }) {
    if (!parameters.length && !special.length) return html`<p class="dim">asks for nothing itself</p>`;
    return html`<ul class="plan-fields">
      ${parameters.map((one) => html`<li>
        <span class="plan-source">${one.source}</span>
        <span><code>${one.alias}</code>${one.alias === one.name ? nothing : html` <span class="dim">as ${one.name}</span>`}: <code>${one.type}</code>
          <span class="dim">${one.required ? "required" : html`= <code>${one.default}</code>`}</span></span>
      </li>`)}
      ${special.map(([name, kind]) => html`<li><span class="plan-source">given</span><span><code>${name}</code>: <code>${kind}</code></span></li>`)}
    </ul>`;
  }

  #tree(dependencies) {
    return html`<ul class="plan-tree">
      ${dependencies.map((one) => html`<li>
        <p><code>${one.name}</code> <span class="dim">${this.#words(one)}</span></p>
        ${one.again || (!one.parameters.length && !one.special.length) ? nothing : this.#asks(one)}
        ${one.needs.length ? this.#tree(one.needs) : nothing}
      </li>`)}
    </ul>`;
  }

  #words({ parameter, kind, again, cached, scopes }) {
    return [
      kind,
      parameter ? `for ${parameter}` : "for what it does",
      again ? "the same value again" : null,
      cached ? null : "called each time",
      scopes.length ? `scopes ${scopes.join(" ")}` : null,
    ].filter(Boolean).join(", ");
  }

  #code(code) {
    if (code === null) return html`<p class="dim">No code was made of it: the loop over this plan serves it.</p>`;
    return html`<h4>Code</h4>
      <pre class="code plan-code" tabindex="0" role="region" aria-label="Compiled code">${code.source}</pre>
      <dl class="plan-values">${code.values.map(([name, said]) => html`<div><dt><code>${name}</code></dt><dd><code>${said}</code></dd></div>`)}</dl>`;
  }
}

define("ri-route-plan", RiRoutePlan);
