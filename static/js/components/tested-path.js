/**
 * A Lit controller that holds what the routes say to the path being tested.
 *
 * `explanation` is the EXPLANATION or null, `funnel` the typing funnel or null, `problem` the ApiError of the last attempt
 * or null. `verdict` is what the router itself says, `{path, said}` or `{path, problem}`, where it may say otherwise.
 * The funnel is the quicker of the two, so each is asked for itself: one question of a kind is on its way at a time, and of
 * those typed meanwhile only the newest is asked.
 */

import { ApiError } from "../core/api.js";
import { Latest } from "../core/latest.js";
import { rawPath } from "../format/router-says.js";

/** Routes of a table up to which every verdict is asked for; of a larger one the nearest are enough. */
const ALL_VERDICTS = 300;
const NEAREST = 60;

export class TestedPath {
  explanation = null;
  funnel = null;
  verdict = null;

  #problems = { explanation: null, funnel: null };
  #host;
  #asked = "";
  #explained = new Latest((question) => this.#answer(question, "explanation", (api) => api.explain(question)));
  #funnelled = new Latest((question) => this.#answer(question, "funnel", (api) => api.funnel(question)));
  #judged = new Latest((question) => this.#judge(question));

  /** `host` is a Lit element with `.api`. */
  constructor(host) {
    this.#host = host;
  }

  get problem() {
    return this.#problems.explanation ?? this.#problems.funnel;
  }

  /** Whether the explanation has only the verdicts that matter most, because the table is large. */
  get isPartial() {
    return this.explanation !== null && (this.explanation.verdicts_total ?? 0) > this.explanation.verdicts.length;
  }

  /**
   * Ask about a path, unless that was the last question; an empty path clears the answer. `routes`: how many there are;
   * `host` is that of a whole address; `isJudged`: the router is asked, too.
   */
  ask({ method, path, table, routes, host = null, isJudged = false }) {
    const wanted = JSON.stringify([method, path, table, host, isJudged]);
    if (wanted === this.#asked) return;
    this.#asked = wanted;
    const question = { method, path, table, host, limit: routes > ALL_VERDICTS ? NEAREST : null };
    this.#funnelled.ask(question);
    this.#explained.ask(question);
    this.#judged.ask({ method, path, host, isJudged });
  }

  /** Forget what was asked last, where that had no answer: the dashboard was away. */
  retry() {
    if (this.problem === null && !this.verdict?.problem) return;
    this.#asked = "";
    this.#host.requestUpdate();
  }

  async #judge({ method, path, host, isJudged }) {
    try {
      this.verdict = path === "" || !isJudged ? null : { path, said: await this.#host.api.ask({ method, raw_path: rawPath(path), host }) };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.verdict = { path, problem: error };
    }
    this.#host.requestUpdate();
  }

  async #answer({ path, table }, name, ask) {
    try {
      this[name] = path === "" || table === null ? null : await ask(this.#host.api);
      this.#problems[name] = null;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#problems[name] = error;
    }
    this.#host.requestUpdate();
  }
}
