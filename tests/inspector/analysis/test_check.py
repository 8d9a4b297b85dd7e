"""What the check says of tables that people write, and about what it keeps silent."""

from dataclasses import replace

import pytest

from inspector.analysis.check import check_table
from inspector.analysis.finding import Finding, Kind, Severity
from inspector.demo.bookshop import app as bookshop
from inspector.journal.memory import MemoryJournal
from inspector.web.app import create_dashboard
from miniframework import App, Router
from miniframework.errors import PatternError
from miniframework.routing.parts import Literal
from miniframework.routing.pattern import PathPattern
from miniframework.routing.route import Entry
from miniframework.routing.table import RouteTable
from tests.inspector.analysis.small_tables import mount, route, socket, table_of


def found(*entries: Entry) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...], str | None]]:
    return [
        (f.kind.value, f.route.number, f.methods, tuple(by.number for by in f.by), f.witness)
        for f in check_table(table_of(*entries))
    ]


def only(*entries: Entry) -> Finding:
    (finding,) = check_table(table_of(*entries))
    return finding


def handler() -> str:
    return ""


def test_a_literal_behind_a_parameter_is_unreachable_with_its_own_path_as_witness() -> None:
    finding = only(route("/user/{user_id}", line=3), route("/user/me", line=9))
    assert (finding.kind, finding.methods, finding.witness) == (Kind.UNREACHABLE, ("GET",), "/user/me")
    assert (
        finding.message
        == "GET /user/me never gets here: /user/{user_id} (app.py:3) takes every path of it first"
    )
    assert finding.fix == "declare it before app.py:3, or give the parameter there a narrower converter"
    assert (finding.severity, finding.is_exact) == (Severity.ERROR, True)
    assert str(finding.route.source) == "app.py:9"


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param([route("/user/me"), route("/user/{user_id}")], id="literal-first"),
        pytest.param([route("/i/{n:int}"), route("/i/{n:float}"), route("/i/{n}")], id="narrow-first"),
        pytest.param([route("/a/b"), route("/a/{x}"), route("/{p:path}")], id="catch-all-last"),
        pytest.param([route("/x", "GET"), route("/x", "POST")], id="other-methods"),
        pytest.param([route("/x"), socket("/x")], id="other-protocol"),
        pytest.param([route("/x"), route("/x/"), route("/x//y")], id="slashes-differ"),
        pytest.param([route("/x"), mount("/x")], id="mount-takes-only-below"),
        pytest.param([route("/s/a"), mount("/s"), route("/t")], id="mount-after-its-exceptions"),
        pytest.param([route("/v/{n:two}"), route("/v/{n:int}")], id="disjoint-converters"),
        pytest.param([route("/x", "HEAD"), route("/x", "GET")], id="explicit-head-first"),
        pytest.param([route("/me/{x:not_a}"), route("/me/a")], id="look-ahead-excludes-it"),
    ],
)
def test_right_code_is_met_with_silence(entries: list[Entry]) -> None:
    assert check_table(table_of(*entries)) == []


def test_a_route_that_several_hide_only_together_names_them_all() -> None:
    entries = [route("/x/a"), route("/x/b"), route("/x/{n:either}")]
    assert found(*entries) == [("unreachable", "3", ("GET",), ("1", "2"), "/x/a")]
    assert (
        "/x/a (app.py:1) and /x/b (app.py:1) together take every path"
        in check_table(table_of(*entries))[0].message
    )


def test_literals_hide_a_parameter_only_when_they_are_all_it_takes() -> None:
    literals = [route("/" + "a" * length) for length in range(8)]
    assert found(*literals, route("/{x:as}")) == []
    assert found(*[route(f"/{a}{b}") for a in "ab" for b in "ab"], route("/{x:two}"))[0][0] == "unreachable"


def test_one_that_is_enough_is_named_alone() -> None:
    assert found(route("/x/a"), route("/x/{n}"), route("/x/{n:either}")) == [
        ("unreachable", "3", ("GET",), ("2",), "/x/b")
    ]


def test_a_route_may_be_dead_for_one_method_only() -> None:
    entries = [route("/u/{id}", "PUT"), route("/u/role", "GET", "PUT")]
    assert found(*entries) == [("unreachable", "2", ("PUT",), ("1",), "/u/role")]


def test_head_of_a_get_route_is_no_finding_of_its_own() -> None:
    assert found(route("/x/{n}", "GET"), route("/x/a", "GET", "POST")) == [
        ("unreachable", "2", ("GET",), ("1",), "/x/a")
    ]


def test_equal_languages_are_a_duplicate_that_no_order_revives() -> None:
    finding = only(route("/x/{a:path}"), route("/x/{b:path}"))
    assert (finding.kind, finding.fix) == (Kind.DUPLICATE, "delete one of the two; no order revives it")


