"""The files of a front end: asked for where no route takes the path."""

from pathlib import Path

import pytest

from miniframework import App, BackgroundTasks, Depends, JSONResponse, Response, Router
from miniframework.errors import RouteError
from miniframework.events import RouteMatched
from miniframework.routing import NoMatchFound
from miniframework.routing.match import Found, NotFound
from miniframework.testing import TestClient

PAGE = {"accept": "text/html,application/xhtml+xml;q=0.9"}


@pytest.fixture
def build(tmp_path: Path) -> Path:
    for name, text in (("index.html", "index"), ("a.js", "script"), ("docs/index.html", "docs")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def make_app(build: Path) -> App:
    app = App(openapi_url=None)
    app.get("/api/{number}")(lambda number: number)
    app.post("/slash/")(lambda: "slash")
    app.frontend("/", directory=build)
    return app


@pytest.mark.parametrize(
    ("method", "path", "headers", "answer"),
    [
        pytest.param("GET", "/", {}, (200, "index"), id="the index of the folder"),
        pytest.param("GET", "/a.js", {}, (200, "script"), id="a file"),
        pytest.param("HEAD", "/a.js", {}, (200, ""), id="the head of a file"),
        pytest.param("GET", "/docs", {}, (307, ""), id="a folder without its slash is a redirect"),
        pytest.param("GET", "/docs/", {}, (200, "docs"), id="a folder"),
        pytest.param("GET", "/api/1", {}, (200, '"1"'), id="a route comes first"),
        pytest.param("POST", "/api/1", {}, (405, None), id="and so does its 405"),
        pytest.param("GET", "/slash", {}, (307, ""), id="and its redirect"),
        pytest.param("GET", "/deep/page", PAGE, (200, "index"), id="a page is left to the script"),
        pytest.param("GET", "/deep/page", {}, (404, None), id="anything else is not there"),
        pytest.param("GET", "/deep", {"accept": "text/html;q=0"}, (404, None), id="no page is wanted"),
        pytest.param("GET", "/../secret", PAGE, (200, "index"), id="nothing outside the folder"),
        pytest.param("POST", "/a.js", {}, (405, None), id="a file takes no POST"),
        pytest.param("POST", "/nothing", {}, (404, None), id="what is not there takes none either"),
    ],
)
def test_a_front_end_answers_what_no_route_takes(
    build: Path, method: str, path: str, headers: dict[str, str], answer: tuple[int, str | None]
) -> None:
    status, text = answer
    response = TestClient(make_app(build), follow_redirects=False).request(method, path, headers=headers)
    assert response.status_code == status
    assert text is None or response.text == text


def test_a_page_of_its_own_says_404_where_the_build_has_one(build: Path) -> None:
    (build / "404.html").write_text("lost", encoding="utf-8")
    response = TestClient(make_app(build)).get("/deep/page", headers=PAGE)
    assert (response.status_code, response.text) == (404, "lost")


def test_without_a_fallback_a_missing_page_is_the_applications_404(build: Path) -> None:
    app = App(openapi_url=None)
    app.frontend("/ui", directory=build, fallback=None)
    app.add_exception_handler(404, lambda request, error: JSONResponse({"lost": request.url.path}, 404))
    client = TestClient(app)
    assert client.get("/ui/a.js").text == "script"
    assert client.get("/ui/nothing", headers=PAGE).json() == {"lost": "/ui/nothing"}
    assert client.get("/other", headers=PAGE).json() == {"lost": "/other"}


def test_the_longest_prefix_is_asked_and_the_dependencies_around_it_are_called(build: Path) -> None:
    called: list[str] = []
    inner = Router(prefix="/in", dependencies=[Depends(lambda: called.append("router"))])
    other = build / "docs"
    app = App(openapi_url=None, dependencies=[Depends(lambda: called.append("app"))])
    app.frontend("/", directory=build)
    inner.frontend("/ui/", directory=other, fallback="index.html")
    app.include_router(inner, prefix="/p")
    client = TestClient(app)
    assert client.get("/p/in/ui/").text == "docs"
    assert called == ["app", "router"]
    assert client.get("/p/in/uix", headers=PAGE).text == "index"
    assert client.get("/p/in/ui/deep", headers=PAGE).text == "docs"


def test_a_front_end_is_listed_last_described_nowhere_and_has_no_name_for_urls(build: Path) -> None:
    app = App()
    app.frontend("/", directory=build)
    app.get("/late/{path:path}")(lambda path: path)
    last = app.routes[-1]
    assert (last.path, last.condition) == (
        "/{path:path}",
        "no route takes the path, with or without a slash at its end",
    )
    assert list(app.openapi()["paths"]) == ["/late/{path}"]
    with pytest.raises(NoMatchFound):
        app.url_path_for("frontend", path="x")


def test_a_recorded_request_is_told_which_front_end_took_it(build: Path) -> None:
    app = make_app(build)
    told: list[str] = []
    app.bus.subscribe(
        lambda event: told.append(event.entry.path) if isinstance(event, RouteMatched) else None
    )
    assert TestClient(app).get("/a.js").text == "script"
    assert told == ["/{path:path}"]


def test_the_application_says_who_takes_a_request_and_the_table_alone_does_not(build: Path) -> None:
    app = make_app(build)
    found = app.match("http", "GET", "/a.js")
    assert isinstance(found, Found)
    assert (found.entry, dict(found.params)) == (app.routes[-1], {"path": "a.js"})
    assert app.match("websocket", "GET", "/a.js") == app.table.match("http", "GET", "/a.js") == NotFound()


def test_a_build_that_is_not_there_is_refused_when_it_is_declared(build: Path) -> None:
    app = App()
    with pytest.raises(RuntimeError, match="does not exist"):
        app.frontend("/", directory=build / "dist")
    with pytest.raises(RuntimeError, match=r"'404\.html' does not exist"):
        app.frontend("/", directory=build, fallback="404.html")
    with pytest.raises(RouteError, match=r"test_frontend\.py:\d+: frontend\('ui'"):
        app.frontend("ui", directory=build)
    app.frontend("/", directory=build / "dist", check_dir=False)
    with pytest.raises(RuntimeError, match="does not exist"):
        TestClient(app).get("/")


def test_a_fallback_that_was_deleted_since_is_told(build: Path) -> None:
    (build / "404.html").write_text("none", encoding="utf-8")
    app = App()
    app.frontend("/", directory=build, fallback="404.html")
    (build / "404.html").unlink()
    with pytest.raises(RuntimeError, match=r"'404\.html' does not exist in directory"):
        TestClient(app).get("/nothing")


def test_what_is_missing_is_told_with_the_place_a_relative_path_leads_to(
    build: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(build)
    with pytest.raises(RuntimeError, match="'dist' does not exist") as directory:
        App().frontend("/", directory="dist")
    assert f"(resolved: '{build / 'dist'}')" in str(directory.value)
    with pytest.raises(RuntimeError, match=r"'404\.html' does not exist in directory '\.'") as fallback:
        App().frontend("/", directory=".", fallback="404.html")
    assert f"(resolved: '{build}')" in str(fallback.value)


def test_what_a_dependency_says_to_the_response_reaches_the_files(build: Path) -> None:
    done: list[str] = []

    def brand(response: Response, tasks: BackgroundTasks) -> None:
        response.headers["x-from"] = "a dependency"
        response.set_cookie("seen", "1")
        tasks.add_task(done.append, "told")

    app = App(openapi_url=None, dependencies=[Depends(brand)])
    app.frontend("/", directory=build)
    answer = TestClient(app).get("/a.js")
    assert (answer.text, answer.headers["x-from"], answer.cookies["seen"]) == ("script", "a dependency", "1")
    assert done == ["told"]
