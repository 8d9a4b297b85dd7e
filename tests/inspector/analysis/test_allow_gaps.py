"""Where a 405 does not name every method of a path: only a mount can do that, for a route before it."""

import pytest

from inspector.analysis.check import check_table
from inspector.analysis.finding import Finding, Kind, Severity
from miniframework.routing.match import MethodNotAllowed
from miniframework.routing.route import Entry
from miniframework.routing.table import RouteTable
from tests.inspector.analysis.small_tables import mount, route, socket, table_of


def gaps(*entries: Entry) -> list[Finding]:
    return [finding for finding in check_table(table_of(*entries)) if finding.kind is Kind.ALLOW_GAP]


def inside(*entries: Entry) -> RouteTable:
    return table_of(*entries)


def test_a_mount_that_does_not_have_the_path_answers_404_where_405_was_due() -> None:
    (finding,) = gaps(route("/health"), mount("", inside(route("/other"))))
    assert (finding.severity, finding.methods, finding.witness) == (Severity.NOTE, ("POST",), "/health")
    assert (finding.route.number, finding.by[0].number) == ("2", "1")
    assert "Allow does not name GET, HEAD" in finding.message


def test_a_mount_that_has_the_path_with_another_method_names_only_its_own() -> None:
    (finding,) = gaps(route("/a/b", "GET"), mount("/a", inside(route("/b", "POST"))))
    assert (finding.methods, finding.witness) == (("PUT",), "/a/b")


def test_a_mount_is_named_once_however_many_routes_it_answers_for() -> None:
    (finding,) = gaps(route("/a"), route("/b"), route("/c"), mount("", inside(route("/d"))))
    assert finding.by[0].path == "/a"


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param([route("/x", "GET"), route("/x", "POST")], id="one-table-names-all-methods"),
        pytest.param([route("/x/{n:int}", "GET"), route("/x/{n}", "PUT")], id="other-converters"),
        pytest.param([mount("", inside(route("/x"))), route("/y")], id="mount-before"),
        pytest.param([route("/x"), mount("/y", inside(route("/z")))], id="elsewhere"),
        pytest.param([route("/x"), mount("/x", inside(route("/")))], id="only-below"),
        pytest.param([route("/a/b", "GET"), mount("/a", inside(route("/b", "GET")))], id="same-methods"),
        pytest.param([socket("/a/b"), mount("/a", inside(route("/c")))], id="a-handshake-has-no-allow"),
        pytest.param([route("/health"), mount("")], id="what-is-mounted-is-not-known"),
    ],
)
def test_there_is_no_gap(entries: list[Entry]) -> None:
    assert gaps(*entries) == []


def test_within_one_table_allow_names_the_methods_of_every_route_that_has_the_path() -> None:
    table = table_of(route("/x/{n:int}", "GET"), route("/x/{n}", "PUT"), route("/x/1", "DELETE"))
    assert table.match("http", "POST", "/x/1") == MethodNotAllowed(allow=("DELETE", "GET", "HEAD", "PUT"))
