/**
 * A what-if being made: edits of a route table as the address and the API hold them, and the order they come to. Pure.
 *
 * Numbers are those of the table as it is ("7", or "30.2" inside the mount at 30); a route that is added is called
 * "+1", "+2", … in the order drawn. After every change the edits are made anew from what is drawn, so they are always
 * the fewest moves that lead there, and undoing by hand leaves none.
 */

import { flatten } from "../format/tables.js";
import { movesOf } from "./moves.js";

const levelOf = (number) => number.split(".").slice(0, -1).join(".");

/** The edits of the address; what is no list of edits is none. */
export function parseEdits(text) {
  if (!text) return [];
  try {
    const edits = JSON.parse(text);
    return Array.isArray(edits) ? edits.filter((one) => typeof one?.op === "string") : [];
  } catch {
    return [];
  }
}

/** The edits for the address; null for none, which takes the key out. */
export function formatEdits(edits) {
  return edits.length ? JSON.stringify(edits) : null;
}

/**
 * What the edits come to: `{lines, levels, changes, removed, added, redirectSlashes, stray}`. `levels` holds the order
 * of each table by the number of its mount ("" for the outermost), `movers` what was moved, the last one last, `stray` the edits that fit nothing here: they are
 * kept and sent, so that the answer says what is wrong with them.
 */
export function draftOf(snapshot, edits) {
  const lines = new Map(flatten(snapshot).map((line) => [line.number, line]));
  const levels = new Map();
  for (const number of lines.keys()) {
    const level = levelOf(number);
    if (!levels.has(level)) levels.set(level, []);
    levels.get(level).push(number);
  }
  const draft = { snapshot, lines, levels, changes: new Map(), removed: new Set(), added: new Map(), movers: [], redirectSlashes: snapshot.redirect_slashes, stray: [] };
  for (const edit of edits) if (!apply(draft, edit)) draft.stray.push(edit);
  return draft;
}

function apply(draft, edit) {
  const known = (number) => draft.lines.has(number);
  switch (edit.op) {
    case "move":
      return known(edit.route) && isNeighbour(draft, edit) && place(draft, edit.route, edit.before ?? null);
    case "pattern":
      return known(edit.route) && change(draft, edit.route, { path: edit.path });
    case "methods":
      return known(edit.route) && change(draft, edit.route, { methods: edit.methods });
    case "remove":
      return known(edit.route) && Boolean(draft.removed.add(edit.route));
    case "add":
      return (edit.before === null || edit.before === undefined || known(edit.before)) && add(draft, edit);
    case "redirect_slashes":
      draft.redirectSlashes = edit.value;
      return true;
    default:
      return false;
  }
}

function isNeighbour(draft, { route, before = null }) {
  return before === null || (draft.lines.has(before) && levelOf(before) === levelOf(route) && before !== route);
}

function place(draft, id, before) {
  const order = draft.levels.get(levelIn(draft, id));
  const at = order.indexOf(id);
  if (at >= 0) order.splice(at, 1);
  order.splice(before === null ? order.length : order.indexOf(before), 0, id);
  draft.movers.push(id);
  return true;
}

function levelIn(draft, id) {
  return draft.added.get(id)?.level ?? levelOf(id);
}

function change(draft, number, values) {
  draft.changes.set(number, { ...draft.changes.get(number), ...values });
  return true;
}

function add(draft, { path, methods, name = null, before = null }) {
  const id = `+${draft.added.size + 1}`;
  draft.added.set(id, { path, methods, name, level: before === null ? "" : levelOf(before) });
  return place(draft, id, before);
}

/** Does a route of the table stay: neither it nor a mount above it is taken out. */
function stays(draft, id) {
  if (!draft.lines.has(id)) return false;
  for (let at = id; at !== ""; at = levelOf(at)) if (draft.removed.has(at)) return false;
  return true;
}

