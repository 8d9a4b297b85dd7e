"""The screens over the table of another framework: its words, and nothing that would be wrong there."""

import contextlib
import dataclasses
import socket
import threading
from collections.abc import Iterator

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, Locator, expect

from inspector.adapters.adapter import AdaptedRoute, Rules
from inspector.adapters.picture.table import Picture
from inspector.journal.protocol import AppStatus, StatusSaved, TableSaved
from inspector.model import Worker
from inspector.web.app import create_dashboard
from miniframework.routing.parts import Literal, Parameter
from miniframework.routing.snapshot import StoredConverter
from tests.browser.pages import Watched, watched_page
from tests.browser.serving import DEADLINE_S, TOKEN, Running
from tests.inspector.inspection.test_recording import Recorded
from tests.inspector.inspection.tiny_framework import TinyAdapter, listed, mounted

WORKING = frozenset({"OPTIONS", "POST"})


def typed_first(path: str, converter: str, name: str) -> AdaptedRoute:
    """`/prices/{float:price}`: a template that names the type before the parameter, as BlackSheep's do."""
    start, end = path.index("{"), path.index("}") + 1
    stored = StoredConverter(converter, "[0-9.]+")
    parameter = Parameter(name=name, converter_name=converter, converter=stored, start=start, end=end)
    parts = (Literal(text=path[:start], start=0, end=start), parameter)
    return dataclasses.replace(listed("/prices"), path=path, parts=parts)


def make_adapter(framework: str) -> TinyAdapter:
    routes = (
        mounted("/", listed("/status"), condition="host api.example.org"),
        typed_first("/prices/{float:price}", "float", "price"),
        listed("/books/{slug}"),
        listed("/books/latest"),
        listed(
            "/books", WORKING, endpoint="app:Route.make.<locals>.handler", name="Route.make.<locals>.handler"
        ),
        listed("/about/us/"),
    )
    return TinyAdapter(
        routes_listed=routes, framework=framework, rules=Rules(redirect_slashes=False, sentence=".")
    )


@contextlib.contextmanager
def serve_table(framework: str) -> Iterator[Running]:
    """The dashboard over what was recorded of an application of this framework."""
    recorded = Recorded(make_adapter(framework))
    table = Picture(make_adapter(framework)).table
    worker = Worker(host="here", pid=1)
    status = AppStatus(worker=worker, state="running", target="shop:app", table=table.fingerprint)
    recorded.journal.append([TableSaved(table.snapshot()), StatusSaved(status)])
    calling = threading.Thread(
        target=recorded.call, args=("/prices/1.5",)
    )  # the browser has this thread's loop
    calling.start()
    calling.join(DEADLINE_S)
    listening = socket.create_server(("127.0.0.1", 0))
    dashboard = create_dashboard(recorded.journal, token=TOKEN)
    server = uvicorn.Server(uvicorn.Config(dashboard, log_level="critical", ws="websockets-sansio"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
    with httpx.Client(base_url=origin, timeout=DEADLINE_S) as client:
        yield Bare(origin=origin, client=client)
    server.should_exit = True
    thread.join(DEADLINE_S)
    listening.close()


class Bare(Running):
    """A dashboard at the root of its own port."""

    @property
    def dashboard(self) -> str:
        return f"{self.origin}/"


@pytest.fixture(scope="module")
def sorted_by_itself(browser: Browser) -> Iterator[Watched]:
    with serve_table("BlackSheep") as running, watched_page(browser, running) as page:
        page.expect_console("Failed to load")  # nobody serves the application: its router cannot be asked
        yield page
        page.check()


@pytest.fixture(scope="module")
def in_order(browser: Browser) -> Iterator[Watched]:
    with serve_table("Django") as running, watched_page(browser, running) as page:
        page.expect_console("Failed to load")
        yield page
        page.check()


def row(page: Watched, key: str) -> Locator:
    return page.page.locator(f'.route-row[data-key="{key}"]')


def test_where_the_router_sorts_nothing_is_said_of_the_program_s_order(sorted_by_itself: Watched) -> None:
    page = sorted_by_itself
    page.open("?view=routes")
    expect(page.page.locator(".tester-answer")).to_contain_text(
        "in the order in which BlackSheep looks at them"
    )
    page.open("?view=routes&path=/books/latest")
    expect(page.page.locator(".also")).to_contain_text("where a route is declared decides nothing")
    expect(page.page.get_by_role("button", name="by specificity?")).to_have_count(0)


def test_where_the_program_s_order_decides_it_is_said(in_order: Watched) -> None:
    in_order.open("?view=routes")
    expect(in_order.page.locator(".tester-answer")).to_contain_text("tried from the top")
    in_order.open("?view=routes&path=/books/latest")
    expect(in_order.page.locator(".also")).to_contain_text("moving one of these above it")
    expect(in_order.page.get_by_role("button", name="by specificity?")).to_be_visible()


def test_what_if_offers_only_what_the_framework_can(sorted_by_itself: Watched) -> None:
    page = sorted_by_itself
    page.open("?view=routes&side=whatif")
    expect(page.page.locator(".whatif-first")).to_contain_text("BlackSheep sorts its routes by itself")
    expect(page.page.get_by_label("redirect the slash at the end")).to_have_count(0)


def test_a_regex_that_the_framework_does_not_have_is_called_a_picture(sorted_by_itself: Watched) -> None:
    sorted_by_itself.open("?view=regex&route=1")
    section = sorted_by_itself.page.get_by_role("region", name="As a regex")
    expect(section).to_contain_text("our picture of the route: BlackSheep compares paths in its own way")


def test_names_have_the_framework_s_word_above_them(in_order: Watched) -> None:
    in_order.open("?view=routes")
    expect(in_order.page.locator(".routes-head")).to_contain_text("URL name")


def test_methods_that_do_not_fit_side_by_side_are_counted(in_order: Watched) -> None:
    in_order.open("?view=routes")
    expect(row(in_order, "4").locator(".r-methods")).to_have_text("POST+1")
    overflow = in_order.page.evaluate(
        "[...document.querySelectorAll('.r-methods')]"
        ".filter((one) => one.scrollWidth > one.clientWidth).length"
    )
    assert overflow == 0


def test_a_handler_goes_by_its_own_name(in_order: Watched) -> None:
    in_order.open("?view=routes")
    expect(row(in_order, "4").locator(".r-handler")).to_have_text("handler")


def test_in_the_list_a_parameter_goes_by_its_name_and_not_by_its_type(sorted_by_itself: Watched) -> None:
    sorted_by_itself.open()
    expect(sorted_by_itself.row("/prices/1.5").locator(".c-route .seg")).to_contain_text("price")
    expect(sorted_by_itself.row("/prices/1.5").locator(".c-route .converter")).to_have_text("float:")


def test_the_tree_has_hosts_and_no_branch_for_a_slash_alone(in_order: Watched) -> None:
    in_order.open("?view=routes")
    labels = in_order.page.locator(".tree-label code")
    expect(labels.first).to_have_text("host api.example.org")
    expect(labels.last).to_have_text("/us/")


def test_the_ladder_names_the_host_of_a_route(in_order: Watched) -> None:
    in_order.open()
    in_order.open_row("/prices/1.5")
    expect(in_order.page.locator(".ladder-rung .badge").first).to_have_text("host api.example.org")
