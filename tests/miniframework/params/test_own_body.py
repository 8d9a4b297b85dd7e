import asyncio
from typing import Any

import pytest
from pydantic import BaseModel

from miniframework import Request
from miniframework.http.exceptions import HTTPException
from miniframework.params.bind import BindResult, bind
from miniframework.params.body import ReadAlready
from miniframework.params.own_body import read_own_body, refuse_unreadable
from miniframework.params.plan import plan_parameters


class Book(BaseModel):
    pages: int


def keep(book: Book) -> None: ...


PLAN = plan_parameters(keep, None)


class Doubled(Request):
    async def json(self) -> Any:
        read = await super().json()
        return {"pages": read["pages"] * 2}


def read(kind: type[Request], body: bytes, content_type: str = "application/json") -> bytes | ReadAlready:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return asyncio.run(read_own_body(kind(make_scope(content_type), receive), PLAN))


def make_scope(content_type: str = "application/json") -> dict[str, Any]:
    headers = [(b"content-type", content_type.encode())]
    return {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers}


def bind_own(kind: type[Request], body: bytes) -> BindResult:
    return bind(PLAN, make_scope(), {}, read(kind, body), {}, False)


def test_json_is_what_the_class_of_the_request_makes_of_it() -> None:
    bound = bind_own(Doubled, b'{"pages": 3}')
    assert (bound.arguments, bound.problems) == ({"book": Book(pages=6)}, [])


@pytest.mark.parametrize(
    ("kind", "body", "content_type"),
    [
        pytest.param(Request, b'{"pages": 3}', "application/json", id="no json of its own"),
        pytest.param(Doubled, b"", "application/json", id="nothing came"),
        pytest.param(Doubled, b"text", "text/plain", id="another type"),
    ],
)
def test_else_the_body_stays_bytes(kind: type[Request], body: bytes, content_type: str) -> None:
    assert read(kind, body, content_type) == body


def test_what_its_json_cannot_decode_is_a_problem_of_the_body() -> None:
    bound = bind_own(Doubled, b"{")
    assert bound.body_is_broken
    assert [(one["type"], one["loc"]) for one in bound.problems] == [("json_invalid", ["body", 1])]
    assert bound.sent == "{"


@pytest.mark.parametrize(
    ("raised", "status"),
    [
        pytest.param(KeyError("pages"), 400, id="anything"),
        pytest.param(HTTPException(415), 415, id="an answer"),
    ],
)
def test_what_else_it_raises_is_a_body_that_cannot_be_read(raised: Exception, status: int) -> None:
    with pytest.raises(HTTPException) as caught, refuse_unreadable():
        raise raised
    assert caught.value.status_code == status
