"""What is said of a whole table at once is what its entries say one by one."""

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from miniframework.routing.explaining.funnel import find_funnel
from miniframework.routing.explanation import Refused
from miniframework.routing.judging.asked import Asked
from miniframework.routing.judging.judgement import Judgement, ReasonKind
from miniframework.routing.judging.survey import find_takers
from miniframework.routing.regex.walk import automaton_of
from miniframework.routing.route import Mount, Route, SocketRoute
from miniframework.routing.table import RouteTable
from tests.miniframework.routing.routing_cases import mount, route, socket
from tests.miniframework.routing.test_routing_laws import REQUESTS, Declared, tables

Case = tuple[list[Declared], RouteTable, list[str]]


def fits(entry: Route | SocketRoute | Mount, protocol: str, method: str) -> bool:
    if isinstance(entry, Route):
        return protocol == "http" and method in entry.methods
    return isinstance(entry, Mount) or protocol == "websocket"


@settings(max_examples=80)
@given(tables())
def test_entries_judged_together_say_what_each_says_in_a_table_of_its_own(case: Case) -> None:
    _, table, paths = case
    alone = [RouteTable([entry]) for entry in table.entries]
    for path in paths:
        for protocol, method in (("http", "GET"), ("http", "DELETE"), ("websocket", "GET")):
            asked = Asked(protocol, method, path)  # type: ignore[arg-type]
            together = table.judge.judge(asked).every()
            for entry, judgement, own in zip(table.entries, together, alone, strict=True):
                assert own.judge.judge(asked).one(0) == judgement, (entry.pattern.template, path)
                assert judgement.path_matches == (entry.pattern.regex.fullmatch(path) is not None)


@settings(max_examples=80)
@given(tables())
def test_a_verdict_looked_at_alone_is_the_one_in_the_whole_list(case: Case) -> None:
    _, table, paths = case
    for path in paths:
        whole = list(table.explain("http", "GET", path).verdicts)
        single = table.explain("http", "GET", path).verdicts
        assert [single[index] for index in range(len(single))] == whole
        assert single[-1] == whole[-1]
        assert single[1:] == tuple(whole[1:])


@settings(max_examples=80)
@given(tables())
def test_the_outline_says_what_the_verdicts_add_up_to(case: Case) -> None:
    _, table, paths = case
    for path in paths:
        for protocol, method in REQUESTS:
            explanation = table.explain(protocol, method, path)  # type: ignore[arg-type]
            outline, verdicts = explanation.outline, explanation.verdicts
            said = [verdict.judgement for verdict in verdicts]
            assert outline.reached == max(one.reached for one in said)
            assert outline.having_path == where(said, lambda one: one.path_matches)
            assert outline.takers == where(said, lambda one: one.takes)
            assert outline.farthest == tuple(
                index for index, one in enumerate(said) if one.reached == outline.reached
            )
            assert outline.slashed == slashed(table, path)
            first = Counter(v.judgement.reasons[0].kind for v in verdicts if isinstance(v, Refused))
            assert outline.count_first_reasons() == first, path


def where(said: list[Judgement], wanted: Any) -> tuple[int, ...]:
    return tuple(index for index, judgement in enumerate(said) if wanted(judgement))


def slashed(table: RouteTable, path: str) -> tuple[int, ...]:
    toggled = path.rstrip("/") if path.endswith("/") else path + "/"
    if path == "/" or not toggled:
        return ()
    regexes = [entry.pattern.regex for entry in table.entries]
    return tuple(n for n, one in enumerate(regexes) if one.fullmatch(toggled) and not one.fullmatch(path))


@settings(max_examples=80)
@given(tables(), st.integers(0, 9))
def test_a_shortened_explanation_leaves_out_verdicts_and_counts_them(case: Case, limit: int) -> None:
    _, table, paths = case
    for path in paths:
        whole = table.explain("http", "GET", path).to_dict()
        short = table.explain("http", "GET", path).to_dict(limit)
        shown = {verdict["index"]: verdict for verdict in short["verdicts"]}
        assert list(shown) == sorted(shown)
        assert len(shown) == min(limit, len(table.entries))
        for index, verdict in shown.items():
            assert {**verdict, "inner": None} == {**whole["verdicts"][index], "inner": None}
        left_out = [v for v in whole["verdicts"] if v["index"] not in shown and v["outcome"] == "refused"]
        assert short["refused_by"] == Counter(v["reasons"][0]["kind"] for v in left_out)
        assert short["verdicts_total"] == len(table.entries)
        if limit and whole["winner"] is not None:
            assert whole["winner"] in shown
        changing = {"verdicts", "refused_by"}
        assert {k: v for k, v in short.items() if k not in changing} == {
            k: v for k, v in whole.items() if k not in changing
        }


