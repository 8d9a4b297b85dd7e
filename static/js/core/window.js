/** Which rows of a long list are drawn: the arithmetic of the virtual list. Pure. */

/** Rows drawn above and below what is seen, so that a fast scroll meets no blank. */
const MARGIN = 4;

/**
 * The drawn window `{start, slots}`: `slots` elements always, row `i` in slot `i % slots`, so that a row keeps its
 * element while it scrolls. `start` is the first drawn row.
 */
export function drawnWindow({ scrollTop, height, rowHeight, length }) {
  const slots = Math.ceil(height / rowHeight) + 2 * MARGIN;
  const wanted = Math.floor(scrollTop / rowHeight) - MARGIN;
  return { start: Math.max(0, Math.min(wanted, length - slots)), slots };
}

/** For each slot the row index it shows, or -1 when it is empty. */
export function slotIndexes({ start, slots, length }) {
  const indexes = new Array(slots).fill(-1);
  for (let index = start; index < Math.min(start + slots, length); index++) indexes[index % slots] = index;
  return indexes;
}

/** Where to scroll so that row `index` is seen whole; `scrollTop` itself when it is already. */
export function scrollToShow({ index, scrollTop, height, rowHeight }) {
  const top = index * rowHeight;
  if (top < scrollTop) return top;
  if (top + rowHeight > scrollTop + height) return top + rowHeight - height;
  return scrollTop;
}

/** The waterfall bar of a duration, as a share (0 to 1) of a logarithmic scale from 0.1 ms to 10 s. */
export function barShare(ms) {
  if (ms === null || ms === undefined) return 0;
  const share = (Math.log10(Math.max(ms, 0.1)) + 1) / 5;
  return Math.min(1, Math.max(0.03, share));
}
