/** The keyboard map: which key means which intent, as key-words.js tells people. Pure; the page turns intents into actions. */

const BY_KEY = new Map([
  ["1", "view:live"],
  ["2", "view:routes"],
  ["3", "view:regex"],
  ["4", "view:replay"],
  ["5", "view:health"],
  ["?", "help"],
  ["j", "next"],
  ["ArrowDown", "next"],
  ["k", "previous"],
  ["ArrowUp", "previous"],
  ["g", "first"],
  ["G", "last"],
  ["Enter", "open"],
  ["Escape", "close"],
  ["/", "filter"],
  ["p", "pause"],
  ["r", "replay"],
  ["c", "copy-curl"],
  ["y", "copy-link"],
  ["[", "tab-previous"],
  ["]", "tab-next"],
  ["t", "theme"],
]);

/**
 * The intent of a key press, or null. `event` needs key, ctrlKey, metaKey, altKey; `typing` is true inside an input,
 * where only the palette's chord and Escape mean something.
 */
export function intentOf(event, { typing = false } = {}) {
  if (event.altKey) return null;
  if (event.ctrlKey || event.metaKey) return event.key.toLowerCase() === "k" ? "palette" : null;
  if (typing) return event.key === "Escape" ? "leave-input" : null;
  return BY_KEY.get(event.key) ?? null;
}
