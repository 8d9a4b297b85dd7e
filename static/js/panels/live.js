/** The Live screen: chips, the list, and beside it the request that is open. */

import { html, nothing } from "../../vendor/lit.js";
import { hasTerm, withTerms } from "../core/filter.js";
import { Kept } from "../core/kept.js";
import { count } from "../format/bytes.js";
import { RiElement, define, icon, styles } from "../components/element.js";
import "../components/ri-list.js";

const CHIPS = [
  { label: "2xx", term: "status:2xx" },
  { label: "3xx", term: "status:3xx" },
  { label: "4xx", term: "status:4xx" },
  { label: "5xx", term: "status:5xx" },
  { label: "WS", term: "is:ws", title: "WebSocket connections" },
];
const isChipTerm = (source) => CHIPS.some((chip) => chip.term === source) || /^status:[1-5]xx(,[1-5]xx)*$/.test(source);

const WIDTH_KEY = "inspector.detail-width";

export class RiLive extends RiElement {
  static properties = {
    store: { attribute: false },
    api: { attribute: false },
    router: { attribute: false },
    tables: { attribute: false },
    width: { state: true },
    ready: { state: true },
    greeting: { state: true },
  };

  #kept = new Kept(() => window.localStorage);

  constructor() {
    super();
    this.width = Number(this.#kept.get(WIDTH_KEY)) || 50;
    /** Whether the detail's code is there; it is loaded once the list is there. */
    this.ready = false;
    /** Whether the code of the empty screen is there. */
    this.greeting = false;
  }

  connectedCallback() {
    super.connectedCallback();
    const { store } = this;
    const shown = () => (store.filter.isEmpty ? 0 : store.rows.length);
    this.watchOnly(store, () => [store.loaded, store.ring.size === 0, store.filter, shown()]);
    this.watch(this.router);
  }

  willUpdate() {
    if (this.#isEmpty && !this.greeting) this.#loadGreeting();
    const wanted = this.router.state.id ?? (this.store.loaded ? "whichever comes" : undefined);
    if (wanted === undefined || this.ready || wanted === this.wanted) return;
    this.wanted = wanted;
    this.#load();
  }

  /** Fetch the detail's code. Where that fails (a dashboard that restarted, or is gone) it is tried again when needed. */
  async #load() {
    try {
      const [{ split }] = await Promise.all([import("../components/live-split.js"), import("../components/ri-detail.js"), import("../components/sheets.js").then(({ DETAIL, sheets }) => sheets(...DETAIL))]);
      this.split = split;
      this.ready = true;
    } catch {
      if (this.router.state.id !== undefined) this.#unloaded();
    }
  }

  #loadGreeting() {
    import("../components/ri-empty.js").then(() => (this.greeting = true), () => this.#unloaded());
  }

  #unloaded() {
    this.dispatchEvent(new CustomEvent("ri-unloaded", { bubbles: true }));
  }

  get #isEmpty() {
    const { store } = this;
    return store.loaded && store.ring.size === 0 && !this.router.state.id;
  }

  get list() {
    return this.querySelector("ri-list");
  }

  render() {
    const { id } = this.router.state;
    const { store } = this;
    if (this.#isEmpty) return this.greeting ? html`<ri-empty .store=${store}></ri-empty>` : nothing;
    return html`<div class="live" ?data-open=${id !== undefined} ${styles({ "--detail": `${this.width}%` })}>
      <section class="live-list" aria-label="Requests">
        ${this.#toolbar()}
        <ri-list
          .store=${store}
          .selected=${id ?? null}
          @ri-select=${(event) => this.#select(event.detail)}
        ></ri-list>
      </section>
      ${id && this.ready ? this.#detail(id) : nothing}
    </div>`;
  }

  /** Move, open, close: the intents of the keyboard that belong to this screen. */
  perform(intent) {
    const { id } = this.router.state;
    switch (intent) {
      case "next":
        return this.list?.move(1);
      case "previous":
        return this.list?.move(-1);
      case "first":
        return this.list?.moveTo("first");
      case "last":
        return this.list?.moveTo("last");
      case "open":
        return id ? this.querySelector("ri-detail")?.take() : this.list?.moveTo("last");
      case "close":
        return this.#close();
      case "tab-next":
      case "tab-previous":
        return this.querySelector("ri-detail")?.step(intent === "tab-next" ? 1 : -1);
      default:
        return undefined;
    }
  }

  #toolbar() {
    const { filter } = this.router.state;
    const any = CHIPS.some((chip) => this.#isOn(chip));
    return html`<div class="live-tools">
      <div class="chips" role="group" aria-label="Kinds of requests">
        <button class="chip" type="button" aria-pressed=${!any} @click=${() => this.#setFilter(withTerms(filter ?? "", { drop: isChipTerm }))}>All</button>
        ${CHIPS.map((chip) => html`<button class="chip" type="button" aria-pressed=${this.#isOn(chip)} title=${chip.title ?? `${chip.term} (Shift to add)`} @click=${(event) => this.#toggle(chip, event.shiftKey || event.ctrlKey || event.metaKey)}>${chip.label}</button>`)}
      </div>
      <span class="live-count" role="status">${this.#counted()}</span>
    </div>`;
  }

  #counted() {
    const { rows, ring, filter } = this.store;
    if (filter.isEmpty) return "";
    return html`<b>${count(rows.length)}</b> of ${count(ring.size)}`;
  }

  #detail(id) {
    return html`${this.split({ width: this.width, resize: (percent) => this.#resize(percent) })}
      <ri-detail
        .exchangeId=${id}
        .store=${this.store}
        .api=${this.api}
        .router=${this.router}
        .tables=${this.tables}
        @ri-close=${() => this.#close()}
      ></ri-detail>`;
  }

  #statusTerm() {
    return (this.store.filter.terms.find((term) => isChipTerm(term.source) && term.source.startsWith("status:"))?.source ?? "").slice(7);
  }

  #isOn(chip) {
    if (!chip.term.startsWith("status:")) return hasTerm(this.store.filter.text, chip.term);
    return this.#statusTerm().split(",").includes(chip.term.slice(7));
  }

  #toggle(chip, add) {
    const filter = this.router.state.filter ?? "";
    const on = this.#isOn(chip);
    if (!add || !chip.term.startsWith("status:")) {
      return this.#setFilter(withTerms(filter, { drop: isChipTerm, add: on ? [] : [chip.term] }));
    }
    const value = chip.term.slice(7);
    const kept = this.#statusTerm().split(",").filter((one) => one && one !== value);
    const classes = on ? kept : [...kept, value];
    return this.#setFilter(withTerms(filter, { drop: isChipTerm, add: classes.length ? [`status:${classes.sort().join(",")}`] : [] }));
  }

  #setFilter(filter) {
    this.router.set({ filter });
  }

  #select(id) {
    this.router.set({ id }, { replace: this.router.state.id !== undefined });
  }

  #close() {
    if (this.router.state.id === undefined) return;
    this.router.set({ id: null });
    this.list?.focus();
  }

  #resize(percent) {
    this.width = percent;
    this.#kept.set(WIDTH_KEY, String(this.width));
  }
}

define("ri-live", RiLive);
