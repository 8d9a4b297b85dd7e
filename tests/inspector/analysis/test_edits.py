"""Edits of a what-if read from JSON: every kind, and errors that name the edit, the value and a way out."""

from typing import Any

import pytest

from inspector.analysis.edits import (
    MOST_EDITS,
    Add,
    BadEdit,
    ChangeMethods,
    ChangePath,
    Edit,
    Move,
    RedirectSlashes,
    Remove,
    parse_edits,
)


@pytest.mark.parametrize(
    ("value", "edit"),
    [
        ({"op": "move", "route": "7", "before": "2"}, Move(route="7", before="2")),
        ({"op": "move", "route": "30.2", "before": None}, Move(route="30.2", before=None)),
        ({"op": "move", "route": "7"}, Move(route="7", before=None)),
        ({"op": "pattern", "route": "7", "path": "/x"}, ChangePath(route="7", path="/x")),
        (
            {"op": "methods", "route": "7", "methods": ["get", "PUT"]},
            ChangeMethods(route="7", methods=frozenset({"GET", "PUT"})),
        ),
        (
            {"op": "add", "path": "/x", "methods": ["GET"], "name": "x", "before": "3"},
            Add(path="/x", methods=frozenset({"GET"}), name="x", before="3"),
        ),
        (
            {"op": "add", "path": "/x", "methods": ["GET"]},
            Add(path="/x", methods=frozenset({"GET"}), name="added_1", before=None),
        ),
        ({"op": "remove", "route": "7"}, Remove(route="7")),
        ({"op": "redirect_slashes", "value": False}, RedirectSlashes(value=False)),
    ],
    ids=lambda value: value["op"] if isinstance(value, dict) else "",
)
def test_an_edit_is_read(value: Any, edit: Edit) -> None:
    assert parse_edits([value]) == (edit,)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ("edits is missing", "not a list")),
        ({"op": "remove"}, ("not a list",)),
        ([[]], ("[] is no object", "op")),
        ([{}], ("op is missing", "redirect_slashes")),
        ([{"op": 7}], ("op is 7", "one of")),
        ([{"op": "remov", "route": "1"}], ("'remov'", "did you mean 'remove'?")),
        ([{"op": "remove"}], ("route is missing",)),
        ([{"op": "remove", "route": 7}], ("route is 7", '"7"')),
        ([{"op": "remove", "route": "0"}], ("'0'",)),
        ([{"op": "remove", "route": "7."}], ("'7.'", '"30.2"')),
        ([{"op": "remove", "route": "٣"}], ("'٣'",)),
        ([{"op": "remove", "route": "7", "before": "2"}], ("'remove' has no 'before'", "route")),
        ([{"op": "move", "route": "7", "before": 2}], ("before is 2",)),
        ([{"op": "pattern", "route": "7", "path": "/" + "a" * 400}], ("at most 400",)),
        ([{"op": "pattern", "route": "7"}], ("path is missing",)),
        ([{"op": "methods", "route": "7", "methods": []}], ("methods is []",)),
        ([{"op": "methods", "route": "7", "methods": "GET"}], ("methods is 'GET'", "list")),
        ([{"op": "methods", "route": "7", "methods": ["GET POST"]}], ("'GET POST' is no method",)),
        ([{"op": "methods", "route": "7", "methods": [None]}], ("is no method",)),
        ([{"op": "add", "path": "/x", "methods": ["GET"], "name": ""}], ("name is ''",)),
        ([{"op": "redirect_slashes", "value": 1}], ("value is 1", "true or false")),
    ],
)
def test_what_is_no_edit_is_refused_with_the_value_and_a_way_out(value: Any, words: tuple[str, ...]) -> None:
    with pytest.raises(BadEdit) as refused:
        parse_edits(value)
    assert refused.value.number == 1
    for word in words:
        assert word in str(refused.value)


def test_the_first_bad_edit_of_several_is_named() -> None:
    with pytest.raises(BadEdit, match=r"^edit 2: "):
        parse_edits([{"op": "remove", "route": "1"}, {"op": "remove"}, {}])


def test_more_edits_than_one_sitting_makes_are_refused() -> None:
    edits = [{"op": "remove", "route": "1"}] * (MOST_EDITS + 1)
    with pytest.raises(BadEdit, match="too many; send at most 100"):
        parse_edits(edits)
    assert len(parse_edits(edits[1:])) == MOST_EDITS


def test_a_long_value_is_cut_in_the_message() -> None:
    with pytest.raises(BadEdit) as refused:
        parse_edits("x" * 10_000)
    assert len(str(refused.value)) < 300
