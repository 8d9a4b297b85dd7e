/**
 * Lays out a railroad diagram: a regex tree (Python's own parse tree as JSON) becomes plain shapes.
 *
 * Pure: no document, no measuring. Widths are estimated from the character count, which is exact for the
 * monospaced face the diagram is drawn in. Every piece is `{width, up, down, draw(x, y, shapes)}`: its width,
 * how far it reaches above and below the rail, and a function that adds its shapes with the rail's left end
 * at (x, y).
 *
 * Shapes: {type: "rail", d} · {type: "box", id, x, y, width, height, kind, label}
 *         {type: "frame", id, x, y, width, height, label, kind} · {type: "note", x, y, text}
 *         {type: "area", id, x, y, width, height}: all that a node without a box of its own covers
 */

const CHARACTER = 7.9;
const BOX_HEIGHT = 28;
const BOX_PADDING = 11;
const GAP = 14;
const ARC = 9;
const NOTE_HEIGHT = 16;
const FRAME_PADDING = 12;

const TERMINALS = new Set(["literal", "class", "any", "at", "other"]);

export function textWidth(text) {
  return [...text].length * CHARACTER;
}

/** Shapes of the whole diagram, with the size of the drawing in pixels. */
export function layoutRailroad(tree) {
  const piece = layout(tree);
  const margin = 10;
  const cap = 26;
  const shapes = [];
  const x = margin + cap;
  const y = margin + piece.up;
  const right = x + piece.width;
  shapes.push({ type: "rail", d: `M ${margin} ${y - 9} v 18 m 6 -18 v 18 m 0 -9 H ${x}` });
  piece.draw(x, y, shapes);
  shapes.push({ type: "rail", d: `M ${right} ${y} H ${right + cap - 6} m 0 -9 v 18 m 6 -18 v 18` });
  return { width: right + cap + margin, height: y + piece.down + margin, shapes };
}

function layout(node) {
  if (TERMINALS.has(node.op) && !node.children.length) return terminal(node);
  return covering(node, layoutInner(node));
}

function covering(node, piece) {
  return {
    ...piece,
    draw(x, y, shapes) {
      shapes.push({ type: "area", id: node.id, x, y: y - piece.up, width: piece.width, height: piece.up + piece.down });
      piece.draw(x, y, shapes);
    },
  };
}

function layoutInner(node) {
  switch (node.op) {
    case "other":
      return framed(node, node.children.length > 1 ? choice(node.children.map(layout)) : layout(node.children[0]), node.label);
    case "sequence":
      return sequence(node.children.map(layout));
    case "choice":
      return choice(node.children.map(layout));
    case "repeat":
      return repeat(node);
    case "group":
      return group(node);
    default:
      throw new Error(`railroad: unknown node ${JSON.stringify(node.op)}`);
  }
}

function terminal(node) {
  const label = node.label || node.text || "";
  const width = Math.max(textWidth(label) + 2 * BOX_PADDING, BOX_HEIGHT);
  return {
    width,
    up: BOX_HEIGHT / 2,
    down: BOX_HEIGHT / 2,
    draw(x, y, shapes) {
      shapes.push({
        type: "box", id: node.id, kind: node.op, label,
        x, y: y - BOX_HEIGHT / 2, width, height: BOX_HEIGHT,
      });
    },
  };
}

function sequence(pieces) {
  if (pieces.length === 0) return straight(GAP);
  const width = pieces.reduce((sum, piece) => sum + piece.width, 0) + GAP * (pieces.length - 1);
  return {
    width,
    up: Math.max(...pieces.map((piece) => piece.up)),
    down: Math.max(...pieces.map((piece) => piece.down)),
    draw(x, y, shapes) {
      let at = x;
      pieces.forEach((piece, index) => {
        if (index > 0) {
          shapes.push({ type: "rail", d: `M ${at} ${y} h ${GAP}` });
          at += GAP;
        }
        piece.draw(at, y, shapes);
        at += piece.width;
      });
    },
  };
}

function straight(width) {
  return {
    width, up: BOX_HEIGHT / 2, down: BOX_HEIGHT / 2,
    draw(x, y, shapes) {
      shapes.push({ type: "rail", d: `M ${x} ${y} h ${width}` });
    },
  };
}

