/** Times and durations as people read them. Pure: no clock in here. */

/** A duration in ms as `{value, unit}` with three significant digits: 0.83 ms, 12.4 ms, 4.02 s, 2 min 5 s. */
export function durationParts(ms) {
  if (ms === null || ms === undefined) return { value: "–", unit: "" };
  if (ms === 0) return { value: "0", unit: "ms" };
  if (ms < 0.001) return { value: "<1", unit: "µs" };
  if (ms < 0.1) return { value: (ms * 1000).toFixed(ms < 0.01 ? 1 : 0), unit: "µs" };
  if (ms < 10) return { value: ms.toFixed(2), unit: "ms" };
  if (ms < 100) return { value: ms.toFixed(1), unit: "ms" };
  if (ms < 1000) return { value: ms.toFixed(0), unit: "ms" };
  if (ms < 60_000) return { value: (ms / 1000).toFixed(ms < 10_000 ? 2 : 1), unit: "s" };
  return { value: `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)}`, unit: "s" };
}

/** `12.4 ms`, or an en dash when there is none. */
export function duration(ms) {
  const { value, unit } = durationParts(ms);
  return unit ? `${value} ${unit}` : value;
}

const pad = (number, width = 2) => String(number).padStart(width, "0");

/** `14:03:09.482` of the reader's time zone, from unix milliseconds. */
export function clock(unixMs) {
  const at = new Date(unixMs);
  return `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}.${pad(at.getMilliseconds(), 3)}`;
}

// Made once: making a formatter costs more than formatting a screen of rows.
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });

/** Full local date and time with zone, for a title. */
export function moment(unixMs) {
  return MOMENT.format(unixMs);
}

/** `12 s ago`, `3 min ago`: how long before `nowMs`. */
export function ago(unixMs, nowMs) {
  const seconds = Math.max(0, Math.round((nowMs - unixMs) / 1000));
  if (seconds < 2) return "now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}
