"""An application is known by its class, also below what wraps it, and its adapter is loaded only then."""

import functools
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inspector.adapters.detection import ADAPTERS, adapter_name, find_adapter, find_framework_app
from miniframework.app import App
from tests.adapters.conftest import RunProgram

ROOT = Path(__file__).parent.parent.parent


class KeepsIt:
    """A wrapper that keeps what it wraps under a name."""

    def __init__(self, name: str, app: Any) -> None:
        setattr(self, name, app)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...


class Slotted:
    __slots__ = ("app",)

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...


class Served:
    """Something that serves by a bound method."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def serve(self, scope: Any, receive: Any, send: Any) -> None: ...


def closing_over(*apps: Any) -> Callable[..., Any]:
    async def wrapper(scope: Any, receive: Any, send: Any) -> None:
        await apps_by_name["first"](scope, receive, send)

    apps_by_name = {"first": apps[0]}

    async def direct(scope: Any, receive: Any, send: Any) -> None:
        await app(scope, receive, send)

    app = apps[0]
    if len(apps) == 1:
        return direct
    other = apps[1]

    async def choosing(scope: Any, receive: Any, send: Any) -> None:
        await (app if scope["path"] == "/" else other)(scope, receive, send)

    return choosing


def naming(names: dict[str, Any]) -> Any:
    """A function of a module in which these names stand."""
    source = "async def asgi(scope, receive, send):\n" + "".join(
        f"    await {name}(scope, receive, send)\n" for name in names
    )
    exec(source, names)  # a module of our own making
    return names["asgi"]


async def calls_with(app: Any, scope: Any, receive: Any, send: Any) -> None: ...


def decorated(app: Any) -> Callable[..., Any]:
    async def wrapper(scope: Any, receive: Any, send: Any) -> None: ...

    wrapper.__wrapped__ = app  # type: ignore[attr-defined]
    return wrapper


WRAPPINGS: dict[str, Callable[[Any], Any]] = {
    "itself": lambda app: app,
    **{
        name: functools.partial(KeepsIt, name)
        for name in (
            "app",
            "_app",
            "asgi_app",
            "wrapped",
            "wrapped_app",
            "application",
            "inner",
            "other_asgi_app",
            "starlette_app",
            "fastapi_app",
        )
    },
    "a slot": Slotted,
    "a bound method": lambda app: Served(app).serve,
    "a partial": lambda app: functools.partial(calls_with, app),
    "__wrapped__": decorated,
    "any other name": functools.partial(KeepsIt, "our_api"),
    "a closure": closing_over,
    "a global name": lambda app: naming({"our_api": app}),
    "five of them": lambda app: closing_over(
        Slotted(Served(functools.partial(calls_with, decorated(app))).serve)
    ),
}


@pytest.mark.parametrize("wrap", WRAPPINGS.values(), ids=WRAPPINGS)
def test_an_application_is_found_behind_what_wraps_it(wrap: Callable[[Any], Any]) -> None:
    app = App()
    adapter = find_adapter(wrap(app))
    assert adapter is not None
    assert adapter.framework == "miniframework"
    assert find_framework_app(wrap(app)) is app


def test_an_application_is_found_behind_a_proxy_written_in_c(run_program: RunProgram) -> None:
    assert run_program("wrapped", "wrapped") == {"object": True, "called": True, "twice": True}


def test_a_function_that_chooses_between_two_applications_has_no_adapter() -> None:
    assert find_adapter(closing_over(App(), App())) is None
    assert find_adapter(naming({"first": App(), "second": App()})) is None


def test_what_no_framework_made_has_no_adapter() -> None:
    async def plain(scope: Any, receive: Any, send: Any) -> None: ...

    for app in (plain, Slotted(plain), object(), None, App, 7):
        assert find_adapter(app) is None


def test_wrappers_that_lead_into_each_other_come_to_an_end() -> None:
    first = KeepsIt("app", None)
    first.app = KeepsIt("app", first)  # type: ignore[attr-defined]
    assert find_adapter(first) is None


def test_no_property_of_a_wrapper_is_run() -> None:
    class Property:
        @property
        def app(self) -> Any:
            raise AssertionError("it ran")

        def __getattr__(self, name: str) -> Any:
            raise AssertionError("it ran")

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...

    assert find_adapter(Property()) is None


def test_a_framework_is_known_by_the_names_of_its_classes_and_a_subclass_by_its_bases() -> None:
    for qualified, adapter in ADAPTERS.items():
        module, _, name = qualified.rpartition(".")
        known = type(name, (), {"__module__": module, "__qualname__": name})
        assert adapter_name(known()) == adapter
        assert adapter_name(type("Own", (known,), {})()) == adapter


def test_each_framework_that_is_known_has_its_adapter() -> None:
    folder = ROOT / "inspector" / "adapters"
    there = {".".join(place.relative_to(folder).with_suffix("").parts) for place in folder.rglob("*.py")}
    assert set(ADAPTERS.values()) - there == set()


def test_looking_for_an_adapter_imports_no_framework_and_nothing_of_the_dashboard() -> None:
    program = """
import sys
from inspector.adapters.detection import find_adapter
assert find_adapter(lambda scope, receive, send: None) is None
names = {name.partition('.')[0] for name in sys.modules}
foreign = {'starlette', 'fastapi', 'django', 'pydantic', 'jinja2', 'uvicorn', 'click', 'websockets'}
print(sorted(names & foreign))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_our_own_framework_is_asked_as_it_serves() -> None:
    inner = App()
    inner.get("/deep/{number:int}")(lambda number: number)
    app = App()
    app.get("/items/{item_id}")(lambda item_id: item_id)
    app.websocket("/feed")(lambda websocket: None)
    app.mount("/inner", inner)
    adapter = find_adapter(app)
    assert adapter is not None

    def said(method: str, path: str) -> Any:
        asked = adapter.ask(method, path)
        way = [route.path for route in asked.way]
        return asked.outcome, way, dict(asked.params), asked.allow, asked.location, asked.status

    assert said("GET", "/items/a%20b") == ("match", ["/items/{item_id}"], {"item_id": "a b"}, (), None, None)
    deep = ["/inner", "/deep/{number:int}"]
    assert said("GET", "/inner/deep/7") == ("match", deep, {"number": "7"}, (), None, None)
    assert said("POST", "/inner/deep/7") == ("method_not_allowed", [], {}, ("GET", "HEAD"), None, 405)
    assert said("GET", "/inner/deep/7/") == ("redirect", [], {}, (), "/inner/deep/7", 307)
    assert said("WEBSOCKET", "/feed") == ("match", ["/feed"], {}, (), None, None)
    assert said("WEBSOCKET", "/items/1") == ("websocket_mismatch", [], {}, (), None, 403)
    assert said("WEBSOCKET", "/nobody/here") == ("not_found", [], {}, (), None, 403)
    assert said("GET", "/feed") == ("not_found", [], {}, (), None, 404)
    mount = next(route for route in adapter.routes() if route.kind == "mount")
    assert "/deep/{number:int}" in [route.path for route in mount.inner or ()]
    entry = app.table.entries[0]
    assert [route.origin for route in adapter.find_taken({"type": "http", "route": entry})] == [entry]
