"""Taking an exchange apart loses nothing, and each value stands where the model's field does."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.apart import moment, name_values, put_together, take_apart
from inspector.folded import as_apart
from inspector.model import Exchange, HttpExchange, Moment, join_templates
from tests.inspector.journal.journal_samples import WORKER, make_http, make_socket
from tests.inspector.journal.test_codec import _BODIES, _SCOPES


@pytest.mark.parametrize("exchange", [make_http("a"), make_socket("b")], ids=["http", "websocket"])
def test_putting_together_undoes_taking_apart(exchange: Exchange) -> None:
    apart = take_apart(exchange)
    assert put_together(apart) == exchange
    assert list(apart) == [one.name for one in dataclasses.fields(exchange)]
    assert as_apart(exchange) == as_apart(apart)


@given(
    st.builds(
        HttpExchange, worker=st.just(WORKER), scope=_SCOPES, request_body=_BODIES, response_body=_BODIES
    )
)
def test_putting_together_undoes_taking_apart_whatever_the_values(exchange: HttpExchange) -> None:
    assert put_together(take_apart(exchange)) == exchange


def test_nothing_in_it_is_an_object_of_the_model() -> None:
    def look(value: object) -> None:
        assert type(value) in (type(None), bool, int, float, str, bytes, tuple, list, dict), value
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else ():
            look(inner)

    for exchange in (make_http("a"), make_socket("b")):
        look(take_apart(exchange))


def test_a_moment_is_what_the_model_says_it_is() -> None:
    exchange = dataclasses.replace(
        make_http("a"), timeline=(Moment(at_ns=1, kind="k", label="l", size=2, took_ns=3, depth=4),)
    )
    assert take_apart(exchange)["timeline"] == (moment(1, "k", "l", size=2, took_ns=3, depth=4),)


def test_values_are_named_as_the_fields_are() -> None:
    exchange = make_http("a")
    assert name_values(take_apart(exchange)) == {
        one.name: _named(getattr(exchange, one.name)) for one in dataclasses.fields(exchange)
    }


def _named(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
    if isinstance(value, tuple) and value and dataclasses.is_dataclass(value[0]):
        return [_named(one) for one in value]
    return value


def test_the_template_of_a_route_has_the_prefixes_of_the_mounts_before_it() -> None:
    assert join_templates(["/api/", "/v1", "/items/{id}"]) == "/api/v1/items/{id}"
    assert join_templates([None, "/x"]) == "/x"
