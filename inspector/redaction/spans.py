"""Places in a text that are to be replaced, and the text with them replaced."""

from collections.abc import Iterable

from inspector.redaction.notes import MARK
from miniframework.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """`text` after its hidden spans became marks; `spans` are those, merged and in order, in the old text."""

    text: str
    spans: tuple[tuple[int, int], ...]

    def moved(self, position: int) -> int:
        """Give where a position of the old text now is; one inside a hidden span goes to the mark's end."""
        shift = 0
        for start, end in self.spans:
            if position <= start:
                break
            if position < end:
                return start + shift + len(MARK)
            shift += len(MARK) - (end - start)
        return position + shift


def hide_spans(text: str, spans: Iterable[tuple[int, int]]) -> Hidden:
    """Replace each span by the mark; spans that touch or overlap become one."""
    merged = merge_spans(spans)
    pieces: list[str] = []
    position = 0
    for start, end in merged:
        pieces += (text[position:start], MARK)
        position = end
    pieces.append(text[position:])
    return Hidden(text="".join(pieces), spans=merged)


def merge_spans(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Give the spans in order, overlapping ones as one, empty ones left out."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
