"""Compares two WebSocket conversations as transcripts, frame by frame."""

from inspector.model import Frame, SocketExchange
from inspector.replay.layers import Entry, Layer


def compare_frames(left: SocketExchange, right: SocketExchange) -> Layer:
    """Return the body layer of two WebSocket connections: frames in their order, then how each was closed."""
    before, after = [_line(frame) for frame in left.frames], [_line(frame) for frame in right.frames]
    entries = []
    for number in range(max(len(before), len(after))):
        old = before[number] if number < len(before) else None
        new = after[number] if number < len(after) else None
        if old != new:
            entries.append(Entry(what=f"frame {number + 1}", left=old, right=new))
    if (ends := (_end(left), _end(right)))[0] != ends[1]:
        entries.append(Entry(what="close", left=ends[0], right=ends[1]))
    texts = "\n".join([*before, _end(left)]), "\n".join([*after, _end(right)])
    return Layer(name="body", entries=tuple(entries), texts=texts)


def _line(frame: Frame) -> str:
    arrow = "→" if frame.direction == "receive" else "←"
    if frame.opcode == 1:
        return f"{arrow} {frame.data.decode('utf-8', 'replace')}"
    return f"{arrow} {frame.size} bytes {frame.data[:32].hex()}"


def _end(exchange: SocketExchange) -> str:
    if not exchange.accepted:
        return "refused"
    return f"closed by {exchange.closed_by} {exchange.close_code}" if exchange.closed_by else "open"
