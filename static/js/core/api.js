/**
 * The one place that speaks HTTP to the dashboard's API. `fetch` and the token are passed in.
 *
 * Every method resolves to the JSON of the answer, and rejects with an `ApiError` for every other end.
 */

import { routesOf } from "../format/route-count.js";

/** What the server (or the network) said instead of an answer: `{error: {code, message, hint}}`. */
export class ApiError extends Error {
  constructor({ status, code, message, hint = null }) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.hint = hint;
  }
}

/** `{a: 1, b: null}` to `?a=1`. */
export function query(values) {
  const kept = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  return kept.length ? `?${new URLSearchParams(kept.map(([key, value]) => [key, String(value)]))}` : "";
}

async function errorOf(response) {
  const said = await response.json().then((body) => body.error, () => null);
  return new ApiError({
    status: response.status,
    code: said?.code ?? `http_${response.status}`,
    message: said?.message ?? `The dashboard answered ${response.status}`,
    hint: said?.hint ?? null,
  });
}

/** For an answer that began well and could not be read: it broke off, or a proxy answered with a page of its own. */
function unread(reason) {
  if (reason?.name === "AbortError") throw reason;
  if (reason instanceof SyntaxError) throw new ApiError({ status: 0, code: "not_json", message: "What answered is not the dashboard" });
  throw new ApiError({ status: 0, code: "cut_off", message: "The answer of the dashboard broke off" });
}

export class Api {
  #base;
  #fetch;
  #token;

  /** `base` ends with "/"; `token()` gives the session token or null. */
  constructor({ base, fetch, token }) {
    this.#base = base;
    this.#fetch = fetch;
    this.#token = token;
  }

  app(options) {
    return this.#json("api/app", options);
  }

  /** `{exchange, panels}` */
  exchange(id, options) {
    return this.#json(`api/exchanges/${encodeURIComponent(id)}`, options);
  }

  /** EXPLANATION plus `answer`; rejects with 404 when the table of that time is not known. */
  explanation(id, options) {
    return this.#json(`api/exchanges/${encodeURIComponent(id)}/explanation`, options);
  }

  /** A kept body as bytes; `side` is "request" or "response". */
  async body(id, side, options) {
    const response = await this.#send(`api/exchanges/${encodeURIComponent(id)}/body/${side}`, options);
    return new Uint8Array(await response.arrayBuffer().catch(unread));
  }

  /** `{table: SNAPSHOT, hits, ...}`; the newest table when `table` is null. */
  routes({ table = null } = {}, options) {
    return this.#json(`api/routes${query({ table })}`, options);
  }

  /**
   * EXPLANATION of a path typed by hand; `method` "WEBSOCKET" asks for a handshake. With `limit`, only the verdicts that
   * matter most and as many others.
   */
  explain({ method, path, table = null, limit = null, host = null }, options) {
    return this.#json(`api/explain${query({ method, path, table, limit, host })}`, options);
  }

  /** `{fate, answer, did_you_mean, router, host, path}`: where a recorded request would go now, with the edit of a replay. */
  now(id, edit = {}, options) {
    return this.#json(`api/exchanges/${encodeURIComponent(id)}/now`, { ...options, method: "POST", body: { edit } });
  }

  /** The router’s own verdict. */
  ask({ method, raw_path, host }, options) {
    return this.#json(`api/ask${query({ method, raw_path, host, brief: 1 })}`, options);
  }

  /** What the endpoint of a route asks for, and the code made of it; rejects with 409 and "no_plan" where there is none. */
  plan({ table, index, mounts = [] }, options) {
    return this.#json(`api/plan${query({ table, index, mounts: mounts.length ? mounts.join(",") : null })}`, options);
  }

  /** `{path, steps, next}`: how many routes are still viable after each character, and what may come next. */
  funnel({ method, path, table = null }, options) {
    return this.#json(`api/funnel${query({ method, path, table })}`, options);
  }

  /** `{hits, inner, counted}`: how often each route of a table was taken, the newest when `table` is null. */
  hits({ table = null } = {}, options) {
    return this.#json(`api/hits${query({ table })}`, options);
  }

  /** `{table, findings, took_ms, failed}`: what the check of a table finds, the newest when `table` is null. */
  check({ table = null, tried = null } = {}, options) {
    return this.#json(`api/check${query({ table, tried })}`, options);
  }

