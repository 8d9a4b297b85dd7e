"""An OpenAPI document against the table: which route answers where the document describes one."""

from typing import Any

import pytest

from inspector.analysis.documented import compare_document
from inspector.analysis.finding import Finding, Kind, Severity
from inspector.analysis.openapi_reading import DocumentError, read_operations
from inspector.analysis.spots import lay_flat
from miniframework.routing.route import Entry, Route
from tests.inspector.analysis.small_tables import CONVERTERS, endpoint, mount, route, table_of


def document(*operations: tuple[str, str, str], **more: Any) -> dict[str, Any]:
    """A document with these operations: method, path, operationId."""
    paths: dict[str, Any] = {}
    for method, path, operation_id in operations:
        paths.setdefault(path, {})[method] = {"operationId": operation_id}
    return {"openapi": "3.1.0", "paths": paths, **more}


def differences(said: dict[str, Any], *entries: Entry) -> list[tuple[str, tuple[str, ...], str | None]]:
    found = compare_document(table_of(*entries), said)
    assert all(finding.kind is Kind.DOCS_DIFFER for finding in found)
    return [(f.route.number, tuple(by.number for by in f.by), f.witness) for f in found]


def only(said: dict[str, Any], *entries: Entry) -> Finding:
    (finding,) = compare_document(table_of(*entries), said)
    return finding


def fastapi_document(*entries: Entry) -> dict[str, Any]:
    """What FastAPI writes: one place for a path and a method, in which the last declared stays."""
    spots = [spot for spot in lay_flat(table_of(*entries)) if isinstance(spot.entry, Route)]
    return document(
        *(
            (method.lower(), spot.path.replace(":int", ""), f"{spot.entry.name}_get")
            for spot in spots
            for method in sorted(spot.methods - {"HEAD"})
        )
    )


def test_the_docs_show_the_last_of_two_and_the_first_one_answers() -> None:
    entries = (route("/i/{id}", line=3), route("/i/{id:int}", line=9))
    finding = only(fastapi_document(*entries), *entries)
    assert (finding.severity, finding.witness) == (Severity.WARNING, "/i/1")
    assert finding.message == (
        "the document's GET /i/{id} describes route 2 /i/{id:int} (app.py:9), "
        "and route 1 /i/{id} (app.py:3) answers GET /i/1"
    )


def test_two_living_routes_in_one_place_of_the_docs_are_told_apart() -> None:
    entries = (route("/i/{id:int}", line=3), route("/i/{id}", line=9))
    assert differences(fastapi_document(*entries), *entries) == [("2", ("1",), "/i/1")]
    first = document(("get", "/i/{id}", "route3_i"))
    assert differences(first, *entries) == [("1", ("2",), "/i/a")]


def test_a_document_that_does_not_say_which_is_said_to_have_one_place_for_both() -> None:
    finding = only(document(("get", "/i/{id}", "")), route("/i/{id:int}", line=3), route("/i/{id}", line=9))
    assert "has one place for route 2 /i/{id} (app.py:9) and others of its path" in finding.message


def test_a_dead_route_that_has_its_place_alone_is_left_to_the_check_of_the_table() -> None:
    entries = (route("/u/{x}", line=1), route("/u/me", line=2))
    assert differences(fastapi_document(*entries), *entries) == []


def test_routes_that_differ_in_the_names_of_their_parameters_have_places_of_their_own() -> None:
    entries = (route("/b/{n:int}", line=1), route("/b/{slug}", line=2))
    assert differences(fastapi_document(*entries), *entries) == []


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param([route("/u/me", line=1), route("/u/{x}", line=2)], id="specific-first"),
        pytest.param([route("/x", "GET", line=1), route("/x", "POST", line=2)], id="other-methods"),
        pytest.param([route("/f/{p:path}", line=1)], id="path-parameter"),
        pytest.param([mount("/sub", table_of(route("/a/{x}", line=1)))], id="inside-a-mount"),
    ],
)
def test_a_document_that_says_what_is_served_is_met_with_silence(entries: list[Entry]) -> None:
    said = fastapi_document(*entries)
    said["paths"] = {path.replace(":path", ""): item for path, item in said["paths"].items()}
    assert differences(said, *entries) == []


def test_a_route_that_the_document_leaves_out_is_no_difference() -> None:
    assert differences(document(), route("/internal")) == []


def test_names_of_parameters_do_not_matter() -> None:
    assert differences(document(("get", "/u/{name}", "")), route("/u/{id:int}")) == []


def test_an_operation_that_nothing_serves_is_told_with_the_answer() -> None:
    said = document(("get", "/gone/{id}", "gone"), ("get", "/x", "x"), ("put", "/y/", "y"))
    found = compare_document(table_of(route("/x", "POST"), route("/y", "PUT")), said)
    assert [(f.route.number, f.witness) for f in found] == [("", "/gone/a"), ("", "/x"), ("", "/y/")]
    answers = [f.message.partition("is answered by ")[2] for f in found]
    assert answers == ["404", "405 (Allow: POST)", "a redirect to /y"]


def test_an_operation_that_a_catch_all_serves_is_told_with_its_place() -> None:
    finding = only(document(("get", "/users/{id}", "users")), route("/{p:path}", line=4))
    assert [by.number for by in finding.by] == ["1"]
    assert "GET /users/a is answered by /{p:path} (app.py:4)" in finding.message


def test_nothing_is_claimed_of_what_a_mount_serves() -> None:
    assert differences(document(("get", "/sub/a", "a")), mount("/sub")) == []


def test_the_path_of_a_server_may_stand_before_every_path() -> None:
    servers = [{"url": "https://shop.example/api/v1/"}, {"url": "https://{host}/x"}]
    said = document(("get", "/books/{id}", "books"), servers=servers)
    assert differences(said, route("/api/v1/books/{id:int}")) == []


def test_a_path_to_try_is_filled_in_as_the_schema_says() -> None:
    said = document(("get", "/a/{n}/{k}/{u}/{s}", "a"))
    schemas = {
        "n": {"type": "integer"},
        "k": {"enum": ["red", "blue"]},
        "u": {"type": "string", "format": "uuid"},
    }
    said["paths"]["/a/{n}/{k}/{u}/{s}"]["parameters"] = [
        {"name": name, "in": "path", "schema": schema} for name, schema in schemas.items()
    ]
    (operation,) = read_operations(said)
    assert operation.sample == "/a/1/red/00000000-0000-4000-8000-000000000000/a"


@pytest.mark.parametrize("said", [{}, {"paths": []}, {"paths": None}, []])
def test_what_is_no_document_is_refused(said: Any) -> None:
    with pytest.raises(DocumentError, match="no OpenAPI document"):
        compare_document(table_of(), said)


def test_what_is_no_operation_in_a_document_is_passed_over() -> None:
    said = {"paths": {"/x": {"summary": "both", "parameters": [], "get": None}, "/y": None, "x-z": 1}}
    assert read_operations(said) == []


def test_the_names_of_endpoints_find_the_described_one_where_operation_ids_are_own() -> None:
    described = document(("get", "/i/{id}", "X1"))
    described["paths"]["/i/{id}"]["get"]["summary"] = "Show Item"
    entries = [
        Route(pattern=route(template).pattern, methods=frozenset({"GET"}), endpoint=endpoint, name=name)
        for template, name in (("/i/{id:int}", "show_item"), ("/i/{id}", "other"))
    ]
    assert CONVERTERS["int"].regex == "[0-9]+"
    assert differences(described, *entries) == [("1", ("2",), "/i/a")]
