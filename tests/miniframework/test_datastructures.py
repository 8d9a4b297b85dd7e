from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniframework import status
from miniframework.datastructures import (
    FormData,
    Headers,
    ImmutableMultiDict,
    MutableHeaders,
    QueryParams,
    State,
)
from miniframework.header_text import encode_header
from miniframework.http.headers import view_headers


def test_headers_are_found_in_any_case_and_keep_order_and_repetitions() -> None:
    headers = Headers([(b"Set-Cookie", b"a=1"), (b"x", b"\xe9"), (b"set-cookie", b"b=2")])
    assert headers["SET-COOKIE"] == "a=1"
    assert headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert headers["X"] == "é"
    assert "X" in headers
    assert "y" not in headers
    assert list(headers) == ["set-cookie", "x", "set-cookie"]
    assert len(headers) == 3
    assert headers.get("y", "none") == "none"
    assert headers.multi_items() == [("Set-Cookie", "a=1"), ("x", "é"), ("set-cookie", "b=2")]


def test_setting_a_header_replaces_all_of_that_name_and_appending_keeps_them() -> None:
    headers = MutableHeaders([(b"a", b"1"), (b"b", b"2"), (b"A", b"3")])
    headers["a"] = "new"
    assert headers.raw == [(b"a", b"new"), (b"b", b"2")]
    headers.append("B", "4")
    assert headers.get_list("b") == ["2", "4"]
    del headers["B"]
    assert headers.raw == [(b"a", b"new")]
    assert headers.setdefault("a", "other") == "new"
    assert headers.setdefault("c", "5") == "5"


@pytest.mark.parametrize("name", ["X-A", "", "a b"])
@pytest.mark.parametrize(
    "value", ["plain", "", "tab\t", "é", "a\r\nb", "é\n", "☃", "\ud800", b"bytes", 5, None]
)
def test_a_header_is_set_as_it_is_encoded(name: str, value: Any) -> None:
    def encode() -> Any:
        return [encode_header(name, value)]

    def set_it() -> Any:
        headers = MutableHeaders()
        headers[name] = value
        return headers.raw

    def outcome(write: Callable[[], Any]) -> Any:
        try:
            return write()
        except (TypeError, ValueError) as error:
            return type(error), str(error)

    first = outcome(set_it)
    assert first == outcome(encode)
    assert outcome(set_it) == first, "what is set again, by the very object"


@given(st.lists(st.tuples(st.sampled_from(["X-First", "x-first", "x-other"]), st.text())))
def test_what_was_set_before_makes_no_difference(sets: list[tuple[str, str]]) -> None:
    for name, value in [*sets, ("x-first", "a" * 1000), ("x-first", ["b", "c"][len(sets) % 2])]:
        headers = MutableHeaders()
        try:
            expected = encode_header(name, value)
        except ValueError:
            with pytest.raises(ValueError, match="header"):
                headers[name] = value
        else:
            headers[name] = value
            headers[name] = value
            assert headers.raw == [expected]


def test_more_names_of_headers_are_set_than_are_remembered() -> None:
    names = [f"x-{number}" for number in range(1000)]
    for value in ("one", "two"):
        headers = MutableHeaders()
        for name in names:
            headers[name] = value
        assert headers.raw == [(name.encode(), value.encode()) for name in names]


@given(st.lists(st.sampled_from([b"a", b"A", b"b", b"longer"])), st.sampled_from(["a", "A", "B", "longer"]))
def test_a_header_that_is_set_stands_where_the_first_of_its_name_stood(raw: list[bytes], name: str) -> None:
    headers = MutableHeaders([(key, b"old") for key in raw])
    headers[name] = "new"
    others = [(key, b"old") for key in raw if key.lower().decode() != name.lower()]
    names = [key.lower().decode() for key in raw]
    at = names.index(name.lower()) if name.lower() in names else len(raw)
    assert headers.raw == [*others[:at], (name.lower().encode(), b"new"), *others[at:]]


