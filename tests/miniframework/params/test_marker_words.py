"""What a marker says can be read of it under FastAPI's names, as tools that build on FastAPI do."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import AliasChoices
from pydantic_core import PydanticUndefined

from miniframework import Body, Cookie, Depends, File, Form, Header, Path, Query, Security, params

MARKERS = {one.__name__: one for one in (Path, Query, Header, Cookie, Body, Form, File)}
OF_BODY = ("Body", "Form", "File")
UNSAID: dict[str, Any] = {
    "include_in_schema": True,
    "openapi_examples": None,
    "example": None,
    "examples": None,
    "deprecated": None,
    "validation_alias": None,
    "title": None,
}


@pytest.mark.parametrize("marker", MARKERS.values(), ids=MARKERS)
def test_what_was_said_is_there_to_be_read(marker: Any) -> None:
    said: dict[str, Any] = {
        "include_in_schema": False,
        "openapi_examples": {"one": {"value": "x"}},
        "examples": ["x"],
        "deprecated": True,
        "validation_alias": AliasChoices("a", "b"),
        "serialization_alias": "c",
        "title": "T",
        "description": "D",
        "json_schema_extra": {"x": 1},
        "alias_priority": 1,
        "validate_default": True,
    }
    made = marker(**said)
    assert {name: getattr(made, name) for name in said} == said
    assert {name: getattr(marker(), name) for name in UNSAID} == UNSAID
    assert (marker(alias="a").alias, marker(alias="a").validation_alias) == ("a", "a")


@pytest.mark.parametrize("name", MARKERS)
def test_what_only_some_have_is_missing_from_the_others(name: str) -> None:
    made = MARKERS[name]()
    has = {word for word in ("in_", "convert_underscores", "embed", "media_type") if hasattr(made, word)}
    if name in OF_BODY:
        assert has == {"embed", "media_type"}
    else:
        assert has == ({"in_", "convert_underscores"} if name == "Header" else {"in_"})
    with pytest.raises(AttributeError, match="no attribute 'colour'"):
        made.colour  # noqa: B018


def test_words_of_the_body_and_of_headers() -> None:
    assert (Body().embed, Body(embed=True).embed, Body(media_type="text/plain").media_type) == (
        None,
        True,
        "text/plain",
    )
    assert (Form().media_type, File().media_type) == (
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    )
    assert (Header().convert_underscores, Header(convert_underscores=False).convert_underscores) == (
        True,
        False,
    )
    assert (Path().in_, Cookie().in_) == (params.ParamTypes.path, params.ParamTypes.cookie)


def test_a_copy_says_the_same() -> None:
    made = Header(7, convert_underscores=False, include_in_schema=False)
    again = copy.copy(made)
    assert (again.default, again.convert_underscores, again.include_in_schema) == (7, False, False)
    bare = type(made).__new__(type(made))
    assert not hasattr(bare, "marker")
    assert not hasattr(bare, "in_")
    assert not hasattr(bare, "include_in_schema")


def test_depends_and_security_are_told_apart_and_shown_as_they_are_written() -> None:
    needed, secured = Depends(len, max_concurrency=3), Security(len, scopes=["read"])
    assert (needed.max_concurrency, Depends(len).max_concurrency) == (3, None)
    assert isinstance(secured, params.Depends)
    assert isinstance(secured, params.Security)
    assert not isinstance(needed, params.Security)
    assert Depends(len) != Security(len)
    said = "dependency=<built-in function len>, use_cache=True, scope=None, max_concurrency="
    assert repr(needed) == f"Depends({said}3)"
    assert repr(secured) == f"Security({said}None, scopes=['read'])"
    assert pickle.loads(pickle.dumps(secured)) == secured


@pytest.mark.parametrize("default", [1, None])
@pytest.mark.parametrize("mark", [Query, Header, Cookie, Body, Form, File])
def test_a_marker_with_two_defaults_is_refused(mark: Callable[..., Any], default: Any) -> None:
    with pytest.raises(TypeError, match="one of the two is the default"):
        mark(default, default_factory=list)
    assert mark(..., default_factory=list).get_default(call_default_factory=True) == []


def test_what_pydantic_calls_undefined_is_no_default() -> None:
    assert Query(PydanticUndefined).is_required()
    assert repr(Query(default=PydanticUndefined)) == "Query(PydanticUndefined)"
