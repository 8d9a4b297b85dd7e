/** What the keys of keys.js do, in words for the help dialog. Pure. */

/** `[{keys, intent, hint, group}]`, in the order the help dialog lists them. */
export const KEYMAP = Object.freeze([
  { group: "Screens", keys: ["1"], intent: "view:live", hint: "Live traffic" },
  { group: "Screens", keys: ["2"], intent: "view:routes", hint: "Routes" },
  { group: "Screens", keys: ["3"], intent: "view:regex", hint: "Regex" },
  { group: "Screens", keys: ["4"], intent: "view:replay", hint: "Replay & diff" },
  { group: "Screens", keys: ["5"], intent: "view:health", hint: "Health" },
  { group: "Screens", keys: ["mod+k"], intent: "palette", hint: "Command palette" },
  { group: "Screens", keys: ["?"], intent: "help", hint: "This help" },
  { group: "List", keys: ["j", "ArrowDown"], intent: "next", hint: "Next request or route" },
  { group: "List", keys: ["k", "ArrowUp"], intent: "previous", hint: "Previous request or route" },
  { group: "List", keys: ["g"], intent: "first", hint: "Oldest request, first route" },
  { group: "List", keys: ["G"], intent: "last", hint: "Newest request and follow, last route" },
  { group: "List", keys: ["Enter"], intent: "open", hint: "Open the newest, or move into the detail; of a route, its regex" },
  { group: "List", keys: ["Escape"], intent: "close", hint: "Close what is open" },
  { group: "List", keys: ["/"], intent: "filter", hint: "Filter, or in Routes the box that tests and finds" },
  { group: "List", keys: ["p"], intent: "pause", hint: "Pause or resume" },
  { group: "Request", keys: ["r"], intent: "replay", hint: "Replay" },
  { group: "Request", keys: ["c"], intent: "copy-curl", hint: "Copy as curl" },
  { group: "Request", keys: ["y"], intent: "copy-link", hint: "Copy a link to this view" },
  { group: "Request", keys: ["["], intent: "tab-previous", hint: "Previous tab" },
  { group: "Request", keys: ["]"], intent: "tab-next", hint: "Next tab" },
  { group: "Page", keys: ["t"], intent: "theme", hint: "Theme: system, light, dark" },
]);
