"""Exchanges to start from, made by hand: every field that a test does not name has a plain value."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from inspector.model import Body, HttpExchange, RequestScope, RouteStep, Routing, State, Worker

ExchangeMaker = Callable[..., HttpExchange]


@pytest.fixture
def make_exchange() -> ExchangeMaker:
    """Return a maker: `scope` changes the scope's fields, the rest those of the exchange."""

    def make(*, scope: dict[str, Any] | None = None, **fields: Any) -> HttpExchange:
        plain = RequestScope(
            type="http",
            http_version="1.1",
            method="GET",
            scheme="http",
            path="/books/42",
            raw_path="/books/42",
            query_string="",
            root_path="",
            headers=(("host", "127.0.0.1:8000"), ("accept", "*/*"), ("user-agent", "test")),
            client=("127.0.0.1", 50000),
            server=("127.0.0.1", 8000),
        )
        step = RouteStep(
            table="fp",
            index=3,
            template="/books/{book_id:int}",
            name="get_book",
            endpoint="shop:get_book",
            path="/books/42",
            raw_params=(("book_id", "42"),),
            took_ns=1000,
            spans=((7, 9),),
        )
        exchange = HttpExchange(
            id="left",
            worker=Worker(host="h", pid=1),
            started_unix_ns=0,
            scope=replace(plain, **(scope or {})),
            state=State.COMPLETE,
            routing=Routing.MATCHED,
            steps=(step,),
            status=200,
            response_headers=(("content-type", "application/json"),),
            response_body=Body(size=10, data=b'{"id": 42}'),
            duration_ns=1_000_000,
        )
        return replace(exchange, **fields)

    return make
