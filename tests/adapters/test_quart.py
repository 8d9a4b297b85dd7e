"""Quart: what the adapter says of an application with every feature of its routing is what it does."""

from typing import Any

import pytest

VERSIONS = ["quart-newest", "quart-older"]


@pytest.fixture(scope="module", params=VERSIONS)
def probed(request: pytest.FixtureRequest, run_program: Any) -> Any:
    return run_program(request.param, "quart_probe")


def test_asking_agrees_with_what_the_application_does(probed: Any) -> None:
    assert probed["wrong"] == []
    assert min(probed["outcomes"].values()) > 30
    assert set(probed["outcomes"]) == {
        "match",
        "not_found",
        "method_not_allowed",
        "redirect",
        "websocket_mismatch",
    }


def test_the_first_listed_route_that_fits_is_the_one_werkzeug_takes(probed: Any) -> None:
    assert probed["law"] == []


def test_a_map_without_strict_slashes_agrees_too(run_program: Any) -> None:
    probed = run_program("quart-newest", "quart_probe", "loose")
    assert (probed["wrong"], probed["law"]) == ([], [])


def test_a_rule_is_listed_with_its_template_its_methods_and_its_view(probed: Any) -> None:
    listed = {(route["path"], route["name"]): route for route in probed["routes"]}
    inner = listed["/outer/<tenant>/inner/<int:number>", "outer.inner.number"]
    assert inner["methods"] == ["GET", "HEAD", "OPTIONS", "PATCH"]
    assert inner["endpoint"] == "__main__:_blueprint.<locals>.number"
    assert inner["regexes"] == ["[^/]{1,}", r"\d+"]
    assert inner["line"] > 0
    [bare] = [route for route in probed["routes"] if route["path"] == "/no-options"]
    assert bare["methods"] == ["GET", "HEAD"]
    assert listed["/shown/<name>", "shown"]["endpoint"] == "__main__:Shown"
    assert listed["/ws/<int:room>", "ws_room"]["kind"] == "websocket"


def test_numbers_are_listed_before_text_and_text_before_paths(probed: Any) -> None:
    order = [route["path"] for route in probed["routes"]]
    assert order.index("/users/me") < order.index("/users/<int:number>") < order.index("/users/<name>")
    assert order.index("/files/<path:path>/edit") < order.index("/files/<path:path>")


def test_rules_of_another_subdomain_or_host_say_so(run_program: Any) -> None:
    hosts = run_program("quart-newest", "quart_hosts")
    assert hosts["subdomain"]["conditions"] == {"/": None, "/api": "subdomain 'api'"}
    assert hosts["subdomain"]["asked"] == {"example.org": "not_found", "api.example.org": "match"}
    assert hosts["host"]["conditions"] == {"/": "host 'a.example'", "/b": "host '<name>.example'"}
    assert hosts["host"]["asked"] == {"elsewhere": "not_found", "b.example": "match"}
    assert hosts["host"]["params"] == {"name": "b"}


def test_a_route_that_is_dead_for_its_hosts_is_found(run_program: Any) -> None:
    dead = run_program("quart-newest", "quart_hosts")["dead"]["hosts"]
    assert [one[:5] for one in dead] == [["duplicate", "rule_1", ["rule_0"], "/a", "exact"]]
    assert dead[0][5].startswith("for the host 'api.example': GET /a never gets here")


@pytest.mark.parametrize("version", VERSIONS)
def test_a_subdomain_is_dead_where_no_host_can_have_it(run_program: Any, version: str) -> None:
    dead = run_program(version, "quart_hosts")["dead"]
    assert [one[1:4] for one in dead["subdomains"]] == [["rule_2", ["rule_1"], "/a"]]
    assert [one[:4] for one in dead["without a name"]] == [
        ["unreachable", name, [], path]
        for name, path in (("rule_1", "/a"), ("rule_2", "/a"), ("rule_4", "/a"), ("rule_3", "/1"))
    ]
    assert "no host has it" in dead["without a name"][0][5]
