"""A live request of a foreign application is recorded with its route; the application is not harmed."""

import asyncio
import contextlib
import logging
import weakref
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import pytest

from inspector.adapters.adapter import READ_OF_SCOPE, AdaptedRoute, HostRule, Rules
from inspector.journal.memory import MemoryJournal
from inspector.model import Exchange, Routing
from inspector.recording.foreign import LendingTap, Lent, ScopeLent, lent
from inspector.recording.recorder import Recorder
from inspector.wiring.foreign_routing import ForeignRouting
from inspector.wiring.live_questions import question_of
from inspector.wiring.routing_reader import LiveReader
from miniframework.bus import EventBus
from miniframework.events import Event
from miniframework.http.url import strip_root_path
from miniframework.telling.story import Notes, Story
from miniframework.types import ASGIApp, Message, Receive, Scope, Send
from tests.inspector.inspection.tiny_framework import TinyAdapter, TinyApp, listed, mounted

ROUTES = (
    listed("/users/{user}"),
    listed("/users/{user}", frozenset({"DELETE"})),
    mounted("/sub", listed("/things/{thing}")),
    listed("/sub/late"),
)
Fields = Mapping[str, Any]


class Recorded:
    """An application that is recorded, called without a server."""

    def __init__(
        self, adapter: TinyAdapter, app: ASGIApp | None = None, *, with_listener: bool = False
    ) -> None:
        self.journal = MemoryJournal()
        self.reader = LiveReader(ForeignRouting(adapter))
        self.recorder = Recorder(self.journal, routing=self.reader)
        bus = EventBus()
        bus.keep(self.recorder)
        if with_listener:  # then the recorder hears events, too
            bus.subscribe(lambda _: None)
        self._tap = LendingTap(app or TinyApp(adapter), bus, READ_OF_SCOPE)

    def call(self, path: str, method: str = "GET", **scope: Any) -> Exchange:
        """The exchange of one request."""
        asyncio.run(self._call({"type": "http", "method": method, "path": path, "headers": [], **scope}))
        self.recorder.flush()
        return self.newest()

    def newest(self) -> Exchange:
        """The exchange that was stored last."""
        [*_, row] = self.journal.rows(1000)[1]
        exchange = self.journal.exchange(row["id"])
        assert exchange is not None
        return exchange

    async def _call(self, scope: Scope) -> None:
        async def receive() -> Message:
            return {"type": "http.request", "body": b""}

        async def send(message: Message) -> None: ...

        await self._tap({"raw_path": scope["path"].encode(), **scope}, receive, send)


@pytest.fixture
def recorded() -> Recorded:
    return Recorded(TinyAdapter(routes_listed=ROUTES))


def test_the_route_that_was_taken_is_recorded_with_its_parameters(recorded: Recorded) -> None:
    exchange = recorded.call("/users/ann", "DELETE")
    [step] = exchange.steps
    assert (exchange.routing, step.index, step.template) == (Routing.MATCHED, 1, "/users/{user}")
    assert (step.raw_params, step.spans) == ((("user", "ann"),), ((7, 10),))
    [parameter] = exchange.parameters
    assert (parameter.raw, parameter.value, parameter.value_type) == ("ann", "'ANN'", "str")
    snapshot = recorded.journal.table(step.table)
    assert snapshot is not None
    assert snapshot["framework"]["name"] == "Tiny"


@pytest.mark.parametrize("path", ["/users/ann", "/sub/things/7", "/sub/late", "/nowhere"])
@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_notes_and_events_of_a_request_tell_the_same_of_its_route(path: str, method: str) -> None:
    noted, heard = (
        Recorded(TinyAdapter(routes_listed=ROUTES), with_listener=way).call(
            path, method, http_version="1.1", scheme="http", query_string=b"", root_path="", client=None,
            server=None,
        )
        for way in (False, True)
    )  # fmt: skip
    for name in ("scope", "routing", "steps", "allow", "location", "parameters", "status", "state"):
        assert getattr(noted, name) == getattr(heard, name), name


def test_a_mount_is_a_step_of_its_own(recorded: Recorded) -> None:
    exchange = recorded.call("/sub/things/7")
    assert [(step.index, step.template, step.path) for step in exchange.steps] == [
        (2, "/sub", "/sub/things/7"),
        (0, "/things/{thing}", "/things/7"),
    ]
    assert exchange.route_path == "/sub/things/{thing}"


