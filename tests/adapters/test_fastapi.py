"""FastAPI's own router is asked, where it keeps flat lists of routes and where it keeps a tree."""

from typing import Any

import pytest

from tests.adapters.conftest import RunProgram

VERSIONS = {
    "fastapi-oldest": "0.116.1",
    "fastapi-last-flat": "0.136.3",
    "fastapi-first-tree": "0.137.0",
    "fastapi-route-contexts": "0.137.2",
    "fastapi-newest": "0.165.0",
}
FLAT = ("fastapi-oldest", "fastapi-last-flat")
WITH_FRONTENDS = ("fastapi-newest",)

# method, path -> outcome, way, parameters, Allow, Location, status
ASKED: dict[tuple[str, str], tuple[Any, ...]] = {
    ("GET", "/t/items/x"): (
        "match", "/{tenant}/items/{number}", {"tenant": "t", "number": "x"}, [], None, None,
    ),
    ("HEAD", "/items/1"): ("method_not_allowed", "", {}, ["GET"], None, 405),  # FastAPI adds no HEAD to a GET
    ("PATCH", "/items/1"): ("match", "/items/{number}", {"number": "1"}, [], None, None),
    ("GET", "/items/1/"): ("redirect", "", {}, [], "http://localhost/items/1", 307),
    ("GET", "/items/deep/at/3"): ("match", "/items/deep/at/{level}", {"level": "3"}, [], None, None),
    ("WEBSOCKET", "/t/items/deep/3/feed"): (
        "match", "/{tenant}/items/deep/{level}/feed", {"tenant": "t", "level": "3"}, [], None, None,
    ),
    ("WEBSOCKET", "/items/1"): ("websocket_mismatch", "", {}, [], None, 403),
    # Its own root path takes the place of the mount's prefix, and the prefix is not stripped.
    ("GET", "/inside/items/deep/at/3"): ("not_found", "", {}, [], None, 404),
    ("HEAD", "/openapi.json"): ("match", "/openapi.json", {}, [], None, None),  # a plain Starlette route
    ("GET", "/files/x"): ("match", "/files", {}, [], None, None),
    ("GET", "/items/%C3%A9%2F"): ("redirect", "", {}, [], "http://localhost/items/%C3%A9", 307),
}  # fmt: skip

# Added to a router once it was included: a copy in a flat list does not know it, a tree does.
LATE = ("GET", "/items/3/late")
FRONTEND = {
    ("GET", "/nobody"): ("match", "/{path}", {"path": "nobody"}, [], None, None),
    ("GET", "/web/x/y"): ("match", "/web/{path}", {"path": "x/y"}, [], None, None),
    ("POST", "/web/there-is-no-such-file"): ("not_found", "", {}, [], None, 404),
}


