"""The plugin in a pytest of its own: it explains refused requests of failing tests and counts routes."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import dev
from tests import warm

ROOT = Path(__file__).parents[3]

SHOP = """
from miniframework import App, HTTPException

def make():
    app = App(openapi_url="/openapi.json")

    @app.get("/items/{item_id:int}")
    def get_item(item_id: int) -> dict[str, int]:
        if item_id == 404:
            raise HTTPException(404, "sold out")
        return {"id": item_id}

    @app.post("/items")
    def add_item(body: dict[str, int], size: int) -> None: ...

    @app.get("/never")
    def never() -> None: ...

    @app.websocket("/live")
    async def live(socket) -> None:
        await socket.accept()
        await socket.close()

    return app

app = make()
"""

HEAD = """
import asyncio
import pytest
from miniframework.testing import TestClient
import shop
client = TestClient(shop.app)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shop.py").write_text(SHOP, encoding="utf-8")
    return tmp_path


def run_tests(folder: Path, tests: str, *options: str) -> tuple[int, str]:
    """The exit code, and what pytest with nothing but our plugin (and xdist) says."""
    (folder / "test_shop.py").write_text(HEAD + tests, encoding="utf-8")
    return run_pytest(folder, *options)


def run_pytest(folder: Path, *options: str, first: Sequence[Path] = ()) -> tuple[int, str]:
    plugins = ["-p", "inspector.pytest_plugin", "-p", "xdist", "-p", "no:cacheprovider"]
    run = warm.run_anew if first else warm.run  # a fork has imported its libraries already, not these
    done = run(
        *("-m", "pytest", *plugins, *options),
        folder=folder,
        environment={
            **os.environ,
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTHONPATH": os.pathsep.join(map(str, (*first, ROOT))),
            "PYTEST_ADDOPTS": "",
        },
    )
    return done.returncode, done.stdout + done.stderr


def section_of(output: str, test: str) -> str:
    """Our section of the report of one test, "" without one."""
    reports = re.split(r"^_{4,} (\w+) _{4,}$", output, flags=re.MULTILINE)
    report = dict(zip(reports[1::2], reports[2::2], strict=True))[test]
    _, found, section = report.partition(" Route Inspector ")
    return section if found else ""