/** The first alternative stays on the rail, the others hang below it, in the order in which sre tries them. */
function choice(pieces) {
  if (pieces.length === 1) return pieces[0];
  const inner = Math.max(...pieces.map((piece) => piece.width));
  const side = 2 * ARC;
  const offsets = [0];
  for (let index = 1; index < pieces.length; index += 1) {
    offsets.push(offsets[index - 1] + pieces[index - 1].down + GAP / 2 + pieces[index].up);
  }
  return {
    width: inner + 2 * side,
    up: pieces[0].up,
    down: offsets.at(-1) + pieces.at(-1).down,
    draw(x, y, shapes) {
      pieces.forEach((piece, index) => {
        const railY = y + offsets[index];
        const left = x + side;
        const end = left + piece.width;
        piece.draw(left, railY, shapes);
        if (index === 0) {
          shapes.push({ type: "rail", d: `M ${x} ${y} h ${side} M ${end} ${y} H ${x + inner + 2 * side}` });
          return;
        }
        const drop = railY - y - 2 * ARC;
        shapes.push({
          type: "rail",
          d: `M ${x} ${y} a ${ARC} ${ARC} 0 0 1 ${ARC} ${ARC} v ${drop} a ${ARC} ${ARC} 0 0 0 ${ARC} ${ARC}`
            + ` M ${end} ${railY} H ${left + inner}`
            + ` a ${ARC} ${ARC} 0 0 0 ${ARC} ${-ARC} v ${-drop} a ${ARC} ${ARC} 0 0 1 ${ARC} ${-ARC}`,
        });
      });
    },
  };
}

/** Zero allowed: a way round above. More than one allowed: a way back below, with how often in words. */
function repeat(node) {
  const child = sequence(node.children.map(layout));
  const skippable = node.min === 0;
  const loops = node.max === null || node.max > 1;
  const note = loops || node.greedy === false ? timesInWords(node) : "";
  const side = 2 * ARC;
  const inner = Math.max(child.width, loops ? textWidth(note) * 0.82 : 0);
  const skipRise = child.up + GAP / 2 + 2;
  const loopDrop = child.down + GAP / 2 + 2;
  return {
    width: inner + 2 * side,
    up: skippable ? skipRise + 2 : child.up,
    down: loops ? loopDrop + NOTE_HEIGHT : child.down + (note ? NOTE_HEIGHT : 0),
    draw(x, y, shapes) {
      const left = x + side + (inner - child.width) / 2;
      const right = left + child.width;
      const end = x + inner + 2 * side;
      child.draw(left, y, shapes);
      shapes.push({ type: "rail", d: `M ${x} ${y} H ${left} M ${right} ${y} H ${end}` });
      if (skippable) shapes.push({ type: "rail", d: detour(x, end, y, -skipRise) });
      if (loops) shapes.push({ type: "rail", d: wayBack(left - ARC / 2, right + ARC / 2, y, loopDrop) });
      if (note) shapes.push({ type: "note", x: (left + right) / 2, y: y + (loops ? loopDrop : child.down) + 12, text: note });
    },
  };
}

function detour(from, to, y, rise) {
  const turn = Math.sign(rise) * ARC;
  const climb = rise - 2 * turn;
  const sweep = rise < 0 ? [0, 1] : [1, 0];
  return `M ${from} ${y} a ${ARC} ${ARC} 0 0 ${sweep[0]} ${ARC} ${turn} v ${climb}`
    + ` a ${ARC} ${ARC} 0 0 ${sweep[1]} ${ARC} ${turn} H ${to - 2 * ARC}`
    + ` a ${ARC} ${ARC} 0 0 ${sweep[1]} ${ARC} ${-turn} v ${-climb} a ${ARC} ${ARC} 0 0 ${sweep[0]} ${ARC} ${-turn}`;
}

function wayBack(left, right, y, drop) {
  const straightDown = drop - 2 * ARC;
  return `M ${right} ${y} a ${ARC} ${ARC} 0 0 1 ${ARC} ${ARC} v ${straightDown} a ${ARC} ${ARC} 0 0 1 ${-ARC} ${ARC}`
    + ` H ${left} a ${ARC} ${ARC} 0 0 1 ${-ARC} ${-ARC} v ${-straightDown} a ${ARC} ${ARC} 0 0 1 ${ARC} ${-ARC}`;
}

export function timesInWords({ min, max, greedy }) {
  const lazy = greedy === false ? ", as few as possible" : "";
  if (max === null) return `${min <= 1 ? "any more" : `at least ${min}`}${lazy}`;
  if (min === max) return `exactly ${min}${lazy}`;
  if (min === 0 && max === 1) return greedy === false ? "if needed" : "";
  return `${min} to ${max}${lazy}`;
}

/** A capturing group is a dashed frame with its name; a group without a name of its own adds nothing. */
function group(node) {
  const child = sequence(node.children.map(layout));
  return node.name ? framed(node, child, node.name) : child;
}

/** A frame with a name around a piece. */
function framed(node, child, label) {
  const width = Math.max(child.width, textWidth(label)) + 2 * FRAME_PADDING;
  const up = child.up + FRAME_PADDING + NOTE_HEIGHT;
  const down = child.down + FRAME_PADDING;
  return {
    width, up, down,
    draw(x, y, shapes) {
      const left = x + (width - child.width) / 2;
      shapes.push({
        type: "frame", id: node.id, label, kind: node.op,
        x, y: y - up + NOTE_HEIGHT, width, height: up - NOTE_HEIGHT + down,
      });
      shapes.push({ type: "rail", d: `M ${x} ${y} H ${left} M ${left + child.width} ${y} H ${x + width}` });
      child.draw(left, y, shapes);
    },
  };
}
