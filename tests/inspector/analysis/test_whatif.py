"""What follows from an edit: requests, URL space and findings, all by the real router; nothing runs."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.analysis.check import check_table
from inspector.analysis.edits import parse_edits
from inspector.analysis.errors import TooLargeError
from inspector.analysis.finding import Finding
from inspector.analysis.recorded import NO_REQUESTS, RecordedRequest, RecordedRequests
from inspector.analysis.whatif import WhatIf, what_if
from miniframework.routing.table import RouteTable
from tests.inspector.analysis.small_tables import METHODS, mount, route, short_paths, tables

USERS = RouteTable([route("/users/{x}", line=1), route("/users/me", line=2), route("/z", line=3)])


def recorded(*paths: str, method: str = "GET") -> RecordedRequests:
    requests = (
        RecordedRequest(id=f"{number}", method=method, path=path, asked=path, started=number)
        for number, path in enumerate(paths)
    )
    return RecordedRequests(requests=tuple(requests), unasked={})


def asked(table: RouteTable, *edits: Any, requests: RecordedRequests = NO_REQUESTS) -> WhatIf:
    return what_if(table, parse_edits(list(edits)), requests)


def test_no_edit_changes_nothing() -> None:
    found = asked(USERS, requests=recorded("/users/me", "/nowhere")).to_dict()
    assert (found["moved"], found["regions"], found["findings"]) == ([], [], {"gone": [], "new": []})
    assert (found["origins"], found["failed"], found["asked"]) == ({}, None, 2)


def test_a_finding_that_only_has_another_number_is_neither_gone_nor_new() -> None:
    found = asked(USERS, {"op": "move", "route": "3", "before": "1"})
    assert (found.proof.gone, found.proof.come) == ((), ())
    assert [finding.route.number for finding in check_table(found.edited.table)] == ["3"]


def test_a_finding_that_an_edit_mends_is_gone_and_one_that_it_makes_is_new() -> None:
    mended = asked(USERS, {"op": "move", "route": "2", "before": "1"})
    assert [finding.route.number for finding in mended.proof.gone] == ["2"]
    made = asked(USERS, {"op": "add", "path": "/{p:path}", "methods": ["GET"], "before": "3"})
    assert [(finding.kind, finding.route.number) for finding in made.proof.come] == [("unreachable", "4")]
    assert made.proof.gone == ()


def test_requests_alone_are_the_same_requests_and_no_claim_about_others() -> None:
    edits = parse_edits([{"op": "move", "route": "2", "before": "1"}])
    requests = recorded("/users/me", "/users/7", "/users/me/")
    quick, whole = (what_if(USERS, edits, requests, requests_only=only) for only in (True, False))
    assert (quick.moved, quick.proof, quick.failed) == (whole.moved, None, None)
    assert [moved.request.path for moved in quick.moved] == ["/users/me"]


def test_numbers_that_changed_are_given_and_an_added_route_has_none() -> None:
    found = asked(USERS, {"op": "add", "path": "/n", "methods": ["GET"], "before": "3"}).to_dict()
    assert found["origins"] == {"4": "3", "3": None}


def test_a_proof_that_cannot_be_had_is_said_and_the_requests_are_told_all_the_same() -> None:
    def give_up(table: RouteTable) -> Sequence[Finding]:
        raise TooLargeError("too many combinations")

    edits = parse_edits([{"op": "remove", "route": "1"}])
    found = what_if(USERS, edits, recorded("/users/7"), find_findings=give_up).to_dict()
    assert (found["failed"], found["regions"]) == ("too many combinations", [])
    assert found["findings"] == {"gone": [], "new": []}
    assert found["moved_total"] == 1


def test_switching_redirects_off_shows_the_requests_that_were_redirected() -> None:
    table = RouteTable([route("/a"), mount("/m", RouteTable([route("/x")]))])
    edit = {"op": "redirect_slashes", "value": False}
    found = asked(table, edit, requests=recorded("/a", "/a/", "/m", "/m/x/")).to_dict()
    told = {one["path"]: (one["old"]["location"], one["new"]["outcome"]) for one in found["moved"]}
    # The application inside the mount goes on redirecting: it has a rule of its own.
    assert told == {"/a/": ("/a", "not_found"), "/m": ("/m/", "not_found")}


@given(tables(depth=0), st.data())
@settings(max_examples=60)
def test_a_request_that_another_route_takes_lies_in_a_region_that_is_told(
    table: RouteTable, data: st.DataObject
) -> None:
    """What is recorded and what is proved agree: no request moves where no region does."""
    numbers = st.integers(1, len(table.entries)).map(str)
    moved, before = data.draw(numbers), data.draw(numbers)
    if moved == before:
        return
    requests = recorded(*short_paths(3), method=data.draw(st.sampled_from(METHODS)))
    found = asked(table, {"op": "move", "route": moved, "before": before}, requests=requests)
    told = {
        (change.old.route and change.old.route.number, change.new.route and change.new.route.number)
        for change in found.proof.regions
    }
    assert found.failed is None
    assert {(one.old.number, one.new.number) for one in found.moved} <= told
