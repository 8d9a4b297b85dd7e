"""The Timeline tab: layers, dependencies, templates and tasks of a request, nested and to scale."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Annotated, Any

import jinja2
import pytest
from playwright.sync_api import Browser, expect

from miniframework import App, BackgroundTasks, Depends, Request, Response
from miniframework.middleware import Middleware
from miniframework.middleware.gzip import GZipMiddleware
from miniframework.middleware.sessions import SessionMiddleware
from miniframework.templating import Jinja2Templates
from tests.browser.pages import Watched, watched_page
from tests.browser.serving import Running, serve_dashboard

PAGE = "{% for book in books %}<li>{{ book }}</li>{% endfor %}"


async def open_session() -> AsyncIterator[str]:
    await asyncio.sleep(0.004)  # a connection takes its time, or there would be no bar to look at
    yield "session"


async def find_user(session: Annotated[str, Depends(open_session)], name: str = "ada") -> str:
    await asyncio.sleep(0.003)
    return name


async def send_receipt(to: str) -> None:
    await asyncio.sleep(0.005)


def make_app() -> App:
    app = App(middleware=[Middleware(GZipMiddleware), Middleware(SessionMiddleware, "key")])
    templates = Jinja2Templates(env=jinja2.Environment(loader=jinja2.DictLoader({"books.html": PAGE})))

    @app.get("/orders")
    async def read_orders(
        user: Annotated[str, Depends(find_user)],
        session: Annotated[str, Depends(open_session)],
        tasks: BackgroundTasks,
        limit: int = 5,
    ) -> dict[str, Any]:
        tasks.add_task(send_receipt, user)
        await asyncio.sleep(0.006)
        return {"user": user}

    @app.get("/shelf")
    async def shelf(request: Request) -> Any:
        return templates.TemplateResponse(request, "books.html", {"books": ["Emma"]})

    deep = App(middleware=[Middleware(GZipMiddleware)] * 8)

    @deep.get("/user")
    async def read_user(user: Annotated[str, Depends(find_user)]) -> str:
        return user

    app.mount("/deep", deep)

    @app.middleware("http")
    async def refuse_closed(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        return Response(status_code=403) if request.url.path == "/closed" else await call_next(request)

    return app


@pytest.fixture(scope="module")
def bookshop() -> Iterator[Running]:
    with serve_dashboard(app=make_app()) as running:
        for path in ("/orders", "/shelf", "/deep/user", "/closed"):
            running.send("GET", path)
            running.newest("GET", path)
        yield running


@pytest.fixture
def viewer(browser: Browser, bookshop: Running) -> Iterator[Watched]:
    with watched_page(browser, bookshop) as page:
        page.open()
        yield page
        page.check()


def open_timeline(viewer: Watched, path: str) -> None:
    viewer.open_row(path)
    viewer.tab("Timeline")


def test_dependencies_are_drawn_as_a_tree_inside_the_middleware(viewer: Watched) -> None:
    open_timeline(viewer, "/orders")
    lines = viewer.page.locator(".timeline li", has_text="Dependency ")
    expect(lines).to_have_count(3)
    shown = [(line.get_attribute("data-depth"), line.inner_text()) for line in lines.all()]
    names = [next(name for name in ("find_user", "open_session") if name in text) for _, text in shown]
    assert list(zip((depth for depth, _ in shown), names, strict=True)) == [
        ("3", "find_user"),
        ("4", "open_session"),
        ("3", "open_session"),
    ]
    expect(lines.nth(2)).to_contain_text("(cached)")
    left = [line.locator(".timeline-kind").bounding_box() for line in lines.all()]
    assert left[1] is not None
    assert left[0] is not None
    assert left[1]["x"] > left[0]["x"]


def test_who_asked_for_a_parameter_stands_above_it(viewer: Watched) -> None:
    viewer.open_row("/orders")
    asked = viewer.page.locator(".values tbody")
    expect(asked).to_have_count(2)
    expect(asked.nth(0)).to_contain_text("asked by find_user test_timeline.py:")
    expect(asked.nth(0).locator(".values-name")).to_have_text(["namequery"])
    expect(asked.nth(1)).to_contain_text("asked by make_app.read_orders test_timeline.py:")
    expect(asked.nth(1).locator(".values-name")).to_have_text(["limitquery"])


def test_below_many_layers_a_dependency_still_stands_inside_the_one_that_needs_it(viewer: Watched) -> None:
    open_timeline(viewer, "/deep/user")
    lines = viewer.page.locator(".timeline li", has_text="Dependency ")
    expect(lines).to_have_count(2)
    user, session = (line.locator(".timeline-kind").bounding_box() for line in lines.all())
    assert user is not None
    assert session is not None
    assert session["x"] > user["x"]


def test_on_a_phone_every_line_of_the_timeline_and_every_button_can_be_read(viewer: Watched) -> None:
    open_timeline(viewer, "/deep/user")
    viewer.page.set_viewport_size({"width": 390, "height": 844})
    expect(viewer.page.locator(".detail-path")).to_have_text("/deep/user")
    actions = viewer.page.locator(".detail-actions")
    for name in ("Copy as", "Replay", "Close"):
        expect(actions.get_by_role("button", name=name, exact=True)).to_be_in_viewport(ratio=1)
    cut = "lines => lines.filter(line => line.scrollWidth > line.clientWidth).map(line => line.textContent)"
    assert viewer.page.locator(".timeline-what").evaluate_all(cut) == []


def test_a_bar_is_as_long_as_what_it_tells_of(viewer: Watched) -> None:
    open_timeline(viewer, "/orders")

    def width(text: str) -> float:
        box = viewer.page.locator(".timeline li", has_text=text).first.locator("i").bounding_box()
        assert box is not None
        return box["width"]

    assert width("Middleware GZip") >= width("find_user") > width("Route matched")
    assert width("Task") > width("Serialised")


def test_what_a_middleware_changed_and_what_ran_after_the_response_are_told(viewer: Watched) -> None:
    open_timeline(viewer, "/orders")
    timeline = viewer.page.locator(".timeline")
    expect(timeline).to_contain_text("Scope added session (SessionMiddleware)")
    expect(timeline.locator("li[data-step=background]")).to_have_count(2)
    expect(timeline).to_contain_text("Cleaned up open_session")


def test_a_rendered_template_names_its_file_and_context(viewer: Watched) -> None:
    open_timeline(viewer, "/shelf")
    rendered = viewer.page.locator(".timeline li", has_text="Template")
    expect(rendered).to_contain_text("books.html with request, books")


def test_the_timeline_is_accessible_in_both_themes(viewer: Watched) -> None:
    open_timeline(viewer, "/orders")
    assert viewer.axe() == []


def test_a_request_that_a_middleware_answered_says_that_no_route_was_asked(viewer: Watched) -> None:
    viewer.open_row("/closed")
    detail = viewer.page.locator(".detail")
    expect(detail).to_contain_text("answered by the middleware refuse_closed before any route was tried")
    expect(detail).to_contain_text("No route was asked: a middleware answered before.")
