"""What is usually got wrong first is said in the sentence, with the way out."""

from collections.abc import Callable
from typing import Annotated, Any

import pytest
from pydantic import BaseModel

from miniframework import App, Body, Form, HTTPException, Request

Record = Callable[..., Any]
JSON = (("content-type", "application/json"), ("content-length", "17"))
FORM = (("content-type", "application/x-www-form-urlencoded"), ("content-length", "10"))


class Book(BaseModel):
    title: str
    pages: int


class Slotted:
    __slots__ = ()


def make_app() -> App:
    app = App()

    @app.get("/items/{item_id}")
    async def misspelt(itemid: int) -> None: ...

    @app.get("/shelves/{shelf_id}/{place}")
    async def shortened(id: int, place: int) -> None: ...

    @app.get("/ignored/{name}")
    async def ignored(colour: str) -> None: ...

    @app.get("/searched/{name}")
    async def searched(request: Request, q: str) -> None: ...

    @app.get("/many")
    async def many(ids: list[int]) -> None: ...

    @app.post("/written")
    async def written(title: str) -> None: ...

    @app.post("/both")
    async def both(title: str, book: Annotated[Any, Body()]) -> None: ...

    @app.post("/keyed")
    async def keyed(title: Annotated[str, Body(embed=True)]) -> None: ...

    @app.post("/stored")
    async def stored(book: Book) -> None: ...

    @app.post("/filled")
    async def filled(title: Annotated[str, Form()]) -> None: ...

    @app.get("/misfit", response_model=Book)
    async def misfit() -> Any:
        return {"title": "Emma", "pages": "many"}

    @app.get("/misfits", response_model=list[Book])
    async def misfits() -> Any:
        return [{"title": "Emma"}, {"pages": 2}]

    @app.get("/nothing")
    async def nothing() -> Book:  # type: ignore[return]  # the mistake
        Book(title="Emma", pages=474)

    @app.post("/forgotten")
    async def forgotten(request: Request) -> Any:
        waiting = request.json()
        try:
            return waiting["title"]
        finally:
            waiting.close()  # so that Python does not warn of it

    @app.get("/unasked")
    async def unasked() -> Any:
        return await {"title": "Emma"}  # type: ignore[misc]  # the mistake

    @app.get("/returned", response_model=None)
    async def returned() -> Any:
        return HTTPException(404, "no such book")

    @app.get("/unwritable")
    async def unwritable() -> Any:
        return {"x": Slotted()}

    return app


