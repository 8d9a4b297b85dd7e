/** JSON text cut into coloured pieces. Pure; it never changes the text, only marks it. */

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;

/** `[{text, kind}]`; kind is "key", "string", "number", "word" or null for what stands between. */
export function jsonPieces(text) {
  const pieces = [];
  let at = 0;
  for (const found of text.matchAll(TOKEN)) {
    if (found.index > at) pieces.push({ text: text.slice(at, found.index), kind: null });
    const [whole, string, colon, number] = found;
    if (string !== undefined) {
      pieces.push({ text: string, kind: colon === undefined ? "string" : "key" });
      if (colon !== undefined) pieces.push({ text: colon, kind: null });
    } else pieces.push({ text: whole, kind: number === undefined ? "word" : "number" });
    at = found.index + whole.length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), kind: null });
  return pieces;
}

/** What is nested a hundred deep and wide would grow hundredfold; the panel of a body has the same limits. */
const MOST_GROWTH = 12;
const SMALL_CHARACTERS = 64 * 1024;

/**
 * JSON with two spaces of indent, or null when `text` is not JSON. Numbers too long for a float are left as they came, and
 * so is what would become out of proportion longer.
 */
export function prettyJson(text) {
  try {
    const pretty = JSON.stringify(JSON.parse(text), null, 2);
    const isTooLong = pretty.length > Math.max(SMALL_CHARACTERS, MOST_GROWTH * text.length);
    return isTooLong || /\d{16}/.test(text) ? text : pretty;
  } catch (reason) {
    if (reason instanceof SyntaxError) return null;
    throw reason;
  }
}