/** The fewest edits that make the draft from the table. */
export function editsOf(draft) {
  const edits = [...draft.stray];
  for (const order of draft.levels.values()) edits.push(...movesOf(order.filter((id) => stays(draft, id)), draft.movers));
  for (const [route, { path, methods }] of draft.changes) {
    if (!stays(draft, route)) continue;
    const original = draft.lines.get(route).route;
    if (path !== undefined && path !== original.path) edits.push({ op: "pattern", route, path });
    if (methods !== undefined && !sameMethods(methods, original)) edits.push({ op: "methods", route, methods });
  }
  if (draft.redirectSlashes !== draft.snapshot.redirect_slashes) edits.push({ op: "redirect_slashes", value: draft.redirectSlashes });
  for (const [level, order] of draft.levels) edits.push(...addsOf(draft, order, level));
  for (const route of draft.removed) if (levelOf(route) === "" || stays(draft, levelOf(route))) edits.push({ op: "remove", route });
  return edits;
}

function sameMethods(methods, route) {
  const own = (list) => list.filter((one) => one !== "HEAD" || !list.includes("GET")).toSorted().join();
  return own(methods) === own(route.methods);
}

function addsOf(draft, order, level) {
  return order.flatMap((id, at) => {
    const route = draft.added.get(id);
    if (!route) return [];
    const before = order.slice(at).find((one) => stays(draft, one)) ?? null;
    if (before === null && level !== "") return [];
    return [{ op: "add", path: route.path, methods: route.methods, ...(route.name ? { name: route.name } : {}), before }];
  });
}

/** What is drawn, in its order: `[{id, number, route, path, methods, level, depth, prefix, moved, changed, removed, isNew}]`. */
export function draftLines(draft) {
  const moved = new Set(editsOf(draft).filter((edit) => edit.op === "move").map((edit) => edit.route));
  const under = (level, depth) => (draft.levels.get(level) ?? []).flatMap((id) => {
    const line = draft.lines.get(id);
    const own = line ? known(draft, line, moved) : { ...draft.added.get(id), id, number: "+", route: null, isNew: true };
    return [{ moved: false, changed: false, removed: false, isNew: false, level, depth, ...own }, ...(line ? under(id, depth + 1) : [])];
  });
  return under("", 0);
}

function known(draft, { number, route }, moved) {
  const { path = route.path, methods = route.methods } = draft.changes.get(number) ?? {};
  const changed = path !== route.path || !sameMethods(methods, route);
  return { id: number, number, route, path, methods, changed, moved: moved.has(number), removed: draft.removed.has(number) };
}

/** The edits after `alter(draft)` has changed what they come to. */
export function altered(snapshot, edits, alter) {
  const draft = draftOf(snapshot, edits);
  alter(draft);
  return editsOf(draft);
}

/** Put `id` before `before` (null: to the end); both stand in one table. */
export function moveBefore(draft, id, before) {
  if (before !== null && (before === id || levelIn(draft, before) !== levelIn(draft, id))) return;
  place(draft, id, before);
}

/** Move `id` by so many places among those of its table that stay. */
export function moveBy(draft, id, step) {
  const order = draft.levels.get(levelIn(draft, id));
  const staying = order.filter((one) => one === id || !draft.removed.has(one));
  const to = staying.indexOf(id) + step;
  if (to < 0 || to >= staying.length) return;
  place(draft, id, staying[step > 0 ? to + 1 : to] ?? null);
}

/** Give `id` another path or other methods. */
export function changeRoute(draft, id, values) {
  if (draft.added.has(id)) Object.assign(draft.added.get(id), values);
  else change(draft, id, values);
}

/** Take `id` out, or put it in again. */
export function toggleRemoved(draft, id) {
  if (draft.added.delete(id)) for (const order of draft.levels.values()) order.splice(order.indexOf(id), order.includes(id) ? 1 : 0);
  else if (!draft.removed.delete(id)) draft.removed.add(id);
}

/** Add a route before another one (null: at the end of the outermost table). */
export function addRoute(draft, { path, methods, before }) {
  add(draft, { path, methods, before });
}
