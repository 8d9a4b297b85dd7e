/**
 * The one place that speaks to the dashboard's WebSocket: says hello with the last number, acknowledges, reconnects.
 *
 * Everything that reaches outside is passed in: the WebSocket class, `probe()` (an API call that tells "wrong token"
 * from "not there", which a failed handshake does not), timers, and a random number for the jitter.
 */

const VERSION = 1;
const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 5000;
/** The server says something every 2 s. One that says nothing for this long is gone, though no close came: a laptop slept. */
const SILENT_MS = 10_000;

/** What the server last said its time was, `at` being performance.now() then; null before. */
export let heard = null;

/** How long to wait before attempt `n` (0, 1, ...): doubling, capped, with jitter so that many tabs do not march. */
export function retryDelay(attempt, random) {
  const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
  return full * (0.75 + random() * 0.5);
}

export class StreamClient {
  #options;
  #socket = null;
  #timer = null;
  #watch = null;
  #isHeard = false;
  #attempt = 0;
  #closed = true;
  #log = null;
  #cursor = null;

  /**
   * `{url, protocols(), WebSocket, probe(), onMessage(message), onState(state, {delay}), random}` and `setTimeout`,
   * `clearTimeout`, `setInterval`, `clearInterval`.
   * `onState` gets "connecting", "open", "reconnecting" (with the delay in ms) or "locked".
   */
  constructor(options) {
    this.#options = options;
  }

  /** The last number applied, or null. */
  get cursor() {
    return this.#cursor;
  }

  open() {
    if (!this.#closed) return;
    this.#closed = false;
    this.#options.onState("connecting", {});
    this.#connect();
  }

  close() {
    this.#closed = true;
    this.#options.clearTimeout(this.#timer);
    this.#drop();
  }

  /** Try again now: a click on "retry", or the tab coming back. */
  retry() {
    if (this.#closed || this.#socket) return;
    this.#options.clearTimeout(this.#timer);
    this.#connect();
  }

  #connect() {
    const socket = new this.#options.WebSocket(this.#options.url, this.#options.protocols());
    this.#socket = socket;
    let welcomed = false;
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", v: VERSION, log: this.#log, cursor: this.#cursor }));
    socket.onmessage = (event) => {
      if (socket !== this.#socket) return;
      const message = JSON.parse(event.data);
      this.#isHeard = true;
      if (message.now) heard = { unixMs: message.now, at: performance.now() };
      if (message.type === "welcome") {
        welcomed = true;
        this.#attempt = 0;
        this.#options.onState("open", {});
      }
      this.#take(socket, message);
    };
    socket.onclose = () => {
      if (socket !== this.#socket) return;
      this.#drop();
      if (!this.#closed) this.#lost(welcomed);
    };
    this.#isHeard = true;
    this.#watch = this.#options.setInterval(() => this.#listen(welcomed), SILENT_MS);
  }

  /** Let go of a connection on which nothing was heard since the last look. */
  #listen(welcomed) {
    if (!this.#isHeard) {
      this.#drop();
      this.#lost(welcomed);
    }
    this.#isHeard = false;
  }

  #drop() {
    this.#options.clearInterval(this.#watch);
    this.#socket?.close(1000);
    this.#socket = null;
  }

  #take(socket, message) {
    this.#options.onMessage(message);
    const position = this.#positionOf(message);
    if (position === null) return;
    this.#cursor = position;
    if (message.type !== "reset") socket.send(JSON.stringify({ type: "ack", to: position }));
  }

  #positionOf(message) {
    switch (message.type) {
      case "welcome":
        if (message.log !== this.#log) this.#cursor = null;
        this.#log = message.log;
        return null;
      case "reset":
        this.#log = message.log;
        this.#cursor = null;
        return null;
      case "snapshot":
        return message.seq;
      case "delta":
      case "gap":
        return message.to;
      default:
        return null;
    }
  }

  async #lost(welcomed) {
    const isLocked = !welcomed && (await this.#options.probe()) === "locked";
    if (this.#closed || this.#socket) return; // closed, or tried again, while it was asked
    if (isLocked) {
      this.#closed = true;
      this.#options.onState("locked", {});
      return;
    }
    const delay = retryDelay(this.#attempt++, this.#options.random);
    this.#options.onState("reconnecting", { delay });
    this.#timer = this.#options.setTimeout(() => this.#connect(), delay);
  }
}