@pytest.mark.parametrize("name", ["x", "X", "missing", "no token", "é"])
def test_the_headers_of_a_request_answer_as_any_mapping(name: str) -> None:
    pairs = [(b"X", b"1"), (b"y", b"\xe9"), (b"x", b"2")]
    viewed, made = view_headers({"headers": tuple(pairs)}), Headers(pairs)
    assert viewed == made
    assert (viewed.get(name), viewed.get(name, "else")) == (made.get(name), made.get(name, "else"))
    assert (name in viewed) == (viewed.get(name) is not None)
    assert view_headers({}).get(name) is None


def test_vary_grows_as_in_starlette() -> None:
    headers = MutableHeaders()
    headers.add_vary("Accept")
    headers.add_vary("accept")
    headers.add_vary("Origin")
    assert headers["vary"] == "Accept, accept, Origin"


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "a\rb", "a\0b", "a\x01b", "a\x7fb"])
def test_a_header_value_that_would_end_the_header_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="CR, LF or NUL") as caught:
        encode_header("location", value)
    assert repr(value) in str(caught.value)


@pytest.mark.parametrize("name", ["", "a b", "a:b", "a\nb", "ü"])
def test_a_header_name_that_is_no_token_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no token"):
        encode_header(name, "x")


def test_a_value_beyond_latin_1_is_refused_with_the_way_out() -> None:
    with pytest.raises(ValueError, match="percent-encode"):
        encode_header("x", "☃")


def test_query_params_give_the_last_value_and_all_of_them() -> None:
    query = QueryParams(b"a=1&b=&a=2&c=%C3%A9+x&d=%ff")
    assert query["a"] == "2"
    assert query.get_list("a") == ["1", "2"]
    assert query["b"] == ""
    assert query["c"] == "é x"
    assert query["d"] == "\ufffd"
    assert list(query) == ["a", "b", "c", "d"]
    assert "z" not in query


def test_state_says_what_it_holds_when_something_is_missing() -> None:
    state = State({"db": 1})
    state.user = "x"
    assert (state.db, state.user, "db" in state) == (1, "x", True)
    del state.db
    with pytest.raises(AttributeError, match=r"'db' \(it holds: user\)"):
        _ = state.db


def test_headers_are_made_of_text_of_pairs_or_of_a_scope() -> None:
    pairs = [(b"a", b"1"), (b"b", b"2")]
    assert Headers({"A": "1", "b": "2"}) == Headers(pairs) == Headers(raw=pairs)
    assert Headers(scope={"headers": pairs}) == Headers(pairs)
    assert Headers(Headers(pairs)) == Headers(pairs)


def test_a_copy_of_headers_changes_alone_and_takes_many_at_once() -> None:
    headers = Headers({"a": "1"})
    copy = headers.mutablecopy()
    copy.update({"A": "2", "b": "3"})
    copy |= {"c": "4"}
    assert (copy | {"b": "5"}).multi_items() == [("a", "2"), ("b", "5"), ("c", "4")]
    assert copy.multi_items() == [("a", "2"), ("b", "3"), ("c", "4")]
    assert headers.multi_items() == [("a", "1")]


def test_query_params_are_made_of_a_mapping_or_of_pairs() -> None:
    assert QueryParams({"a": 1}) == QueryParams([("a", "1")]) == QueryParams("a=1")
    assert QueryParams(QueryParams("a=1&a=2")).get_list("a") == ["1", "2"]


def test_form_data_is_made_of_a_mapping_or_of_pairs() -> None:
    assert FormData({"a": "1"}) == FormData([("a", "1")])


def test_a_state_is_a_mapping_too() -> None:
    state = State({"a": 1})
    state["b"] = 2
    assert (state.b, state["a"], list(state), len(state)) == (2, 1, ["a", "b"], 2)
    del state["a"]
    assert "a" not in state
    assert not State()
    with pytest.raises(KeyError):
        del state.a


