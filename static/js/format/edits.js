/** Edits of a what-if as people and shells read them. Pure. */

/** `move 6 /users/me before 5 /users/{user_id}`; `pathOf(number)` gives a route's template. */
export function editWords(edit, pathOf) {
  const named = (number) => `${number} ${pathOf(number) ?? "?"}`;
  const place = edit.before ? `before ${named(edit.before)}` : "to the end";
  switch (edit.op) {
    case "move":
      return `move ${named(edit.route)} ${place}`;
    case "pattern":
      return `${named(edit.route)} becomes ${edit.path}`;
    case "methods":
      return `${named(edit.route)} takes ${edit.methods.join(", ")}`;
    case "add":
      return `add ${edit.methods.join(", ")} ${edit.path} ${edit.before ? place : "at the end"}`;
    case "remove":
      return `take out ${named(edit.route)}`;
    case "redirect_slashes":
      return edit.value ? "redirect the slash at the end" : "no redirect of the slash at the end";
    default:
      return JSON.stringify(edit);
  }
}

/** A word as a POSIX shell reads it back unchanged. */
export function shellWord(text) {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The same edits as a command; `target` is `module:app`, or the word to replace when it is not known. */
export function whatifCommand(target, edits) {
  return ["inspector", "whatif", target ?? "MODULE:APP", "--edit", JSON.stringify(edits)].map(shellWord).join(" ");
}

const REASONS = {
  redacted_path: "their path was redacted",
  not_routed: "they were answered before any route was asked",
  older_format: "an older version recorded them",
};

/** `2 could not be asked again: their path was redacted`; "" when all could. */
export function unaskedWords(unasked) {
  return Object.entries(unasked).filter(([, number]) => number > 0)
    .map(([reason, number]) => `${number} could not be asked again: ${REASONS[reason] ?? reason.replaceAll("_", " ")}`).join("; ");
}
