/** A route table's snapshot as a list for the screens. Pure. */

import { methodsOf } from "./ladder.js";

/**
 * Every route with those of mounted apps below their mount:
 * `[{key, route, mounts, depth, number, prefix, host, chain}]`; `key` is for the address and for repeat(), `mounts` the chain
 * of mount indexes above it, `number` what people read ("18.2" is the second route inside mount 18), `prefix` the path
 * of the mounts above, `host` what the outermost mount for a host says of it, or null, `chain` what brought it in from outside to inside: `[{kind: "mount"|"include", id, prefix, at}]`.
 */
export function flatten(snapshot, { mounts = [], prefix = "", number = "", chain = [], host = null } = {}) {
  if (!snapshot) return [];
  return snapshot.routes.flatMap((route) => {
    const own = number ? `${number}.${route.index + 1}` : `${route.index + 1}`;
    const included = withIncludes(chain, route);
    const itsHost = host ?? hostOf(route);
    const line = { key: [...mounts, route.index].join("."), route, mounts, depth: mounts.length, number: own, prefix, host: itsHost, chain: included };
    if (!route.table) return [line];
    const mount = { kind: "mount", id: `mount ${own}`, prefix: route.path, at: placeOf(route) };
    const below = { mounts: [...mounts, route.index], prefix: prefix + mountPrefix(route), number: own, host: itsHost, chain: [...included, mount] };
    return [line, ...flatten(route.table, below)];
  });
}

function hostOf({ kind, condition }) {
  return kind === "mount" && condition?.startsWith("host ") ? condition : null;
}

function withIncludes(chain, route) {
  const links = [...chain];
  for (const { prefix, file, line } of route.includes) {
    const at = placeOf({ file, line });
    links.push({ kind: "include", id: `${links.at(-1)?.id ?? ""} ${prefix} ${at}`, prefix, at });
  }
  return links;
}

/** What a route is called: its name, or its handler's, without the function in which that was defined. */
export function calledOf({ name, endpoint }) {
  return (name ?? endpoint)?.split("<locals>.").at(-1);
}

function placeOf({ file, line }) {
  return file ? sourceOf({ file, line }) : null;
}

function mountPrefix(route) {
  return route.path.replace(/\/+$/, "");
}

/** The key of a line, for the address and for repeat(): the mount chain and the index. */
export function keyOf(line) {
  return line.key;
}

/** The key of the route that people call `number`: "30.2" is "29.1". */
export function keyOfNumber(number) {
  return number.split(".").map((one) => Number(one) - 1).join(".");
}

/** The line whose key is `key`, or null. */
export function findLine(lines, key) {
  return lines.find((line) => keyOf(line) === key) ?? null;
}

/**
 * The bars in the gutter of each line, outermost first: `[{kind, prefix, at, begins, ends}]`. Neighbours that came in
 * by the same link of their chain share a bar; `begins` and `ends` say where it has its ends.
 */
export function gutters(lines) {
  const shared = (a, b, level) => a?.chain[level] !== undefined && a.chain[level].id === b?.chain[level]?.id;
  return lines.map((line, index) =>
    line.chain.map((link, level) => ({
      ...link,
      begins: !shared(line, lines[index - 1], level),
      ends: !shared(line, lines[index + 1], level),
    })),
  );
}

const VERBS = new Set(["get", "head", "post", "put", "patch", "delete", "options", "trace", "connect", "ws", "mount"]);
/** Does a route fit what was typed to find it: parts of its path, name, handler or source; a verb must be one of its own. */
export function routeFits({ route, prefix }, words) {
  const text = [prefix + route.path, route.name, route.endpoint, placeOf(route)].join(" ").toLowerCase();
  const answers = (verb) => (route.kind === "http" ? route.methods : methodsOf(route)).includes(verb.toUpperCase());
  return words.toLowerCase().split(/\s+/).filter(Boolean).every((word) => (VERBS.has(word) ? answers(word) : text.includes(word)));
}

/** `{index, ...}` verdicts of an explanation by line key, those of mounted tables included. */
export function verdictsByKey(explanation, mounts = []) {
  const found = new Map();
  for (const verdict of explanation?.verdicts ?? []) {
    found.set([...mounts, verdict.index].join("."), verdict);
    if (!verdict.inner) continue;
    for (const [key, inner] of verdictsByKey(verdict.inner, [...mounts, verdict.index])) found.set(key, inner);
  }
  return found;
}

/** The innermost explanation: where a mount took the path, that of the mounted table. */
export function innermost(explanation) {
  const taken = explanation?.winner === null ? null : explanation?.verdicts?.find((one) => one.index === explanation.winner);
  return taken?.inner ? innermost(taken.inner) : explanation;
}

/** `shop/orders.py:25`: the last two parts of the path, enough to find it. */
export function sourceOf({ file, line }) {
  return `${file.split(/[\\/]/).slice(-2).join("/")}:${line}`;
}