EXPLAINED = """
def test_not_found(): assert client.get("/items/x").status_code == 200
def test_method(): assert client.delete("/items/1").status_code == 200
def test_parameters(): assert client.post("/items", json={"a": "b"}).status_code == 200
def test_handler(): assert client.get("/items/404").status_code == 200
def test_elsewhere(): assert client.get("/items/1").status_code == 201
def test_passing(): assert client.get("/nowhere").status_code == 404
def test_slash(): assert client.get("/never/", follow_redirects=False).status_code == 200
def test_followed(): assert client.get("/never/").status_code == 201

def test_led_by_handler():
    from miniframework import RedirectResponse
    app = shop.make()
    app.get("/leave")(lambda: RedirectResponse("/never/"))
    assert TestClient(app).get("/leave", follow_redirects=False).status_code == 200

def test_httpx():
    import httpx
    async def ask():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(shop.app), base_url="http://t") as http:
            return (await http.get("/item/1")).status_code
    assert asyncio.run(ask()) == 200

def test_handshake():
    with client.websocket_connect("/lives"):
        pass

@pytest.fixture
def made():
    assert client.get("/fixture").status_code == 200

def test_fixture(made): pass

def test_many():
    for number in range(9):
        client.get(f"/a/{number}")
        client.get(f"/a/{number}")
    assert 0

def test_raises():
    app = shop.make()
    error = ValueError("mine")
    @app.get("/raise")
    def broken(): raise error
    with pytest.raises(ValueError) as raised:
        TestClient(app).get("/raise")
    assert raised.value is error

from miniframework.app import App
BEFORE = App.__call__

def test_listens(pytestconfig):
    class Look:
        def pytest_sessionfinish(self): print("PUT BACK", App.__call__ is BEFORE)
    pytestconfig.pluginmanager.register(Look())
    assert App.__call__ is not BEFORE
"""


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What pytest says of all of them; the run itself is the slow part."""
    folder = tmp_path_factory.mktemp("explained")
    (folder / "shop.py").write_text(SHOP, encoding="utf-8")
    code, output = run_tests(folder, EXPLAINED, "-s")
    assert (code, "11 failed, 3 passed, 1 error" in output) == (1, True), output
    return output


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ("test_not_found", "GET /items/x was answered 404."),
        ("test_not_found", "int refuses “x” at “x”: expected a digit 0-9"),
        ("test_method", "path matches, method is DELETE; allowed: GET"),
        (
            "test_parameters",
            "Routing found /items (shop:make.<locals>.add_item); its parameters or body were",
        ),
        ("test_parameters", '"loc":["query","size"]'),
        ("test_handler", "the answer came from there, not from the router"),
        ("test_httpx", "GET /item/1 was answered 404."),
        ("test_handshake", "WEBSOCKET /lives was answered 403."),
        ("test_slash", "GET /never/ was answered 307."),
        ("test_slash", "GET “/never/” is redirected to “/never”"),
    ],
)
def test_a_failing_test_is_told_why_its_requests_were_refused(explained: str, test: str, said: str) -> None:
    assert said in section_of(explained, test)


def test_a_failing_fixture_is_told_too(explained: str) -> None:
    assert "GET /fixture was answered 404." in explained


@pytest.mark.parametrize("test", ["test_elsewhere", "test_followed", "test_led_by_handler"])
def test_a_failure_without_a_refusal_has_no_section(explained: str, test: str) -> None:
    assert section_of(explained, test) == ""


def test_many_refusals_are_told_once_each_and_the_last_ones_only(explained: str) -> None:
    section = section_of(explained, "test_many")
    assert re.findall(r"GET /a/(\d) was answered 404", section) == ["4", "5", "6", "7", "8"]
    assert "4 earlier refusals are not shown." in section


def test_outside_of_a_test_the_classes_are_as_they_were(explained: str) -> None:
    assert "PUT BACK True" in explained


COVERING = """
def test_one(): assert client.get("/items/1").status_code == 200
def test_two(): assert client.post("/items").status_code == 422
def test_new(): assert TestClient(shop.make()).get("/items/2").status_code == 200
"""


@pytest.mark.parametrize("options", [[], ["-n", "2"]], ids=["one process", "two workers"])
def test_the_routes_that_no_test_reached_are_listed_and_too_few_fail(
    folder: Path, options: list[str]
) -> None:
    code, output = run_tests(
        folder, COVERING, *options, "--route-coverage", "shop:app", "--route-coverage-fail-under", "51"
    )
    assert code == 1
    assert "3 passed" in output
    assert re.findall(r"not reached: (\S+ \S+)", output) == ["GET,HEAD /never", "WEBSOCKET /live"]
    assert "2 of 4 routes of shop:app reached (50.0 %)" in output
    assert "of the framework's own documentation are not counted" in output
    assert "FAIL: less than 51 % of the routes" in output


def test_enough_routes_pass(folder: Path) -> None:
    code, output = run_tests(
        folder, COVERING, "--route-coverage", "shop:app", "--route-coverage-fail-under", "50"
    )
    assert (code, "FAIL" in output) == (0, False)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--route-coverage", "shop:nothing"], "did you mean shop:app?"),
        (["--route-coverage-fail-under", "50"], "needs --route-coverage"),
        (["--route-coverage", "shop:app", "--route-coverage-fail-under", "101"], "no percentage"),
    ],
)
def test_a_mistake_in_the_options_stops_before_the_tests(folder: Path, options: list[str], said: str) -> None:
    code, output = run_tests(folder, COVERING, *options)
    assert (code, said in output) == (4, True), output
    assert "passed" not in output


FOREIGN = """
import fastapi
from fastapi.testclient import TestClient

router = fastapi.APIRouter(prefix="/v1")

@router.get("/items/{item_id}")
async def get_item(item_id: int): ...

@router.post("/items")
async def add_item(): ...

app = fastapi.FastAPI()
app.include_router(router)

def test_missing(): assert TestClient(app).get("/v1/item/1").status_code == 200
def test_refused(): assert TestClient(app).get("/v1/items/x").status_code == 200
"""


def test_an_application_of_another_framework_is_explained_and_counted_by_its_own_router(
    tmp_path: Path,
) -> None:
    folders = dev.framework_folders("fastapi-newest")
    assert all(folder.exists() for folder in folders), "`python3 dev.py test` fetches what is missing"
    (tmp_path / "test_foreign.py").write_text(FOREIGN, encoding="utf-8")
    code, output = run_pytest(tmp_path, "-W", "ignore", "--route-coverage", "test_foreign:app", first=folders)
    assert code == 1
    assert "GET /v1/item/1 was answered 404." in section_of(output, "test_missing")
    assert "expected “items”, got “item”" in section_of(output, "test_missing")
    assert "Routing found /v1/items/{item_id} (test_foreign:get_item)" in section_of(output, "test_refused")
    assert "not reached: POST /v1/items" in output
    assert "1 of 2 routes of test_foreign:app reached" in output


FALCON = """
import falcon.asgi
import falcon.testing

