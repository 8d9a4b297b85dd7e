"""What a router said, printed above the ladder where that does not say it."""

import click
import pytest

from inspector.adapters.adapter import Asked
from inspector.cli.explained_text import explained_text
from inspector.inspection.attached import Attached
from tests.inspector.inspection.tiny_framework import TinyAdapter, TinyApp, listed


@pytest.mark.parametrize(
    ("status", "first"),
    [(500, "GET /x  →  500, its search for a route failed"), (404, "GET /x  →  404 Not Found")],
)
def test_a_search_that_failed_is_said_although_the_picture_finds_no_route_either(
    status: int, first: str
) -> None:
    failed = Asked(outcome="not_found", status=status)
    adapter = TinyAdapter(routes_listed=(listed("/y"),), router=lambda *_: failed)
    found = Attached(TinyApp(adapter), adapter).explain("GET", "/x")
    lines = click.unstyle(explained_text(found.table.snapshot(), found)).splitlines()
    assert found.agrees
    assert lines[0] == first
    assert ("Tiny's own router says so." in lines) is (status == 500)