CASES: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "a parameter misspelt in the function": (
        "GET",
        "/items/3",
        {},
        "422: the query parameter itemid is missing. The path has item_id, which no parameter takes: give "
        "both one name.",
    ),
    "a parameter shortened in the function": (
        "GET",
        "/shelves/3/4",
        {},
        "422: the query parameter id is missing. The path has shelf_id, which no parameter takes: give both "
        "one name.",
    ),
    "a parameter of the path that has nothing to do with it": (
        "GET",
        "/ignored/x",
        {},
        "422: the query parameter colour is missing.",
    ),
    "one letter in another name": ("GET", "/searched/x", {}, "422: the query parameter q is missing."),
    "a list that came in the query": (
        "GET",
        "/many?ids=1&ids=2",
        {},
        "422: the body is missing. The query has ids: ids: Annotated[list[int], Query()] would read it "
        "there.",
    ),
    "a list that came nowhere": ("GET", "/many", {}, "422: the body is missing."),
    "a key of the query that came in the JSON body": (
        "POST",
        "/written",
        {"headers": JSON, "chunks": (b'{"title": "Emma"}',)},
        "422: the query parameter title is missing. A JSON body came that nothing reads: "
        "title: Annotated[str, Body(embed=True)], or a model, would.",
    ),
    "a key of the query that came in a form": (
        "POST",
        "/written",
        {"headers": FORM, "chunks": (b"title=Emma",)},
        "422: the query parameter title is missing. A form came that nothing reads: "
        "title: Annotated[str, Form()] would.",
    ),
    "a field of a form that came as JSON": (
        "POST",
        "/filled",
        {"headers": JSON, "chunks": (b'{"title": "Emma"}',)},
        "422: the form lacks the field title. A JSON body came that nothing reads: "
        "title: Annotated[str, Body(embed=True)], or a model, would.",
    ),
    "a key of the JSON body that came in a form": (
        "POST",
        "/keyed",
        {"headers": FORM, "chunks": (b"title=Emma",)},
        "422: the body lacks the field title. The form has title: title: Annotated[str, Form()] would read "
        "it there.",
    ),
    "JSON that came as a form, as curl -d sends it": (
        "POST",
        "/stored",
        {"headers": FORM, "chunks": (b'{"title": "Emma", "pages": 474}',)},
        "422: the body was refused: input should be a valid dictionary or object to extract fields from. It "
        "came as application/x-www-form-urlencoded, so it was not read as JSON: send content-type: "
        "application/json.",
    ),
    "JSON that is no object": (
        "POST",
        "/stored",
        {"headers": JSON, "chunks": (b'"Emma"',)},
        "422: the body was refused: input should be a valid dictionary or object to extract fields from.",
    ),
    "a key of the query beside a body that is read": (
        "POST",
        "/both",
        {"headers": JSON, "chunks": (b'{"title": "Emma"}',)},
        "422: the query parameter title is missing. The JSON body has title: "
        "title: Annotated[str, Body(embed=True)], or a model, would read it there.",
    ),
    "a body without the key": (
        "POST",
        "/both",
        {"headers": JSON, "chunks": (b'{"name": "Emma" }',)},
        "422: the query parameter title is missing.",
    ),
    "a body that has no keys": (
        "POST",
        "/both",
        {"headers": JSON, "chunks": (b'[ "title",  "y" ]',)},
        "422: the query parameter title is missing.",
    ),
    "no body at all": ("POST", "/written", {}, "422: the query parameter title is missing."),
}


@pytest.mark.parametrize(("method", "target", "request_", "expected"), CASES.values(), ids=CASES)
def test_a_value_that_came_elsewhere_is_found_there(
    record: Record, method: str, target: str, request_: dict[str, Any], expected: str
) -> None:
    assert record(make_app(), method, target, **request_).answer == expected


MISFITS = {
    "a field of the wrong type": (
        "/misfit",
        "500: what misfit (",
        ") returned does not fit its response model: pages: input should be a valid integer, unable to parse "
        "string as an integer (ResponseValidationError).",
    ),
    "several, deep inside": (
        "/misfits",
        "500: what misfits (",
        ") returned does not fit its response model: 0.pages: field required, and 1 more problem "
        "(ResponseValidationError).",
    ),
    "nothing": (
        "/nothing",
        "500: what nothing (",
        ") returned does not fit its response model: it is None; is a return missing? "
        "(ResponseValidationError).",
    ),
    "what no JSON can hold": (
        "/unwritable",
        "500: what unwritable (",
        ") returned is no answer: EncodeError: a value of type dict cannot be written as JSON: "
        "Unable to serialize unknown type: ",
    ),
}


@pytest.mark.parametrize(("target", "who", "what"), MISFITS.values(), ids=MISFITS)
def test_a_return_value_that_is_no_answer_is_told_of_the_endpoint(
    record: Record, target: str, who: str, what: str
) -> None:
    said = record(make_app(), "GET", target).answer
    assert said.startswith(who)
    assert what in said


def test_an_await_that_is_missing_or_too_much_is_asked_for(record: Record) -> None:
    said = record(make_app(), "POST", "/forgotten").answer
    assert "raised TypeError: 'coroutine' object is not subscriptable" in said
    assert said.endswith(" Is an await missing?")
    said = record(make_app(), "GET", "/unasked").answer
    words = ("'dict' object can't be awaited", "object dict can't be used in 'await' expression")
    assert any(f"raised TypeError: {one}" in said for one in words)  # from Python 3.14 on, and before
    assert said.endswith(" Is an await too much?")


def test_an_exception_that_was_returned_is_asked_about(record: Record) -> None:
    said = record(make_app(), "GET", "/returned").answer
    assert said.startswith("200: returned (")
    assert said.endswith(" It looks like an HTTPException that was returned: is a raise missing?")