def test_pairs_of_headers_are_lists_with_every_repetition() -> None:
    headers = Headers([(b"A", b"1"), (b"b", b"2"), (b"a", b"3")])
    assert headers.keys() == list(headers) == ["a", "b", "a"]
    assert headers.values() == ["1", "2", "3"]
    assert headers.items() == [("a", "1"), ("b", "2"), ("a", "3")]
    assert repr(headers) == "Headers(raw=[(b'A', b'1'), (b'b', b'2'), (b'a', b'3')])"
    assert repr(Headers({"A": "1"})) == "Headers({'a': '1'})"


def test_headers_are_joined_with_mappings_only() -> None:
    headers = MutableHeaders({"a": "1"})
    with pytest.raises(TypeError):
        headers |= {"not a mapping"}  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        headers | {"not a mapping"}  # type: ignore[operator]
    assert (headers | {"b": "2"}).items() == [("a", "1"), ("b", "2")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("HTTP_413_REQUEST_ENTITY_TOO_LARGE", "HTTP_413_CONTENT_TOO_LARGE"),
        ("HTTP_414_REQUEST_URI_TOO_LONG", "HTTP_414_URI_TOO_LONG"),
        ("HTTP_416_REQUESTED_RANGE_NOT_SATISFIABLE", "HTTP_416_RANGE_NOT_SATISFIABLE"),
        ("HTTP_422_UNPROCESSABLE_ENTITY", "HTTP_422_UNPROCESSABLE_CONTENT"),
    ],
)
def test_an_old_name_of_a_status_is_known_and_says_the_new_one(old: str, new: str) -> None:
    with pytest.warns(DeprecationWarning, match=new):
        value = getattr(status, old)
    assert value == getattr(status, new)


def test_a_status_that_is_none_is_named() -> None:
    with pytest.raises(AttributeError, match="HTTP_999"):
        status.HTTP_999  # noqa: B018


def test_pairs_come_from_a_mapping_pairs_or_keywords_and_equal_by_name() -> None:
    made = QueryParams("a=1&a=2", b=3)
    assert made.multi_items() == [("a", "1"), ("a", "2"), ("b", "3")]
    assert made == QueryParams([("b", 3), ("a", 1), ("a", 2)])
    assert made != QueryParams("a=2&a=1&b=3")
    assert made != {"a": "2", "b": "3"}
    assert ImmutableMultiDict({"a": 1}, b=2).getlist("b") == [2]
    assert ImmutableMultiDict(ImmutableMultiDict([("a", 1), ("a", 2)])).multi_items() == [("a", 1), ("a", 2)]


def test_arguments_are_named_as_in_starlette() -> None:
    headers = MutableHeaders(headers={"a": "1"})
    headers.append(key="a", value="2")
    assert headers.getlist(key="a") == ["1", "2"]
    assert headers.setdefault(key="b", value="3") == "3"
    headers.add_vary_header(vary="Origin")
    assert headers.get(key="vary") == "Origin"
    assert view_headers({"headers": [(b"a", b"1")]}).get(key="a", default="none") == "1"
    assert QueryParams("a=1&a=2").getlist(key="a") == ["1", "2"]
    assert FormData({"a": "1"}).get(key="a") == "1"
    assert State(state={"a": 1}).a == 1


def test_none_stands_for_nothing() -> None:
    assert Headers(None).raw == Headers(headers=None).raw == []
    assert QueryParams(None).multi_items() == []


def test_changes_go_through_to_a_list_that_was_empty() -> None:
    raw: list[tuple[bytes, bytes]] = []
    MutableHeaders(raw)["vary"] = "Origin"
    MutableHeaders(raw=raw)["x"] = "1"
    assert raw == [(b"vary", b"Origin"), (b"x", b"1")]
