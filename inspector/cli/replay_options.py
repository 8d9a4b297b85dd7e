"""How `inspector replay` sends and compares, from the options of a command line."""

import json
from collections.abc import Sequence
from typing import Any

from inspector.cli.terminal import StartRefused
from inspector.model import Header
from inspector.replay.edit import RequestEdit, parse_edit
from inspector.replay.refusal import ReplayRefused
from inspector.replay.regression.rehearse import Choices
from inspector.replay.regression.rules import RuleError, parse_rule


def read_choices(
    *,
    edit: str | None,
    headers: Sequence[str],
    ignored: Sequence[str],
    learn: bool,
    unsafe: bool,
    rebind: bool,
) -> Choices:
    """Give what the options say. Raises StartRefused for one that cannot be read, with a way to write it."""
    try:
        return Choices(
            edit=RequestEdit() if edit is None else parse_edit(_read_object(edit)),
            rules=tuple(map(parse_rule, ignored)),
            headers=tuple(map(_read_header, headers)),
            unsafe=unsafe,
            learn=learn,
            rebinds=rebind,
        )
    except RuleError as error:
        raise StartRefused(f"--ignore: {error}") from error
    except ReplayRefused as refused:
        raise StartRefused(f"--edit: {refused.refusal.message}", refused.refusal.hint) from refused


def _read_object(text: str) -> dict[str, Any]:
    way_out = """write --edit '{"path": "/books/7"}'"""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise StartRefused(f"--edit {text!r:.80} is no JSON: {error}", way_out) from error
    if not isinstance(found, dict):
        raise StartRefused(f"--edit {text!r:.80} is no JSON object", way_out)
    return found


def _read_header(text: str) -> Header:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise StartRefused(f"--header {text!r} is no header", "write --header 'Name: value'")
    return name.strip(), value.strip()
