from urllib.parse import parse_qsl, urlencode

from hypothesis import given
from hypothesis import strategies as st

from miniframework.http.query_params import QueryParams
from miniframework.params.reader import RequestReader, read_headers, read_query

PIECES = st.sampled_from(["a", "b", "=", "&", "+", "%20", "%zz", "%c3%a9", "%ff", ";", "é", "[]"])


def grouped(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return values


@given(st.lists(PIECES).map("".join))
def test_any_query_is_read_as_the_standard_library_reads_it(text: str) -> None:
    query = text.encode("latin-1")
    assert read_query(query) == grouped(parse_qsl(query.decode("latin-1"), keep_blank_values=True))


@given(st.lists(PIECES).map("".join))
def test_a_parameter_sees_what_the_request_object_sees(text: str) -> None:
    query = text.encode("latin-1")
    assert read_query(query) == grouped(QueryParams(query).multi_items())


@given(st.lists(st.tuples(st.text(), st.text())))
def test_reading_undoes_encoding(pairs: list[tuple[str, str]]) -> None:
    encodable = [(n, v) for n, v in pairs if n or v]
    clean = [(n, v) for n, v in encodable if not any("\ud800" <= c <= "\udfff" for c in n + v)]
    assert read_query(urlencode(clean).encode()) == grouped(clean)


def test_headers_keep_every_line_in_order_whatever_their_case() -> None:
    assert read_headers([(b"X-A", b"1"), (b"x-a", b"\xe9"), (b"b", b"")]) == {"x-a": ["1", "é"], "b": [""]}


def test_cookies_of_several_lines_are_read_together() -> None:
    scope = {"headers": [(b"cookie", b"a=1"), (b"cookie", b'b="2"')]}
    assert RequestReader(scope, {}, None, any_type_is_json=False).cookies == {"a": "1", "b": "2"}
