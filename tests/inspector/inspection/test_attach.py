"""`inspector.attach`: the same answers for every application, and a plain word where there are none."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import inspector
from inspector.adapters.adapter import AdaptedRoute, Asked
from inspector.inspection import RouterFailedError, RoutesUnknownError
from inspector.inspection.attached import Attached
from miniframework import App, Router
from miniframework.types import Receive, Scope, Send
from tests.inspector.inspection.tiny_framework import TinyAdapter, TinyApp, listed, mounted, scan


def make_app() -> App:
    sub = App()

    @sub.get("/things/{thing}")
    def get_thing(thing: str) -> str:
        return thing

    app = App()

    @app.get("/users/{user_id}", name="user")
    def get_user(user_id: str) -> str:
        return user_id

    @app.get("/users/me")
    def get_me() -> str:
        return "me"

    @app.websocket("/ws")
    async def talk(websocket: object) -> None: ...

    app.mount("/sub", sub)
    return app


async def plain(scope: Scope, receive: Receive, send: Send) -> None:
    """An application of nobody's framework."""


class NoSuchRoute(LookupError):
    """What the user's own code raises."""


def attach_tiny(adapter: TinyAdapter) -> Attached:
    return Attached(TinyApp(adapter), adapter)


def make_hosted() -> App:
    """An application with two routers that are served by themselves: for a host, and below a path."""
    api, old = Router(), Router()

    @api.get("/ping")
    def ping() -> str:
        return "api"

    @old.get("/things/{thing}")
    def get_thing(thing: str) -> str:
        return thing

    app = App()
    app.host("api.example.org", api)
    app.mount("/old", old)
    return app


@pytest.mark.parametrize(
    ("path", "host", "outcome", "route"),
    [
        ("/ping", "api.example.org", "match", "1.1"),
        ("/pong", "api.example.org", "not_found", None),
        ("/ping/", "api.example.org:80", "redirect", None),
        ("/ping", None, "not_found", None),
        ("/old/things/7", None, "match", "2.1"),
        ("/old/nothing", None, "not_found", None),
    ],
)
def test_a_router_that_is_served_by_itself_is_asked(
    path: str, host: str | None, outcome: str, route: str | None
) -> None:
    found = inspector.attach(make_hosted()).explain("GET", path, host=host)
    assert (found.outcome, found.route and found.route.number) == (outcome, route)
    assert found.agrees
    assert found.unseen is None


