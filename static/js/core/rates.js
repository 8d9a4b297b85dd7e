/** The two numbers of the status bar: requests a second and the 95th percentile of recent durations. Pure. */

const WINDOW_MS = 10_000;
const SAMPLE = 500;

/** Requests a second over the last 10 s before `nowMs`, from the rows of a ring, newest last. */
export function requestRate(ring, nowMs) {
  let count = 0;
  for (let number = ring.next - 1; number >= ring.first; number--) {
    const row = ring.at(number);
    if (!row || row.kind === "gap") continue;
    if (row.started < nowMs - WINDOW_MS) break;
    count++;
  }
  return count / (WINDOW_MS / 1000);
}

/** The 95th percentile (nearest rank) of the last 500 finished HTTP exchanges in ms; null without any. */
export function p95(ring) {
  const durations = [];
  for (let number = ring.next - 1; number >= ring.first && durations.length < SAMPLE; number--) {
    const row = ring.at(number);
    if (row?.kind === "http" && row.duration_ms !== null) durations.push(row.duration_ms);
  }
  if (!durations.length) return null;
  durations.sort((a, b) => a - b);
  return durations[Math.ceil(durations.length * 0.95) - 1];
}
