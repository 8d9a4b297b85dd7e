"""Every check of an entry has one of three states: it holds, it does not, or nobody has looked."""

import pytest
from hypothesis import given, settings

from miniframework.routing.judging.checks import find_checks
from miniframework.routing.judging.judgement import ReasonKind
from miniframework.routing.route import Entry
from miniframework.routing.table import RouteTable
from tests.miniframework.routing.routing_cases import mount, route, socket
from tests.miniframework.routing.test_routing_laws import REQUESTS, Declared, tables

OF_KIND = {
    ReasonKind.PROTOCOL: "protocol",
    ReasonKind.METHOD: "method",
    ReasonKind.MOUNT_PREFIX: "prefix",
    ReasonKind.LITERAL: "literal",
    ReasonKind.CONVERTER: "converter",
    ReasonKind.MISSING: "segments",
    ReasonKind.EXTRA: "segments",
    ReasonKind.TRAILING_SLASH: "slash",
}


def states(entry: Entry, method: str, path: str) -> dict[str, str]:
    protocol, method = ("websocket", "GET") if method == "WS" else ("http", method)
    verdict = RouteTable([entry]).explain(protocol, method, path).verdicts[0]  # type: ignore[arg-type]
    return dict(find_checks(entry, verdict.judgement))


def said(text: str) -> dict[str, str]:
    """`literal:ok converter:?` with a mark for each state."""
    marks = {"+": "ok", "-": "failed", "?": "not_examined"}
    return {word[1:]: marks[word[0]] for word in text.split()}


@pytest.mark.parametrize(
    ("entry", "method", "path", "expected"),
    [
        (route("/a/{n:int}"), "GET", "/a/4", "+protocol +method +literal +converter +segments +slash"),
        (route("/a/{n:int}"), "PUT", "/a/x", "+protocol -method +literal -converter +segments ?slash"),
        (route("/a/{n:int}"), "GET", "/b/4/c", "+protocol +method -literal +converter -segments ?slash"),
        (route("/a/{n:int}/b"), "GET", "/a", "+protocol +method ?literal ?converter -segments ?slash"),
        (route("/a/{n:int}"), "WS", "/a/4", "-protocol ?method +literal +converter +segments +slash"),
        (route("/a"), "GET", "/a/", "+protocol +method +literal +segments -slash"),
        (route("/t/{y:int}@{s}"), "GET", "/u/4", "+protocol +method -literal ?converter ?segments ?slash"),
        (route("/a"), "GET", "a", "+protocol +method -literal ?segments ?slash"),
        (socket("/a"), "WS", "/b", "+protocol -literal +segments ?slash"),
        (mount("/a"), "GET", "/b/c", "+protocol -prefix ?segments ?slash"),
        (mount("/a"), "GET", "/a", "+protocol +prefix +segments -slash"),
        (mount("/a"), "GET", "/a/b", "+protocol +prefix +segments +slash"),
    ],
)
def test_each_check_is_told_apart(entry: Entry, method: str, path: str, expected: str) -> None:
    assert states(entry, method, path) == said(expected)


@settings(max_examples=80)
@given(tables())
def test_a_check_has_failed_exactly_when_there_is_a_reason_of_its_kind(
    case: tuple[list[Declared], RouteTable, list[str]],
) -> None:
    _, table, paths = case
    for path in paths:
        for protocol, method in REQUESTS:
            verdicts = table.explain(protocol, method, path).verdicts  # type: ignore[arg-type]
            for entry, verdict in zip(table.entries, verdicts, strict=True):
                checks = dict(find_checks(entry, verdict.judgement))
                kinds = {OF_KIND[reason.kind] for reason in verdict.judgement.reasons}
                failed = {check for check, state in checks.items() if state == "failed"}
                assert failed - {"prefix"} == (kinds & set(checks)) - {"prefix"}, (
                    entry.pattern.template,
                    path,
                )
                if verdict.judgement.takes:
                    assert set(checks.values()) == {"ok"}
