"""No example answers 500, whatever a client sends to its routes."""

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import settings as law
from hypothesis import strategies as st

from examples import (
    background,
    dependencies,
    events,
    middleware,
    parameters,
    responses,
    security,
    templates,
    uploads,
)
from miniframework.routing.route import Route
from miniframework.testing import TestClient

EXAMPLES = (
    background,
    dependencies,
    events,
    middleware,
    parameters,
    responses,
    security,
    templates,
    uploads,
)
NAMES = ("limit", "skip", "genre", "tag", "book_id", "until", "stars", "username", "password", "scope", "q")

texts = st.one_of(
    st.sampled_from(["1", "-1", "1e9", "true", "\x00", "é", "日本", "../x", "%2F"]), st.text(max_size=8)
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)


@st.composite
def requests(draw: st.DrawFn, example: Any) -> tuple[str, str, dict[str, Any]]:
    """A method and a path that a route of the example knows, all else as it comes."""
    routes = [entry for entry in example.app.table.entries if isinstance(entry, Route)]
    route = draw(st.sampled_from([one for one in routes if one.endpoint.__module__ == example.__name__]))
    segments = route.pattern.template.split("/")[1:]
    path = "/".join(quote(draw(texts), safe="") if "{" in one else one for one in segments)
    query = draw(st.dictionaries(st.sampled_from(NAMES), texts, max_size=3))
    options: dict[str, Any] = {"params": query}
    kind = draw(st.sampled_from(["none", "json", "form", "bytes"]))
    if kind == "json":
        options["json"] = draw(values)
    elif kind == "form":
        options["data"] = draw(st.dictionaries(st.sampled_from(NAMES), texts, max_size=3))
    elif kind == "bytes":
        options["content"] = draw(st.binary(max_size=20))
        options["headers"] = {
            "content-type": draw(st.sampled_from(["application/json", "multipart/form-data"]))
        }
    return draw(st.sampled_from(sorted(route.methods))), f"/{path}", options


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.__name__)
@law(max_examples=60)
@given(st.data())
def test_no_request_makes_an_example_fail(example: Any, data: st.DataObject) -> None:
    method, path, options = data.draw(requests(example))
    client = TestClient(example.app, follow_redirects=False)  # raises what the application raises
    assert client.request(method, path, **options).status_code < 500
