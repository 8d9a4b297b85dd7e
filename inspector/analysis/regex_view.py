"""A regex as the Regex screen shows it: its tree, what a text did in it, the engine's steps."""

import re
from collections.abc import Mapping
from typing import Any

from inspector.analysis.re_trace import How
from inspector.analysis.regex_draw import draw_regex
from inspector.analysis.regex_trace import trace_regex


def view_regex(route: Mapping[str, Any], text: str | None, *, steps: bool = False) -> dict[str, Any]:
    """A route of a table's snapshot: its path, and what `view_any_regex` says of its regex."""
    return {"path": route["path"], **view_any_regex(route["regex"], text, steps=steps)}


def view_any_regex(
    regex: str, text: str | None, *, steps: bool = False, how: How = "fullmatch"
) -> dict[str, Any]:
    """Any regex: itself, its tree, and what `text` did in it (trace, and steps if asked).

    A regex that this interpreter cannot read, as one that is being typed, has a `problem` and nothing else.
    """
    try:
        tree = draw_regex(regex)
    except re.error as error:
        return {"regex": regex, "tree": None, "trace": None, "steps": None, "problem": str(error)}
    traced = {"trace": None, "steps": None} if text is None else trace_regex(regex, text, how=how)
    return {
        "regex": regex,
        "tree": tree,
        "trace": traced["trace"],
        "steps": traced["steps"] if steps else None,
        "problem": None,
    }
