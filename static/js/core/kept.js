/** What the page keeps; where the browser allows no storage, or has no room, for as long as the page. Pure. */

export class Kept {
  #storage;
  #held = new Map();

  /** `find()` gives a Storage; where the reader blocks it, asking for it throws. */
  constructor(find) {
    this.#storage = this.#tried(find);
  }

  /** The text under `key`, or null. */
  get(key) {
    return this.#held.get(key) ?? this.#tried((storage) => storage?.getItem(key)) ?? null;
  }

  set(key, text) {
    this.#held.set(key, text);
    this.#tried((storage) => storage?.setItem(key, text));
  }

  remove(key) {
    this.#held.delete(key);
    this.#tried((storage) => storage?.removeItem(key));
  }

  #tried(use) {
    try {
      return use(this.#storage);
    } catch {
      return null; // a DOMException: SecurityError where it is blocked, QuotaExceededError where it is full
    }
  }
}
