"""The routes of a router are asked by its own `matches`, where a regex alone does not decide it."""

from typing import Any

import pytest

from tests.adapters.conftest import RunProgram

# method, path -> outcome, route, parameters, Allow, Location
ASKED: dict[tuple[str, str], list[Any]] = {
    ("GET", "/users/me"): ["match", "/users/{user}", {"user": "me"}, [], None],
    ("GET", "/somewhere"): ["match", "/somewhere", {}, [], None],
    ("GET", "/no/regex/takes/anywhere"): ["match", "/somewhere", {}, [], None],
    ("POST", "/admin/x/users/7"): [
        "match", "/admin/{tenant}/users/{user:int}", {"tenant": "x", "user": "7"}, [], None,
    ],
    ("PUT", "/admin/x/users/7"): ["method_not_allowed", None, {}, ["POST"], None],
    ("POST", "/admin/x/users/7/"): ["redirect", None, {}, [], "http://localhost/admin/x/users/7"],
    ("GET", "/nobody"): ["not_found", None, {}, [], None],
}  # fmt: skip


# Before 0.33 a mount cuts its own path off the path of the scope.
@pytest.mark.parametrize("environment", ["starlette-cut-paths", "starlette-oldest", "starlette-newest"])
def test_mounts_and_routes_with_their_own_rules_are_asked_themselves(
    run_program: RunProgram, environment: str
) -> None:
    said = run_program(environment, "starlette_search", stdin=[list(request) for request in ASKED])
    assert dict(zip(ASKED, said, strict=True)) == ASKED


@pytest.mark.parametrize("environment", ["fastapi-oldest", "fastapi-first-tree", "fastapi-newest"])
def test_a_route_of_an_included_router_is_asked_though_its_regex_refuses(
    run_program: RunProgram, environment: str
) -> None:
    asked = [["GET", "/outer/me"], ["GET", "/outer/inner/page"], ["GET", "/at/all/anywhere"], ["GET", "/no"]]
    assert run_program(environment, "fastapi_own_matches", stdin=asked) == [
        ["match", "/outer/{name}"],
        ["match", "/outer/inner/page"],
        ["match", "/outer/inner/page"],
        ["not_found", None],
    ]


@pytest.mark.parametrize("environment", ["starlette-oldest", "starlette-newest"])
def test_what_searches_by_itself_is_named_and_what_only_refers_is_not_entered(
    run_program: RunProgram, environment: str
) -> None:
    said = run_program(environment, "starlette_own_search")
    *verdict, unseen = said["own search"]
    assert verdict == ["match", "/{page}", {"page": "home"}]
    assert unseen.startswith("__main__:Versions.__call__ searches instead of the framework's router")
    assert said["its findings"] == [["undecided", "unknown"]]
    assert said["refers"][:3] == ["match", "/refers", {}]
    assert said["endless"] == ["match"]
    assert said["any case"][:3] == ["match", "/shop/{thing}", {"thing": "cup"}]


@pytest.mark.parametrize("environment", ["starlette-oldest", "starlette-newest"])
def test_routes_of_libraries_that_are_known_want_a_host_or_nothing_more(
    run_program: RunProgram, environment: str
) -> None:
    said = run_program(environment, "starlette_own_matches")
    hosts = ["host api.example.org", "host {city}.example.org", "host api.example.org"]
    doubt = "an X-HTTP-Method-Override header may say otherwise"
    assert said["conditions"] == [*hosts, *[None] * 5, doubt, doubt, None]
    assert said["seen"] == [
        ["match", "4", True],
        ["match", "6.1", True],
        ["match", "8", True],
        ["not_found", None, True],
        ["match", "1", True],
        ["match", "2", True],
    ]
    dead = [number for _, number, exactness in said["dead"] if exactness == "exact"]
    assert dead == ["3", "5", "6.2", "7", "9"]  # not the last, which such a header may leave something to


@pytest.mark.parametrize("environment", ["starlette-oldest", "starlette-newest"])
def test_a_mount_that_is_served_by_itself_takes_what_is_below_its_path(
    run_program: RunProgram, environment: str
) -> None:
    said = run_program(environment, "starlette_alone")
    assert said["below the mount"] == ["match", "/api/users/{user}", {"user": "7"}, None, True]
    assert said["beside the mount"] == ["not_found", None, {}, 404, True]
    assert said["its slash"] == ["redirect", None, {}, 307, True]
    assert said["wrong method"] == ["method_not_allowed", None, {}, 405, True]
    assert said["a mount in a mount"] == ["match", "/outer/api/users/{user}", {"user": "7"}, None, True]
    assert said["another host"] == ["not_found", None, {}, 404, True]
    assert said["routes"] == ["/outer/api/users/{user}"]


def test_a_host_is_compared_without_its_case_where_the_router_does_so(run_program: RunProgram) -> None:
    said = run_program("starlette-newest", "starlette_alone")
    assert said["a host"] == ["match", "/users/{user}", {"city": "oslo", "user": "7"}, None, True]


def test_a_route_that_refuses_without_a_list_of_methods_is_405(run_program: RunProgram) -> None:
    said = run_program("starlette-newest", "starlette_alone")
    assert said["only refuses"] == ["method_not_allowed", None, {}, 405]
