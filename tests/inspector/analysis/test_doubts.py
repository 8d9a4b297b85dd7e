"""A table whose doubted routes refuse a request, as the router of their framework says that they did."""

from dataclasses import replace

from inspector.analysis.doubts import refuse_doubted
from inspector.analysis.rematch import Question, ask_table
from miniframework.routing.endpoints import StoredEndpoint
from miniframework.routing.foreign.framework import Framework
from miniframework.routing.pattern import parse_pattern
from miniframework.routing.route import Entry, Mount, Route
from miniframework.routing.table import ForeignTable, RouteTable

GET = frozenset({"GET"})
POST = frozenset({"POST"})
DOUBT = "Odd.to_python may refuse what its regex takes"


def route(path: str, methods: frozenset[str] = GET, doubt: str | None = None) -> Route:
    endpoint = StoredEndpoint(name=f"shop:{path}")
    return Route(
        endpoint=endpoint, methods=methods, exact=True, pattern=parse_pattern(path), name=path, doubt=doubt
    )


def table_of(*entries: Entry) -> ForeignTable:
    return ForeignTable(entries, framework=Framework(name="other", path_decides=True), redirect_slashes=False)


def number_after(table: RouteTable, question: Question, wanted: str | None) -> str | None:
    told = refuse_doubted(table, question, lambda tried: ask_table(tried, question).number == wanted)
    return ask_table(told, question).number


def test_doubted_routes_refuse_one_after_the_other_until_the_table_says_what_the_router_says() -> None:
    table = table_of(route("/a/{odd}", doubt=DOUBT), route("/{x}/b", doubt="other"), route("/{x}/{y}"))
    question: Question = ("http", "GET", "/a/b")
    assert number_after(table, question, "1") == "1"
    assert number_after(table, question, "2") == "2"
    assert number_after(table, question, "3") == "3"


def test_a_route_without_a_doubt_takes_what_it_has_and_the_table_stays() -> None:
    table = table_of(route("/a/{sure}"), route("/a/b", doubt=DOUBT))
    question: Question = ("http", "GET", "/a/b")
    assert refuse_doubted(table, question, lambda tried: ask_table(tried, question).number == "2") is table


def test_a_doubted_route_that_lacks_the_method_refuses_as_well() -> None:
    table = table_of(route("/a/{odd}", POST, doubt=DOUBT), route("/{x}/{y}"))
    question: Question = ("http", "GET", "/a/b")
    assert ask_table(table, question).allow == ("POST",)
    assert number_after(table, question, "2") == "2"


def test_a_doubted_route_below_a_mount_refuses() -> None:
    inner = table_of(route("/{odd}", doubt=DOUBT), route("/{y}"))
    mount = Mount(
        app=StoredEndpoint(name="inner"),
        table=lambda: inner,
        pattern=parse_pattern("/m", open_ended=True),
        name="m",
    )
    question: Question = ("http", "GET", "/m/b")
    assert number_after(table_of(mount), question, "1.2") == "1.2"
    assert number_after(table_of(replace(mount, doubt=DOUBT), route("/m/{y}")), question, "2") == "2"


def test_the_rung_of_a_route_that_refused_says_whose_word_that_is() -> None:
    table = table_of(route("/a/{odd}", doubt=DOUBT))
    question: Question = ("http", "GET", "/a/b")
    told = refuse_doubted(table, question, lambda tried: ask_table(tried, question).number is None)
    [verdict] = told.explain(*question).verdicts
    assert [one.message for one in verdict.judgement.reasons] == [
        f"refused it, as its own router says: {DOUBT}"
    ]


def test_a_refusal_ends_the_search_where_the_router_asks_nobody_behind_it() -> None:
    framework = Framework(name="other", backtracks=True)
    entries = [route("/{y}", POST), route("/{odd}", doubt=DOUBT), route("/{x}")]
    table = ForeignTable(entries, framework=framework, redirect_slashes=False)
    question: Question = ("http", "GET", "/b")
    told = refuse_doubted(table, question, lambda tried: ask_table(tried, question).allow == ("POST",))
    assert ask_table(told, question).allow == ("POST",)
    reasons = [verdict.judgement.reasons[0].message for verdict in told.explain(*question).verdicts]
    assert reasons[1] == f"refused it, as its own router says: {DOUBT}"
    assert reasons[2] == "takes the path, but the router had answered without asking it"


def test_a_refused_value_is_not_redirected_to_a_slash_either() -> None:
    entries = [route("/{odd}/", doubt=DOUBT)]
    table = ForeignTable(entries, framework=Framework(name="other"), redirect_slashes=True)
    question: Question = ("http", "GET", "/b")
    assert ask_table(table, question).location == "/b/"
    told = refuse_doubted(table, question, lambda tried: ask_table(tried, question).location is None)
    assert told is not table
    assert told.explain(*question).outcome == "not_found"


def test_a_mount_refuses_a_line_break_where_the_router_says_so() -> None:
    app = StoredEndpoint(name="files")
    mount = Mount(app=app, pattern=parse_pattern("/m", open_ended=True), name="m")
    table = table_of(mount)
    question: Question = ("http", "GET", "/m/a\nb")
    assert number_after(table, question, "1") == "1"
    told = refuse_doubted(table, question, lambda tried: ask_table(tried, question).number is None)
    assert ask_table(told, question).number is None
    assert "line break" in told.explain(*question).verdicts[0].judgement.reasons[0].message
