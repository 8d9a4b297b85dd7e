"""Our pictures of routers that look at a path once more, or at less of it: they say what the routers say."""

import functools
from collections.abc import Callable
from typing import Any

import pytest

from tests.adapters.conftest import RunProgram

ENVIRONMENTS = [
    ("litestar-newest", "litestar"),
    ("litestar-older", "litestar"),
    ("quart-newest", "quart"),
    ("quart-older", "quart"),
    ("sanic-newest", "sanic"),
    ("falcon-older", "falcon"),
    ("falcon-newest", "falcon"),
    ("blacksheep-newest", "blacksheep"),
    ("starlette-oldest", "starlette"),
    ("starlette-newest", "starlette"),
    ("datasette-0", "datasette"),
    ("datasette-1", "datasette"),
    ("django-4", "django"),
    ("django-newest", "django"),
    ("django-4", "django_in_debug_mode"),
    ("django-newest", "django_in_debug_mode"),
]


Said = Callable[[str, str], dict[str, Any]]


@pytest.fixture(scope="module")
def said(run_program: RunProgram) -> Said:
    """What the program says of a framework; however many tests ask, it says it once."""
    return functools.cache(functools.partial(_said, run_program))


def _said(run_program: RunProgram, environment: str, framework: str) -> dict[str, Any]:
    told: dict[str, Any] = run_program(environment, "pictures", framework)
    return told


@pytest.mark.parametrize(("environment", "framework"), ENVIRONMENTS)
def test_the_picture_says_what_the_router_says(said: Said, environment: str, framework: str) -> None:
    told = said(environment, framework)["said"]
    assert {question: answer for question, answer in told.items() if not answer[3]} == {}
    assert {"not_found", "match"} <= {answer[0] for answer in told.values()}


def test_a_method_is_refused_before_the_text_of_a_parameter_is_looked_at(said: Said) -> None:
    told = said("litestar-newest", "litestar")
    outcome, *_, sentence = told["said"]["PUT /books/one"]
    assert outcome == "method_not_allowed"
    assert sentence == "PUT “/books/one”: what is left has this path, but only for GET, OPTIONS."
    assert told["said"]["GET /books/one"][0] == "not_found"


def test_a_slip_of_the_router_is_what_it_answers(said: Said) -> None:
    assert said("litestar-newest", "litestar")["beyond"] == ["not_found", 500]


def test_what_only_the_router_can_decide_is_decided_by_it(said: Said) -> None:
    findings = said("litestar-newest", "litestar")["findings"]
    assert ["unreachable", "/old/deeper", "exact"] in findings


def test_a_path_with_two_slashes_is_redirected_where_one_would_do(said: Said) -> None:
    told = said("quart-newest", "quart")["said"]
    assert told["GET /books//1"][:3] == ["redirect", 308, "http://localhost/books/1"]
    assert told["GET //books/1"][0] == "match"
    assert told["WEBSOCKET /books/"][:2] == ["method_not_allowed", 405]
    assert told["GET /books//1"][4] == "GET “/books//1” is redirected to “/books/1”."


@pytest.mark.parametrize(("environment", "deletes"), [("django-4", 301), ("django-newest", 500)])
def test_in_debug_mode_no_slash_is_added_for_a_request_with_a_body(
    said: Said, environment: str, deletes: int
) -> None:
    told = said(environment, "django_in_debug_mode")["said"]
    statuses = {
        question.partition(" ")[0]: told[question][1] for question in told if question.endswith(" /plain")
    }
    assert statuses == {
        "GET": 301, "POST": 500, "PUT": 500, "DELETE": deletes, "OPTIONS": 301, "WEBSOCKET": None,
    }  # fmt: skip


def test_a_path_in_no_language_is_redirected_to_the_usual_one(said: Said) -> None:
    told = said("django-newest", "django")["said"]
    assert told["GET /books/1"][:3] == ["redirect", 302, "/en/books/1/"]
    assert told["GET /pt/books/1/"][0] == "not_found"
    assert told["GET /de/"][0] == "match"


def test_a_table_below_a_base_url_is_checked_as_without_one(said: Said) -> None:
    told = said("datasette-1", "datasette_below")
    assert [answer[3] for answer in told["said"].values()] == [True] * 5
    assert told["said"]["GET /under/base/-/versions/"][:3] == ["redirect", 302, "/under/base/-/versions"]
    assert told["findings"] == said("datasette-1", "datasette")["findings"]


