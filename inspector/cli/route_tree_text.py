"""Routes as a tree of path segments: what lies below what, whatever the order in which it was declared."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

import click

from inspector.cli.flat_routes import FlatRoute
from inspector.cli.ladder import methods_text
from inspector.cli.terminal import escape_controls
from miniframework.records import dataclass


@dataclass(slots=True)
class _Branch:
    """One segment: the routes that end here, and what goes on below, in the order of declaration."""

    routes: list[FlatRoute] = field(default_factory=list)
    below: "dict[str, _Branch]" = field(default_factory=dict)


def tree_text(routes: Sequence[FlatRoute], hits: Mapping[str, int] | None) -> str:
    """Return the tree, a line a segment; the routes that end at a segment stand beside and below it.

    A segment that leads to one other only is written together with it.
    """
    root = _Branch()
    for one in routes:
        branch = root
        for segment in _segments(one.path):
            branch = branch.below.setdefault(segment, _Branch())
        branch.routes.append(one)
    return "\n".join(_lines(root, hits, indent=""))


def _segments(path: str) -> list[str]:
    """`/a/{b}/` as `/a`, `/{b}`, `/`; a slash inside braces (a regex may hold one) does not cut."""
    cuts, depth = [], 0
    for at, character in enumerate(path):
        depth += (character == "{") - (character == "}")
        if character == "/" and depth == 0:
            cuts.append(at)
    ends = [*cuts[1:], len(path)]
    return [path[start:end] for start, end in zip(cuts, ends, strict=True)] or [path]


def _lines(branch: _Branch, hits: Mapping[str, int] | None, indent: str) -> Iterator[str]:
    last = len(branch.below) - 1
    for at, (segment, child) in enumerate(branch.below.items()):
        while not child.routes and len(child.below) == 1:
            ((further, child),) = child.below.items()
            segment += further
        fork, rail = ("└─ ", "   ") if at == last else ("├─ ", "│  ")
        first, *others = [_told(one, hits) for one in child.routes] or [""]
        yield f"{click.style(indent + fork, dim=True)}{escape_controls(segment)}  {first}".rstrip()
        pipe = "│  " if child.below else "   "
        for told in others:
            yield click.style(indent + rail + pipe, dim=True) + told
        yield from _lines(child, hits, indent + rail)


def _told(one: FlatRoute, hits: Mapping[str, int] | None) -> str:
    name = escape_controls(one.route["name"] or "")
    count = "" if hits is None else f"  {hits.get(one.number, 0)} hits"
    number = click.style("#" + one.number, dim=True)
    only = f" ({escape_controls(one.condition)})" if one.condition else ""
    return f"{click.style(methods_text(one.route), bold=True)} {name} {number}{only}{count}"
