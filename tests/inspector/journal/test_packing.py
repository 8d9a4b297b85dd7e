import dataclasses
import json
import math
from http import HTTPStatus
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.errors import CodecError
from inspector.folded import as_apart
from inspector.journal.codec import encode_exchange
from inspector.journal.packing import pack_exchange, unpack_exchange, write_json
from inspector.model import Exchange, HttpExchange
from tests.inspector.journal.journal_samples import WORKER, make_http, make_socket
from tests.inspector.journal.test_codec import _BODIES, _SCOPES

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@pytest.mark.parametrize("exchange", [make_http("a"), make_socket("b")], ids=["http", "websocket"])
def test_unpacking_undoes_packing_and_the_text_is_the_document_with_places_for_bytes(
    exchange: Exchange,
) -> None:
    text, bodies = pack_exchange(exchange)
    assert pack_exchange(as_apart(exchange)) == (text, bodies)
    assert unpack_exchange(text, bodies) == exchange
    document = encode_exchange(exchange, lambda data: [bodies.index(data), len(data)])
    stored = json.loads(text)
    assert list(stored) == list(document)
    assert stored["scope"] == document["scope"]
    assert stored["timeline"] == document["timeline"]
    start, length = stored["response_body"]["data"]
    assert bodies[start : start + length] == exchange.response_body.data


@given(
    st.builds(
        HttpExchange, worker=st.just(WORKER), scope=_SCOPES, request_body=_BODIES, response_body=_BODIES
    )
)
def test_unpacking_undoes_packing_whatever_the_bytes_and_texts(exchange: HttpExchange) -> None:
    assert unpack_exchange(*pack_exchange(exchange)) == exchange


@given(st.dictionaries(st.text(), _VALUES, max_size=4))
def test_a_document_is_read_as_it_was_written(document: dict) -> None:
    assert json.loads(write_json(document)) == json.loads(json.dumps(document))


def test_numbers_that_json_has_no_word_for_come_back() -> None:
    read = json.loads(write_json({"a": math.inf, "b": -math.inf, "c": math.nan, "d": 2**70}))
    assert (read["a"], read["b"], read["d"]) == (math.inf, -math.inf, 2**70)
    assert math.isnan(read["c"])


def test_a_lone_surrogate_comes_back() -> None:
    text = write_json({"a": "é \ud800"})
    assert text.isascii()
    assert json.loads(text) == {"a": "é \ud800"}


class Text(str):
    """As a framework's own class of text."""


class Address(NamedTuple):
    host: str
    port: int


def test_a_subclass_of_a_plain_type_is_written_as_that() -> None:
    scope = dataclasses.replace(make_http("a").scope, client=Address("127.0.0.1", 50000), path=Text("/a"))
    exchange = dataclasses.replace(make_http("a"), status=HTTPStatus.OK, scope=scope)
    assert unpack_exchange(*pack_exchange(exchange)) == exchange
    document = encode_exchange(exchange)
    assert (type(document["scope"]["path"]), document["scope"]["path"]) == (str, "/a")
    assert document["scope"]["client"] == ["127.0.0.1", 50000]
    assert json.dumps(document["status"]) == "200"


def test_a_value_without_a_json_form_is_refused() -> None:
    strange = dataclasses.replace(make_http("a"), problems=({"input": object()},))
    with pytest.raises(CodecError, match="has no JSON form"):
        pack_exchange(strange)