class Items:
    async def on_get(self, request, response, number): ...

app = falcon.asgi.App()
app.add_route("/items/{number:int}", Items())

def test_method(): assert falcon.testing.TestClient(app).simulate_post("/items/1").status_code == 200
"""


def test_what_the_test_client_of_falcon_is_refused_is_explained(tmp_path: Path) -> None:
    folders = dev.framework_folders("falcon-newest")
    assert all(folder.exists() for folder in folders), "`python3 dev.py test` fetches what is missing"
    (tmp_path / "test_foreign.py").write_text(FALCON, encoding="utf-8")
    _, output = run_pytest(tmp_path, "-W", "ignore", first=folders)
    assert "POST /items/1 was answered 405." in section_of(output, "test_method")


DJANGO = """
import asyncio
import django
from django.conf import settings
from django.http import HttpResponse
from django.test import AsyncClient, Client
from django.urls import path

def read_item(request, number): return HttpResponse(str(number))

urlpatterns = [path("items/<int:number>/", read_item)]
application = lambda: get_asgi_application()
settings.configure(
    ROOT_URLCONF=__name__, SECRET_KEY="x", ALLOWED_HOSTS=["*"],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
)
django.setup()

def test_missing(): assert Client().get("/item/1/").status_code == 200
def test_slash(): assert Client().get("/items/1").status_code == 200
def test_found():
    assert Client().get("/items/1/").status_code == 200
    assert Client().get("/items/1", follow=True).status_code == 201
def test_asynchronous():
    async def ask(): return (await AsyncClient().get("/items/x/")).status_code
    assert asyncio.run(ask()) == 200

from django.core.asgi import get_asgi_application
from django.core.handlers.base import BaseHandler
BEFORE = BaseHandler.get_response

def test_listens(pytestconfig):
    class Look:
        def pytest_sessionfinish(self): print("PUT BACK", BaseHandler.get_response is BEFORE)
    pytestconfig.pluginmanager.register(Look())
    assert BaseHandler.get_response is not BEFORE
"""


def test_what_the_test_clients_of_django_are_refused_is_explained_and_counted(tmp_path: Path) -> None:
    folders = dev.framework_folders("django-newest")
    assert all(folder.exists() for folder in folders), "`python3 dev.py test` fetches what is missing"
    (tmp_path / "test_foreign.py").write_text(DJANGO, encoding="utf-8")
    options = ("-s", "-W", "ignore", "--route-coverage-factory", "test_foreign:application")
    _, output = run_pytest(tmp_path, *options, first=folders)
    assert "4 failed, 1 passed" in output, output
    assert "GET /item/1/ was answered 404." in section_of(output, "test_missing")
    assert "expected “items”, got “item”" in section_of(output, "test_missing")
    assert "GET /items/1 was answered 301." in section_of(output, "test_slash")
    assert "GET /items/1  →  301 Moved Permanently to /items/1/" in section_of(output, "test_slash")
    assert "int refuses “x”" in section_of(output, "test_asynchronous")
    assert section_of(output, "test_found") == ""
    assert "1 of 1 routes of test_foreign:application reached" in output
    assert "PUT BACK True" in output


def test_the_plugin_imports_nothing_of_routing_before_it_is_needed() -> None:
    look = "import sys, inspector.pytest_plugin; print(*(one for one in sys.modules if one[:4] == 'mini'))"
    done = subprocess.run(
        [sys.executable, "-c", look],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert set(done.stdout.split()) <= {"miniframework", "miniframework.records"}


def test_several_applications_are_covered_and_each_must_reach_its_share(folder: Path) -> None:
    (folder / "other.py").write_text(
        "from miniframework import App\n\n\ndef create_app():\n    app = App()\n"
        "    app.get('/left/alone', name='alone')(lambda: None)\n    return app\n"
    )
    options = ("--route-coverage", "shop:app", "--route-coverage-factory", "other:create_app")
    code, output = run_tests(folder, COVERING, *options, "--route-coverage-fail-under", "40")
    assert "routes of shop:app reached" in output
    assert "not reached: GET,HEAD /left/alone" in output
    assert "0 of 1 routes of other:create_app reached (0.0 %)" in output
    assert code == 1


def test_a_mistake_in_a_factory_names_its_option(folder: Path) -> None:
    code, output = run_tests(folder, COVERING, "--route-coverage-factory", "shop:app")
    assert (code, "--route-coverage-factory: " in output) == (4, True)
