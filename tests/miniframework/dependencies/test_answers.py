"""What answers a request when dependencies and parameters both have something to say, as FastAPI does it."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from typing import Annotated, Any

import pytest
from pydantic import BaseModel

from miniframework import App, Body, Depends, Header, HTTPException, WebSocket
from miniframework.errors import MiniframeworkError
from miniframework.events import Event, ParametersBound, ParametersRejected
from miniframework.testing import TestClient

pytestmark = pytest.mark.usefixtures("way")


class Item(BaseModel):
    name: str


def need_token(x_token: Annotated[str, Header()]) -> str:
    if x_token != "good":
        raise HTTPException(401, "bad token")
    return x_token


def ask(endpoint: Callable[..., Any], **request: Any) -> tuple[int, Any]:
    app = App()
    app.post("/")(endpoint)
    response = TestClient(app, raise_server_exceptions=False).post("/", **request)
    return response.status_code, response.json()


def locations(answer: tuple[int, Any]) -> list[Any]:
    assert answer[0] == 422
    return [problem["loc"] for problem in answer[1]["detail"]]


def guarded(number: int, token: Annotated[str, Depends(need_token)]) -> str:
    return token


def guarded_body(item: Item, token: Annotated[str, Depends(need_token)]) -> str:
    return token


def test_a_dependency_answers_before_the_endpoints_own_problems() -> None:
    assert ask(guarded, headers={"x-token": "bad"}) == (401, {"detail": "bad token"})
    assert locations(ask(guarded, headers={"x-token": "good"})) == [["query", "number"]]


def test_a_dependency_with_problems_of_its_own_is_not_called() -> None:
    assert locations(ask(guarded)) == [["header", "x-token"], ["query", "number"]]


def test_broken_json_is_answered_before_any_dependency_is_called() -> None:
    headers = {"x-token": "bad", "content-type": "application/json"}
    assert ask(guarded_body, content=b"{", headers=headers)[0] == 422
    assert ask(guarded_body, content=b"[]", headers=headers)[0] == 401


def test_what_needs_a_refused_dependency_is_not_called_and_the_others_are() -> None:
    called: list[str] = []

    def refused(number: int) -> None:
        called.append("refused")

    def good() -> None:
        called.append("good")

    def needs_refused(x: Annotated[None, Depends(refused)]) -> None:
        called.append("needs_refused")

    def endpoint(
        a: Annotated[None, Depends(needs_refused)],
        b: Annotated[None, Depends(good)],
        c: Annotated[None, Depends(refused)],
    ) -> None: ...

    assert locations(ask(endpoint)) == [["query", "number"]] * 2
    assert called == ["good"]


def test_a_problem_is_told_wherever_its_dependency_is_asked_for() -> None:
    def page(number: int) -> int:
        return number

    def below(at: Annotated[int, Depends(page)], limit: int) -> int:
        return at + limit

    def endpoint(a: Annotated[int, Depends(below)], b: Annotated[int, Depends(page)], last: int) -> None: ...

    told = locations(ask(endpoint, params={"limit": "x"}))
    assert told == [["query", "number"], ["query", "limit"], ["query", "number"], ["query", "last"]]


@pytest.mark.parametrize("is_async", [True, False], ids=["async", "plain"])
def test_what_was_opened_is_closed_when_parameters_are_refused(is_async: bool) -> None:
    log: list[str] = []

    def opened() -> Iterator[None]:
        log.append("open")
        try:
            yield
        except Exception as error:
            log.append(type(error).__name__)
            raise
        finally:
            log.append("close")

    async def opened_too() -> AsyncIterator[None]:
        for one in opened():
            yield one

    chosen = opened_too if is_async else opened

    def endpoint(number: int, x: Annotated[None, Depends(chosen)]) -> None: ...

    assert ask(endpoint)[0] == 422
    assert log[0] == "open"
    assert log[-1] == "close"


def test_an_exception_may_become_an_answer_behind_a_yield() -> None:
    def translates() -> Iterator[None]:
        try:
            yield
        except KeyError as error:
            raise HTTPException(418, f"no {error.args[0]}") from error

    def endpoint(x: Annotated[None, Depends(translates)]) -> None:
        raise KeyError("tea")

    assert ask(endpoint) == (418, {"detail": "no tea"})


def test_an_answer_that_a_dependency_swallows_leaves_none() -> None:
    def swallows() -> Iterator[None]:
        with suppress(HTTPException):
            yield

    def endpoint(x: Annotated[None, Depends(swallows)]) -> None:
        raise HTTPException(404)

    app = App()
    app.get("/")(endpoint)
    with pytest.raises(MiniframeworkError, match="Response not awaited") as raised:
        TestClient(app).get("/")
    assert repr(raised.value.__cause__) == repr(HTTPException(404))
    assert TestClient(app, raise_server_exceptions=False).get("/").status_code == 500


def test_what_a_dependency_of_a_socket_swallows_is_gone() -> None:
    def swallows() -> Iterator[None]:
        with suppress(ValueError):
            yield

    async def endpoint(websocket: WebSocket, x: Annotated[None, Depends(swallows)]) -> None:
        await websocket.accept()
        await websocket.send_text("a")
        raise ValueError("boom")

    app = App()
    app.websocket("/")(endpoint)
    with TestClient(app).websocket_connect("/") as session:
        assert session.receive_text() == "a"
        assert session.receive() == {"type": "websocket.close", "code": 1000, "reason": ""}


def test_bodies_of_dependencies_and_endpoint_are_keys_of_one_object() -> None:
    def name_of(item: Item) -> str:
        return item.name

    def endpoint(count: Annotated[int, Body()], name: Annotated[str, Depends(name_of)]) -> Any:
        return [name, count]

    assert ask(endpoint, json={"item": {"name": "a"}, "count": 2}) == (200, ["a", 2])
    assert locations(ask(endpoint, json=[])) == [["body", "item"], ["body", "count"]]


@pytest.mark.parametrize("body", [[], 3, None], ids=["a list", "a number", "null"])
def test_keys_of_a_body_that_has_none_are_missing_even_with_defaults(body: Any) -> None:
    def endpoint(item: Item | None = None, count: Annotated[int, Body()] = 1) -> None: ...

    answer = ask(endpoint, content=json.dumps(body), headers={"content-type": "application/json"})
    assert locations(answer) == [["body", "item"], ["body", "count"]]
    assert ask(endpoint)[0] == 200


def test_one_body_asked_for_twice_is_still_the_whole_body() -> None:
    def name_of(item: Item) -> str:
        return item.name

    def endpoint(item: Item, name: Annotated[str, Depends(name_of)]) -> Any:
        return [item.name, name]

    assert ask(endpoint, json={"name": "a"}) == (200, ["a", "a"])


def test_parameters_are_told_as_rejected_only_when_that_is_the_answer() -> None:
    app = App()
    heard: list[Event] = []
    app.bus.subscribe(heard.append)
    app.post("/")(guarded)
    client = TestClient(app)

    def told() -> list[tuple[type, list[str]]]:
        kinds = (ParametersBound, ParametersRejected)
        found = [
            (type(one), [parameter.name for parameter in one.parameters])
            for one in heard
            if isinstance(one, kinds)
        ]
        heard.clear()
        return found

    client.post("/", headers={"x-token": "bad"})
    assert told() == [(ParametersBound, ["x_token"])]
    client.post("/", headers={"x-token": "good"})
    assert told() == [(ParametersBound, ["x_token"]), (ParametersRejected, ["x_token", "number"])]
    client.post("/?number=1", headers={"x-token": "good"})
    assert told() == [(ParametersBound, ["x_token", "number"])]
