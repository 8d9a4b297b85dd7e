/** The one search box of the Routes screen: what was typed is a path to test, or words that find a route. Pure. */

export const METHODS = Object.freeze(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "WEBSOCKET"]);

const WITH_VERB = /^([A-Za-z]+)\s+(?=\/|https?:\/\/|wss?:\/\/)/;
const URL_START = /^(https?|wss?):\/\/([^/?#]*)/i;

/**
 * `{method, path, host, find, query, note}` of a text. A text that begins with "/", with an address, or with a verb and one of
 * these is tested: `path` is what a server would hand to the router (decoded, without query and fragment), `query` what
 * was cut off, `note` says what else happened to it; `method` is the verb typed, or null, `host` that of an address. All else is `find`. A template
 * (`/books/{id}`) is looked for, not tested.
 */
export function readBox(text) {
  const trimmed = text.trimStart();
  const verb = WITH_VERB.exec(trimmed);
  const method = verb ? knownMethod(verb[1]) : null;
  const target = verb && method ? trimmed.slice(verb[0].length) : trimmed;
  const origin = URL_START.exec(target);
  if (!origin && (!target.startsWith("/") || /\{[^/}]*\}/.test(target))) return { method: null, path: "", host: null, find: text.trim(), query: null, note: null };
  const scheme = origin?.[1].toLowerCase().startsWith("ws") ? "WEBSOCKET" : null;
  const host = origin?.[2].replace(/^.*@/, "") || null;
  return { method: method ?? scheme, host, find: "", ...readTarget(origin ? target.slice(origin[0].length) : target) };
}

function readTarget(target) {
  const [, raw, query] = /^([^?#]*)(?:\?([^#]*))?/.exec(target);
  const path = decode(raw || "/");
  const decoded = path !== raw && raw !== "";
  return { path, query: query ?? null, note: decoded ? decodedNote(raw, path) : null };
}

function decodedNote(raw, path) {
  if (/%2f/i.test(raw)) return `servers decode %2F before routing: tested as ${path}`;
  return `tested as ${path}, decoded as servers do`;
}

/** Percent-decoded as UTF-8, as ASGI servers do; left as it is where that is impossible. */
function decode(raw) {
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}

function knownMethod(word) {
  const upper = word.toUpperCase() === "WS" ? "WEBSOCKET" : word.toUpperCase();
  return METHODS.includes(upper) ? upper : null;
}

/** How a tested path is typed: what `readBox` would decode or cut off is escaped. */
export function writeBox({ path, find }) {
  if (!path) return find ?? "";
  return path.replace(/%(?=[0-9a-f]{2})/gi, "%25").replaceAll("?", "%3F").replaceAll("#", "%23");
}
