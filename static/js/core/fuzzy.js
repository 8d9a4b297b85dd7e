/** Fuzzy matching for the palette: every letter of the query in order, better when together and at word starts. Pure. */

const BOUNDARY = /[\s/_.:{}-]/;

/** A score (higher is better) or null when `query` is not a subsequence of `text`; both in any case. */
export function fuzzyScore(query, text) {
  const wanted = query.toLowerCase();
  const hay = text.toLowerCase();
  const whole = hay.indexOf(wanted);
  if (whole >= 0) return 1000 - whole - hay.length * 0.1 + (whole === 0 || BOUNDARY.test(hay[whole - 1]) ? 200 : 0);
  let score = 0;
  let at = -1;
  for (const letter of wanted) {
    if (letter === " ") continue;
    const next = hay.indexOf(letter, at + 1);
    if (next < 0) return null;
    score += next === at + 1 ? 8 : 1;
    if (next === 0 || BOUNDARY.test(hay[next - 1])) score += 6;
    at = next;
  }
  return score - hay.length * 0.1;
}

/**
 * The `limit` best of `items` by `textOf(item)`, best first; in their own order when the query is empty.
 * An item's `weight`, if it has one, is added to its score.
 */
export function fuzzyPick(query, items, textOf, limit) {
  if (!query.trim()) return items.slice(0, limit);
  return items
    .map((item) => ({ item, score: fuzzyScore(query.trim(), textOf(item)) }))
    .filter((one) => one.score !== null)
    .map(({ item, score }) => ({ item, score: score + (item.weight ?? 0) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
    .map((one) => one.item);
}
