"""Startup and shutdown as FastAPI's tutorial declares them."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from miniframework import App, Request, Router
from miniframework.errors import RegistrationError
from miniframework.testclient import TestClient


def noting(story: list[str], word: str) -> Callable[[], None]:
    return lambda: story.append(word)


def living(story: list[str], word: str, **state: Any) -> Any:
    @asynccontextmanager
    async def lifespan(app: App) -> AsyncIterator[dict[str, Any]]:
        story.append(f"{word} up")
        yield state
        story.append(f"{word} down")

    return lifespan


def test_functions_for_startup_and_shutdown_are_called_in_order_sync_and_async() -> None:
    app, story = App(on_startup=None), list[str]()

    async def first() -> None:
        story.append("first")

    # By these words FastAPI's users leave the warning out.
    with pytest.warns(DeprecationWarning, match="^on_event is deprecated, use lifespan event handlers"):
        app.on_event("startup")(first)
    app.add_event_handler("startup", noting(story, "second"))
    app.add_event_handler("shutdown", noting(story, "end"))
    with TestClient(app):
        assert story == ["first", "second"]
    assert story == ["first", "second", "end"]


def test_without_a_started_client_nothing_is_called() -> None:
    story: list[str] = []
    TestClient(App(on_startup=[noting(story, "up")])).get("/")
    assert story == []


def test_those_of_an_included_router_run_inside_the_applications_and_once() -> None:
    story: list[str] = []
    app = App(on_startup=[noting(story, "app up")], on_shutdown=[noting(story, "app down")])
    inner = Router(on_startup=[noting(story, "inner up")], on_shutdown=[noting(story, "inner down")])
    outer = Router()
    outer.include_router(inner)
    app.include_router(outer)
    app.include_router(inner, prefix="/again")
    with TestClient(app):
        pass
    assert story == ["app up", "inner up", "inner down", "app down"]


def test_lifespans_of_routers_nest_and_their_states_are_joined() -> None:
    story: list[str] = []
    app = App(lifespan=living(story, "app", a=1, who="app"))
    router = Router(lifespan=living(story, "router", b=2, who="router"))
    app.include_router(router)

    @app.get("/")
    def state(request: Request) -> list[Any]:
        return [request.state.a, request.state.b, request.state.who]

    with TestClient(app) as client:
        assert client.get("/").json() == [1, 2, "app"]
    assert story == ["app up", "router up", "router down", "app down"]


def test_a_generator_function_is_a_lifespan_too() -> None:
    story: list[str] = []

    def plain(app: App) -> Iterator[dict[str, str]]:
        story.append("plain up")
        yield {"a": "plain"}
        story.append("plain down")

    async def coroutine(app: App) -> AsyncIterator[None]:
        story.append("async up")
        yield
        story.append("async down")

    lifespan: Any = plain
    app = App(lifespan=lifespan)
    inner: Any = coroutine
    app.include_router(Router(lifespan=inner))
    with TestClient(app):
        assert story == ["plain up", "async up"]
    assert story[2:] == ["async down", "plain down"]


def test_with_a_lifespan_the_functions_are_not_called() -> None:
    story: list[str] = []
    with TestClient(App(lifespan=living(story, "app"), on_startup=[noting(story, "never")])):
        pass
    assert story == ["app up", "app down"]


def test_another_event_is_refused_where_it_is_declared() -> None:
    with pytest.raises(RegistrationError, match=r"only 'startup' and 'shutdown'") as caught:
        App().add_event_handler("start", lambda: None)
    assert str(caught.value).startswith(__file__)


def test_a_startup_that_fails_leaves_what_was_entered_before_it() -> None:
    story: list[str] = []

    def fail() -> None:
        raise LookupError("no database")

    app = App(lifespan=living(story, "app"))
    app.include_router(Router(on_startup=[fail]))
    with pytest.raises(LookupError, match="no database"), TestClient(app):
        pass
    assert story[0] == "app up"