def test_a_subclass_says_itself_when_a_slash_is_added(said: Said) -> None:
    told = said("django-newest", "django")
    assert told["said"]["GET /plain"][:3] == ["redirect", 301, "/plain/"]
    assert told["beyond"] == ["not_found", 404]


def test_the_first_path_that_fits_decides_also_where_another_route_takes_the_method(
    said: Said,
) -> None:
    told = said("falcon-newest", "falcon")["said"]
    assert told["GET /books/new"][:2] == ["method_not_allowed", 405]
    assert told["GET /books/new"][4].endswith("has this path, but only for OPTIONS, POST.")
    assert said("sanic-newest", "sanic")["said"]["PUT /books/1"][0] == "method_not_allowed"


def test_a_refused_value_is_a_rung_that_says_so_and_may_end_the_search(said: Said) -> None:
    quart = said("quart-newest", "quart")["said"]
    assert quart["GET /months/12"][0] == "match"
    assert quart["GET /months/13"][:2] == ["not_found", 404]  # whatever stands behind
    assert quart["GET /months/13"][4].endswith("the router had answered without asking it.")
    assert "the converter of <int(fixed_digits=4):year> may refuse" in quart["GET /years/24"][4]
    sanic = said("sanic-newest", "sanic")["said"]
    assert sanic["GET /days/2024-02-30"][:2] == ["not_found", 404]
    assert sanic["GET /days/2024-02-03/"][0] == "match"
    assert [sanic[f"GET /reports/{name}"][0] for name in ("7.csv", "x.csv")] == ["match", "not_found"]


def test_sanic_takes_slashes_off_the_end_and_a_handshake_for_a_get(said: Said) -> None:
    sanic = said("sanic-newest", "sanic")["said"]
    assert [sanic[f"GET {path}"][0] for path in ("/", "//", "/books/1//")] == ["match"] * 3
    assert (sanic["WEBSOCKET /books/1"][0], sanic["WEBSOCKET /none"][0]) == ("match", "not_found")
    assert sanic["POST /talk"][:2] == ["method_not_allowed", 405]


@pytest.mark.parametrize("framework", ["blacksheep-newest", "sanic-newest"])
def test_a_slash_that_does_not_count_is_no_parameter(said: Said, framework: str) -> None:
    told = said(framework, framework.partition("-")[0])
    assert not [name for names in told["names"] for name in names if name.startswith("_")]
    assert not [answer for answer in told["said"].values() if "slash refuses" in answer[4]]


def test_blacksheep_keeps_the_case_of_values_and_enters_a_mount_without_its_slash(said: Said) -> None:
    told = said("blacksheep-newest", "blacksheep")["said"]
    assert [told[f"GET {path}"][0] for path in ("/", "/USERS/", "/admin", "/Admin/")] == ["match"] * 4
    assert "A%2Fb" in told["GET /Users/A%2Fb"][4]
    assert told["GET //"][0] == "not_found"


def test_a_class_that_gets_every_method_says_what_it_answers(said: Said) -> None:
    told = said("starlette-newest", "starlette")
    assert told["routes"][0] == ["/book", ["GET", "HEAD"]]
    assert told["said"]["PUT /book"][0] == "match"
    assert told["said"]["PUT /book"][4].endswith("has no put: it answers 405 itself, allowed: GET, HEAD.")
    assert "405" not in told["said"]["GET /book"][4]


def test_a_line_break_passes_no_mount_and_a_newline_at_the_end_each_route(said: Said) -> None:
    told = said("starlette-newest", "starlette")["said"]
    assert told["GET /files/a%0Ab"][0] == "not_found"
    assert [told[f"GET {path}"][0] for path in ("/book%0A", "/a/b%0A", "/files/a")] == ["match"] * 3


def test_a_way_out_names_a_route_by_its_path_where_it_stands_apart_from_its_view(said: Said) -> None:
    [fix] = said("starlette-newest", "starlette")["fixes"]
    assert fix == "declare it before /a/{x}, or give the parameter there a narrower converter"


def test_the_language_in_front_is_a_parameter_of_the_template(said: Said) -> None:
    told = said("django-newest", "django")
    paths = ["/plain/", "/<language>/", "/<language>/books/<int:number>/"]
    assert [path for path, _ in told["routes"]] == paths
    assert told["names"] == [[], ["language"], ["language", "number"]]


def test_a_sink_that_a_later_one_covers_is_never_reached(said: Said) -> None:
    findings = said("falcon-newest", "falcon")["findings"]
    assert [path for kind, path, _ in findings if kind == "unreachable"] == ["/books/old/.*"] * 2
