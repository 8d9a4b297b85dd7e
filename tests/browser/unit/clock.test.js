import { Clock, now } from "../../../static/js/core/clock.js";
import { StreamClient } from "../../../static/js/core/stream.js";
import { equal, ok, test } from "./harness.js";

/** A clock whose timer and server say what the test says. */
function made() {
  const world = { timer: 0, said: null };
  const clock = new Clock({ read: () => world.timer, newest: () => world.said });
  const hear = (unixMs) => (world.said = { unixMs, at: world.timer });
  const after = (ms) => ((world.timer += ms), clock.now());
  return { world, clock, hear, after };
}

test("the first word of the server is taken, however far the browser is off", () => {
  const { clock, hear, after } = made();
  equal(Math.round(clock.now()), Math.round(performance.timeOrigin));
  hear(5_000_000);
  equal([clock.now(), after(1500)], [5_000_000, 5_001_500]);
});

test("a word that was long on its way takes nothing back, and a faster one is nearer", () => {
  const { clock, hear, after } = made();
  hear(1_000_000);
  const before = after(2000);
  hear(1_001_500); // half a second late
  ok(clock.now() <= before && before - clock.now() <= 20, "a hundredth of the time between two pulses");
  after(2000);
  hear(1_004_100);
  equal(clock.now(), 1_004_100);
});

test("from pulse to pulse the time never goes back, however they come", () => {
  const { hear, after } = made();
  hear(1_000_000);
  const times = [after(0)];
  for (const late of [0, 900, 30, 4000, 0, 9000, 9000, 9000, 100]) {
    const seen = after(2000);
    hear(1_000_000 + times.length * 2000 - late);
    times.push(Math.max(seen, after(20)));
  }
  equal(times, [...times].sort((a, b) => a - b));
});

test("after a sleep in which the timer stood still, the next word sets it", () => {
  const { clock, hear, after } = made();
  hear(1_000_000);
  after(2000);
  hear(9_000_000);
  equal(clock.now(), 9_000_000);
});

test("a server whose clock was set back is followed", () => {
  const { world, clock, hear } = made();
  hear(9_000_000);
  clock.now();
  world.timer = 2000;
  hear(5_000_000);
  equal(clock.now(), 5_000_000);
});

test("what the stream says of the time is what the page goes by", () => {
  let socket;
  class Socket {
    constructor() {
      socket = this;
    }

    send() {}
  }
  const noop = () => {};
  const stream = new StreamClient({
    url: "ws://x", protocols: () => [], WebSocket: Socket, onMessage: noop, onState: noop, setInterval: noop,
  });
  stream.open();
  for (const hours of [3, 7]) {
    const there = Date.now() + hours * 3_600_000;
    socket.onmessage({ data: JSON.stringify({ type: "pulse", head: 0, now: there, lost: 0, recorder_us_p50: null }) });
    ok(Math.abs(now() - there) < 5000, `${now()} beside ${there}`);
  }
});
