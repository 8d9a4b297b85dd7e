"""Starlette's own router is asked, in every version from the oldest to the newest that is supported."""

from typing import Any

import pytest

from tests.adapters.conftest import RunProgram

VERSIONS = {"starlette-oldest": "0.40.0", "starlette-before-1": "0.52.1", "starlette-newest": "1.10.0"}

# method, path -> outcome, way, parameters, Allow, Location, status
ASKED: dict[tuple[str, str], tuple[Any, ...]] = {
    ("GET", "/items"): ("match", "/items", {}, [], None, None),
    ("GET", "/items%0A"): ("match", "/items", {}, [], None, None),  # `$` lets a newline stand behind it
    ("GET", "/items/"): ("redirect", "", {}, [], "http://localhost/items", 307),
    ("POST", "/items/007"): ("match", "/items/{number:int}", {"number": "007"}, [], None, None),
    # The route with a slash at its end does not count: there is one without, and it refuses the method.
    ("DELETE", "/items/7"): ("method_not_allowed", "", {}, ["POST"], None, 405),
    ("POST", "/items"): ("method_not_allowed", "", {}, ["GET", "HEAD"], None, 405),
    ("BREW", "/page"): ("match", "/page", {}, [], None, None),  # a class takes every method
    ("GET", "/by-header"): ("not_found", "", {}, [], None, 404),
    ("GET", "/days/2024-01-31"): ("match", "/days/{day:date}", {"day": "2024-01-31"}, [], None, None),
    ("GET", "/days/2024-13-01"): ("match", "/days/{day:date}", {}, [], None, 500),  # the converter raised
    ("WEBSOCKET", "/feed/%FF"): ("match", "/feed/{topic}", {"topic": "\ufffd"}, [], None, None),
    ("GET", "/feed/news"): ("not_found", "", {}, [], None, 404),
    ("WEBSOCKET", "/items"): ("websocket_mismatch", "", {}, [], None, 403),
    ("WEBSOCKET", "/nobody"): ("not_found", "", {}, [], None, 403),
    ("GET", "/admin/x/users/y"): (
        "match", "/admin/{tenant} > /users/{user}", {"tenant": "x", "user": "y"}, [], None, None,
    ),
    ("GET", "/admin/x/users/a%2Fb"): ("not_found", "", {}, [], None, 404),  # a slash, once it is decoded
    ("GET", "/admin/x"): ("redirect", "", {}, [], "http://localhost/admin/x/", 307),
    ("GET", "/admin/x/users/y/"): ("redirect", "", {}, [], "http://localhost/admin/x/users/y", 307),
    ("PUT", "/admin/x/"): ("method_not_allowed", "", {}, ["GET", "HEAD"], None, 405),
    ("PUT", "/files/a/b"): ("match", "/files", {}, [], None, None),  # what is mounted decides
    ("GET", "/strict/a"): ("not_found", "", {}, [], None, 404),
    ("GET", "/own/b"): ("not_found", "", {}, [], None, None),  # another default than the router's own
    ("GET", "/loop/again/again/"): ("match", "/loop > /again > /again > /", {}, [], None, None),
    # The first with that slash ends the search, whatever its method: the next one's converter would raise.
    ("GET", "/calendar/2024-13-01"): (
        "redirect", "", {}, [], "http://localhost/calendar/2024-13-01/", 307,
    ),
    ("GET", ""): ("not_found", "", {}, [], None, 404),
    ("GET", "//items"): ("not_found", "", {}, [], None, 404),
}  # fmt: skip


