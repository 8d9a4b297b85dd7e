/** The timeline: what happened, what it stood in, and how long it lasted. */

import { html, nothing } from "../../../vendor/lit.js";
import { byteSize } from "../../format/bytes.js";
import { visible } from "../../format/segments.js";
import { duration } from "../../format/time.js";
import { styles } from "../element.js";

const STEP = {
  RequestStarted: "edge", RequestFinished: "edge", RequestFailed: "bad", ClientDisconnected: "bad",
  MiddlewareEntered: "middleware", MiddlewareLeft: "middleware", ScopeChanged: "middleware",
  RouteMatched: "routing", RouteMissed: "routing", ParametersBound: "params", ParametersRejected: "bad",
  DependencyResolved: "params", DependencyRaised: "bad", DependencyCleanedUp: "params",
  EndpointStarted: "endpoint", EndpointFinished: "endpoint", EndpointRaised: "bad", ExceptionHandled: "endpoint",
  TemplateRendered: "endpoint", ResponseSerialised: "response",
  BackgroundTaskStarted: "background", BackgroundTaskFinished: "background", BackgroundTaskRaised: "bad",
};

/** Shorter than the event's name, for the lines whose names are what one looks for. */
const SHORT = {
  MiddlewareEntered: "Middleware", MiddlewareLeft: "Left", ScopeChanged: "Scope",
  ParametersBound: "Parameters", DependencyResolved: "Dependency", DependencyCleanedUp: "Cleaned up",
  EndpointStarted: "Endpoint", EndpointFinished: "Endpoint", ExceptionHandled: "Handler",
  TemplateRendered: "Template", ResponseSerialised: "Serialised",
  BackgroundTaskStarted: "Task", BackgroundTaskFinished: "Task finished", BackgroundTaskRaised: "Task raised",
};

/** `RouteMatched` as words: "Route matched". */
function words(kind) {
  const text = kind.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return text[0].toUpperCase() + text.slice(1);
}

export function timelineTab({ exchange, panels }) {
  const { timeline } = panels;
  const total = Math.max(exchange.duration_ms ?? 0, timeline.at(-1)?.at_ms ?? 0, 0.001);
  // The deeper the tree, the smaller its steps: every line has room, and every child stands further right.
  const deepest = Math.max(1, ...timeline.map(({ depth }) => depth));
  return html`<section class="section">
    <header>
      <h3>Timeline</h3>
      <span class="dim">${howLong(exchange, total)} · recording cost ${duration(exchange.recorder_us / 1000)}</span>
    </header>
    <ol class="timeline" ${styles({ "--deepest": String(deepest) })}>
      ${timeline.map((moment) => step(moment, total))}
    </ol>
  </section>`;
}

/** Until the answer was sent, and with what came after it: clean-up, background tasks. */
function howLong({ duration_ms: answered }, total) {
  const all = `${duration(total)} in all`;
  return answered === null || duration(answered) === duration(total) ? all : `answered in ${duration(answered)}, ${all}`;
}

function step(moment, total) {
  const { kind, label, size, from_ms: from, lasted_ms: lasted, depth } = moment;
  const bar = { left: `${(from / total) * 100}%`, width: lasted === null ? "2px" : `max(${(lasted / total) * 100}%, 2px)` };
  return html`<li data-step=${hasRaised(kind, label) ? "bad" : (STEP[kind] ?? "response")} data-depth=${depth}>
    <span class="timeline-at">${duration(from)}</span>
    <span class="timeline-what" ${styles({ "--depth": String(depth) })}
      ><span class="timeline-kind">${SHORT[kind] ?? words(kind)}</span> ${visible(label)}${size && !label.includes("byte") ? html` · ${byteSize(size)}` : nothing}</span
    >
    <span class="timeline-track"><i data-point=${lasted === null ? "true" : nothing} ${styles(bar)}></i></span>
    <span class="timeline-took" title=${ownTime(moment) ?? nothing}>${lasted ? duration(lasted) : ""}</span>
  </li>`;
}

/** A clean-up that raised says so in its label, as `open_session: ValueError`. */
function hasRaised(kind, label) {
  return kind === "DependencyCleanedUp" && label.includes(": ");
}

/** How much of it was its own, where it waited for others. */
function ownTime({ kind, own_ms: own, lasted_ms: lasted }) {
  return kind === "DependencyResolved" && own !== null && own < lasted ? `${duration(own)} without those it needs` : null;
}
