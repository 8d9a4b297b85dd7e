/** Byte counts, counts, and bytes as a hex dump. Pure. */

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

/** `1,204` */
export function count(number) {
  return number.toLocaleString("en-US");
}

/** `1 frame`, `2 frames` */
export function plural(number, word, many = `${word}s`) {
  return `${count(number)} ${number === 1 ? word : many}`;
}

/** Bytes of a string of hex digits. */
export function fromHex(text) {
  const bytes = new Uint8Array(text.length >> 1);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(i * 2, i * 2 + 2), 16);
  return bytes;
}

const isPrintable = (byte) => byte >= 0x20 && byte < 0x7f;

/** `[{offset: "00000010", hex: "7b 22 …", text: "{\"…"}]`, 16 bytes a line. */
export function hexDump(bytes) {
  const lines = [];
  for (let start = 0; start < bytes.length; start += 16) {
    const line = Array.from(bytes.subarray(start, start + 16));
    const hex = line.map((byte) => byte.toString(16).padStart(2, "0"));
    lines.push({
      offset: start.toString(16).padStart(8, "0"),
      hex: `${hex.slice(0, 8).join(" ").padEnd(23)}  ${hex.slice(8).join(" ").padEnd(23)}`,
      text: line.map((byte) => (isPrintable(byte) ? String.fromCharCode(byte) : "·")).join(""),
    });
  }
  return lines;
}
