/** The formats a request can be copied in: what the API calls each, and what people do. Pure. */
export const EXPORTS = Object.freeze([
  { format: "curl", label: "curl command" },
  { format: "httpx", label: "Python, httpx" },
  { format: "pytest", label: "pytest test" },
  { format: "hurl", label: "Hurl file" },
  { format: "har", label: "HAR entry" },
]);

/** What was copied, for a message. */
export function exportLabel(format) {
  return EXPORTS.find((one) => one.format === format)?.label ?? format;
}
