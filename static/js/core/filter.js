/**
 * The filter box's language, as people know it from Chrome's Network panel and mitmproxy. Pure.
 *
 *   status:4xx method:POST,PUT route:get_post path:/users dur>100ms is:replay -is:static "two words"
 *
 * Terms are joined with AND, values inside a term with a comma mean OR, a leading `-` turns a term round, a bare word
 * is looked for in path, query, route and error. Comparisons: `dur>100ms`, `size>=10kb`, `status>=400`.
 */

const DURATION = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000 };
const SIZE = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };
const STATIC_ENDING = /\.(?:css|js|mjs|map|png|jpe?g|gif|svg|ico|webp|avif|woff2?|ttf|otf)$/i;

const COMPARE = {
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ":": (a, b) => a === b,
};

const FLAGS = {
  ws: (row) => row.kind === "websocket",
  http: (row) => row.kind === "http",
  replay: (row) => row.replay_of !== null,
  error: (row) => row.error !== null || row.status >= 500,
  pending: (row) => row.state === "pending" || row.state === "streaming",
  streaming: (row) => row.state === "streaming",
  redirect: (row) => row.routing === "redirect" || (row.status >= 300 && row.status < 400),
  unmatched: (row) => row.routing === "not_found" || row.routing === "method_not_allowed",
  matched: (row) => row.routing === "matched",
  redacted: (row) => row.redacted,
  static: (row) => STATIC_ENDING.test(row.path),
};

const includes = (text, part) => (text ?? "").toLowerCase().includes(part);
const equals = (text, part) => (text ?? "").toLowerCase() === part;

/** An entry of a table above; nothing that every object has, such as `constructor`. */
const own = (table, name) => (Object.hasOwn(table, name) ? table[name] : undefined);

/** A problem with one term; becomes an underline in the box. */
class FilterProblem extends Error {}

function quantity(text, units, what, example) {
  const found = /^(\d+(?:\.\d+)?)\s*([a-zµ]*)$/i.exec(text);
  const unit = found?.[2] ? own(units, found[2].toLowerCase()) : 1;
  if (!found || unit === undefined) throw new FilterProblem(`“${text}” is no ${what}; write it like ${example}`);
  return Number(found[1]) * unit;
}

function statusTest(text) {
  if (/^[1-5]xx$/i.test(text)) return (row) => Math.floor(row.status / 100) === Number(text[0]);
  if (/^[1-5]\d\d$/.test(text)) return (row) => row.status === Number(text);
  const range = /^([1-5]\d\d)-([1-5]\d\d)$/.exec(text);
  if (range) return (row) => row.status >= Number(range[1]) && row.status <= Number(range[2]);
  if (text === "none" || text === "pending") return (row) => row.status === null;
  throw new FilterProblem(`“${text}” is no status; write 404, 4xx, 400-499 or none`);
}

function flagTest(text) {
  const test = own(FLAGS, text);
  if (!test) throw new FilterProblem(`is:${text} is not known; there are ${Object.keys(FLAGS).join(", ")}`);
  return test;
}

function routeTest(text) {
  if (text === "none") return (row) => row.route === null;
  const number = /^#?(\d+)$/.exec(text);
  if (number) return (row) => row.route?.index === Number(number[1]) - 1;
  return (row) => row.route !== null && (includes(row.route.name, text) || includes(row.route.path, text));
}

function parameterTest(text) {
  const [name, value] = text.split(/=(.*)/s);
  return (row) => row.params.some((one) => equals(one[0], name) && (value === undefined || equals(one[1], value)));
}

/** What each key means: `make(value, operator)` gives a test of a row, or throws a FilterProblem. */
const KEYS = {
  status: { make: (value, op) => (op === ":" ? statusTest(value) : numberTest("status", value, op)), compares: true },
  method: { make: (value) => (row) => equals(row.method, value) },
  path: { make: (value) => (row) => includes(row.path, value) },
  query: { make: (value) => (row) => includes(row.query, value) },
  route: { make: routeTest },
  param: { make: parameterTest },
  type: { make: (value) => (row) => includes(row.content_type, value) },
  dur: { make: durationTest, compares: true },
  size: { make: sizeTest, compares: true },
  error: { make: (value) => (row) => includes(row.error, value) },
  state: { make: (value) => (row) => equals(row.state, value) },
  worker: { make: (value) => (row) => String(row.worker) === value },
  id: { make: (value) => (row) => row.id.toLowerCase().startsWith(value) },
  is: { make: flagTest },
};