def test_unicode_digits_keep_a_route_alive() -> None:
    """`\\w+` after `[^/]+` is dead; the other way round the rest of Unicode is left over."""
    assert found(route("/u/{n}"), route("/u/{n:word}"))[0][0] == "unreachable"
    assert found(route("/u/{n:int}"), route("/u/{n:word}")) == []


def test_a_mount_swallows_what_stands_behind_it() -> None:
    assert found(mount(""), route("/health"), socket("/live")) == [
        ("swallowed", "2", ("GET",), ("1",), "/health"),
        ("swallowed", "3", ("WEBSOCKET",), ("1",), "/live"),
    ]
    assert found(mount("/static"), mount("/static/img")) == [
        ("swallowed", "2", ("*", "GET"), ("1",), "/static/img/a")
    ]


def test_a_catch_all_hides_what_is_mounted_behind_it() -> None:
    inner = table_of(route("/a"), route("/b"))
    assert found(route("/{p:path}"), mount("/sub", inner)) == [
        ("unreachable", "2.1", ("GET",), ("1",), "/sub/a"),
        ("unreachable", "2.2", ("GET",), ("1",), "/sub/b"),
    ]
    unknown = only(route("/{p:path}"), mount("/sub"))
    assert (unknown.kind, unknown.route.number, unknown.methods) == (Kind.NEWLINE_ONLY, "2", ("GET",))


def test_a_mount_hides_another_one_whole_and_it_is_said_once() -> None:
    inner = table_of(route("/a"), route("/b"))
    assert found(mount(""), mount("/sub", inner)) == [("swallowed", "2", ("GET",), ("1",), "/sub/")]


def test_dead_routes_inside_a_mount_are_found_by_their_whole_path() -> None:
    inner = table_of(route("/{x}"), route("/b"))
    finding = only(mount("/sub", inner))
    assert (finding.route.number, finding.route.path, finding.witness) == ("1.2", "/sub/b", "/sub/b")
    assert finding.by[0].path == "/sub/{x}"


def test_a_route_before_a_mount_can_hide_one_inside() -> None:
    inner = table_of(route("/a"), route("/b"))
    assert found(route("/sub/a"), mount("/sub", inner))[0] == (
        "duplicate",
        "2.1",
        ("GET",),
        ("1",),
        "/sub/a",
    )


def test_a_parameter_behind_a_catch_all_is_left_only_paths_with_a_newline() -> None:
    finding = only(route("/{p:path}"), route("/a/{x}"))
    assert (finding.kind, finding.severity, finding.witness) == (Kind.NEWLINE_ONLY, Severity.ERROR, "/a/a")
    assert finding.message == (
        "only paths with a line break (%0A) in them reach GET /a/{x}: "
        "/{p:path} (app.py:1) takes every other one first"
    )


def test_a_route_with_longer_paths_of_its_own_is_not_called_left_with_newlines() -> None:
    """A newline is the shortest text that only the second one takes, but `/a/b` is one too."""
    assert found(route("/{x:plain}"), route("/a{rest:lines}"))[0][0] != "newline_only"


def test_a_catch_all_hides_every_later_route() -> None:
    later = [route(f"/page{n}", line=n + 2) for n in range(37)]
    findings = check_table(table_of(route("/{p:path}"), *later))
    assert [f.by[0].number for f in findings] == ["1"] * 37


def test_an_earlier_and_more_general_route_shadows_a_part() -> None:
    assert found(route("/{tenant}/settings"), route("/admin/{page}")) == [
        ("partly_shadowed", "2", ("GET",), ("1",), "/admin/settings")
    ]


@pytest.mark.parametrize(
    "narrow", ["{name}-x", "x-{name}", "{name:int}"], ids=["after", "before", "converter"]
)
def test_a_parameter_with_text_beside_it_is_less_general_than_one_alone(narrow: str) -> None:
    (finding,) = found(route("/{tenant}/settings"), route(f"/{narrow}/{{page}}"))
    assert finding[0] == "partly_shadowed"
    (finding,) = found(route(f"/{narrow}/settings"), route("/{tenant}/{page}"))[:1] or [("silent",)]
    assert finding[0] == "silent"


