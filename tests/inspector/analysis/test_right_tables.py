"""Tables that people write and that are right: the check says nothing of them, or only notes."""

import pytest

from inspector.analysis.finding import Severity
from inspector.checking.whole import check_whole
from miniframework.routing.pattern import parse_pattern
from miniframework.routing.route import Entry, Route
from tests.inspector.analysis.small_tables import (
    CONVERTERS,
    TextConverter,
    endpoint,
    mount,
    route,
    socket,
    table_of,
)

ALL = {
    **CONVERTERS,
    "slug": TextConverter("slug", "[a-z0-9]+(?:-[a-z0-9]+)*"),
    "date": TextConverter("date", "[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "language": TextConverter("language", "de|en|fr|pt-BR"),
    "version": TextConverter("version", r"v[0-9]+(?:\.[0-9]+)*"),
    "email": TextConverter("email", r"[^@/]+@[^@/]+\.[a-z]+"),
    "hash": TextConverter("hash", "[0-9a-f]{7,40}"),
    "anycase": TextConverter("anycase", "(?i:[a-z]+)"),
    "reserved": TextConverter("reserved", "(?!new$)[a-z]+"),
}


def _routes(*lines: str) -> list[Entry]:
    """Routes written as "GET /path"."""
    found: list[Entry] = []
    for line in lines:
        methods, _, template = line.partition(" ")
        found.append(
            Route(
                pattern=parse_pattern(template, ALL),
                methods=frozenset(methods.split(",")),
                endpoint=endpoint,
                name=line,
            )
        )
    return found


def _crud(prefix: str, kind: str = "int") -> list[str]:
    item = f"{prefix}/{{id:{kind}}}"
    return [f"GET,POST {prefix}", *(f"{method} {item}" for method in ("GET", "PUT", "PATCH", "DELETE"))]


_INNER = table_of(*_routes(*_crud("/reports"), "GET /reports/latest"))

RIGHT = {
    "crud": _routes(*_crud("/users"), *_crud("/users/{user:int}/posts"), "GET /users/me"),
    "uuids": _routes(*_crud("/orders", "uuid"), "POST /orders/{id:uuid}/cancel", "GET /orders/latest"),
    "special-before-general": _routes(
        "GET /users/me", "GET /users/{name}", "GET /users/{name}/posts/new", "GET /users/{name}/posts/{slug}"
    ),
    "converters-narrow-first": _routes(
        "GET /items/{n:int}", "GET /items/{n:float}", "GET /items/{n:slug}", "GET /items/{n}"
    ),
    "dates-and-slugs": _routes(
        "GET /blog/{day:date}", "GET /blog/{day:date}/{slug:slug}", "GET /blog/tags/{tag:slug}"
    ),
    "languages": _routes(
        "GET /{lang:language}", "GET /{lang:language}/about", "GET /static/{file:path}", "GET /about"
    ),
    "extensions": _routes(
        "GET /tiles/{z:int}/{x:int}/{y:int}@{scale:int}x.{format}",
        "GET /tiles/{z:int}/{x:int}/{y:int}.{format}",
        "GET /feed.xml",
        "GET /feed.json",
    ),
    "single-page-app": [
        *_routes("GET /api/health", *_crud("/api/books")),
        mount("/assets"),
        *_routes("GET /", "GET /{rest:path}"),
    ],
    "files": _routes("GET /files/{p:path}/meta", "GET,PUT,DELETE /files/{p:path}"),
    "proxied-repositories": _routes(
        "GET /repos/{owner}/{name}/contents/{p:path}",
        "GET /repos/{owner}/{name}/compare/{base}...{head}",
        "GET /repos/{owner}/{name}/git/{sha:hash}",
        "GET /repos/{owner}/{name}",
    ),
    "versions": _routes(*_crud("/v1/books"), *_crud("/v2/books"), "GET /{version:version}/changes"),
    "trailing-slashes": _routes("GET /a", "GET /a/", "GET /b/{x}/", "GET /b/{x}"),
    "sockets-beside-routes": [*_routes("GET /chat/{room}"), socket("/chat/{room}"), socket("/live")],
    "mounts": [*_routes("GET /login"), mount("/admin", _INNER), mount("/static"), *_routes("GET /x")],
    "options-and-head": _routes("HEAD /files/{name}", "GET /files/{name}", "OPTIONS /files/{name}"),
    "emails": _routes("GET /by-mail/{mail:email}", "GET /by-mail/{mail:email}/confirm"),
    "look-ahead": _routes("GET /teams/{name:reserved}", "GET /teams/new"),
    "any-case": _routes("GET /c/{country:anycase}", "GET /c/{n:int}"),
    "other-scripts": _routes("GET /straße/{größe}", "GET /本/{番号:int}", "GET /naïve"),
    "characters-of-regexes": _routes(
        "GET /v1.0/x", "GET /v1x0/x", "GET /a+b", "GET /(x)", "GET /c[ab]", "GET /d|e", "GET /f$", "GET /g*"
    ),
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_code_is_met_with_silence(name: str) -> None:
    assert [finding.message for finding in check_whole(table_of(*RIGHT[name]))] == []


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param(_routes("GET /{lang:language}/{page}", "GET /{section}/index"), id="crossing-routes"),
        pytest.param([*_routes("GET /admin/login"), mount("/admin", _INNER)], id="exception-before-a-mount"),
        pytest.param(_routes("GET /diff/{left:path}/with/{right:path}"), id="two-parameters-with-slashes"),
    ],
)
def test_what_may_well_be_meant_is_only_noted(entries: list[Entry]) -> None:
    assert [finding.severity for finding in check_whole(table_of(*entries))] == [Severity.NOTE]


def test_all_right_tables_side_by_side_are_right() -> None:
    entries = [mount(f"/{name}", table_of(*entries)) for name, entries in RIGHT.items()]
    assert [finding.message for finding in check_whole(table_of(*entries))] == []
    assert check_whole(table_of(*entries, route("/other"))) == []
