"""Sanic in ASGI mode: what the adapter says of an application is what it does."""

from typing import Any

import pytest


@pytest.fixture(scope="module")
def probed(run_program: Any) -> Any:
    return run_program("sanic-newest", "sanic_probe")


def test_asking_agrees_with_what_the_application_does(probed: Any) -> None:
    assert probed["wrong"] == []
    assert {"match", "not_found", "method_not_allowed", "websocket_mismatch"} == set(probed["outcomes"])


def test_a_match_is_the_first_listed_route_that_fits(probed: Any) -> None:
    assert probed["law"] == []


def test_asking_before_the_start_leaves_the_application_open_to_more_routes(probed: Any) -> None:
    assert probed["untouched"] is True
    assert probed["late"] == "match"
    assert probed["changed"] == []


def test_an_entry_says_its_template_its_methods_and_what_else_a_request_must_have(probed: Any) -> None:
    listed = {(route["path"], tuple(route["methods"] or ())): route for route in probed["routes"]}
    inner = listed["/v2/outer/<tenant:str>/inner/<number:int>", ("GET", "PATCH")]
    assert (inner["name"], inner["endpoint"]) == ("probe.inner.numbered", "__main__:answer")
    assert listed["/hosted", ("POST",)]["condition"] == "host 'other.example'"
    assert listed["/talk/<room:int>", ()]["endpoint"] == "__main__:talk"
    assert listed["/shown/<name:str>", ("GET", "PUT")]["endpoint"] == "__main__:Shown"
    assert listed["/strict", ("GET",)]["slashes"] == "exact"
    assert ("/v1/versioned", ("GET",)) in listed


def test_the_order_of_routes_at_one_path_is_that_of_their_methods(probed: Any) -> None:
    """Sanic has another one at each start, where nothing but the method decides between them."""
    at: dict[str, list[list[str]]] = {}
    for route in probed["routes"]:
        at.setdefault(route["path"], []).append(route["methods"] or [])
    apart = [routes for routes in at.values() if len(routes) > 1 and _have_methods_of_their_own(routes)]
    assert apart
    assert all(routes == sorted(routes) for routes in apart)


def _have_methods_of_their_own(routes: list[list[str]]) -> bool:
    named = [method for methods in routes for method in methods]
    return len(set(named)) == len(named)
