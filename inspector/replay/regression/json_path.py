"""JSON paths that name many places: `$.items[*].id`, `$..updated_at`, `$["a key"]`.

Source: RFC 9535, of which names, indexes, wildcards and descendants are read here.
"""

import json
import re
from collections.abc import Sequence

_STEP = re.compile(
    r"""\.\.(?P<deep>[^\W\d]\w*|\*)        # any depth below
      | \.(?P<name>[^\W\d]\w*|\*)
      | \[(?P<index>\d+|\*)\]
      | \[(?P<quoted>"(?:[^"\\]|\\.)*")\]""",
    re.VERBOSE,
)
_ANY_DEPTH = object()
_ANY = object()

Step = str | int | object


def parse_path(text: str) -> tuple[Step, ...]:
    """Read a path. Raises ValueError that names the character where reading stopped."""
    if not text.startswith("$"):
        raise ValueError(f"the JSON path {text!r} does not begin with '$'")
    steps: list[Step] = []
    at = 1
    while at < len(text):
        found = _STEP.match(text, at)
        if found is None:
            raise ValueError(
                f"the JSON path {text!r} cannot be read from character {at} on: {text[at:]!r};"
                ' write .name, [0], [*], ["a key"] or ..name'
            )
        steps += _steps_of(found)
        at = found.end()
    return tuple(steps)


def covers(rule: Sequence[Step], place: Sequence[Step]) -> bool:
    """Whether a place lies at or below what the rule names. A place has names and indexes only."""
    if not rule:
        return True
    first, rest = rule[0], rule[1:]
    if first is _ANY_DEPTH:
        return any(covers(rest, place[skipped:]) for skipped in range(len(place)))
    if not place or (first is not _ANY and first != place[0]):
        return False
    return covers(rest, place[1:])


def generalise(text: str) -> str:
    """Give the path with every index as `[*]`: what differs in one item of a list may differ in all."""
    return re.sub(r"\[\d+\]", "[*]", text)


def _steps_of(found: re.Match[str]) -> list[Step]:
    deep, name, index, quoted = found.group("deep", "name", "index", "quoted")
    if deep is not None:
        return [_ANY_DEPTH, _ANY if deep == "*" else deep]
    if index is not None:
        return [_ANY if index == "*" else int(index)]
    if quoted is not None:
        return [str(json.loads(quoted))]
    return [_ANY if name == "*" else name]
