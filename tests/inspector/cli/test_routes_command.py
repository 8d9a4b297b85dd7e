"""`inspector routes`: the list in the order of trial, chosen, sorted, as a tree, with what nobody asked."""

import json
from pathlib import Path
from typing import Any

import click
import pytest

from inspector.cli.flat_routes import flatten
from inspector.cli.route_hits import count_hits
from inspector.cli.route_list import list_text
from inspector.cli.route_tree_text import tree_text
from inspector.demo.bookshop import app
from miniframework import App
from tests.inspector.cli.recordings import record, run, taken_by

BOOKSHOP = "inspector.demo.bookshop:app"


def listed(*options: str) -> list[dict[str, Any]]:
    found = run("routes", BOOKSHOP, "--json", *options)
    assert found.exit_code == 0
    routes: list[dict[str, Any]] = json.loads(found.stdout)["routes"]
    return routes


def test_a_method_chooses_the_routes_that_take_it_and_mounts() -> None:
    numbers = [one["number"] for one in listed("--method", "delete")]
    assert numbers == ["8", "30"]
    assert [one["name"] for one in listed("--method", "WS")] == ["chat", "backoffice"]
    assert len(listed("--method", "GET", "--method", "POST")) > len(listed("--method", "GET"))


def test_a_path_chooses_by_a_part_of_the_whole_path() -> None:
    assert [one["path"] for one in listed("--path", "/backoffice/stock")] == [
        "/backoffice/stock",
        "/backoffice/stock/{book_id:int}",
    ]


@pytest.mark.parametrize(("sort", "field"), [("path", "path"), ("name", "name")])
def test_a_sorted_list_keeps_the_numbers_of_trial(sort: str, field: str) -> None:
    routes = listed("--sort", sort)
    assert [one[field] for one in routes] == sorted(one[field] for one in routes)
    declared = {one["number"]: one["path"] for one in listed("--path", "/")}
    assert {one["number"]: one["path"] for one in routes} == declared


def test_what_nobody_took_is_listed_from_a_recording(tmp_path: Path) -> None:
    snapshot = app.table.snapshot()
    inner = snapshot["routes"][29]["table"]["fingerprint"]
    recording = record(
        tmp_path / "journal.db",
        [
            taken_by(1, snapshot["fingerprint"], 2, "/books", "list_books"),
            taken_by(2, snapshot["fingerprint"], 2, "/books", "list_books"),
            taken_by(3, inner, 1, "/backoffice/stock", "stock"),
            taken_by(4, "another", 99, "/books", "add_book", "POST"),
            taken_by(5, "another", 0, "/gone", "gone"),
        ],
    )
    found = run("routes", BOOKSHOP, "--unused", str(recording), "--json")
    unused = {one["number"] for one in json.loads(found.stdout)["routes"]}
    everything = {one.number for one in flatten(snapshot)}
    assert everything - unused == {"3", "4", "30", "30.2"}
    assert "5 recorded requests counted, 1 of them taken by routes that are not in this table" in found.stderr
    first = listed("--hits", str(recording), "--sort", "hits")[0]
    assert (first["number"], first["hits"]) == ("3", 2)


def test_a_mount_counts_what_was_taken_inside_it() -> None:
    snapshot = app.table.snapshot()
    inner = snapshot["routes"][29]["table"]["fingerprint"]
    row = {
        "route": {"table": inner, "index": 1, "path": "/backoffice/stock", "name": "stock"},
        "method": "GET",
    }
    assert count_hits(flatten(snapshot), [row]).by_number == {"30": 1, "30.2": 1}


def test_the_tree_hangs_routes_below_their_segments() -> None:
    shop = App(openapi_url=None)
    for method, path in (("GET", "/a/b"), ("GET", "/a/{x:int}/c"), ("POST", "/a/b"), ("GET", "/z/y/x")):
        shop.api_route(path, methods=[method], name=path[-1])(lambda: None)
    assert click.unstyle(tree_text(flatten(shop.table.snapshot()), {"1": 7})) == (
        "├─ /a\n"
        "│  ├─ /b  GET b #1  7 hits\n"
        "│  │     POST b #3  0 hits\n"
        "│  └─ /{x:int}/c  GET c #2  0 hits\n"
        "└─ /z/y/x  GET x #4  0 hits"
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--sort", "hits"], "--hits FILE"),
        (["--hits", "a", "--unused", "b"], "leave --hits out"),
        (["--tree", "--sort", "path"], "leave --sort out"),
        (["--unused", "nowhere.db"], "the recording cannot be used: nowhere.db: is not there"),
    ],
)
def test_a_mistake_is_a_sentence(options: list[str], said: str) -> None:
    found = run("routes", BOOKSHOP, *options)
    assert (found.exit_code, found.stdout) == (2, "")
    assert said in found.stderr


def test_a_route_for_a_host_is_told_with_it() -> None:
    inner, app = App(openapi_url=None), App(openapi_url=None)
    inner.get("/albums", name="albums")(lambda: None)
    app.get("/", name="home")(lambda: None)
    app.host("api.example.org", inner)
    routes = flatten(app.table.snapshot())
    told = {one.route["name"]: one.condition for one in routes}
    assert (told["home"], told["albums"]) == ("", "host api.example.org")
    assert {one.to_dict()["condition"] for one in routes} == {None, "host api.example.org"}
    heading, *rows = list_text(routes, None, indented=False).splitlines()
    assert "only for" in heading
    assert [row for row in rows if "albums" in row and "host api.example.org" in row]
    assert "(host api.example.org)" in tree_text(routes, None)
    assert "only for" not in list_text([one for one in routes if not one.condition], None, indented=True)
