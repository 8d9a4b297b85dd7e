"""The timeline of real requests: what stands in what, and how long it lasted."""

import dataclasses
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.model import Moment
from inspector.panels.timeline import timeline_panel
from inspector.panels.view import build_panels
from miniframework import App, BackgroundTasks, Depends, HTTPException, Request
from miniframework.middleware import Middleware
from miniframework.middleware.sessions import SessionMiddleware
from miniframework.templating import Jinja2Templates
from miniframework.types import ASGIApp, Receive, Scope, Send
from tests.inspector.recording.recording_world import Story, assemble, http_scope

Record = Callable[..., Any]
EXCHANGE = assemble(Story(http_scope()).events)


async def connect() -> AsyncIterator[str]:
    yield "connection"


def find_user(connection: Annotated[str, Depends(connect)]) -> str:
    return "ada"


def find_cart(
    user: Annotated[str, Depends(find_user)], connection: Annotated[str, Depends(connect)]
) -> list[str]:
    return []


class NamesUser:
    """Sets a header and a key of the scope, both secret."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [*scope["headers"], (b"X-User", b"hunter2")]
        await self.app({**scope, "headers": headers, "password": "hunter2"}, receive, send)


def make_app() -> App:
    app = App(middleware=[Middleware(NamesUser), Middleware(SessionMiddleware, "key")])
    templates = Jinja2Templates(env=jinja2.Environment(loader=jinja2.DictLoader({"a.html": "{{ a }}"})))

    @app.get("/cart")
    async def cart(found: Annotated[list[str], Depends(find_cart)], tasks: BackgroundTasks) -> list[str]:
        tasks.add_task(count_visit)
        return found

    @app.get("/page")
    async def page(request: Request) -> Any:
        return templates.TemplateResponse(request, "a.html", {"a": 1})

    @app.get("/private")
    async def private(user: Annotated[str, Depends(refuse)]) -> None: ...

    @app.get("/late")
    async def late(tasks: BackgroundTasks) -> None:
        tasks.add_task(fail_late)

    @app.get("/leaks", dependencies=[Depends(leak)])
    async def leaks() -> None: ...

    return app


async def leak() -> AsyncIterator[None]:
    yield
    raise OSError("still open")


def count_visit() -> None: ...


def refuse(connection: Annotated[str, Depends(connect)]) -> None:
    raise HTTPException(401)


def fail_late() -> None:
    raise OSError("disk full")


def timeline(seen: Any) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = build_panels(seen.exchange, seen.explanation, seen.table)["timeline"]
    return made


def told(lines: list[dict[str, Any]], *kinds: str) -> list[str]:
    return ["  " * line["depth"] + line["label"] for line in lines if line["kind"].startswith(kinds)]


def test_what_happens_inside_a_middleware_stands_inside_it(record: Record) -> None:
    lines = timeline(record(make_app(), "GET", "/page"))
    shown = [("  " * line["depth"] + line["kind"]) for line in lines]
    assert shown == [
        "RequestStarted",
        "MiddlewareEntered",
        "  ScopeChanged",
        "  MiddlewareEntered",
        "    ScopeChanged",
        "    RouteMatched",
        "    ParametersBound",
        "    EndpointStarted",
        "      TemplateRendered",
        "    EndpointFinished",
        "    ResponseStarted",
        "    ResponseBodySent",
        "  MiddlewareLeft",
        "MiddlewareLeft",
        "RequestFinished",
    ]


def test_the_keys_a_middleware_changed_are_named_and_their_values_are_not(record: Record) -> None:
    seen = record(make_app(), "GET", "/page", redact=False)
    assert [line.strip() for line in told(timeline(seen), "ScopeChanged")] == [
        "added password; replaced headers (x-user) (NamesUser)",
        "added session (SessionMiddleware)",
    ]
    assert "hunter2" not in repr(seen.exchange)


def test_dependencies_are_a_tree_with_what_was_shared_marked(record: Record) -> None:
    lines = timeline(record(make_app(), "GET", "/cart"))
    assert [line.strip() for line in told(lines, "DependencyCleanedUp")] == ["connect"]
    base = next(line["depth"] for line in lines if line["kind"] == "RouteMatched")
    assert told(lines, "DependencyResolved") == [
        "  " * (base + depth) + label
        for depth, label in [(0, "find_cart"), (1, "find_user"), (2, "connect"), (1, "connect (cached)")]
    ]


def test_a_dependency_covers_those_it_needs_and_its_own_time_does_not(record: Record) -> None:
    lines = timeline(record(make_app(), "GET", "/cart"))
    cart, user, connected, shared = (line for line in lines if line["kind"] == "DependencyResolved")
    assert cart["from_ms"] <= user["from_ms"] <= connected["from_ms"]
    assert cart["lasted_ms"] >= user["lasted_ms"] >= connected["lasted_ms"]
    assert cart["own_ms"] <= cart["lasted_ms"] - user["lasted_ms"] + 1e-9
    assert shared["lasted_ms"] == 0


def test_what_begins_and_ends_lasts_from_the_one_to_the_other(record: Record) -> None:
    lines = timeline(record(make_app(), "GET", "/cart"))
    pairs = {
        "MiddlewareEntered": "MiddlewareLeft",
        "EndpointStarted": "EndpointFinished",
        "BackgroundTaskStarted": "BackgroundTaskFinished",
    }
    for kind, ending in pairs.items():
        begun = next(line for line in lines if line["kind"] == kind)
        ended = next(line for line in lines if line["kind"] == ending and line["depth"] == begun["depth"])
        assert begun["from_ms"] + begun["lasted_ms"] == pytest.approx(ended["at_ms"])
        assert ended["lasted_ms"] is None


def test_a_background_task_is_a_span_behind_the_response(record: Record) -> None:
    lines = timeline(record(make_app(), "GET", "/cart"))
    kinds = [line["kind"] for line in lines]
    assert kinds.index("BackgroundTaskStarted") > kinds.index("ResponseBodySent")
    assert next(line["label"] for line in lines if line["kind"] == "BackgroundTaskStarted") == (
        "count_visit (in a thread)"
    )


def test_the_serialisation_of_a_value_says_how_large_and_how_long(record: Record) -> None:
    lines = timeline(record(make_app(), "GET", "/cart"))
    serialised = next(line for line in lines if line["kind"] == "ResponseSerialised")
    assert (serialised["label"], serialised["size"]) == ("JSONResponse", 2)
    assert serialised["lasted_ms"] > 0


def test_a_dependency_that_refuses_is_told_with_its_exception_and_what_it_needed(record: Record) -> None:
    lines = timeline(record(make_app(), "GET", "/private"))
    assert [line.strip() for line in told(lines, "Dependency")] == [
        "refuse: HTTPException",
        "connect",
        "connect",
    ]


def test_a_task_that_raises_is_named_and_so_is_the_answer_that_was_sent_before(record: Record) -> None:
    seen = record(make_app(), "GET", "/late")
    assert told(timeline(seen), "BackgroundTaskRaised")[0].strip() == "fail_late: OSError"
    assert seen.answer == (
        "200, sent whole; then the background task fail_late raised OSError: disk full, at test_timeline.py:"
        f"{fail_late.__code__.co_firstlineno + 1}."
    )


def test_a_clean_up_that_raises_after_the_response_is_named(record: Record) -> None:
    seen = record(make_app(), "GET", "/leaks")
    assert seen.answer.startswith(
        "200, sent whole; then the clean-up of leak raised OSError: still open, at "
    )


KINDS = st.sampled_from(
    [
        "MiddlewareEntered",
        "MiddlewareLeft",
        "EndpointStarted",
        "EndpointFinished",
        "DependencyResolved",
        "Other",
    ]
)


@given(st.lists(st.tuples(KINDS, st.integers(0, 3))))
def test_whatever_was_left_out_of_a_timeline_every_line_of_it_is_shown_once(
    told: list[tuple[str, int]],
) -> None:
    moments = tuple(
        Moment(at_ns=number * 1000, kind=kind, label=str(number), took_ns=500, depth=depth)
        for number, (kind, depth) in enumerate(told)
    )
    lines = timeline_panel(dataclasses.replace(EXCHANGE, timeline=moments))
    assert sorted(int(line["label"]) for line in lines) == list(range(len(told)))
    assert all(line["depth"] >= 0 and (line["lasted_ms"] or 0) >= 0 for line in lines)
