/**
 * The state of the page that belongs in its address: view, filter, selection, tab and what a view adds.
 *
 * Pure: it is given a place to read and write (`location` and `history` in the page, a plain object in a test).
 */

export const VIEWS = Object.freeze(["live", "routes", "regex", "replay", "health"]);
const DEFAULT_VIEW = "live";

/** The query string as a plain object; `view` is always one of VIEWS. */
export function parseSearch(search) {
  const state = Object.fromEntries(new URLSearchParams(search));
  if (!VIEWS.includes(state.view)) state.view = DEFAULT_VIEW;
  return state;
}

/** The query string of a state, without defaults and empty values; `""` when nothing is left. */
export function formatSearch(state) {
  const kept = Object.entries(state).filter(
    ([key, value]) => value !== null && value !== undefined && value !== "" && !(key === "view" && value === DEFAULT_VIEW),
  );
  const text = new URLSearchParams(kept.map(([key, value]) => [key, String(value)])).toString();
  return text ? `?${text}` : "";
}

export class Router {
  #place;
  #state;
  #listeners = new Set();

  /** `place` is `{read(): search, write(search, {replace}): void}`. */
  constructor(place) {
    this.#place = place;
    this.#state = Object.freeze(parseSearch(place.read()));
  }

  /** What the address says now: `{view, filter?, id?, tab?, ...}`, all text, frozen. */
  get state() {
    return this.#state;
  }

  /**
   * Merge `patch` into the state; a value of null, undefined or "" removes its key.
   * `replace` writes no history entry: for typing and moving, where Back should not undo single keys.
   */
  set(patch, { replace = false } = {}) {
    const before = formatSearch(this.#state);
    const after = formatSearch({ ...this.#state, ...patch });
    if (after === before) return;
    this.#place.write(after, { replace });
    this.#become(after);
  }

  /** The same address with `patch` merged in, for links and "copy link". */
  href(patch = {}) {
    return formatSearch({ ...this.#state, ...patch }) || "?";
  }

  /** Read the place again: called when the reader goes back or forward. */
  refresh() {
    this.#become(this.#place.read());
  }

  /** Call `listener(state)` after each change; returns the function that stops it. */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #become(search) {
    this.#state = Object.freeze(parseSearch(search));
    for (const listener of this.#listeners) listener(this.#state);
  }
}
