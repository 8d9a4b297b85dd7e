/** A request being edited before it is replayed: what it was, what it is now, and what changed. Pure. */

/** `/books/42?full=1` as it stands in a request line. */
export function targetOf({ path, raw_path: rawPath, query_string: query }) {
  const target = rawPath ?? encodeURI(path);
  return query ? `${target}?${query}` : target;
}

/** The draft of a recorded request; `body` is text, or null when it is not text (then it goes as recorded). */
export function draftOf(request, body) {
  return { method: request.method, target: targetOf(request), headers: request.headers.map((pair) => [...pair]), body };
}

const sameHeaders = (left, right) =>
  left.length === right.length && left.every(([name, value], at) => name === right[at][0] && value === right[at][1]);

/** Only what differs, as the API wants it: `{method?, path?, headers?, body?}`. */
export function editOf(original, draft) {
  const edit = {};
  if (draft.method !== original.method) edit.method = draft.method;
  if (draft.target !== original.target) edit.path = draft.target;
  const headers = draft.headers.filter(([name]) => name !== "");
  if (!sameHeaders(headers, original.headers)) edit.headers = headers;
  if (draft.body !== null && draft.body !== original.body) edit.body = draft.body;
  return edit;
}

/** `path, body`: the parts an edit changes, in words; "" for none. */
export function editedParts(edit) {
  return Object.keys(edit).join(", ");
}

/** Where JSON text breaks, in the words of the parser; null when it is fine, empty, or not meant to be JSON. */
export function jsonProblem(text, headers) {
  const type = headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
  if (!/\bjson\b/i.test(type) || !text?.trim()) return null;
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return error.message;
  }
}