@pytest.fixture(params=VERSIONS, scope="module")
def environment(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def described(run_program: RunProgram, environment: str) -> Any:
    return run_program(
        environment, "fastapi_shop", stdin=[*map(list, ASKED), list(LATE), *map(list, FRONTEND)]
    )


def test_the_router_says_where_a_request_goes_and_no_handler_runs(described: Any) -> None:
    said = {request: tuple(asked) for request, asked in zip(ASKED, described["asked"], strict=False)}
    assert said == ASKED


def test_a_route_that_is_declared_late_is_known_where_the_framework_knows_it(
    described: Any, environment: str
) -> None:
    outcome = described["asked"][len(ASKED)][0]
    assert outcome == ("not_found" if environment in FLAT else "match")


def test_a_frontend_is_asked_last_the_longest_prefix_first(described: Any, environment: str) -> None:
    said = [tuple(asked) for asked in described["asked"][len(ASKED) + 1 :]]
    if environment not in WITH_FRONTENDS:
        assert {asked[0] for asked in said} == {"not_found"}
        return
    assert dict(zip(FRONTEND, said, strict=True)) == FRONTEND
    assert [row["path"] for row in described["routes"][-2:]] == ["/web/{path}", "/{path}"]


def test_the_version_is_told_and_no_other_framework_is_imported(described: Any, environment: str) -> None:
    assert described["framework"] == "FastAPI"
    assert described["version"] == VERSIONS[environment]
    assert described["imported"] == ["fastapi", "pydantic"]


def test_included_routes_are_listed_with_their_prefixes_in_the_order_in_which_they_are_tried(
    described: Any, environment: str
) -> None:
    def paths(prefix: str) -> list[str]:
        late = [] if environment in FLAT else [f"{prefix}/items/{{number}}/late"]
        return [
            f"{prefix}/items/{{number}}",
            f"{prefix}/items/{{number}}",
            f"{prefix}/items/deep/at/{{level}}",
            f"{prefix}/items/deep/{{level}}/feed",
            *late,
        ]

    frontends = ["/web/{path}", "/{path}"] if environment in WITH_FRONTENDS else []
    listed = [row["path"] for row in described["routes"]]
    assert listed == ["/openapi.json", "/inside", *paths("/{tenant}"), *paths(""), "/files", *frontends]
    inside = next(row for row in described["routes"] if row["path"] == "/inside")
    assert [row["path"] for row in inside["inner"]] == paths("")


def test_a_route_is_described_by_its_endpoint_and_the_file_of_it(described: Any) -> None:
    by_name = {row["name"]: row for row in described["routes"]}
    assert by_name["change"]["methods"] == ["PATCH", "PUT"]
    assert by_name["change"]["endpoint"].endswith(":change_item")
    assert by_name["change"]["source"] == "fastapi_shop.py"
    assert by_name["feed"]["kind"] == "websocket"


def test_random_programs_answer_as_was_said(run_program: RunProgram, environment: str) -> None:
    answer = run_program(environment, "fastapi_random", "0", "4", "120")
    assert answer["wrong"] == []
    assert set(answer["outcomes"]) >= {"match", "not_found", "method_not_allowed", "redirect"}
    assert answer["taken"] > 0.5 * answer["outcomes"]["match"], "the live route is known most often"


@pytest.fixture(params=["fastapi-oldest", "fastapi-newest"], scope="module")
def below_starlette(run_program: RunProgram, request: pytest.FixtureRequest) -> Any:
    return run_program(request.param, "fastapi_below_starlette")


def test_a_live_request_is_bound_to_its_route_below_the_mount_that_it_names(below_starlette: Any) -> None:
    assert below_starlette["live"] == {
        "/api/docs": ["/api", "/docs"],
        "/api/openapi.json": ["/api", "/openapi.json"],
        "/api/nobody": [],
    }


def test_each_mount_redirects_slashes_as_its_own_router_does(below_starlette: Any) -> None:
    assert below_starlette["asked"]["/api/strict/a"] == ["not_found", None, True]
    assert below_starlette["asked"]["/api/docs/"] == ["redirect", None, True]


def test_a_router_with_a_search_of_its_own_is_not_looked_into(below_starlette: Any) -> None:
    assert below_starlette["asked"]["/versions/p"] == ["match", "/versions", True]
    assert below_starlette["asked"]["/versions/q"] == ["match", "/versions", True]
    assert below_starlette["asked"]["/counting/p"] == ["match", "/counting/p", True], "it calls super"


def test_every_route_behind_a_mount_that_is_never_entered_is_unreachable(below_starlette: Any) -> None:
    assert below_starlette["dead"] == [
        ["POST", "/api/late", "exact"],
        ["POST", "/api/late/deep/p", "exact"],
    ]


@pytest.mark.parametrize("environment", ["fastapi-oldest", "fastapi-newest"])
def test_an_application_that_is_told_where_it_is_served_is_asked_there(
    run_program: RunProgram, environment: str
) -> None:
    seen = run_program(environment, "fastapi_root_path")
    assert seen["said"] == [
        ["match", "/users/{user}", True],
        ["match", "/users/{user}", True],  # a proxy may have taken the root path off
        ["match", "/sub/things/{thing}", True],
        ["not_found", None, True],
    ]
    assert seen["found"] == [["unreachable", "/users/me", "/svc/users/me"]]
    assert seen["doctor"] == "3 of 3 agree"


@pytest.mark.parametrize("environment", ["fastapi-oldest", "fastapi-newest"])
def test_an_application_that_is_mounted_elsewhere_than_it_was_told_sees_more_of_a_path(
    run_program: RunProgram, environment: str
) -> None:
    seen = run_program(environment, "fastapi_own_roots")
    shadowed = ["/api/users", "/v1/users", "/{a}-{b}/users", "/deeper/users"]
    assert seen["/api/v1"] == {"wrong": [], "dead": [["unreachable", path] for path in shadowed]}
    unknown = "/{a}-{b}/users"  # two parameters in one segment are not followed
    for root_path, never in {
        "/api": ["/users", "/api/users", "/apis", "/deeper", "/deeper/users"],
        "/else": [
            "/users",
            "/{section}/users",
            "/api/users",
            "/v1/users",
            "/apis",
            "/deeper",
            "/deeper/users",
        ],
    }.items():
        dead = seen[root_path]["dead"]
        assert seen[root_path]["wrong"] == ["/api/v1/a-b/users"]
        assert [path for kind, path in dead if kind == "unreachable"] == never
        assert [path for kind, path in dead if kind == "undecided"] == [unknown]
    # A server that puts the rest in front of all paths makes this one fit.
    assert {kind for kind, _ in seen["/proxy/api/v1"]["dead"]} == {"undecided"}


@pytest.mark.parametrize("environment", ["cadwyn-flat", "cadwyn-tree"])
def test_a_router_that_searches_by_version_is_asked_about_the_routes_of_that_version(
    run_program: RunProgram, environment: str
) -> None:
    seen = run_program(environment, "cadwyn_versions")
    assert seen["differ"] == {"with a default": [], "without": [], "mounted": []}
    assert seen["found"] == [["unreachable", "/api/users/me", "exact"]]
    assert seen["doctor"] == []
    assert "searches instead of the framework's router" in seen["unseen"]  # its default is code of the user


def test_a_live_request_that_a_frontend_answered_was_taken_by_it(run_program: RunProgram) -> None:
    seen = run_program("fastapi-newest", "fastapi_frontends")
    files = {
        "/settings": "/settings",
        "/": "/{path}",
        "/index.html": "/{path}",
        "/none": "/{path}",
        "/web/x": "/web/{path}",
        "/web": "/web/{path}",
        "/pages/web/x": "/pages/web/{path}",
        "/webs": "/{path}",
    }
    expected = {path: [template, template, True] for path, template in files.items()}
    assert {place: one["live"] for place, one in seen.items()} == dict.fromkeys(
        ("alone", "at /", "at /ui"), expected
    )
    assert all(one["refused"] == [] for one in seen.values())


def test_a_route_that_is_tried_behind_all_others_has_its_own_parameters(run_program: RunProgram) -> None:
    assert run_program("fastapi-newest", "fastapi_late") == [
        ["match", "/in/late/{item_id}", {"item_id": "abc"}, []],
        ["method_not_allowed", None, {}, ["GET"]],
        ["not_found", None, {}, []],
    ]


def test_another_method_at_a_frontend_is_refused_by_what_files_there_are(run_program: RunProgram) -> None:
    seen = run_program("fastapi-newest", "fastapi_frontends")
    refused, missing = ["method_not_allowed", True], ["not_found", True]
    expected = [refused, missing, missing, refused]
    assert {place: one["posted"] for place, one in seen.items()} == dict.fromkeys(seen, expected)


def test_the_self_test_asks_each_frontend_for_a_path_of_its_own(run_program: RunProgram) -> None:
    seen = run_program("fastapi-newest", "fastapi_frontends")
    assert {(one["asked"], len(one["wrong"]), one["unasked"]) for one in seen.values()} == {(4, 0, 0)}


@pytest.fixture(scope="module")
def refusals(run_program: RunProgram, environment: str) -> Any:
    return run_program(environment, "fastapi_refusals")


def test_what_is_said_to_be_refused_is_refused(refusals: Any) -> None:
    assert {answered for said, answered in refusals.values() if said} == {422}


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/int/seven", ["value", "int", 422]),
        ("/float/seven", ["value", "float", 422]),
        ("/bool/seven", ["value", "bool", 422]),
        ("/uuid/seven", ["value", "UUID", 422]),
        ("/date/seven", ["value", "date", 422]),
        ("/word/seven", ["value", "Literal['new', 'old']", 422]),
        ("/shops/x/items/1", ["shop", "int", 422]),
        ("/colour/seven", None),
        ("/read/seven", None),
        ("/either/seven", None),
        ("/int/7", None),
        ("/float/nan", None),
        ("/bool/true", None),
        ("/word/new", None),
    ],
)
def test_the_declared_types_say_which_text_an_endpoint_refuses(refusals: Any, path: str, said: Any) -> None:
    assert refusals[path][0] == said
