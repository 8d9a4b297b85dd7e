"""Real Datasette, stable and the next one: what the adapter says is what a request gets."""

from typing import Any

import pytest

from tests.adapters.conftest import RunProgram


@pytest.fixture(scope="module", params=["datasette-0", "datasette-1"])
def probed(run_program: RunProgram, request: pytest.FixtureRequest) -> dict[str, Any]:
    answer: dict[str, Any] = run_program(request.param, "datasette_probe", "/", "60")
    return answer


def test_the_router_asked_and_the_application_called_agree(probed: dict[str, Any]) -> None:
    assert probed["wrong"] == []
    assert probed["law"] == []
    assert probed["asked"] > 150
    assert set(probed["outcomes"]) == {"match", "not_found", "redirect", "websocket_mismatch"}


def test_they_agree_below_a_base_url(run_program: RunProgram) -> None:
    answer = run_program("datasette-1", "datasette_probe", "/under/base/", "400")
    assert answer["wrong"] == []
    assert answer["law"] == []


def test_plugins_stand_before_datasette_and_pages_behind_it(probed: dict[str, Any]) -> None:
    paths = [route["path"] for route in probed["routes"]]
    assert paths[0] == "^/hello/(?P<name>[^/]+)$"
    assert paths.index("^/slash/(?P<name>[a-z]+)/?$") < paths.index(r"/-/plugins(\.(?P<format>json))?$")
    assert paths[-2:] == ["/deep/page/in/a/very/deep/place", "/deep/page/in/a/very/{word}/place"]
    assert probed["routes"][-1]["name"] == "pages/deep/page/in/a/very/{word}/place.html"


def by_path(probed: dict[str, Any], path: str) -> dict[str, Any]:
    found: dict[str, Any] = next(route for route in probed["routes"] if route["path"] == path)
    return found


def test_a_regex_is_cut_into_parts_of_the_raw_path(probed: dict[str, Any]) -> None:
    database = by_path(probed, r"/(?P<database>[^\/\.]+)(\.(?P<format>\w+))?$")
    assert database["parts"] == ["/", r"{database:[^\/\.]+}", r"{_0:(?:\.(?:\w+))?}"]
    assert database["condition"] is None
    twice = by_path(probed, r"^/twice/(?P<a>\w)/(?P=a)$")
    assert twice["condition"] == r"a back-reference in the regex '^/twice/(?P<a>\\w)/(?P=a)$'"


def test_endpoints_are_the_views_as_they_were_written(probed: dict[str, Any]) -> None:
    assert probed["routes"][0]["endpoint"] == "__main__:hello"
    row = by_path(probed, r"/(?P<database>[^\/\.]+)/(?P<table>[^/]+?)/(?P<pks>[^/]+?)(\.(?P<format>\w+))?$")
    assert row["endpoint"] == "datasette.views.row:RowView"


def test_it_says_what_it_is(probed: dict[str, Any]) -> None:
    assert (probed["framework"], probed["version"][:2]) in {("Datasette", "0."), ("Datasette", "1.")}