@settings(max_examples=80)
@given(tables())
def test_the_funnel_counts_the_routes_that_let_so_much_of_the_path_pass(case: Case) -> None:
    _, table, paths = case
    for path in paths:
        for protocol, method in REQUESTS:
            funnel = find_funnel(table, protocol, method, path)  # type: ignore[arg-type]
            verdicts = table.explain(protocol, method, path).verdicts  # type: ignore[arg-type]
            followed = [
                verdict.judgement.reached
                for entry, verdict in zip(table.entries, verdicts, strict=True)
                if fits(entry, protocol, method) and not is_blind(entry, verdict.judgement, path)
            ]
            expected = [
                sum(reached >= at for reached in followed) + funnel.blind for at in range(len(path) + 1)
            ]
            assert list(funnel.viable) == expected, path
            assert funnel.at == max((at for at, count in enumerate(expected) if count), default=0)


def is_blind(entry: Any, judgement: Judgement, path: str) -> bool:
    """Whether a regex that cannot be followed refused the path."""
    return any("at which character is not known" in reason.message for reason in judgement.reasons[:1])


@settings(max_examples=80)
@given(tables())
def test_every_completion_goes_on_from_the_path_and_is_viable(case: Case) -> None:
    _, table, paths = case
    for path in paths:
        funnel = find_funnel(table, "http", "GET", path)
        for completion in funnel.completions:
            assert completion.startswith(path[: funnel.at])
            assert len(completion) > funnel.at
            assert find_funnel(table, "http", "GET", completion).viable[-1] > 0, (path, completion)


@settings(max_examples=80)
@given(tables())
def test_the_takers_of_a_path_are_found_without_asking_every_regex(case: Case) -> None:
    _, table, paths = case
    for path in paths:
        found = {table.judge.patterns[number].regex_text for number in find_takers(table.judge.stems, path)}
        regexes = {entry.pattern.regex_text: entry.pattern.regex for entry in table.entries}
        if path.startswith("/"):
            assert found == {text for text, regex in regexes.items() if regex.fullmatch(path)}


TABLE = RouteTable(
    [
        route("/items/{id:int}"),
        route("/items/{id:int}/posts"),
        route("/users", "GET", "POST"),
        route("/files/{path:path}"),
        socket("/ws/{room}"),
        mount("/admin", lambda: RouteTable([route("/reports/{year:int}"), route("/repo")])),
    ]
)


def test_the_funnel_says_what_may_come_next() -> None:
    said = {
        path: find_funnel(TABLE, "http", "GET", path) for path in ("", "/", "/items/4", "/items/x", "/us")
    }
    assert said[""].viable == (5,)
    assert said[""].completions == ("/",)
    assert said["/"].words == "“i”, “u”, “f” or “a”"
    assert said["/"].completions == ("/items/", "/users", "/files/", "/admin/")
    assert said["/items/4"].words == "a digit 0-9, the end or “/”"
    assert said["/items/4"].completions == ("/items/4/posts",)
    assert said["/items/x"].viable == (5, 5, 2, 2, 2, 2, 2, 2, 0)
    assert (said["/items/x"].at, said["/items/x"].words) == (7, "a digit 0-9")
    assert said["/us"].completions == ("/users",)


def test_the_funnel_goes_on_inside_a_mount_whose_routes_are_known() -> None:
    assert find_funnel(TABLE, "http", "GET", "/admin/rep").completions == ("/admin/reports/", "/admin/repo")


def test_the_funnel_keeps_to_the_method_unless_there_is_none() -> None:
    assert find_funnel(TABLE, "http", "POST", "/us").viable[-1] == 1
    assert find_funnel(TABLE, "http", "PUT", "/us").viable == (1, 1, 0, 0)
    assert find_funnel(TABLE, "http", None, "/").viable == (5, 5)
    assert find_funnel(TABLE, "websocket", "GET", "/ws").completions == ("/ws/",)


def test_the_funnel_counts_apart_what_it_cannot_follow() -> None:
    funnel = find_funnel(RouteTable([route("/u/{n:notme}")]), "http", "GET", "/u/me")
    assert isinstance(automaton_of(r"(?!me\Z)[^/]+"), str)
    assert (funnel.viable, funnel.blind) == ((1, 1, 1, 1, 1, 1), 1)


def test_an_empty_table_has_an_empty_funnel() -> None:
    funnel = find_funnel(RouteTable([]), "http", "GET", "/a")
    assert (funnel.viable, funnel.words, funnel.completions) == ((0, 0, 0), "", ())


def test_the_first_reason_of_a_mount_and_of_a_slash_is_counted_by_its_own_name() -> None:
    counts = TABLE.explain("http", "GET", "/users/").outline.count_first_reasons()
    assert counts == {
        ReasonKind.LITERAL: 3,
        ReasonKind.TRAILING_SLASH: 1,
        ReasonKind.PROTOCOL: 1,
        ReasonKind.MOUNT_PREFIX: 1,
    }
