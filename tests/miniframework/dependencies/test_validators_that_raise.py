"""What a validator or a factory of the user's raises is answered when its turn comes, as FastAPI does it."""

from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from pydantic import AfterValidator, BaseModel, field_validator

from miniframework import App, Depends, HTTPException, Query, Request
from miniframework.events import DependencyRaised, Event, ParametersBound
from miniframework.responses import JSONResponse
from miniframework.testing import TestClient

pytestmark = pytest.mark.usefixtures("way")


class TakenError(Exception):
    """Somebody has that name already."""


def refuse(value: Any) -> Any:
    raise HTTPException(409, "taken")


def fail(value: Any) -> Any:
    raise TakenError(value)


Refused = Annotated[int, AfterValidator(refuse)]
Failing = Annotated[int, AfterValidator(fail)]


class Name(BaseModel):
    name: str

    @field_validator("name")
    @classmethod
    def check(cls, value: str) -> str:
        raise HTTPException(409, "taken")


def ask(endpoint: Any, query: str = "number=1", heard: list[Event] | None = None, **request: Any) -> Any:
    app = App()

    @app.exception_handler(TakenError)
    def answer(request: Request, error: TakenError) -> JSONResponse:
        return JSONResponse({"taken": str(error)}, 418)

    if heard is not None:
        app.bus.subscribe(heard.append)
    app.post("/")(endpoint)
    response = TestClient(app).post(f"/?{query}", **request)
    return response.status_code, response.json()


def test_an_http_exception_and_one_with_a_handler_are_answered() -> None:
    def http(number: Refused) -> None: ...

    def own(number: Failing) -> None: ...

    def model(name: Name) -> None: ...

    def factory(number: Annotated[int, Query(default_factory=lambda: refuse(1))]) -> None: ...

    assert ask(http) == (409, {"detail": "taken"})
    assert ask(own) == (418, {"taken": "1"})
    assert ask(model, json={"name": "Ada"}) == (409, {"detail": "taken"})
    assert ask(factory, "") == (409, {"detail": "taken"})


def test_a_dependency_answers_before_the_endpoints_validators() -> None:
    def need_token(token: str = "") -> None:
        if not token:
            raise HTTPException(401)

    def endpoint(number: Refused, token: Annotated[None, Depends(need_token)]) -> None: ...

    assert ask(endpoint)[0] == 401
    assert ask(endpoint, "number=1&token=t")[0] == 409


def test_what_was_opened_before_it_is_told_and_closed() -> None:
    log: list[str] = []

    def shelf() -> Iterator[None]:
        log.append("open")
        try:
            yield
        except TakenError:
            log.append("taken")
            raise
        finally:
            log.append("closed")

    def endpoint(number: Failing, shelf: Annotated[None, Depends(shelf)]) -> None:
        log.append("called")

    assert ask(endpoint) == (418, {"taken": "1"})
    assert log == ["open", "taken", "closed"]


def test_of_a_dependency_it_is_raised_in_the_place_of_its_call() -> None:
    log: list[str] = []

    def first() -> None:
        log.append("first")

    def second(need: Annotated[None, Depends(first)], number: Failing) -> None:
        log.append("second")

    def third(missing: int) -> None:
        log.append("third")

    def endpoint(
        second: Annotated[None, Depends(second)], third: Annotated[None, Depends(third)], other: Refused = 0
    ) -> None:
        log.append("called")

    heard: list[Event] = []
    assert ask(endpoint, "number=1&other=2", heard) == (418, {"taken": "1"})
    assert log == ["first"]
    [bound] = [event for event in heard if isinstance(event, ParametersBound)]
    assert bound.parameters == ()  # nothing was taken behind the one that failed
    assert not [event for event in heard if isinstance(event, DependencyRaised)]


def test_it_comes_before_the_problems_of_the_same_function() -> None:
    def nothing() -> None: ...

    def endpoint(missing: int, number: Failing, need: Annotated[None, Depends(nothing)]) -> None: ...

    assert ask(endpoint) == (418, {"taken": "1"})
