"""What may differ between a record and its replay without being a fault: rules that people write."""

import fnmatch
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import cast, get_args

from inspector.errors import InspectorError
from inspector.replay.difference import Difference, summarise
from inspector.replay.layers import Entry, Layer, LayerName
from inspector.replay.regression.json_path import Step, covers, parse_path
from miniframework.records import dataclass


class RuleError(InspectorError):
    """A rule cannot be read; the message has its text and the way out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoreRule:
    """Sets aside differences in one layer.

    Without a `name` the whole layer. Names are compared as shell patterns, places in a JSON body as `path`.
    """

    text: str
    layer: LayerName
    name: str = "*"
    path: tuple[Step, ...] | None = None

    def covers(self, layer: LayerName, entry: Entry) -> bool:
        """Whether it sets this difference aside."""
        if layer != self.layer:
            return False
        if self.path is None:
            return fnmatch.fnmatchcase(entry.what, self.name)
        return entry.what.startswith("$") and covers(self.path, parse_path(entry.what))


def parse_rule(text: str) -> IgnoreRule:
    """Read `headers:x-version`, `headers:x-*`, `body:$.items[*].id`, `parameters:q`, `body`, `time`.

    Raises RuleError.
    """
    layer, colon, rest = text.strip().partition(":")
    layers = get_args(LayerName)
    if layer not in layers:
        raise RuleError(f"rule {text!r}: {layer!r} is no layer; write one of {', '.join(layers)}")
    known = cast(LayerName, layer)
    if not colon:
        return IgnoreRule(text=text, layer=known)
    if not rest:
        raise RuleError(f"rule {text!r}: nothing stands behind the colon; write {layer!r} for all of it")
    if layer != "body" or not rest.startswith("$"):
        return IgnoreRule(text=text, layer=known, name=rest.lower() if layer == "headers" else rest)
    try:
        return IgnoreRule(text=text, layer=known, path=parse_path(rest))
    except ValueError as error:
        raise RuleError(f"rule {text!r}: {error}") from error


def set_aside(difference: Difference, rules: Sequence[IgnoreRule]) -> Difference:
    """Give the difference with everything that a rule covers as volatile."""
    if not rules:
        return difference
    layers = tuple(replace(layer, entries=tuple(_judge(layer, rules))) for layer in difference.layers)
    return replace(difference, layers=layers, summary=summarise(layers))


def _judge(layer: Layer, rules: Sequence[IgnoreRule]) -> Iterable[Entry]:
    for entry in layer.entries:
        is_covered = any(rule.covers(layer.name, entry) for rule in rules)
        yield replace(entry, volatile=True) if is_covered else entry
