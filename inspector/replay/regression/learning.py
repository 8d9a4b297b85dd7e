"""Which places differ by their nature: learnt from two replays of one request, or seen by their shape."""

import re
from collections.abc import Iterator

from inspector.replay.difference import Difference
from inspector.replay.layers import Entry, Layer
from inspector.replay.regression.json_path import generalise

# Source: RFC 3339 section 5.6, of which the "T" may be a blank as in SQL; RFC 9562 section 4.
_MOMENT = re.compile(r'"?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?"?\Z')
_UUID = re.compile(r'"?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"?\Z', re.IGNORECASE)
_SHAPES = (_MOMENT, _UUID)


def learn_rules(twice: Difference) -> tuple[str, ...]:
    """Give a rule for each place where two replays of one request differ."""
    return tuple(dict.fromkeys(_rules_of(twice)))


def propose_rules(difference: Difference) -> tuple[str, ...]:
    """Give a rule for each place where both sides have a moment, or both have a UUID."""
    found = (
        _rule(layer, entry)
        for layer, entry in _differences(difference)
        if layer.name in ("headers", "body") and _has_same_shape(entry)
    )
    return tuple(dict.fromkeys(found))


def _rules_of(difference: Difference) -> Iterator[str]:
    for layer, entry in _differences(difference):
        if layer.name in ("headers", "body"):
            yield _rule(layer, entry)


def _differences(difference: Difference) -> Iterator[tuple[Layer, Entry]]:
    for layer in difference.layers:
        for entry in layer.entries:
            if not entry.volatile:
                yield layer, entry


def _rule(layer: Layer, entry: Entry) -> str:
    if layer.name == "body" and not entry.what.startswith("$"):
        return "body"  # text or bytes: no place in it stays where it is
    return f"{layer.name}:{generalise(entry.what)}"


def _has_same_shape(entry: Entry) -> bool:
    left, right = entry.left or "", entry.right or ""
    return any(shape.match(left) and shape.match(right) for shape in _SHAPES)
