"""What a recorded request tells of the steps around its endpoint: layers, dependencies, templates, tasks."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniframework import (
    App,
    BackgroundTasks,
    Depends,
    HTTPException,
    PlainTextResponse,
    Request,
    StreamingResponse,
    events,
)
from miniframework.middleware import Middleware
from miniframework.middleware.base import BaseHTTPMiddleware
from miniframework.middleware.scope import compare_scopes
from miniframework.middleware.sessions import SessionMiddleware
from miniframework.templating import Jinja2Templates
from miniframework.testing import TestClient
from miniframework.types import ASGIApp, Receive, Scope, Send
from tests.miniframework.asgi_driver import Listener, call, http_scope


class Prefixed:
    """Cuts a prefix off the path and says whose request it is; leaves the server's scope alone."""

    def __init__(self, app: ASGIApp, user: str) -> None:
        self.app = app
        self.user = user

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = {**scope.get("state", {}), "user": self.user}
        without = {key: value for key, value in scope.items() if key != "extensions"}
        path = scope["path"].removeprefix("/v1")
        await self.app({**without, "path": path, "state": state}, receive, send)


class Silent:
    """Changes nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


def hear(app: App, path: str, **scope: Any) -> Listener:
    listener = Listener(app.bus)
    asyncio.run(call(app, http_scope(path, **scope)))
    return listener


def changed(event: events.ScopeChanged) -> list[tuple[str, str]]:
    return [(change.key, change.what) for change in event.changes]


def test_each_middleware_tells_what_it_changed_in_the_scope_when_it_passes_it_on() -> None:
    layers = [Middleware(Silent), Middleware(Prefixed, user="ada"), Middleware(SessionMiddleware, "key")]
    app = App(middleware=layers)

    @app.get("/items")
    async def items() -> None: ...

    listener = hear(app, "/v1/items", extensions={})
    assert listener.names[:7] == [
        "RequestStarted",
        "MiddlewareEntered",
        "MiddlewareEntered",
        "ScopeChanged",
        "MiddlewareEntered",
        "ScopeChanged",
        "RouteMatched",
    ]
    prefixed, session = (one for one in listener.events if isinstance(one, events.ScopeChanged))
    assert (prefixed.name, prefixed.depth) == ("Prefixed", 1)
    assert changed(prefixed) == [("path", "replaced"), ("extensions", "removed"), ("state.user", "added")]
    path = prefixed.changes[0]
    assert (path.old, path.new) == ("/v1/items", "/items")
    assert (session.name, changed(session)) == ("SessionMiddleware", [("session", "added")])


def test_a_change_in_place_is_seen_in_headers_and_state() -> None:
    app = App()

    @app.middleware("http")
    async def name_it(request: Request, call_next: Any) -> Any:
        request.state.user = "ada"
        request.scope["headers"].append((b"x-user", b"ada"))
        return await call_next(request)

    event = hear(app, "/", state={"db": 1}).only(events.ScopeChanged)
    assert changed(event) == [("headers", "replaced"), ("state.user", "added")]


def test_a_middleware_that_answers_itself_changed_nothing_for_anybody() -> None:
    app = App()

    @app.middleware("http")
    async def answer(request: Request, call_next: Any) -> Any:
        request.state.user = "ada"
        return PlainTextResponse("no")

    listener = hear(app, "/")
    assert "ScopeChanged" not in listener.names
    assert "MiddlewareLeft" in listener.names


def test_what_a_middleware_that_answered_itself_did_is_not_told_of_the_next_application() -> None:
    async def answer(request: Request, call_next: Any) -> Any:
        request.state.user = "ada"
        return PlainTextResponse("no")

    class Fallback:
        def __init__(self, app: ASGIApp) -> None:
            self.app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            async def drop(message: Any) -> None: ...

            await self.app(scope, receive, drop)
            await App()(scope, receive, send)

    layers = [Middleware(Fallback), Middleware(BaseHTTPMiddleware, dispatch=answer)]
    assert "ScopeChanged" not in hear(App(middleware=layers), "/").names


def test_the_middleware_of_a_mounted_application_starts_from_what_the_mount_gives_it() -> None:
    inner = App(middleware=[Middleware(Silent)])
    app = App(middleware=[Middleware(Silent)])
    app.mount("/inner", inner)
    assert "ScopeChanged" not in hear(app, "/inner/x").names


KEYS = st.sampled_from(["path", "headers", "session", "extensions"])
SCOPES = st.dictionaries(KEYS, st.integers(0, 3))


@given(SCOPES, SCOPES)
def test_the_changes_turn_the_one_scope_into_the_other(before: dict[str, int], after: dict[str, int]) -> None:
    made = dict(before)
    for change in compare_scopes(before, after):
        if change.what == "removed":
            assert made.pop(change.key) == change.old
        else:
            assert (change.key in made) == (change.what == "replaced")
            made[change.key] = change.new
    assert made == after


def test_a_state_that_was_taken_away_is_told_key_by_key_and_one_that_is_no_dict_as_a_whole() -> None:
    taken = compare_scopes({"state": {"db": 1}}, {})
    assert [(change.key, change.what) for change in taken] == [("state.db", "removed")]
    odd = compare_scopes({"state": object()}, {"state": object()})
    assert [(change.key, change.what) for change in odd] == [("state", "replaced")]


async def opened() -> AsyncIterator[str]:
    yield "connection"


def session(connection: Annotated[str, Depends(opened)]) -> Iterator[str]:
    yield f"session on {connection}"


def test_a_dependency_tells_when_its_clean_up_ran_in_reverse_order_and_after_the_response() -> None:
    app = App()

    @app.get("/")
    async def read(one: Annotated[str, Depends(session)], again: Annotated[str, Depends(opened)]) -> str:
        return one

    listener = hear(app, "/")
    resolved = [one for one in listener.events if isinstance(one, events.DependencyResolved)]
    assert [(one.name, one.depth, one.cached) for one in resolved] == [
        ("opened", 1, False),
        ("session", 0, False),
        ("opened", 0, True),
    ]
    cleaned = [one for one in listener.events if isinstance(one, events.DependencyCleanedUp)]
    assert [(one.name, one.depth, one.error) for one in cleaned] == [
        ("session", 0, None),
        ("opened", 1, None),
    ]
    assert listener.names.index("ResponseBodySent") < listener.names.index("DependencyCleanedUp")
    assert all(one.took_ns >= 0 for one in cleaned)


def test_a_clean_up_that_raises_says_what_and_one_that_passes_an_error_on_does_not() -> None:
    async def fails_late() -> AsyncIterator[None]:
        try:
            yield
        finally:
            raise OSError("disk")

    app = App()

    @app.get("/")
    async def read(a: Annotated[str, Depends(opened)], b: Annotated[None, Depends(fails_late)]) -> None:
        raise ValueError("in the endpoint")

    listener = Listener(app.bus)
    TestClient(app, raise_server_exceptions=False).get("/")
    cleaned = [one for one in listener.events if isinstance(one, events.DependencyCleanedUp)]
    assert [(one.name.rpartition(".")[2], repr(one.error)) for one in cleaned] == [
        ("fails_late", "OSError('disk')"),
        ("opened", "None"),
    ]


def test_a_dependency_that_answers_with_an_error_is_named() -> None:
    def needs_login() -> None:
        raise HTTPException(401)

    app = App()

    @app.get("/", dependencies=[Depends(needs_login)])
    async def read() -> None: ...

    listener = hear(app, "/")
    raised = listener.only(events.DependencyRaised)
    assert (raised.name.rpartition(".")[2], raised.depth) == ("needs_login", 0)
    assert isinstance(raised.error, HTTPException)
    assert "EndpointStarted" not in listener.names


def test_background_tasks_tell_when_they_begin_and_end_after_the_response() -> None:
    async def send_mail(to: str) -> None: ...

    def write_log() -> None: ...

    app = App()

    @app.get("/")
    async def order(tasks: BackgroundTasks) -> str:
        tasks.add_task(send_mail, "ada@example.org")
        tasks.add_task(write_log)
        return "ok"

    listener = hear(app, "/")
    told = listener.names[listener.names.index("ResponseBodySent") + 1 :]
    assert told == [*["BackgroundTaskStarted", "BackgroundTaskFinished"] * 2, "RequestFinished"]
    started = [one for one in listener.events if isinstance(one, events.BackgroundTaskStarted)]
    names = [(one.name.rpartition(".")[2], one.in_thread) for one in started]
    assert names == [("send_mail", False), ("write_log", True)]


def test_a_background_task_that_raises_says_what_and_ends_the_rest() -> None:
    def write_log() -> None:
        raise OSError("disk full")

    app = App()

    @app.get("/")
    async def order(tasks: BackgroundTasks) -> str:
        tasks.add_task(write_log)
        tasks.add_task(write_log)
        return "ok"

    listener = Listener(app.bus)
    TestClient(app, raise_server_exceptions=False).get("/")
    assert repr(listener.only(events.BackgroundTaskRaised).error) == "OSError('disk full')"
    assert listener.names.count("BackgroundTaskStarted") == 1


def test_a_rendered_template_tells_its_name_and_the_names_it_was_given() -> None:
    templates = Jinja2Templates(env=jinja2.Environment(loader=jinja2.DictLoader({"a.html": "{{ book }}"})))
    app = App()

    @app.get("/")
    def page(request: Request) -> Any:
        return templates.TemplateResponse(request, "a.html", {"book": "Emma"})

    rendered = hear(app, "/").only(events.TemplateRendered)
    assert (rendered.name, rendered.context_keys) == ("a.html", ("request", "book"))
    assert rendered.took_ns > 0


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param({"a": 1}, [("JSONResponse", 7)], id="a value"),
        pytest.param(PlainTextResponse("x"), [], id="a response"),
        pytest.param(StreamingResponse(["x"]), [], id="a stream"),
    ],
)
def test_only_a_value_is_serialised(value: Any, expected: list[tuple[str, int]]) -> None:
    app = App()

    @app.get("/")
    async def read() -> Any:
        return value

    told = [one for one in hear(app, "/").events if isinstance(one, events.ResponseSerialised)]
    assert [(one.response_class, one.size) for one in told] == expected


class SoldOut(Exception):
    """What the handlers below answer."""


def answer_sold_out(request: Request, error: Exception) -> PlainTextResponse:
    return PlainTextResponse("sold out", 409)


async def answer_missing(request: Request, error: Exception) -> PlainTextResponse:
    return PlainTextResponse("nothing here", 404)


def test_a_handler_of_the_application_is_told_between_what_was_raised_and_the_response() -> None:
    app = App(exception_handlers={SoldOut: answer_sold_out, 404: answer_missing})

    @app.get("/sold")
    async def sold() -> None:
        raise SoldOut("emma")

    listener = hear(app, "/sold")
    assert listener.names[-5:] == [
        "EndpointRaised",
        "ExceptionHandled",
        "ResponseStarted",
        "ResponseBodySent",
        "RequestFinished",
    ]
    [handled] = [event for event in listener.events if isinstance(event, events.ExceptionHandled)]
    assert (handled.name, type(handled.error)) == ("answer_sold_out", SoldOut)
    assert handled.took_ns > 0
    [handled] = [one for one in hear(app, "/none").events if isinstance(one, events.ExceptionHandled)]
    assert handled.name == "answer_missing"


def test_what_the_framework_answers_by_itself_is_no_step_of_its_own() -> None:
    app = App()

    @app.get("/private")
    async def private() -> None:
        raise HTTPException(403)

    assert "ExceptionHandled" not in hear(app, "/private").names
    assert "ExceptionHandled" not in hear(app, "/none").names
