/** From one order to another by the fewest moves. Pure. */

const placeOf = (number) => Number(number.split(".").at(-1));

/**
 * The fewest moves that bring numbers of one table ("7", or "30.2") from ascending order into this one: of all but a
 * longest ascending run, from the end, each before what follows it. `movers` are those moved by hand, the last one last.
 */
export function movesOf(order, movers) {
  const staying = stayingOf(order, movers);
  const moves = [];
  for (let at = order.length - 1; at >= 0; at--) {
    if (!staying.has(order[at])) moves.push({ op: "move", route: order[at], before: order[at + 1] ?? null });
  }
  return moves;
}

/** A longest ascending run; of several, one without what was moved by hand, so that those are the ones said to move. */
function stayingOf(order, movers) {
  const runOf = (ids) => {
    const places = longestAscending(ids.map((number) => placeOf(number)));
    return new Set(ids.filter((_, at) => places.has(at)));
  };
  const runs = [movers, movers.slice(-1), []].map((without) => runOf(order.filter((id) => !without.includes(id))));
  return runs.reduce((best, run) => (run.size > best.size ? run : best));
}

/** The places of a longest ascending subsequence, by patience sorting. */
function longestAscending(values) {
  const tops = [];
  const before = [];
  values.forEach((value, at) => {
    let [low, high] = [0, tops.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[tops[middle]] < value) low = middle + 1;
      else high = middle;
    }
    before[at] = tops[low - 1] ?? -1;
    tops[low] = at;
  });
  const places = new Set();
  for (let at = tops.at(-1) ?? -1; at >= 0; at = before[at]) places.add(at);
  return places;
}
