import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from typing import Any

import pytest

from miniframework import App, Request, Router
from miniframework.testing import TestClient
from miniframework.types import ASGIApp, Message, Receive, Scope, Send
from tests.miniframework.asgi_driver import Wire, call

LIFE = ({"type": "lifespan.startup"}, {"type": "lifespan.shutdown"})


def live(app: App, **scope: Any) -> list[Any]:
    return asyncio.run(call(app, {"type": "lifespan", "state": {}} | scope, *LIFE)).sent


def fail(app: App, kind: type[BaseException], said: str, **scope: Any) -> list[Any]:
    """Give what was sent by an application whose failure also reaches who runs it."""
    wire = Wire(LIFE)

    async def main() -> None:
        async with asyncio.timeout(5):
            await app({"type": "lifespan"} | scope, wire.receive, wire.send)

    with pytest.raises(kind, match=said):
        asyncio.run(main())
    return wire.sent


def test_startup_and_shutdown_surround_the_requests_and_state_reaches_them() -> None:
    story: list[str] = []

    @asynccontextmanager
    async def lifespan(app: App) -> AsyncIterator[dict[str, Any]]:
        app.state.name = "app"
        story.append("up")
        yield {"db": "database"}
        story.append("down")

    app = App(lifespan=lifespan)

    @app.get("/")
    async def root(request: Request) -> list[str]:
        story.append("request")
        return [request.state.db, request.app.state.name]

    with TestClient(app) as client:
        assert client.get("/").json() == ["database", "app"]
    assert story == ["up", "request", "down"]


def test_an_application_without_a_lifespan_still_speaks_the_protocol() -> None:
    assert [m["type"] for m in live(App())] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_a_failing_startup_is_reported_with_its_traceback_and_raised() -> None:
    app = App()

    @app.lifespan
    @asynccontextmanager
    async def lifespan(app: App) -> AsyncIterator[None]:
        raise ConnectionError("no database at 5432")
        yield

    (failed,) = fail(app, ConnectionError, "no database at 5432", state={})
    assert failed["type"] == "lifespan.startup.failed"
    assert "no database at 5432" in failed["message"]
    assert "Traceback" in failed["message"]


def test_a_failing_shutdown_is_reported_as_one_and_raised() -> None:
    @asynccontextmanager
    async def lifespan(app: App) -> AsyncIterator[None]:
        yield
        raise ConnectionError("half closed")

    complete, failed = fail(App(lifespan=lifespan), ConnectionError, "half closed", state={})
    assert complete["type"] == "lifespan.startup.complete"
    assert failed["type"] == "lifespan.shutdown.failed"
    assert "half closed" in failed["message"]


@pytest.mark.parametrize("error", [SystemExit("no licence"), asyncio.CancelledError("no licence")], ids=repr)
@pytest.mark.parametrize("step", ["startup", "shutdown"])
def test_whatever_ends_the_lifespan_the_server_hears_that_it_failed(error: BaseException, step: str) -> None:
    @asynccontextmanager
    async def lifespan(app: App) -> AsyncIterator[None]:
        if step == "startup":
            raise error
        yield
        raise error

    *_, failed = fail(App(lifespan=lifespan), type(error), "no licence", state={})
    assert failed["type"] == f"lifespan.{step}.failed"
    assert "no licence" in failed["message"]


def test_state_on_a_server_without_it_says_so() -> None:
    @asynccontextmanager
    async def lifespan(app: App) -> AsyncIterator[dict[str, int]]:
        yield {"a": 1}

    sent = fail(App(lifespan=lifespan), RuntimeError, "the server does not support it")
    assert sent[0]["type"] == "lifespan.startup.failed"
    assert "app.state" in sent[0]["message"]


async def cancel_when_started(app: App) -> list[str]:
    """Start an application, cancel it, and give the types of what it sent."""
    started = asyncio.Event()
    sent: list[str] = []

    async def receive() -> Any:
        if not started.is_set():
            return LIFE[0]
        return await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message["type"])
        started.set()

    task = asyncio.create_task(app({"type": "lifespan", "state": {}}, receive, send))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    return sent


def test_cancelling_a_lifespan_cleans_up() -> None:
    story: list[str] = []

    @asynccontextmanager
    async def lifespan(app: App) -> AsyncIterator[None]:
        try:
            yield
        finally:
            story.append("down")

    asyncio.run(cancel_when_started(App(lifespan=lifespan)))
    assert story == ["down"]


def test_what_is_cancelled_after_its_start_failed_at_its_end_with_a_lifespan_and_without() -> None:
    @asynccontextmanager
    async def lifespan(app: App) -> AsyncIterator[None]:
        yield

    for app in (App(), App(lifespan=lifespan)):
        sent = asyncio.run(cancel_when_started(app))
        assert sent == ["lifespan.startup.complete", "lifespan.shutdown.failed"]


