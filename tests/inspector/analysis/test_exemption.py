"""Which routes a skip list lets through: found by proof, held against `re` and the router."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.analysis.confirm import find_taker
from inspector.analysis.exemption import Anchoring, find_exemptions
from inspector.analysis.spots import lay_flat
from miniframework.routing.table import RouteTable
from tests.inspector.analysis.small_tables import METHODS, mount, route, short_paths, table_of, tables

SKIP = r"^/(login|static/.*|health|.*\.(css|js))$"
PATTERNS = (
    SKIP,
    "/a",
    "^/a$",
    "^/(?:a|b)",
    r"/a\Z",
    "/.*b$",
    "b",
    "/a/(?!b)",
    "^/1|^/b",
    "(?i:/A)",
    "/[^/]+/a",
)


def found(regex: str, *templates: str, how: Anchoring = Anchoring.MATCH) -> list[tuple[str, str, str | None]]:
    table = table_of(*(route(template) for template in templates))
    return [(e.route.path, e.witness, e.kept) for e in find_exemptions(table, regex, how)]


def test_a_suffix_rule_opens_a_page_of_the_administration() -> None:
    assert found(SKIP, "/admin/{page}", "/users/{id:int}", "/login") == [
        ("/admin/{page}", "/admin/.js", "/admin/a"),
        ("/login", "/login", None),
    ]


@pytest.mark.parametrize(
    ("how", "exempt"),
    [
        (Anchoring.MATCH, ["/a", "/ab"]),
        (Anchoring.FULLMATCH, ["/a"]),
        (Anchoring.SEARCH, ["/a", "/ab", "/b/a"]),
    ],
)
def test_how_the_pattern_is_asked_decides_what_it_opens(how: Anchoring, exempt: list[str]) -> None:
    assert [path for path, _, _ in found("/a", "/a", "/ab", "/b/a", how=how)] == exempt


def test_a_route_that_never_gets_the_exempt_path_is_not_exempt() -> None:
    assert found("/x/a$", "/x/a", "/x/{name}") == [("/x/a", "/x/a", None), ("/x/{name}", "/x/a\n", "/x/x")]
    assert found(r"/x/a\Z", "/x/a", "/x/{name}") == [("/x/a", "/x/a", None)]


def test_a_route_inside_a_mount_is_audited_by_its_whole_path() -> None:
    (exemption,) = find_exemptions(table_of(mount("/in", table_of(route("/{x:int}"), route("/b")))), "/in/1")
    assert (exemption.route.path, exemption.witness, exemption.is_partial) == ("/in/{x:int}", "/in/1", True)
    assert exemption.to_dict()["exactness"] == "exact"


@given(tables(), st.sampled_from(PATTERNS), st.sampled_from(Anchoring))
@settings(max_examples=100)
def test_every_exempt_request_belongs_to_a_route_that_was_told(
    table: RouteTable, regex: str, how: Anchoring
) -> None:
    told = {e.route.number: e for e in find_exemptions(table, regex, how)}
    labels = {spot.address: spot for spot in lay_flat(table)}
    asks = getattr(re.compile(regex), how.value)
    for path in short_paths(3):
        for method in METHODS:
            taker = labels.get(find_taker(table, method, path))
            if taker is None or taker.has_table or not asks(path):
                continue
            assert taker.label in told, (path, method)
    for exemption in told.values():
        assert asks(exemption.witness)
        assert exemption.kept is None or not asks(exemption.kept)