def test_a_crossing_of_equals_is_an_overlap_that_is_only_noted() -> None:
    finding = only(route("/admin/{page}"), route("/{tenant}/settings"))
    assert (finding.kind, finding.severity, finding.witness) == (
        Kind.OVERLAP,
        Severity.NOTE,
        "/admin/settings",
    )


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("/x/{n: int}", "write it without spaces: {n:int}"),
        ("/x/{ n }", "write it without spaces: {n}"),
        ("/x/{id:[0-9]+}", "a regex stands in a converter of its own: register one for '[0-9]+'"),
        ("/x/{id:[0-9]{4}}", "a regex stands in a converter of its own: register one for '[0-9]{4}'"),
        ("/x/{größe}", "the name 'größe' is not ASCII"),
        ("/x/{", "write a parameter as {name} or {name:converter}, or take the brace out"),
    ],
)
def test_a_brace_that_another_framework_took_literally_is_flagged(text: str, fix: str) -> None:
    literal = Literal(text=text, start=0, end=len(text))
    finding = only(replace(route("/y"), pattern=PathPattern(template=text, parts=(literal,))))
    assert (finding.kind, finding.severity) == (Kind.LITERAL_BRACES, Severity.WARNING)
    assert f"the literal text {text!r} stands for itself" in finding.message
    assert finding.fix.startswith(fix)


def test_a_regex_as_a_converter_is_refused_when_it_is_registered() -> None:
    with pytest.raises(PatternError, match=r"unknown converter '\[0-9\]\+' \(known: float, int"):
        App().get("/x/{id:[0-9]+}")(handler)


def test_names_in_other_scripts_are_names() -> None:
    finding = only(route("/straße/{größe}"), route("/straße/{größe:int}"))
    assert (finding.kind, finding.witness) == (Kind.UNREACHABLE, "/straße/1")


def test_an_unfollowed_construct_is_called_unknown_never_dead() -> None:
    finding = only(route("/x/{n:behind}"), route("/x/a"))
    assert (finding.kind, finding.is_exact, finding.to_dict()["exactness"]) == (
        Kind.UNDECIDED,
        False,
        "unknown",
    )
    assert "a look-behind" in finding.message


def test_an_atomic_group_is_followed_with_the_one_way_it_commits_to() -> None:
    assert [f.kind for f in check_table(table_of(route("/x/{n:atomic}"), route("/x/abb")))] == []
    finding = only(route("/x/{n:atomic}"), route("/x/a"))
    assert (finding.kind, finding.is_exact, finding.witness) == (Kind.UNREACHABLE, True, "/x/a")


def test_a_route_that_cannot_be_followed_is_dead_behind_what_takes_all_it_could_take() -> None:
    assert [f.kind for f in check_table(table_of(route("/x/{n}"), route("/x/{n:edge}")))] == [
        Kind.UNREACHABLE
    ]


def test_a_pattern_that_fits_no_path_is_dead_by_itself() -> None:
    finding = only(route("/x/{n:never}"))
    assert (finding.kind, finding.by, finding.witness) == (Kind.UNREACHABLE, (), None)
    assert finding.message == "GET /x/{n:never} never gets here: no path fits its pattern"


def test_include_order_decides_over_the_whole_tree() -> None:
    app, users, files = App(), Router(), Router()
    users.get("/me")(handler)
    files.get("/{name}")(handler)
    app.include_router(files, prefix="/users")
    app.include_router(users, prefix="/users")
    (finding,) = check_table(app.table)
    assert (finding.route.path, finding.by[0].path) == ("/users/me", "/users/{name}")


def test_the_str_route_before_the_int_route_is_found() -> None:
    assert found(route("/i/{id}"), route("/i/{id:int}")) == [("unreachable", "2", ("GET",), ("1",), "/i/1")]


def test_a_dead_route_that_the_docs_of_fastapi_would_show_is_told() -> None:
    finding = only(route("/i/{id}", line=3), route("/i/{id:int}", line=9))
    assert finding.message.endswith(
        "takes every path of it first; OpenAPI has one place for both, where the docs of FastAPI show this "
        "one: route9"
    )


def test_the_bookshops_deliberate_mistake_is_found_and_nothing_else_is_called_wrong() -> None:
    findings = check_table(bookshop.table)
    wrong = [(f.kind, f.route.path, f.by[0].path) for f in findings if f.severity is not Severity.NOTE]
    assert wrong == [(Kind.UNREACHABLE, "/books/bestsellers", "/books/{slug}")]
    notes = [(f.kind, f.witness) for f in findings if f.severity is Severity.NOTE]
    assert notes == [(Kind.OVERLAP, "/books/9781111111111")]  # thirteen digits are an ISBN and a number


def test_the_dashboards_own_table_has_nothing_to_find() -> None:
    assert check_table(create_dashboard(MemoryJournal(), token="t").app.table) == []


def test_a_table_read_from_json_has_the_same_findings() -> None:
    again = RouteTable.from_snapshot(bookshop.table.snapshot())
    assert [f.to_dict() for f in check_table(again)] == [f.to_dict() for f in check_table(bookshop.table)]


def test_an_empty_table_has_nothing_to_find() -> None:
    assert check_table(table_of()) == []
