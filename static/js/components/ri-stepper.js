import { guard, html, nothing, svg } from "../../vendor/lit.js";
import { drawCourse, nextBack } from "../core/steps.js";
import { nodesOf, stepInWords } from "../format/steps.js";
import { RiElement, define, icon } from "./element.js";

const WIDTH = 1000;
const HEIGHT = 56;

// A play takes about ten seconds, and a step is neither a blur nor a wait.
const PLAY_MS = 10_000;
const SLOWEST_MS = 500;
const FASTEST_MS = 40;

/**
 * Steps through a run of the regex engine. `steps` as api/regex gives them, `tree` the regex, `text` what was tried,
 * `step` the number of the step shown (null: the whole run). Sends `ri-step` with `detail.step`, a number or null.
 */
export class RiStepper extends RiElement {
  static properties = {
    steps: { attribute: false },
    tree: { attribute: false },
    text: {},
    step: { attribute: false },
    playing: { state: true },
  };

  #timer = null;

  constructor() {
    super();
    this.steps = null;
    this.tree = null;
    this.text = "";
    this.step = null;
    this.playing = false;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#stop();
  }

  willUpdate(changed) {
    if (changed.has("steps") && changed.get("steps")) this.#stop();
  }

  get #count() {
    return this.steps?.events.length ?? 0;
  }

  /** The step shown, the last one for the whole run. */
  get #now() {
    return this.step ?? this.#count;
  }

  /** Go `by` steps on, or back; from the whole run back is back from its last step. */
  move(by) {
    this.#go(this.#now + by);
  }

  /** Show step `step`, cut to those there are; null shows the whole run. */
  #go(step) {
    const wanted = step === null ? null : Math.min(Math.max(step, 1), this.#count);
    this.dispatchEvent(new CustomEvent("ri-step", { bubbles: true, detail: { step: wanted } }));
  }

  #play() {
    if (this.playing) return this.#stop();
    if (this.#now >= this.#count) this.#go(1);
    this.playing = true;
    const pace = Math.min(Math.max(PLAY_MS / this.#count, FASTEST_MS), SLOWEST_MS);
    this.#timer = setInterval(() => (this.#now >= this.#count ? this.#stop() : this.move(1)), pace);
  }

  #stop() {
    clearInterval(this.#timer);
    this.#timer = null;
    this.playing = false;
  }

  #press(go) {
    this.#stop();
    go();
  }

  render() {
    if (!this.steps) return nothing;
    const { unknown, truncated } = this.steps;
    if (unknown) return html`<p class="stepper-note">Not stepped through: ${unknown}.</p>`;
    return html`${this.#controls()} ${this.#course()} ${this.#sentence()}
      ${truncated
        ? html`<p class="stepper-note" data-kind="warn">${icon("triangle-alert", { size: "s" })}<span>The engine was not done
            after ${this.#count.toLocaleString("en")} steps, so only these are shown. Python’s own “re” has not been asked: it may take very long for this text.</span></p>`
        : nothing}`;
  }

  #controls() {
    const [now, count] = [this.#now, this.#count];
    const back = nextBack(this.steps.events, this.step ?? 0);
    return html`<div class="stepper-controls">
      ${this.#button("rotate-ccw", "First step", () => this.#go(1), now <= 1)}
      ${this.#button("arrow-left", "Step back", () => this.move(-1), now <= 1)}
      <button type="button" class="button" data-icon-only aria-label=${this.playing ? "Pause" : "Play"} title=${this.playing ? "Pause" : "Play"}
        @click=${() => this.#play()}>${icon(this.playing ? "pause" : "play")}</button>
      ${this.#button("arrow-right", "Step forward", () => this.move(1), now >= count)}
      <button type="button" class="button" aria-disabled=${back === null ? "true" : nothing} @click=${() => this.#press(() => back !== null && this.#go(back))}>
        ${icon("corner-down-right")}Next way back</button>
      <button type="button" class="button" data-kind="ghost" aria-disabled=${this.step === null ? "true" : nothing} @click=${() => this.#press(() => this.#go(null))}>
        Whole run</button>
      <span class="stepper-place">${this.step === null ? html`${count.toLocaleString("en")} steps` : html`step <b>${now}</b> of ${count.toLocaleString("en")}`}</span>
    </div>`;
  }

  #button(name, label, go, disabled) {
    return html`<button type="button" class="button" data-icon-only aria-label=${label} title=${label} aria-disabled=${disabled ? "true" : nothing}
      @click=${() => this.#press(() => !disabled && go())}>${icon(name)}</button>`;
  }

  /** Where the engine stood after each step, over the slider that goes through them. */
  #course() {
    const [now, count] = [this.#now, this.#count];
    const at = count > 1 ? ((now - 1) / (count - 1)) * WIDTH : 0;
    return html`<div class="stepper-course">
      <svg viewBox="0 -3 ${WIDTH} ${HEIGHT + 6}" preserveAspectRatio="none" aria-hidden="true">
        ${guard([this.steps], () => this.#line())}
        <line class="now" x1=${at} x2=${at} y1="-3" y2=${HEIGHT + 3}></line>
      </svg>
      <input type="range" aria-label="Step" min="1" max=${count} .value=${String(now)}
        aria-valuetext=${`step ${now} of ${count}`}
        @input=${(event) => this.#press(() => this.#go(event.target.valueAsNumber))} />
    </div>`;
  }

  #line() {
    const { line, falls } = drawCourse(this.steps.events, { width: WIDTH, height: HEIGHT, length: [...this.text].length });
    return svg`<path class="course" d=${line}></path><path class="falls" d=${falls}></path>`;
  }

  #sentence() {
    const { events, agrees, differs } = this.steps;
    const { code, words } = stepInWords(events[this.#now - 1], nodesOf(this.tree), this.text);
    return html`<p class="stepper-sentence" role="status" data-kind=${events[this.#now - 1][0]}>
        ${code ? html`<code>${code}</code> ` : nothing}<span>${words}</span>
      </p>
      ${agrees === null ? nothing : html`<p class="stepper-note" data-kind=${agrees ? "ok" : "bad"}>
        ${icon(agrees ? "check" : "x", { size: "s" })}
        <span>${agrees ? "Python’s own “re” says the same: verdict, end and every group." : `Python’s own “re” says something else: ${differs}. Believe “re”.`}</span>
      </p>`}`;
  }
}

define("ri-stepper", RiStepper);
