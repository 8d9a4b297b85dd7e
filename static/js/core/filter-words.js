/** The words of the filter box's language, for those who do not know it. Pure. */

/** Keys and `is:` words, for suggestions: `[{text, hint}]`. */
export const GRAMMAR = Object.freeze([
  { text: "status:4xx", hint: "status class, 404, 400-499, none" },
  { text: "method:POST", hint: "several with a comma: GET,POST" },
  { text: "path:/users", hint: "part of the path" },
  { text: "route:get_user", hint: "route name, pattern, number or none" },
  { text: "param:item_id=42", hint: "a path parameter, with or without value" },
  { text: "dur>100ms", hint: "slower than; ns µs ms s" },
  { text: "size>10kb", hint: "response larger than" },
  { text: "type:json", hint: "content type" },
  { text: "query:page", hint: "part of the query string" },
  { text: "error:ValueError", hint: "part of the exception" },
  { text: "is:unmatched", hint: "404 and 405 of the router" },
  { text: "is:error", hint: "raised or 5xx" },
  { text: "is:ws", hint: "WebSocket connections" },
  { text: "is:replay", hint: "made by Replay" },
  { text: "is:pending", hint: "not finished yet" },
  { text: "is:redirect", hint: "3xx" },
  { text: "-is:static", hint: "a minus turns any term round" },
]);