def test_a_frontend_of_a_router_that_is_served_by_itself_is_asked(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("front", encoding="utf-8")
    router, app = Router(), App()
    router.frontend("/", directory=tmp_path)
    router.get("/ping")(lambda: 1)
    app.mount("/old", router)
    for path, number in (("/old/ping", "1.1"), ("/old/index.html", "1.2")):
        found = inspector.attach(app).explain("GET", path)
        assert (found.outcome, found.route and found.route.number) == ("match", number)
    said = "It has a condition (no route takes the path, with or without a slash at its end), which our"
    assert (found.agrees, said in found.sentence) == (False, True)


def test_the_routes_are_flat_and_have_the_prefixes_of_their_mounts() -> None:
    routes = [route for route in inspector.attach(make_app()).routes if "docs" not in route.path]
    assert [(route.number, route.kind, route.path) for route in routes[:5]] == [
        ("1", "http", "/users/{user_id}"),
        ("2", "http", "/users/me"),
        ("3", "websocket", "/ws"),
        ("4.1", "http", "/sub/things/{thing}"),
        ("4.2", "http", "/sub/openapi.json"),
    ]
    user = routes[0]
    assert (user.name, user.methods) == ("user", ("GET", "HEAD"))
    assert user.endpoint == f"{__name__}:make_app.<locals>.get_user"
    assert user.source is not None
    assert user.source.file == __file__
    assert routes[2].methods == ("WEBSOCKET",)


@pytest.mark.parametrize(
    ("method", "raw_path", "outcome", "path", "params"),
    [
        ("GET", "/users/me?x=1", "match", "/users/{user_id}", {"user_id": "me"}),
        ("GET", "/users/%C3%A9", "match", "/users/{user_id}", {"user_id": "é"}),
        ("GET", "/sub/things/1", "match", "/sub/things/{thing}", {"thing": "1"}),
        ("WEBSOCKET", "/ws", "match", "/ws", {}),
        ("GET", "/users/me/", "redirect", None, {}),
        ("PUT", "/users/1", "method_not_allowed", None, {}),
        ("GET", "/nowhere", "not_found", None, {}),
        ("GET", "/sub/nowhere", "not_found", None, {}),
        ("GET", "/ws", "not_found", None, {}),
        ("websocket", "/users/1", "websocket_mismatch", None, {}),
        ("WEBSOCKET", "/nowhere", "not_found", None, {}),
    ],
)
def test_a_request_is_explained_by_the_router_itself(
    method: str, raw_path: str, outcome: str, path: str | None, params: dict[str, str]
) -> None:
    found = inspector.attach(make_app()).explain(method, raw_path)
    assert (found.outcome, found.route and found.route.path) == (outcome, path)
    assert (dict(found.params), found.agrees) == (params, True)
    assert len(found.ladder.verdicts) == len(found.table.entries)
    assert json.loads(json.dumps(found.to_dict()))["ladder"]["verdicts"]


def test_a_405_names_the_methods_and_a_redirect_its_place() -> None:
    attached = inspector.attach(make_app())
    refused, sent = attached.explain("PUT", "/users/1"), attached.explain("GET", "/users/me/")
    assert (refused.status, refused.allow) == (405, ("GET", "HEAD"))
    assert (sent.status, sent.location) == (307, "/users/me")


def test_the_findings_are_one_a_method_and_name_who_is_to_blame() -> None:
    findings = inspector.attach(make_app()).check()
    [finding] = findings
    assert (finding.kind, finding.method, finding.exactness) == ("unreachable", "GET", "exact")
    assert (finding.route.path, [one.path for one in finding.by]) == ("/users/me", ["/users/{user_id}"])
    assert finding.witness == "/users/me"
    assert json.loads(json.dumps(findings.to_dict()))["findings"][0]["method"] == "GET"


def test_an_application_behind_the_inspector_is_found() -> None:
    wrapped = inspector.attach(inspector.Inspector(make_app()))
    assert wrapped.framework == "miniframework"
    assert wrapped.explain("GET", "/users/1").outcome == "match"


def test_an_application_of_nobody_has_no_routes_and_says_so() -> None:
    attached = inspector.attach(plain)
    assert (attached.framework, attached.version, attached.routes) == (None, None, ())
    for ask in (lambda: attached.explain("GET", "/"), attached.check, attached.doctor):
        with pytest.raises(RoutesUnknownError, match="requests only") as refused:
            ask()
        assert f"{__name__}.plain" in str(refused.value)


@pytest.mark.parametrize("app", [object(), lambda environ, start_response: []], ids=["no callable", "WSGI"])
def test_what_is_no_asgi_application_is_not_said_to_be_recordable(app: object) -> None:
    with pytest.raises(RoutesUnknownError, match="nor is it an ASGI application") as refused:
        inspector.attach(app).check()
    assert "requests only" not in str(refused.value)


def test_what_the_framework_raises_has_a_name_of_ours_and_the_place() -> None:
    class Refusing(TinyAdapter):
        def routes(self) -> Sequence[AdaptedRoute]:
            raise NoSuchRoute("no\nsuch route.")

    attached = attach_tiny(Refusing(routes_listed=(listed("/a"),)))
    for ask in (
        lambda: attached.routes,
        lambda: attached.explain("GET", "/a"),
        attached.check,
        attached.doctor,
    ):
        with pytest.raises(RouterFailedError) as failed:
            ask()
        error = failed.value
        assert (error.framework, error.reason) == ("Tiny", f"{__name__}.NoSuchRoute: no such route.")
        assert (error.place or "").startswith(f"{__file__}:")
        said = f"{error.place}: Tiny failed when its routes were read: {error.reason.rstrip('.')}; mend"
        assert str(error).startswith(said)
        assert isinstance(error.__cause__, NoSuchRoute)


def test_a_disagreement_is_said_and_the_router_wins() -> None:
    routes = (listed("/a/{x}"), listed("/a/b"))
    adapter = TinyAdapter(
        routes_listed=routes, router=lambda every, method, path: scan(every[::-1], method, path)
    )
    found = attach_tiny(adapter).explain("GET", "/a/b")
    assert (found.route and found.route.path, found.agrees) == ("/a/b", False)
    assert "Tiny's own router says: it goes to route 2, GET /a/b" in found.sentence
    assert attach_tiny(adapter).explain("GET", "/a/c").agrees


@pytest.mark.parametrize(("allow", "agrees"), [((), True), (("GET",), True), (("PUT",), False)])
def test_a_refusal_that_names_no_method_contradicts_none(allow: tuple[str, ...], agrees: bool) -> None:
    refused = Asked(outcome="method_not_allowed", allow=allow, status=405)
    adapter = TinyAdapter(routes_listed=(listed("/a"),), router=lambda *_: refused)
    assert attach_tiny(adapter).explain("POST", "/a").agrees is agrees


def test_routes_that_come_later_are_seen() -> None:
    adapter = TinyAdapter(routes_listed=(listed("/a"),))
    attached = attach_tiny(adapter)
    assert [route.path for route in attached.routes] == ["/a"]
    adapter.routes_listed += (listed("/b"),)
    assert attached.explain("GET", "/b").agrees
    assert [route.path for route in attached.routes] == ["/a", "/b"]


def test_a_mount_that_cannot_be_read_is_a_route() -> None:
    opaque = listed("/files", None, kind="mount")
    attached = attach_tiny(TinyAdapter(routes_listed=(opaque, mounted("/in", listed("/x")))))
    assert [(route.kind, route.path) for route in attached.routes] == [("mount", "/files"), ("http", "/in/x")]
    found = attached.explain("GET", "/files/logo.png")
    assert (found.outcome, found.route and found.route.path, found.agrees) == ("match", "/files", True)


def test_nothing_but_what_it_needs_is_imported() -> None:
    code = (
        "import sys; import inspector; inspector.attach; import inspector.adapters.detection;"
        "names = ('pydantic', 'jinja2', 'uvicorn', 'click', 'websockets');"
        "print([name for name in names if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_root_path_is_taken_off_before_the_picture_is_looked_at() -> None:
    around = App(docs_url=None, openapi_url=None)
    around.root_path = "/svc"
    around.mount("/shop", make_app())
    attached = inspector.attach(around)
    for raw_path in ("/svc/shop/users/7", "/shop/users/7"):
        found = attached.explain("GET", raw_path)
        assert (found.route and found.route.path, found.agrees) == ("/shop/users/{user_id}", True)
    assert attached.explain("GET", "/svcs/shop/users/7").outcome == "not_found"
    [finding] = attached.check()
    assert finding.witness == "/svc/shop/users/me"
    assert attached.explain("GET", finding.witness).route == finding.by[0]


def test_a_router_that_fails_with_a_request_is_told_with_its_status() -> None:
    failed = Asked(outcome="not_found", status=500)
    adapter = TinyAdapter(routes_listed=(listed("/users/{id}"),), router=lambda *_: failed)
    found = Attached(TinyApp(adapter), adapter).explain("GET", "/users/7")
    assert (found.outcome, found.status) == ("not_found", 500)
    assert "says: 500, its search for a route failed" in found.sentence