@pytest.mark.parametrize(
    ("method", "path", "routing", "allow", "steps"),
    [
        ("GET", "/nowhere", Routing.NOT_FOUND, (), [None]),
        ("GET", "/sub/late", Routing.NOT_FOUND, (), [2, None]),
        ("PUT", "/users/1", Routing.METHOD_NOT_ALLOWED, ("DELETE", "GET"), [None]),
    ],
)
def test_what_no_route_takes_is_recorded_as_the_router_says(
    recorded: Recorded,
    method: str,
    path: str,
    routing: Routing,
    allow: tuple[str, ...],
    steps: list[int | None],
) -> None:
    exchange = recorded.call(path, method)
    assert (exchange.routing, exchange.allow) == (routing, allow)
    assert [step.index for step in exchange.steps] == steps


def test_what_a_middleware_answered_is_not_said_to_be_routed() -> None:
    adapter = TinyAdapter(routes_listed=ROUTES)

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/users/me":
            await send({"type": "http.response.start", "status": 401, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await TinyApp(adapter)(scope, receive, send)

    recorded = Recorded(adapter, guarded)
    assert recorded.call("/users/1").routing is Routing.MATCHED
    refused = recorded.call("/users/me")
    assert (refused.routing, refused.steps, refused.status) == (Routing.UNKNOWN, (), 401)


class Rewriting:
    """An application whose router leaves the scope as it is, behind a middleware that changes it in place."""

    def __init__(self, adapter: TinyAdapter, *, names_routes: bool = True, **changes: Any) -> None:
        self.adapter = adapter
        self.names_routes = names_routes
        self.changes = changes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith("/old"):
            scope.update(self.changes)
        path = strip_root_path({"path": scope["path"], "root_path": scope.get("root_path", "")})
        asked = self.adapter.ask(scope["method"], quote(path))
        if asked.way and self.names_routes:
            scope["route"] = asked.way
        await send({"type": "http.response.start", "status": asked.status or 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@pytest.mark.parametrize("names_routes", [True, False], ids=["names its routes", "names none"])
@pytest.mark.parametrize("is_usual", [True, False], ids=["usual scope", "other scope"])
@pytest.mark.parametrize(
    ("method", "came", "changes", "status", "routing", "asked"),
    [
        ("PUT", "/old/1/", {"path": "/users/1"}, 405, Routing.METHOD_NOT_ALLOWED, "/users/1"),
        ("GET", "/old/users/1", {"path": "/users/1"}, 200, Routing.MATCHED, "/users/1"),
        ("PUT", "/old/users/1", {"path": "/users/1"}, 405, Routing.METHOD_NOT_ALLOWED, "/users/1"),
        ("GET", "/old/nothing", {"path": "/a b"}, 404, Routing.NOT_FOUND, "/a b"),
        ("GET", "/old/users/1", {"root_path": "/old"}, 200, Routing.MATCHED, "/users/1"),
        ("PUT", "/old/users/1", {"root_path": "/old"}, 405, Routing.METHOD_NOT_ALLOWED, "/users/1"),
        ("POST", "/old/1", {"path": "/users/1", "method": "DELETE"}, 200, Routing.MATCHED, "/users/1"),
        ("GET", "/old", {"method": "PUT", "path": "/users/1"}, 405, Routing.METHOD_NOT_ALLOWED, "/users/1"),
    ],
)
def test_what_a_middleware_changes_in_place_is_what_the_router_was_asked_for(
    method: str,
    came: str,
    changes: Fields,
    status: int,
    routing: Routing,
    asked: str,
    names_routes: bool,
    is_usual: bool,
) -> None:
    adapter = TinyAdapter(routes_listed=ROUTES)
    recorded = Recorded(adapter, Rewriting(adapter, names_routes=names_routes, **changes))
    recorded.call("/users/ann")  # whether it names its routes is seen with the first that it takes
    more = {"http_version": "1.1", "scheme": "http", "query_string": b"", "client": None, "server": None}
    exchange = recorded.call(came, method, root_path="", **(more if is_usual else {}))
    assert (exchange.scope.path, exchange.status) == (came, status)
    assert (exchange.routing, [step.path for step in exchange.steps]) == (routing, [asked])
    if routing is Routing.MATCHED:
        assert exchange.steps[0].raw_params == (("user", "1"),)


def test_a_raw_path_that_a_middleware_changes_in_place_is_asked_for() -> None:
    adapter = TinyAdapter(routes_listed=ROUTES, rules=Rules(path="raw", redirect_slashes=False))
    recorded = Recorded(adapter, Rewriting(adapter, path="/users/a/b", raw_path=b"/users/a%2Fb"))
    exchange = recorded.call("/old", "PUT")
    assert (exchange.status, exchange.routing) == (404, Routing.NOT_FOUND), "this router looked at the path"

    class OfTheRawPath(Rewriting):
        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            scope.update(self.changes)
            await TinyApp(self.adapter)(scope, receive, send)

    recorded = Recorded(adapter, OfTheRawPath(adapter, path="/users/a/b", raw_path=b"/users/a%2Fb"))
    refused = recorded.call("/old", "PUT")
    assert (refused.status, refused.routing) == (405, Routing.METHOD_NOT_ALLOWED)
    assert [step.path for step in refused.steps] == ["/users/a%2Fb"]


def test_a_path_that_a_router_cuts_on_entering_a_mount_is_not_taken_for_a_rewritten_one() -> None:
    adapter = TinyAdapter(routes_listed=(*ROUTES, listed("/things/{thing}")))

    async def cutting(scope: Scope, receive: Receive, send: Send) -> None:
        status = adapter.ask(scope["method"], scope["path"]).status
        scope["path"], scope["root_path"] = scope["path"].removeprefix("/sub"), "/sub"
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    recorded = Recorded(adapter, cutting)
    assert [step.index for step in recorded.call("/sub/none").steps] == [2, None]
    assert [step.index for step in recorded.call("/sub/things/7", "PUT").steps] == [2, None]


def test_what_a_middleware_answered_after_it_changed_the_path_is_not_said_to_be_routed() -> None:
    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        scope["path"] = "/users/me"
        await send({"type": "http.response.start", "status": 401, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    assert Recorded(TinyAdapter(routes_listed=ROUTES), guarded).call("/x", "PUT").routing is Routing.UNKNOWN


def test_an_answer_that_does_not_fit_the_router_came_from_elsewhere() -> None:
    async def static(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"file"})

    adapter = TinyAdapter(routes_listed=ROUTES)
    assert Recorded(adapter, static).call("/logo.png").routing is Routing.UNKNOWN


@pytest.mark.parametrize("mark", [{"router": "its router"}, {"path_params": {}}], ids=["router", "params"])
@pytest.mark.parametrize(
    ("method", "path", "routing"),
    [("GET", "/logo.png", Routing.NOT_FOUND), ("PUT", "/users/1", Routing.METHOD_NOT_ALLOWED)],
)
def test_another_answer_is_the_router_s_where_it_has_left_its_mark(
    mark: dict[str, Any], method: str, path: str, routing: Routing
) -> None:
    exchange = Recorded(TinyAdapter(routes_listed=ROUTES), answering(200, mark)).call(path, method)
    assert (exchange.status, exchange.routing) == (200, routing)


def test_a_mark_of_the_router_around_a_mount_says_nothing_of_what_is_mounted() -> None:
    adapter = TinyAdapter(routes_listed=ROUTES)
    left = {"router": Router(), "path_params": {}, "root_path": "/sub", "endpoint": print}
    assert Recorded(adapter, answering(200, left)).call("/sub/none").routing is Routing.UNKNOWN
    exchange = Recorded(adapter, answering(200, {**left, "endpoint": Router()})).call("/sub/none")
    assert (exchange.routing, [step.index for step in exchange.steps]) == (Routing.NOT_FOUND, [2, None])


class Router:
    """Stands for a framework's router, as it is found in a scope."""


def answering(status: int, left: dict[str, Any]) -> ASGIApp:
    """An application that leaves this in its scope and answers with a status."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scope.update(left)
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return app


def test_an_answer_in_pieces_is_told_with_its_route() -> None:
    adapter = TinyAdapter(routes_listed=ROUTES)

    async def pieces(scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = adapter.ask("GET", scope["path"]).way
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"one", "more_body": True})
        await send({"type": "http.response.body", "body": b"two"})

    recorded = Recorded(adapter, pieces)
    exchange = recorded.call(
        "/users/ann", http_version="1.1", scheme="http", query_string=b"", root_path="", client=None,
        server=None,
    )  # fmt: skip
    assert (exchange.routing, exchange.response_body.data) == (Routing.MATCHED, b"onetwo")
    assert recorded.reader.errors() == 0


def test_an_application_that_leaves_nothing_in_its_scope_is_asked() -> None:
    class Silent(TinyAdapter):
        def find_taken(self, scope: Fields) -> Sequence[AdaptedRoute]:
            return ()

    exchange = Recorded(Silent(routes_listed=ROUTES)).call("/users/ann")
    assert (exchange.routing, exchange.steps[0].index) == (Routing.MATCHED, 0)


def test_an_adapter_that_fails_costs_the_routing_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(TinyAdapter):
        def find_taken(self, scope: Fields) -> Sequence[AdaptedRoute]:
            raise KeyError("the framework has changed")

    recorded = Recorded(Broken(routes_listed=ROUTES))
    with caplog.at_level(logging.ERROR):
        exchanges = [recorded.call("/users/1"), recorded.call("/users/2")]
    assert [(one.status, one.routing) for one in exchanges] == [(200, Routing.UNKNOWN)] * 2
    assert recorded.reader.errors() == 2
    assert recorded.recorder.stats()["adapter_errors"] == 2
    assert len([record for record in caplog.records if "adapter_errors" in record.getMessage()]) == 1


def test_routes_that_come_later_are_found_in_a_newer_table() -> None:
    adapter = TinyAdapter(routes_listed=ROUTES)
    ticks = iter(range(0, 1000, 10))
    routing = ForeignRouting(adapter, clock=lambda: float(next(ticks)))
    first = routing.table
    late = listed("/late")
    adapter.routes_listed += (late,)
    located = routing.locate((late,))
    assert located is not None
    assert located[1] == (4,)
    assert (routing.table is located[0], routing.table is first) == (True, False)
    routing.look_again()
    assert routing.table is located[0], "equal routes leave the table as it is"
    assert routing.locate((listed("/never"),)) is None


def test_a_raw_path_is_compared_where_the_framework_does_so() -> None:
    routes = (listed("/a/{x}"),)
    adapter = TinyAdapter(routes_listed=routes, rules=Rules(path="raw", redirect_slashes=False))
    exchange = Recorded(adapter).call("/a/b/c", raw_path=b"/a/b%2Fc")
    assert (exchange.steps[0].path, exchange.steps[0].raw_params) == ("/a/b%2Fc", (("x", "b%2Fc"),))


@pytest.mark.parametrize("path", ["/svc/users/ann", "/users/ann"])
def test_what_an_application_takes_off_by_itself_is_no_part_of_the_path_that_is_shown(path: str) -> None:
    adapter = TinyAdapter(routes_listed=ROUTES, rules=Rules(redirect_slashes=False, root_path="/svc"))
    [step] = Recorded(adapter).call(path, root_path="/svc").steps
    assert (step.path, step.template, step.raw_params) == ("/users/ann", "/users/{user}", (("user", "ann"),))
    missed = Recorded(adapter).call("/svc/nobody")
    assert (missed.routing, [step.path for step in missed.steps]) == (Routing.NOT_FOUND, ["/nobody"])
    assert question_of({"type": "http", "path": "/svc/users/ann", "root_path": "/svc"}, "/svc") == (
        "GET",
        "/svc/users/ann",
    )


@pytest.mark.parametrize(
    ("scope", "asked"),
    [
        ({"path": "/a b", "raw_path": b"/a%20b"}, "/a%20b"),
        ({"path": "/a/b", "raw_path": b"/a%2Fb?x=1"}, "/a%2Fb"),
        ({"path": "/a b"}, "/a%20b"),
        ({"path": "/root/a/b", "root_path": "/root", "raw_path": b"/root/a%2Fb"}, "/a%2Fb"),
        ({"path": "/root/a", "root_path": "/root", "raw_path": b"/a"}, "/a"),
    ],
)
def test_a_router_is_asked_about_the_path_below_the_root_path(scope: dict[str, Any], asked: str) -> None:
    assert question_of({"type": "http", "method": "GET", **scope}) == ("GET", asked)
    assert question_of({"type": "websocket", **scope})[0] == "WEBSOCKET"


class Kept:
    """A keeper that keeps the notes of every story."""

    def __init__(self) -> None:
        self.stories: list[Notes] = []

    def __call__(self, event: Event) -> None:
        raise AssertionError("it is alone on its bus, and is given stories")

    def begin(self, story: Story) -> bool:
        self.stories.append(story.notes)
        return True

    def keep(self, story: Story, event: Event) -> None:
        """Keep nothing: an error holds the frames it went through."""

    def lent(self) -> Lent:
        """What was lent last."""
        [held] = [note[2] for note in self.stories[-1][1:] if isinstance(note, tuple) and note[0] is lent]
        assert isinstance(held, Lent)
        return held


@pytest.mark.parametrize("as_story", [True, False])
def test_of_a_scope_only_what_is_read_outlives_the_call(as_story: bool) -> None:
    class Made:
        """What a framework makes for a request."""

    made: list[weakref.ref[Made]] = []
    heard: list[Lent] = []

    async def framework(scope: Scope, receive: Receive, send: Send) -> None:
        scope["framework.request"] = request = Made()
        made.append(weakref.ref(request))
        scope["path_params"] = {"user": "ann"}
        assert find_lent().read() is scope, "while it runs, all can be read"
        if scope["path"] == "/broken":
            raise ZeroDivisionError

    async def call(path: str) -> None:
        with contextlib.suppress(ZeroDivisionError):
            await tap({"type": "http", "path": path, "headers": []}, receive, send)

    async def receive() -> Message:
        raise AssertionError("nobody asks")

    async def send(message: Message) -> None: ...

    def hear(event: Event) -> None:
        if isinstance(event, ScopeLent):
            heard.append(event.scope)

    def find_lent() -> Lent:
        return kept.lent() if as_story else heard[-1]

    bus, kept = EventBus(), Kept()
    if as_story:
        bus.keep(kept)
    else:
        bus.subscribe(hear)
    tap = LendingTap(framework, bus, READ_OF_SCOPE)
    for path in ("/users/ann", "/broken"):
        asyncio.run(call(path))
        assert find_lent().read() == {"type": "http", "path": path, "path_params": {"user": "ann"}}
    assert [one() for one in made] == [None, None]


class OfSomeHost(TinyAdapter):
    """Leaves nothing in the scope."""

    def find_taken(self, scope: Fields) -> Sequence[AdaptedRoute]:
        return ()


def test_a_router_that_is_asked_about_a_live_request_is_asked_with_its_host() -> None:
    rule = HostRule(regex=r"shop\.example", sample=None)
    hosted = listed("/offers", condition="host shop.example", host=rule)
    recorded = Recorded(OfSomeHost(routes_listed=(hosted, listed("/{page}"))))
    there = recorded.call("/offers", headers=[(b"host", b"shop.example:8000")])
    assert [step.index for step in there.steps] == [0]
    elsewhere = recorded.call("/offers", headers=[(b"host", b"elsewhere")])
    assert [step.index for step in elsewhere.steps] == [1]


class OfAMount(TinyAdapter):
    """Leaves the mount in the scope, and nothing of what is behind it."""

    def find_taken(self, scope: Fields) -> Sequence[AdaptedRoute]:
        return tuple(super().find_taken(scope))[:1]


def test_below_a_mount_of_another_framework_that_says_nothing_its_router_is_asked() -> None:
    inner = TinyAdapter(routes_listed=(listed("/things/{thing}"),), framework="Inner")
    mount = mounted("/sub", *inner.routes_listed, inner_by=inner)
    recorded = Recorded(OfAMount(routes_listed=(listed("/users/{user}"), mount)))
    assert [step.template for step in recorded.call("/sub/things/7").steps] == ["/sub", "/things/{thing}"]
    missed = recorded.call("/sub/none")
    assert (missed.routing, missed.status) == (Routing.NOT_FOUND, 404)
    table = recorded.journal.table(missed.steps[0].table)
    assert table is not None
    assert table["routes"][1]["table"]["framework"]["name"] == "Inner"
