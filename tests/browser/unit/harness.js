/** The smallest test runner that will do: `test(name, body)` notes a test, `run(name)` runs one. */

const tests = new Map();

export function test(name, body) {
  if (tests.has(name)) throw new Error(`two tests are called “${name}”`);
  tests.set(name, body);
}

/** Resolves when the test passes, rejects with its failure. */
export async function run(name) {
  const body = tests.get(name);
  if (!body) throw new Error(`no test is called “${name}”`);
  await body();
}

function shown(value) {
  return JSON.stringify(value, (_, part) => (part === undefined ? "(undefined)" : part), 1) ?? String(value);
}

/** Deep equality of JSON-like values. */
export function equal(actual, expected) {
  if (shown(actual) !== shown(expected)) throw new Error(`expected ${shown(expected)}\nbut got ${shown(actual)}`);
}

export function ok(value, what = "value") {
  if (!value) throw new Error(`${what} is ${shown(value)}`);
}

/** A sample of tests/contract as JSON. */
export async function sample(name) {
  const answer = await fetch(`/tests/contract/${name}.json`);
  if (!answer.ok) throw new Error(`no sample ${name}`);
  return answer.json();
}
