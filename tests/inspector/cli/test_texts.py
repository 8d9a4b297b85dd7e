"""Sentences of the commands that only some tables, patterns and machines bring forth."""

import sys
import webbrowser
from collections.abc import Callable

import pytest

from inspector.analysis.check import check_table
from inspector.analysis.exemption import Exemption
from inspector.analysis.finding import RouteName
from inspector.cli.display import has_display
from inspector.cli.exemptions_text import exemptions_text
from inspector.cli.findings_text import findings_text
from tests.inspector.analysis.small_tables import route, table_of
from tests.inspector.cli.recordings import run

BOOKSHOP = "inspector.demo.bookshop:app"


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("/nowhere", "no route is exempt"),
        ("/health$", "exempt as a whole:\n  route 2 GET /health"),
    ],
)
def test_an_audit_says_what_is_exempt_as_a_whole_and_that_nothing_is(pattern: str, said: str) -> None:
    assert run("audit", BOOKSHOP, "--exempt", pattern).stdout.startswith(said)


def test_an_exemption_that_cannot_be_followed_says_that_there_may_be_more() -> None:
    name = RouteName(number="3", kind="http", path="/a/{x}", methods=("GET",), name="a", source=None)
    told = exemptions_text(
        [Exemption(route=name, methods=("GET",), witness="/a/b", kept="/a/c", is_exact=False)]
    )
    assert told.endswith("\n  a construct cannot be followed: there may be more such paths")


def test_who_hides_several_routes_is_named_once_with_their_number() -> None:
    hiding = route("/{p:path}", line=1)
    told = findings_text(check_table(table_of(hiding, route("/a", line=2), route("/b", line=3))), accepted=0)
    assert "route 1 /{p:path} (app.py:1) hides 2 others" in told
    alone = findings_text(check_table(table_of(hiding, route("/a", line=2))), accepted=0)
    assert "hides" not in alone


def no_browser() -> object:
    raise webbrowser.Error


@pytest.mark.parametrize(
    ("is_terminal", "platform", "environment", "find", "seen"),
    [
        pytest.param(True, "linux", {"DISPLAY": ":0"}, bool, True, id="a screen"),
        pytest.param(True, "linux", {"WAYLAND_DISPLAY": "wayland-0"}, bool, True, id="a screen of Wayland"),
        pytest.param(True, "darwin", {}, bool, True, id="a Mac"),
        pytest.param(True, "linux", {}, bool, False, id="no screen"),
        pytest.param(False, "linux", {"DISPLAY": ":0"}, bool, False, id="no terminal"),
        pytest.param(True, "linux", {"DISPLAY": ":0"}, no_browser, False, id="no browser"),
    ],
)
def test_a_browser_is_opened_only_where_somebody_would_see_it(
    monkeypatch: pytest.MonkeyPatch,
    is_terminal: bool,
    platform: str,
    environment: dict[str, str],
    find: Callable[[], object],
    seen: bool,
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: is_terminal)
    monkeypatch.setattr(webbrowser, "get", find)
    assert has_display() is seen