  /** `{reloads: [...]}`: what each of the last reloads changed, the newest first. */
  reloads(options) {
    return this.#json("api/reloads", options);
  }

  /** What `edits` would change, no handler runs; rejects with 400 and "bad_edit" when one cannot be made. */
  whatif({ table = null, edits, requestsOnly = false }, options) {
    return this.#json("api/whatif", { ...options, method: "POST", body: { table, edits, ...(requestsOnly ? { requests_only: true } : {}) } });
  }

  /** `{path, regex, tree, trace, steps}` of one route; `mounts` is the chain of mount indexes above it. */
  regex({ index, table = null, mounts = null, text = null, steps = false }, options) {
    const asked = { index, table, mounts: mounts?.length ? mounts.join(",") : null, text, steps: steps ? 1 : null };
    return this.#json(`api/regex${query(asked)}`, options);
  }

  /** The same of any Python regex; `how` is "fullmatch", "match" or "search". */
  anyRegex({ regex, how = null, text = null, steps = false }, options) {
    return this.#json(`api/regex${query({ regex, how, text, steps: steps ? 1 : null })}`, options);
  }

  /** `{id}` of the new exchange; rejects with 409 and a code when the replay is refused. */
  replay({ of, edit = {}, confirm = false }, options) {
    return this.#json("api/replays", { ...options, method: "POST", body: { of, edit, confirm } });
  }

  difference({ left, right }, options) {
    return this.#json(`api/difference${query({ left, right })}`, options);
  }

  /** `{text}` in a format such as "curl". */
  exportAs(id, format, options) {
    return this.#json(`api/exchanges/${encodeURIComponent(id)}/export${query({ format })}`, options);
  }

  /** Exempt an exchange from retention, or no longer; its row comes again over the stream. */
  pin({ id, pinned }, options) {
    return this.#json(`api/exchanges/${encodeURIComponent(id)}/pin`, { ...options, method: "POST", body: { pinned } });
  }

  /** `{generation, running, results}`: what became of the pinned requests since the app came back. */
  pinned(options) {
    return this.#json("api/pinned", options);
  }

  /** Replay every pinned request now; the results come with `pinned`. */
  replayPinned(options) {
    return this.#json("api/pinned", { ...options, method: "POST", body: {} });
  }

  /** Keep what may differ with a pin; its result under these rules. */
  keepRules({ id, rules }, options) {
    return this.#json(`api/pinned/${encodeURIComponent(id)}/rules`, { ...options, method: "POST", body: { rules } });
  }

  clear(options) {
    return this.#json("api/clear", { ...options, method: "POST", body: {} });
  }

  async #json(path, options) {
    const response = await this.#send(path, options);
    return response.json().catch(unread);
  }

  async #send(path, { method = "GET", body, signal } = {}) {
    const headers = { Accept: "application/json" };
    const token = this.#token();
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const request = { method, headers, signal, credentials: "omit", redirect: "error", cache: "no-store" };
    if (body !== undefined) request.body = JSON.stringify(body);
    const response = await this.#fetch(this.#base + path, request).catch((reason) => {
      if (reason?.name === "AbortError") throw reason;
      throw new ApiError({ status: 0, code: "unreachable", message: "The dashboard cannot be reached", hint: "Is it still running?" });
    });
    if (!response.ok) throw await errorOf(response);
    return response;
  }
}

/**
 * Route tables by fingerprint, fetched once each: the ladder of an old exchange needs the table of its time.
 * Holds the last `limit` tables.
 */
export class Tables {
  #api;
  #held = new Map();
  #limit;

  constructor(api, { limit = 8 } = {}) {
    this.#api = api;
    this.#limit = limit;
  }

  /** A promise of `{table, hits, ...}`. */
  get(fingerprint) {
    const held = this.#held.get(fingerprint);
    if (held) return held;
    const asked = this.#api.routes({ table: fingerprint });
    this.#held.set(fingerprint, asked);
    asked.catch(() => this.#held.delete(fingerprint));
    if (this.#held.size > this.#limit) this.#held.delete(this.#held.keys().next().value);
    return asked;
  }

  /** A promise of how many routes a table has. */
  async count(fingerprint) {
    return routesOf((await this.get(fingerprint)).table);
  }
}