@pytest.fixture(params=VERSIONS, scope="module")
def environment(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def described(run_program: RunProgram, environment: str) -> Any:
    return run_program(environment, "starlette_shop", stdin=[list(request) for request in ASKED])


def test_the_router_says_where_a_request_goes_and_no_handler_runs(described: Any) -> None:
    said = {request: tuple(asked) for request, asked in zip(ASKED, described["asked"], strict=True)}
    assert said == ASKED


def test_the_version_is_told_and_nothing_else_is_imported(described: Any, environment: str) -> None:
    assert described["framework"] == "Starlette"
    assert described["version"] == VERSIONS[environment]
    assert described["imported"] == []


def test_the_routes_stand_in_the_order_in_which_they_are_tried(described: Any) -> None:
    rows = [
        (row["kind"], row["path"], row["methods"], row["name"], row["endpoint"].partition(":")[2])
        for row in described["routes"]
    ]
    assert rows == [
        ("http", "/items", ["GET", "HEAD"], "item", "item"),
        ("http", "/items/{number:int}", ["POST"], "item", "item"),
        ("http", "/items/{number:int}/", ["DELETE"], "item-again", "item"),
        ("http", "/page", None, "Page", "Page"),
        ("http", "/by-header", ["GET", "HEAD"], "item", "item"),
        ("http", "/days/{day:date}", ["GET", "HEAD"], "item", "item"),
        ("websocket", "/feed/{topic}", None, "feed", "feed"),
        ("mount", "/admin/{tenant}", None, "admin", "Wrapper"),
        ("mount", "/files", None, "files", "StaticFiles"),
        ("mount", "/other", None, described["routes"][9]["name"], "someone_else"),
        ("mount", "", None, "api", "Router"),
        ("mount", "/strict", None, described["routes"][11]["name"], "Router"),
        ("mount", "/loop", None, described["routes"][12]["name"], "Router"),
        ("mount", "/own", None, described["routes"][13]["name"], "Router"),
        ("mount", "/closed", None, described["routes"][14]["name"], "closes_over_it.<locals>.mounted"),
        ("http", "/calendar/{day}/", ["POST"], "calendar", "item"),
        ("http", "/calendar/{day:date}/", ["GET", "HEAD"], "calendar-day", "item"),
    ]


def test_a_mount_shows_what_is_in_it_if_that_can_be_read(described: Any) -> None:
    inner = {row["path"]: row["inner"] for row in described["routes"]}
    assert [row["path"] for row in inner["/admin/{tenant}"]] == ["/", "/users/{user}"]
    assert inner["/files"] is None
    assert inner["/other"] is None
    assert inner["/closed"] is None
    # What is mounted in itself is shown once.
    assert [(row["path"], row["inner"]) for row in inner["/loop"]] == [("/", None), ("/again", None)]


def test_a_route_that_asks_for_more_than_path_and_method_says_so(described: Any) -> None:
    conditions = {row["path"]: row["condition"] for row in described["routes"] if row["condition"]}
    assert conditions == {
        "/by-header": "starlette_parts:ByHeader.matches says so",
        "": "host api.example.org",
    }


def test_each_parameter_has_the_regex_of_its_converter(described: Any) -> None:
    regexes = {row["path"]: row["regexes"] for row in described["routes"]}
    assert regexes["/items/{number:int}/"] == ["/items/", "[0-9]+", "/"]
    assert regexes["/days/{day:date}"] == ["/days/", "[0-9]{4}-[0-9]{2}-[0-9]{2}"]
    assert regexes["/admin/{tenant}"] == ["/admin/", "[^/]+"]


def test_random_programs_answer_as_was_said(run_program: RunProgram, environment: str) -> None:
    answer = run_program(environment, "starlette_random", "0", "6", "120")
    assert answer["wrong"] == []
    assert set(answer["outcomes"]) >= {"match", "not_found", "method_not_allowed", "redirect"}
    assert answer["taken"] > 0.8 * answer["outcomes"]["match"], "the live route is known nearly always"


@pytest.mark.parametrize("environment", ["starlette-oldest", "starlette-newest"])
def test_a_route_that_may_refuse_is_dead_where_nothing_is_left_for_it(
    run_program: RunProgram, environment: str
) -> None:
    told = run_program(environment, "starlette_refusing")
    assert told["dead"] == {
        "behind all": [["unreachable", "/x", ["/{rest:path}"], "exact"]],
        "behind a mount": [["unreachable", "/m/x", ["/m"], "exact"]],
        "in a mount": [["unreachable", "/m/x", ["/m/{rest:path}"], "exact"]],
        "a mount": [["unreachable", "/m/y", ["/{rest:path}"], "exact"]],
    }
    assert told["alive"] == []
    refusing = {kind for kind, refuses in told["only_refuses"].items() if refuses}
    assert refusing == {"Versioned", "Plain", "Shut"}
