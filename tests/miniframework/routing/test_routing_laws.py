"""Laws over generated tables: match, explain, a naive scan and a table read from a snapshot say the same."""

import json
import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from miniframework.routing.explanation import Explanation, Matched, Refused, Shadowed
from miniframework.routing.regex.walk import Automaton, automaton_of
from miniframework.routing.route import Entry, Mount, Route
from miniframework.routing.table import Found, MethodNotAllowed, NotFound, Redirected, RouteTable
from tests.miniframework.routing.routing_cases import (
    CONVERTERS,
    METHODS,
    Declared,
    declarations,
    entry_of,
    paths_like,
)

REQUESTS = [("http", method) for method in METHODS] + [("websocket", "GET")]


# ---- the naive scan: its own templates, its own regexes, nothing of the package under test


def naive_regex(declared: Declared) -> re.Pattern[str]:
    def part(match: re.Match[str]) -> str:
        name, _, kind = match[1].partition(":")
        return f"(?P<{name}>{CONVERTERS[kind or 'str'].regex})"

    pieces = re.split(r"(\{[^}]*\})", declared.template)
    body = "".join(re.sub(r"\{([^}]*)\}", part, p) if p.startswith("{") else re.escape(p) for p in pieces)
    return re.compile(rf"(?P<prefix_>{body})/[\s\S]*" if declared.kind == "mount" else body)


Scan = list[tuple[int, Declared, re.Pattern[str]]]


def naive_match(scan: Scan, protocol: str, method: str, path: str) -> tuple[Any, ...]:
    wanted = ("http", "mount") if protocol == "http" else ("websocket", "mount")
    seen = [item for item in scan if item[1].kind in wanted]
    allow: set[str] = set()
    for number, one, regex in seen:
        found = regex.fullmatch(path)
        if found is None:
            continue
        methods = set(one.methods) | ({"HEAD"} if "GET" in one.methods else set())
        if one.kind == "http" and method not in methods:
            allow |= methods
            continue
        params = found.groupdict()
        return (
            "found",
            number,
            {k: v for k, v in params.items() if k != "prefix_"},
            len(params.get("prefix_", "")),
        )
    if allow:
        return ("method_not_allowed", sorted(allow))
    toggled = path.rstrip("/") if path.endswith("/") else path + "/"
    if protocol == "http" and path != "/" and toggled and any(r.fullmatch(toggled) for _, _, r in seen):
        return ("redirect", toggled)
    return ("not_found",)


def said(table: RouteTable, protocol: Any, method: str, path: str) -> tuple[Any, ...]:
    match table.match(protocol, method, path):
        case Found(index=index, params=params, prefix_length=length):
            return ("found", index, params, length)
        case MethodNotAllowed(allow=allow):
            return ("method_not_allowed", list(allow))
        case Redirected(path=target):
            return ("redirect", target)
        case NotFound():
            return ("not_found",)


def explained(explanation: Explanation, table: RouteTable) -> tuple[Any, ...]:
    """The verdict of the table put together from nothing but the verdicts of its entries."""
    takers = [v.index for v in explanation.verdicts if not isinstance(v, Refused)]
    if takers:
        winner = explanation.verdicts[takers[0]]
        assert isinstance(winner, Matched)
        entry = table.entries[takers[0]]
        params = {span.name: span.text for span in winner.judgement.parameters}
        return ("found", takers[0], params, None if isinstance(entry, Mount) else 0)
    allow: set[str] = set()
    for verdict in explanation.verdicts:
        entry = table.entries[verdict.index]
        if isinstance(entry, Route) and explanation.protocol == "http" and verdict.judgement.path_matches:
            allow |= entry.methods
    if allow:
        return ("method_not_allowed", sorted(allow))
    return ("redirect", explanation.location) if explanation.location else ("not_found",)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[Declared], RouteTable, list[str]]:
    declared: list[Declared] = []
    entries: list[Entry] = []
    for one in draw(st.lists(declarations(), min_size=1, max_size=8)):
        declared.append(one)
        entries.append(entry_of(one))
    paths = draw(st.lists(paths_like(declared), min_size=10, max_size=20))
    # The same path twice would be the same case twice.
    return declared, RouteTable(entries), list(dict.fromkeys(paths))


@settings(max_examples=150)
@given(tables())
def test_match_is_a_linear_scan_and_explain_agrees_with_it(
    case: tuple[list[Declared], RouteTable, list[str]],
) -> None:
    declared, table, paths = case
    scan = [(number, one, naive_regex(one)) for number, one in enumerate(declared)]
    for path in paths:
        for protocol, method in REQUESTS:
            expected = naive_match(scan, protocol, method, path)
            assert said(table, protocol, method, path) == expected, (path, method)
            # A second time: the dictionary of literal paths is filled now.
            assert said(table, protocol, method, path) == expected, (path, method)
        for protocol, method in (("http", "GET"), ("http", "POST"), ("websocket", "GET")):
            explanation = table.explain(protocol, method, path)  # type: ignore[arg-type]
            expected = naive_match(scan, protocol, method, path)
            outcome = explained(explanation, table)
            assert outcome[:3] == expected[:3], (path, method)
            assert explanation.outcome.value == expected[0]
            check_shape(explanation, path)


def check_shape(explanation: Explanation, path: str) -> None:
    """What holds for every verdict of every explanation."""
    winner = explanation.winner
    for index, verdict in enumerate(explanation.verdicts):
        judgement = verdict.judgement
        assert verdict.index == index
        assert 0 <= judgement.reached <= len(path)
        assert bool(judgement.reasons) == isinstance(verdict, Refused)
        if judgement.path_matches:
            assert judgement.reached == len(path)
        for span in judgement.parameters:
            assert path[span.start : span.end] == span.text
        for reason in judgement.reasons:
            assert reason.message
            assert reason.at is None or 0 <= reason.at <= len(path)
        if isinstance(verdict, Refused):
            assert verdict.examined == (winner is None or index < winner)
        if isinstance(verdict, Shadowed):
            assert winner is not None
            assert verdict.shadowed_by == winner < index
    json.dumps(explanation.to_dict())


@settings(max_examples=60)
@given(tables())
def test_a_table_read_from_its_snapshot_matches_and_explains_alike(
    case: tuple[list[Declared], RouteTable, list[str]],
) -> None:
    _, table, paths = case
    stored = json.loads(json.dumps(table.snapshot()))
    again = RouteTable.from_snapshot(stored)
    assert again.snapshot() == stored
    assert again.fingerprint == table.fingerprint == stored["fingerprint"]
    for path in paths:
        for protocol, method in (("http", "GET"), ("http", "DELETE"), ("websocket", "GET")):
            assert said(again, protocol, method, path) == said(table, protocol, method, path)
            one, other = table.explain(protocol, method, path), again.explain(protocol, method, path)  # type: ignore[arg-type]
            assert one.to_dict() == other.to_dict()


@settings(max_examples=150)
@given(tables())
def test_the_character_reached_is_the_end_of_the_longest_viable_prefix(
    case: tuple[list[Declared], RouteTable, list[str]],
) -> None:
    # By another way: the automaton of the whole regex, where the judge goes piece by piece.
    _, table, paths = case
    wholes = [automaton_of(entry.pattern.regex.pattern) for entry in table.entries]
    for path in paths:
        verdicts = table.explain("http", "GET", path).verdicts
        for entry, whole, verdict in zip(table.entries, wholes, verdicts, strict=True):
            if isinstance(whole, Automaton):
                reached = whole.walk(path, (0,)).reached
                assert verdict.judgement.reached == reached, (entry.pattern.template, path)
