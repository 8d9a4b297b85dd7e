"""BlackSheep: what the adapter says of an application is what it does."""

from typing import Any

import pytest


@pytest.fixture(scope="module")
def plain(run_program: Any) -> Any:
    return run_program("blacksheep-newest", "blacksheep_probe")


@pytest.fixture(scope="module")
def with_fallback(run_program: Any) -> Any:
    return run_program("blacksheep-newest", "blacksheep_probe", "fallback")


@pytest.fixture(params=["plain", "with_fallback"])
def probed(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def test_asking_agrees_with_what_the_application_does(probed: Any) -> None:
    assert probed["wrong"] == []
    assert probed["outcomes"]["match"] > 200


def test_the_first_listed_route_that_fits_is_the_one_it_takes(probed: Any) -> None:
    assert probed["law"] == []


def test_asking_before_the_start_says_the_same_and_uses_nothing_up(probed: Any) -> None:
    assert probed["untouched"] is True
    assert probed["listed_again"] is True
    assert probed["same_before"] is True


def test_controllers_and_mounts_are_listed_before_the_start(probed: Any) -> None:
    listed = {(route["path"], tuple(route["methods"] or ())): route for route in probed["routes"]}
    assert listed["/cats/{int:number}", ("GET",)]["endpoint"] == "__main__:make_app.<locals>.Cats.one"
    assert listed["/admin", ()]["kind"] == "mount"
    assert listed["/talk/{int:room}", ()]["kind"] == "websocket"
    assert probed["routes"][0]["path"] == "/admin"


def test_a_filter_is_told_as_a_condition_and_the_fallback_is_listed_last(with_fallback: Any) -> None:
    routes = with_fallback["routes"]
    assert [r["condition"] for r in routes if r["path"] == "/filtered"] == ["host 'localhost'"]
    assert routes[-1]["path"] == "*"


def test_requests_and_handshakes_below_a_mount_go_where_they_really_go(run_program: Any) -> None:
    reported = run_program("blacksheep-newest", "blacksheep_mounted")
    assert [row for row in reported["rows"] if row[1] != row[2]] == []
    taken = {row[0]: row[2] for row in reported["rows"]}
    assert taken["WEBSOCKET /sub/5"] == ["number_socket", {"number": "5"}]
    assert taken["GET /sub/5"] == ["number", {"number": "5"}]
    assert reported["dead"] == []
