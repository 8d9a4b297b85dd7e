/**
 * The steps of a regex engine, as api/regex gives them with `steps=1`: what has been taken after each of them, and the
 * step in words. Pure.
 *
 * An event is `[kind, node, at, to, number = 0]`. After a "back" all is as it stood after its first `number` steps, so
 * what has happened until a step is a way up a tree of steps.
 */

/** An event with names for its places. */
export function readEvent([kind, node, at, to, number = 0]) {
  return { kind, node, at, to, number };
}

/** The steps among the first `count` that were not taken back, in order. */
export function liveSteps(events, count) {
  const live = [];
  for (let upto = count; upto > 0;) {
    const event = readEvent(events[upto - 1]);
    if (event.kind === "back") {
      upto = event.number;
    } else {
      live.push(event);
      upto -= 1;
    }
  }
  return live.reverse();
}

/**
 * How things stand after `count` steps (at least one):
 * `{event, position, taken: [{node, start, end}], captures: Map(node -> {start, end}), given: [start, end] | null,
 *   refused: position | null, seen: position, backs}`.
 *
 * `taken` leaves out what look-arounds read; `given` is the part that the step itself gave back; `seen` is the farthest
 * position reached so far, `backs` how often the engine has gone back.
 */
export function standAt(events, count) {
  const event = readEvent(events[count - 1]);
  const { taken, captures } = foldLive(liveSteps(events, count));
  let seen = 0;
  let backs = 0;
  for (const [kind, , , to] of events.slice(0, count)) {
    seen = Math.max(seen, to);
    if (kind === "back") backs += 1;
  }
  const refused = event.kind === "refuse" || event.kind === "left" ? event.to : null;
  const given = event.kind === "back" && event.at > event.to ? [event.to, event.at] : null;
  return { event, position: event.to, taken, captures, given, refused, seen, backs };
}

function foldLive(live) {
  const taken = [];
  const captures = new Map();
  const looks = [];
  for (const { kind, node, at, to } of live) {
    if (kind === "eat" && to > at) taken.push({ node, start: at, end: to });
    else if (kind === "capture") captures.set(node, { start: at, end: to });
    else if (kind === "look") looks.push(taken.length);
    else if (kind === "seen") taken.length = looks.pop();
  }
  return { taken, captures };
}

/** What each leaf of the tree did until now: `{id: "accepted" | "refused"}`. */
export function stationStates(events, count) {
  const states = {};
  for (const { kind, node } of liveSteps(events, count)) {
    if (kind === "eat" || kind === "hold" || kind === "seen") states[node] = "accepted";
  }
  const last = readEvent(events[count - 1]);
  if (last.kind === "refuse") states[last.node] = "refused";
  return states;
}

/** The number of the next step after `count` that goes back, or null. */
export function nextBack(events, count) {
  const found = events.findIndex(([kind], index) => index >= count && kind === "back");
  return found < 0 ? null : found + 1;
}

/**
 * The position after each step as a line in a box of `width` by `height`: `{line, falls}`, both as path data; `falls`
 * are the steps on which text was given back.
 */
export function drawCourse(events, { width, height, length }) {
  const x = (step) => round(events.length > 1 ? (step / (events.length - 1)) * width : 0);
  const y = (position) => round(height - (length ? (position / length) * height : 0));
  let line = "";
  let falls = "";
  let before = null;
  events.forEach(([kind, , , to], step) => {
    line += `${before === null ? "M" : "L"}${x(step)} ${y(to)}`;
    if (kind === "back" && to < before) falls += `M${x(step - 1)} ${y(before)}L${x(step)} ${y(to)}`;
    before = to;
  });
  return { line, falls };
}

function round(number) {
  return Math.round(number * 100) / 100;
}