function numberTest(field, text, op) {
  if (!/^\d+$/.test(text)) throw new FilterProblem(`“${text}” is no number`);
  return (row) => row[field] !== null && COMPARE[op](row[field], Number(text));
}

function durationTest(text, op) {
  const ms = quantity(text, DURATION, "time", "100ms or 1.5s");
  return (row) => row.duration_ms !== null && COMPARE[op === ":" ? ">=" : op](row.duration_ms, ms);
}

function sizeTest(text, op) {
  const bytes = quantity(text, SIZE, "size", "10kb or 1mb");
  return (row) => COMPARE[op === ":" ? ">=" : op](row.response_bytes, bytes);
}

function bareTest(text) {
  return (row) =>
    includes(row.path, text) || includes(row.query, text) || includes(row.error, text) ||
    includes(row.route?.name, text) || includes(row.route?.path, text) || equals(row.method, text);
}

const TERM = /-?(?:([a-z]+)(:|>=|<=|>|<))?(?:"(?:[^"\\]|\\.)*"?|[^\s"]+)+|-/gi;

function unquoted(text) {
  return text.replace(/"((?:[^"\\]|\\.)*)"?/g, (_, inside) => inside.replace(/\\(.)/g, "$1"));
}

function nearest(word, known) {
  const close = known.filter((one) => one.startsWith(word.slice(0, 2)) || one.includes(word) || word.includes(one));
  return close.length ? `; did you mean ${close.slice(0, 2).join(" or ")}?` : `; there are ${known.join(", ")}`;
}

function parseTerm(source) {
  const negated = source.startsWith("-") && source.length > 1;
  const body = negated ? source.slice(1) : source;
  const found = /^([a-z]+)(:|>=|<=|>|<)(.*)$/is.exec(body);
  if (!found) return { key: null, negated, test: bareTest(unquoted(body).toLowerCase()) };
  const [, rawKey, op, rawValue] = found;
  const key = rawKey.toLowerCase();
  const known = own(KEYS, key);
  if (!known) throw new FilterProblem(`no key “${rawKey}”${nearest(key, Object.keys(KEYS))}`);
  if (op !== ":" && !known.compares) throw new FilterProblem(`${key} is text: write ${key}:value`);
  const value = unquoted(rawValue).toLowerCase();
  if (value === "") throw new FilterProblem(`${key}${op} wants a value`);
  const parts = op === ":" && !rawValue.startsWith('"') ? value.split(",").filter(Boolean) : [value];
  const tests = parts.map((part) => known.make(part, op));
  return { key, negated, test: tests.length === 1 ? tests[0] : (row) => tests.some((test) => test(row)) };
}

/**
 * `{text, terms: [{start, end, key, negated, problem}], problems, test(row)}`.
 * A term with a problem is left out of `test`, so a half-typed filter never empties the list.
 */
export function parseFilter(text) {
  const terms = [];
  for (const found of text.matchAll(TERM)) {
    const span = { source: found[0], start: found.index, end: found.index + found[0].length };
    try {
      terms.push({ ...span, ...parseTerm(found[0]), problem: null });
    } catch (reason) {
      if (!(reason instanceof FilterProblem)) throw reason;
      terms.push({ ...span, key: null, negated: false, test: null, problem: reason.message });
    }
  }
  const active = terms.filter((term) => term.test);
  return {
    text,
    terms,
    problems: terms.filter((term) => term.problem).map(({ start, end, problem }) => ({ start, end, message: problem })),
    test: (row) => active.every((term) => term.test(row) !== term.negated),
    isEmpty: active.length === 0,
  };
}

/** Does the filter hold exactly this term? */
export function hasTerm(text, term) {
  return parseFilter(text).terms.some((one) => one.source === term);
}

/** The filter without the terms `drop(source)` chooses, and with `add` at its end. */
export function withTerms(text, { drop = () => false, add = [] } = {}) {
  const kept = parseFilter(text).terms.map((one) => one.source).filter((source) => !drop(source));
  return [...kept, ...add].join(" ");
}
