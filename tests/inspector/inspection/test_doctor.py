"""The self-test asks one path of each route, and says where the router differs."""

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from inspector.adapters.adapter import AdaptedRoute, Asked, Rules
from inspector.analysis.sample_paths import sample_paths
from inspector.analysis.spots import lay_flat
from inspector.inspection.attached import Attached
from inspector.inspection.doctor import Diagnosis
from miniframework.routing.pattern import parse_pattern
from tests.inspector.inspection.test_picture import draw, part
from tests.inspector.inspection.tiny_framework import Router, TinyAdapter, TinyApp, listed, mounted, scan

ROUTES = (
    listed("/users/me"),
    listed("/users/{user}"),
    listed("/users/{user}", frozenset({"DELETE"})),
    listed("/any/{id:uuid}", None),
    listed("/ws", None, kind="websocket"),
    mounted("/sub", listed("/{a}/{b:float}")),
    listed("/files", None, kind="mount"),
)


def examine(*routes: AdaptedRoute, router: Router = scan, budget_s: float | None = None) -> Diagnosis:
    adapter = TinyAdapter(routes_listed=routes, router=router, rules=Rules(redirect_slashes=False))
    return Attached(TinyApp(adapter), adapter).doctor(budget_s=budget_s)


def test_every_effective_route_is_asked_about_once() -> None:
    found = examine(*ROUTES)
    assert (found.sentence, found.disagreements, found.unasked) == ("7 of 7 agree", (), ())


def test_a_disagreement_has_both_answers() -> None:
    def loses_users(routes: Sequence[AdaptedRoute], method: str, path: str) -> Asked:
        if path.startswith("/users"):
            return Asked(outcome="method_not_allowed", allow=("PUT",), status=405)
        return scan(routes, method, path)

    found = examine(*ROUTES, router=loses_users)
    assert found.sentence == "4 of 7 agree"
    first = found.disagreements[0].to_dict()
    assert first == {
        "method": "GET",
        "raw_path": "/users/me",
        "predicted": "it goes to route 1",
        "asked": "405, allowed: PUT",
    }


def test_a_taker_that_is_not_listed_is_a_disagreement() -> None:
    found = examine(listed("/x"), router=lambda *_: Asked(outcome="match", way=(listed("/x"),)))
    assert "not in the table that was read" in found.disagreements[0].asked


def test_what_time_leaves_over_is_told() -> None:
    found = examine(*ROUTES, budget_s=-1)
    assert (found.asked, len(found.unasked)) == (0, 7)
    assert found.sentence == "0 of 0 agree (7 not asked)"


@pytest.mark.parametrize(
    ("template", "first"),
    [
        ("/users/{name}", "/users/1"),
        ("/{a:int}/x", "/1/x"),
        ("/{when:float}", "/1"),
        ("/{key:uuid}", "/12345678-1234-4234-8234-123456789012"),
        ("/{rest:path}", "/1"),
    ],
)
def test_a_sample_is_short_and_readable(template: str, first: str) -> None:
    assert samples(listed(template))[0] == first


def test_samples_differ_so_that_one_is_not_another_routes() -> None:
    assert len(set(samples(listed("/{a}/{b}")))) == 5


@pytest.mark.parametrize(
    "regex",
    ["[A-Z]{3}-[0-9]{2}", "v[0-9]+", "(red|green)", "[0-9]{4}/[0-9]{2}", "(?>(?:.+/|)_plugin/)files/"],
)
def test_a_regex_of_ones_own_is_given_a_text_that_it_takes(regex: str) -> None:
    parts = (*parse_pattern("/").parts, part("x", regex))
    [first, *_] = samples(replace(listed("/x"), path="?", parts=parts))
    assert re.fullmatch("/" + regex, first)


def samples(route: AdaptedRoute) -> list[str]:
    return list(sample_paths(lay_flat(draw(route)), (0,)))
