/** Byte counts, and counts of things. Pure. */

/** `0 B`, `812 B`, `12.4 kB`, `3.1 MB` (powers of 1024, as file managers print them). */
export function byteSize(bytes) {
  if (bytes === null || bytes === undefined) return "–";
  if (bytes < 1024) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

// Made once: `toLocaleString` makes one for each number.
const NUMBERS = new Intl.NumberFormat("en-US");

/** `1,204` */
export function count(number) {
  return NUMBERS.format(number);
}

/** `1 frame`, `2 frames` */
export function plural(number, word, many = `${word}s`) {
  return `${count(number)} ${number === 1 ? word : many}`;
}
