/** What a row's outcome is called and how it is coloured. Pure. */

const WORDS = { pending: "…", streaming: "stream", cancelled: "cancel", disconnected: "gone", lost: "lost", error: "error" };

/** `{text, kind, title}` of a row's status; `kind` is "1" to "5", "ws" or "none". */
export function statusOf(row) {
  if (row.kind === "websocket" && row.status === 101) {
    const open = row.state === "pending" || row.state === "streaming";
    return { text: "101", kind: "ws", title: open ? "WebSocket, open" : "WebSocket, closed" };
  }
  if (row.status === null) return { text: WORDS[row.state] ?? "–", kind: row.state === "error" ? "5" : "none", title: row.state };
  return { text: String(row.status), kind: String(Math.floor(row.status / 100)), title: row.state };
}

/** Whether something failed after the answer had begun, which its status does not tell. */
export function failedBeside(row) {
  return row.state === "error" && row.status !== null && row.status < 500;
}

const ROUTING = {
  not_found: "no route",
  method_not_allowed: "method not allowed",
  redirect: "redirect",
  unknown: "not known",
  matched: "",
};

/** What stands in the route column when no route took the request; `isRouted`: the application's routes are known. */
export function missOf(row, isRouted = false) {
  if (row.routing !== "unknown" || !isRouted) return ROUTING[row.routing] ?? row.routing;
  return row.state === "pending" || row.state === "streaming" ? "not known yet" : "not by a route";
}

/** "success", "redirect", "client error", "server error" for a status number. */
export function statusClass(status) {
  return { 1: "information", 2: "success", 3: "redirect", 4: "client error", 5: "server error" }[Math.floor(status / 100)] ?? "";
}
