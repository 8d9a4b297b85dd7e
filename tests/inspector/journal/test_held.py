"""What a journal in memory holds of an exchange comes back as it was."""

from dataclasses import replace
from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.apart import put_together, take_apart
from inspector.journal.held import pack, pack_row, unpack, unpack_row
from inspector.journal.memory import MemoryJournal
from inspector.journal.protocol import Saved
from inspector.journal.rows import exchange_row
from inspector.model import Body, Failure, HttpExchange, Redaction, Replayed
from tests.inspector.journal.journal_samples import WORKER, make_http, make_socket
from tests.inspector.journal.test_codec import _BODIES, _SCOPES


@pytest.mark.parametrize("exchange", [make_http("a"), make_socket("b")], ids=["http", "websocket"])
def test_unpacking_undoes_packing(exchange) -> None:
    full = replace(
        exchange,
        failure=Failure(type="ValueError", message="no", traceback="Traceback…"),
        replay=Replayed(of="c", edits=("path",)),
        redactions=(Redaction(where="query", rule="key token"),),
        problems=({"loc": ["query", "n"], "input": None, "ctx": {"ge": 1.5}},),
    )
    for one in (exchange, full):
        assert put_together(unpack(pack(take_apart(one)))) == one


@given(
    st.builds(
        HttpExchange, worker=st.just(WORKER), scope=_SCOPES, request_body=_BODIES, response_body=_BODIES
    )
)
def test_unpacking_undoes_packing_whatever_the_bytes_and_texts(exchange: HttpExchange) -> None:
    assert put_together(unpack(pack(take_apart(exchange)))) == exchange
    row = exchange_row(exchange, 7)
    assert unpack_row(pack_row(row)) == row


def test_classes_that_are_texts_or_numbers_as_well_are_held_as_those() -> None:
    class Path(str):
        pass

    class Data(bytes):
        pass

    strange = replace(
        make_http("a"),
        status=HTTPStatus.CREATED,
        scope=replace(make_http("a").scope, path=Path("/x")),
        response_body=Body(size=1, data=Data(b"x")),
    )
    held = put_together(unpack(pack(take_apart(strange))))
    assert held == strange
    assert (type(held.status), type(held.scope.path), type(held.response_body.data)) == (int, str, bytes)
    journal = MemoryJournal()
    journal.append([Saved(strange), Saved(make_http("b"))])
    assert [row["status"] for row in journal.rows(2)[1]] == [201, make_http("b").status]


def test_what_no_exchange_holds_is_refused_and_nothing_is_stored() -> None:
    journal = MemoryJournal()
    with pytest.raises(ValueError, match="cannot be held"):
        journal.append([Saved(make_http("a")), Saved(replace(make_http("b"), location=object()))])
    assert journal.bounds().exchanges == 0
