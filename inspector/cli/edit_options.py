"""The edits of a what-if from the options of a command line: JSON, and the short ways to write it."""

import json
from collections.abc import Sequence
from typing import Any

import click

_Edit = dict[str, Any]


def read_edits(
    *,
    edits: Sequence[str],
    moves: Sequence[str],
    befores: Sequence[str],
    patterns: Sequence[str],
    methods: Sequence[str],
    added: Sequence[str],
    removed: Sequence[str],
    redirect_slashes: bool | None,
) -> list[Any]:
    """Give the edits as JSON values: those of --edit first, then as the parameters stand here.

    Raises UsageError when there is none, or one cannot be read; whether it can be made is not judged here.
    """
    found: list[Any] = [edit for text in edits for edit in _read_json(text)]
    found += _read_moves(moves, befores)
    found += [{"op": "pattern", "route": route, "path": path} for route, path in map(_pattern, patterns)]
    found += [{"op": "methods", "route": route, "methods": names} for route, names in map(_methods, methods)]
    found += [{"op": "add", "methods": names, "path": path} for names, path in map(_added, added)]
    found += [{"op": "remove", "route": route} for route in removed]
    if redirect_slashes is not None:
        found.append({"op": "redirect_slashes", "value": redirect_slashes})
    if not found:
        raise click.UsageError("no edit is given; for example: --move 7 --before 2")
    return found


def _read_json(text: str) -> list[Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        way_out = """as in --edit '{"op": "remove", "route": "7"}'"""
        raise click.UsageError(f"--edit {text!r:.80} is no JSON ({error}); {way_out}") from error
    return value if isinstance(value, list) else [value]


def _read_moves(moves: Sequence[str], befores: Sequence[str]) -> list[_Edit]:
    if len(moves) != len(befores):
        raise click.UsageError(
            f"{len(moves)} --move and {len(befores)} --before; each --move has one, or --before end"
        )
    return [
        {"op": "move", "route": route, "before": None if before == "end" else before}
        for route, before in zip(moves, befores, strict=True)
    ]


def _pattern(text: str) -> tuple[str, str]:
    return _split(text, "=", "--pattern", "7=/items/{item_id:int}")


def _methods(text: str) -> tuple[str, list[str]]:
    route, names = _split(text, "=", "--methods", "7=GET,PUT")
    return route, names.split(",")


def _added(text: str) -> tuple[list[str], str]:
    names, path = _split(text, " ", "--add", "'GET /items/latest'")
    return names.split(","), path.strip()


def _split(text: str, mark: str, option: str, sample: str) -> tuple[str, str]:
    first, found, second = text.partition(mark)
    if not found or not first or not second:
        raise click.UsageError(f"{option} {text!r} cannot be read; write it as in {option} {sample}")
    return first, second
