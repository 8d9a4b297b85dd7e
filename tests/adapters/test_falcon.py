"""Falcon: what the adapter says of an application is what it does."""

from typing import Any

import pytest

from tests.adapters.conftest import RunProgram

ENVIRONMENTS = ["falcon-older", "falcon-newest"]
SLASHES = ["exact", "cut"]


@pytest.fixture(scope="module", params=ENVIRONMENTS)
def probed(run_program: RunProgram, request: pytest.FixtureRequest) -> Any:
    return run_program(request.param, "falcon_probe")


@pytest.mark.parametrize("slashes", SLASHES)
def test_asking_agrees_with_what_the_application_does(probed: Any, slashes: str) -> None:
    assert probed[slashes]["wrong"] == []
    assert {"match", "not_found", "method_not_allowed", "websocket_mismatch"} == set(
        probed[slashes]["outcomes"]
    )


@pytest.mark.parametrize("slashes", SLASHES)
def test_the_picture_says_the_same_but_where_it_is_known_to_fall_short(probed: Any, slashes: str) -> None:
    assert probed[slashes]["otherwise"] == []
    assert probed[slashes]["refused"] > 10


def test_a_converter_that_refused_is_named(probed: Any) -> None:
    refused, failed = probed["sentences"]
    assert refused.startswith("GET “/typed/6/abc”: no route has this path; route ")
    assert refused.endswith(
        "comes closest: refused it, as its own router says: the converter of {value:odd} may refuse what its"
        " regex takes."
    )
    assert failed.startswith(
        "Falcon's own router says: 500, its search for a route failed. GET “/typed/7/abc”"
    )


def test_an_entry_is_a_template_with_all_its_methods_or_what_comes_behind(probed: Any) -> None:
    listed = {(route["kind"], route["path"]): route for route in probed["exact"]["routes"]}
    users = listed["http", "/users/{name}"]
    assert (users["methods"], users["endpoint"]) == (["GET", "OPTIONS", "PUT"], "__main__:Shown")
    suffixed = listed["http", "/all"]
    assert (suffixed["methods"], suffixed["endpoint"]) == (
        ["DELETE", "OPTIONS"],
        "__main__:Shown.on_delete_all",
    )
    assert listed["websocket", "/both"]["endpoint"] == "__main__:Talk.on_websocket"
    assert listed["http", "/sunk.*"]["endpoint"] == "__main__:sink"
    assert ("websocket", "/sunk.*") in listed
    assert listed["http", "/assets/*"]["methods"] is None
    assert ("websocket", "/assets/*") not in listed
    assert {route["slashes"] for route in probed["cut"]["routes"]} == {"end_ignored", "exact"}


def test_a_wsgi_application_is_asked_behind_its_wrapper(probed: Any) -> None:
    assert probed["wsgi"] == [
        ["GET /old/items/1", "match", "/items/{number:int}"],
        ["POST /old/items/1", "method_not_allowed", None],
        ["GET /old/items/one", "not_found", None],
        ["WEBSOCKET /old/items/1", "websocket_mismatch", None],
    ]


def test_a_router_of_another_author_is_asked_and_named(probed: Any) -> None:
    assert probed["own_router"] == ["match", "OwnRouter"]


def test_a_template_that_is_given_to_another_resource_has_its_methods(probed: Any) -> None:
    shown = [["GET", "OPTIONS", "PUT"]]
    assert probed["again"] == [shown, [["OPTIONS"], ["WEBSOCKET"]], shown]
