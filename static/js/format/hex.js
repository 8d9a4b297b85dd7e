/** Bytes as a hex dump, and back from hex digits. Pure. */

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