def test_an_asgi_middleware_sees_the_messages_of_start_and_end_and_may_add_to_the_state() -> None:
    story: list[str] = []

    class Watching:
        def __init__(self, app: ASGIApp) -> None:
            self.app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            assert isinstance(scope["app"], App)

            async def tell(message: Message) -> None:
                story.append(message["type"])
                await send(message)

            if scope["type"] == "lifespan":
                scope["state"]["pool"] = "of the middleware"
            await self.app(scope, receive, tell)

    @asynccontextmanager
    async def lifespan(app: App) -> AsyncIterator[dict[str, Any]]:
        story.append("up")
        yield {"db": "database"}
        story.append("down")

    app = App(lifespan=lifespan)
    app.add_middleware(Watching)
    app.host("{name:path}", App())

    @app.middleware("http")
    async def around(request: Request, call_next: Any) -> Any:
        return await call_next(request)

    with TestClient(app) as client:
        assert client.app_state == {"pool": "of the middleware", "db": "database"}
    assert story == ["up", "lifespan.startup.complete", "down", "lifespan.shutdown.complete"]


def test_a_middleware_that_cannot_be_made_is_a_failed_start() -> None:
    def make(app: ASGIApp) -> ASGIApp:
        raise ValueError("no number")

    app = App()
    app.add_middleware(make)
    (failed,) = fail(app, ValueError, "no number", state={})
    assert failed["type"] == "lifespan.startup.failed"
    assert "no number" in failed["message"]


def note_life(said: list[str], name: str, around: Any = None) -> Any:
    """A lifespan that says when it begins and ends, inside `around` if there is one, and what it adds."""

    @asynccontextmanager
    async def life(app: App) -> AsyncIterator[dict[str, Any]]:
        async with around(app) if around is not None else nullcontext() as state:
            said.append(f"{name} begins")
            yield {**(state or {}), name: len(said)}
            said.append(f"{name} ends")

    return life


def test_a_library_sets_a_lifespan_around_the_one_that_was_there() -> None:
    said: list[str] = []
    app, router = App(lifespan=note_life(said, "own")), Router()
    app.router.lifespan_context = note_life(said, "first", app.router.lifespan_context)
    app.router.lifespan_context = note_life(said, "second", app.router.lifespan_context)
    router.lifespan_context = note_life(said, "included", router.lifespan_context)
    app.include_router(router)  # later, and it counts all the same

    @app.get("/")
    def state(request: Request) -> dict[str, Any]:
        return dict(request.scope["state"])

    with TestClient(app) as client:
        assert client.get("/").json() == {"own": 1, "included": 2, "first": 3, "second": 4}
    assert said == [
        *(f"{name} begins" for name in ("own", "included", "first", "second")),
        *(f"{name} ends" for name in ("second", "first", "included", "own")),
    ]


def test_what_is_set_without_the_one_before_takes_its_place() -> None:
    said: list[str] = []
    app = App(lifespan=note_life(said, "own"))
    app.router.lifespan_context = note_life(said, "other")
    with TestClient(app):
        assert said == ["other begins"]
    with pytest.raises(TypeError, match="cannot be called"):
        app.router.lifespan_context = 5  # type: ignore[assignment]  # what it is about


@pytest.mark.parametrize(
    ("app_has_lifespan", "expected"),
    [
        pytest.param(
            False, "app up, outer up, inner up, in, out, inner down, outer down, app down", id="no lifespan"
        ),
        pytest.param(True, "in, in, in, out, out, out", id="a lifespan"),
    ],
)
def test_functions_beside_a_lifespan_are_called_where_an_includer_has_none(
    app_has_lifespan: bool, expected: str
) -> None:
    story: list[str] = []

    @asynccontextmanager
    async def lifespan(app: App) -> AsyncIterator[None]:
        story.append("in")
        yield
        story.append("out")

    def functions(name: str) -> dict[str, Any]:
        up, down = (lambda: story.append(f"{name} up")), (lambda: story.append(f"{name} down"))
        return {"on_startup": [up], "on_shutdown": [down]}

    app = App(lifespan=lifespan if app_has_lifespan else None, **functions("app"))
    outer = Router(lifespan=lifespan if app_has_lifespan else None, **functions("outer"))
    outer.include_router(Router(lifespan=lifespan, **functions("inner")))
    app.include_router(outer)
    live(app)
    assert ", ".join(story) == expected


def test_a_coroutine_function_is_no_lifespan_and_says_so() -> None:
    async def start(app: App) -> None: ...

    app = App(lifespan=start)  # type: ignore[arg-type]  # that is the mistake
    with (
        pytest.raises(TypeError, match=r"start gave <coroutine object .*with @asynccontextmanager"),
        TestClient(app),
    ):
        pass
