/** Cuts a path or a template where its colour changes. Pure: spans in, pieces of text out. */

const TINTS = 6;

/** The tint (1 to 6) of a parameter: its place among `names`, so that one name has one colour on the whole screen. */
export function tintOf(name, names) {
  const place = names.indexOf(name);
  return (place < 0 ? 0 : place % TINTS) + 1;
}

const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\u3164\ufeff\uffa0\ud800-\udfff]/gu;

/** Text with control, bidi and lone surrogate characters written out (`\x1b`, `\u202e`): recorded text is hostile. */
export function visible(text) {
  return text.replace(INVISIBLE, (character) => {
    const code = character.codePointAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

function boundaries({ length, parameters, reached, refused }) {
  const cuts = new Set([0, length]);
  const add = (at) => at !== null && at !== undefined && at > 0 && at < length && cuts.add(at);
  for (const { start, end } of parameters) {
    add(start);
    add(end);
  }
  add(reached);
  if (refused) refused.forEach(add);
  return [...cuts].sort((a, b) => a - b);
}

/**
 * `[{text, parameter, accepted, refused}]` for `text` with parameters `[{name, start, end}]` (spans count characters,
 * as Python does). `reached`: everything before it was accepted (null: say nothing); `refused`: `[start, end]` of the
 * part that refused, of which what was accepted stays accepted.
 */
export function segments({ text, parameters = [], reached = null, refused = null }) {
  const characters = [...text];
  const stop = refused && [Math.max(refused[0], reached ?? 0), refused[1]];
  const cuts = boundaries({ length: characters.length, parameters, reached, refused: stop });
  const pieces = [];
  for (let i = 0; i + 1 < cuts.length; i++) {
    const [start, end] = [cuts[i], cuts[i + 1]];
    pieces.push({
      text: visible(characters.slice(start, end).join("")),
      parameter: parameters.find((one) => one.start <= start && end <= one.end && one.start < one.end)?.name ?? null,
      accepted: reached !== null && end <= reached,
      refused: stop !== null && stop[0] <= start && end <= stop[1],
    });
  }
  return pieces;
}

function nameIn(body, known, isBraced) {
  const first = body.split(":", 1)[0];
  const last = body.slice(body.lastIndexOf(":") + 1);
  return [first, last].find((one) => known.includes(one)) ?? (isBraced || first === last ? first : null);
}

/** The parameters of a snapshot's route as spans of its template. */
export function templateParameters(route) {
  return (route?.parts ?? []).filter((part) => part.kind === "parameter");
}

/** A parameter of a template, which may hold a regex with braces of its own: `{id:[0-9]{2}}`, `<int:id>`. */
const PARAMETER = /\{((?:[^{}]|\{[^{}]*\})+)\}|<([^<>]+)>/g;

/**
 * A bare template text (`/items/{item_id:int}`) in pieces, where no snapshot is at hand: `{text}`, or
 * `{name, before, after, names}` with all names of the template in order; `before` and `after` are what stands around the
 * name. Which half of `int:id` is the name differs between frameworks: `known` are names of its parameters.
 */
export function templatePieces(template, known = []) {
  const pieces = [];
  const names = [];
  let at = 0;
  for (const found of template.matchAll(PARAMETER)) {
    const name = nameIn(found[1] ?? found[2], known, found[2] === undefined);
    if (name === null) continue;
    if (found.index > at) pieces.push({ text: visible(template.slice(at, found.index)) });
    names.push(name);
    const [before, ...after] = found[0].slice(1, -1).split(name);
    pieces.push({ name, open: found[0][0], before: visible(before), after: visible(after.join(name)), close: found[0].at(-1), names });
    at = found.index + found[0].length;
  }
  if (at < template.length) pieces.push({ text: visible(template.slice(at)) });
  return pieces;
}
