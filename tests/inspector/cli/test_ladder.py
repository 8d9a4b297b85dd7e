"""The ladder says of every route why, and its caret stands under the character at which the route died."""

import json
from pathlib import Path
from typing import Any

import click
import pytest

from inspector.cli.flat_routes import flatten
from inspector.cli.ladder import explanation_text, width
from inspector.cli.route_list import list_text
from miniframework import App

CONTRACT = Path(__file__).parent.parent.parent / "contract"


def read(name: str) -> Any:
    return json.loads((CONTRACT / f"{name}.json").read_text(encoding="utf-8"))


def plain(text: str) -> str:
    return click.unstyle(text)


@pytest.mark.parametrize(
    "name", [file.stem for file in sorted(CONTRACT.glob("explanation-*.json"))], ids=lambda name: name
)
def test_every_route_has_a_line_and_every_refusal_a_reason(name: str) -> None:
    explanation = read(name)
    text = plain(explanation_text(read("routes")["table"], explanation))
    for verdict in explanation["verdicts"]:
        assert any(line[1:].lstrip().startswith(f"{verdict['index'] + 1} ") for line in text.splitlines())
        if verdict["outcome"] == "refused":
            assert verdict["reasons"][0]["message"] in text
    assert explanation["sentence"] in text


def ladder_of(template: str, path: str) -> list[str]:
    app = App(openapi_url=None)
    app.get(template)(lambda: None)
    explanation = app.table.explain("http", "GET", path).to_dict()
    return plain(explanation_text(app.table.snapshot(), explanation)).splitlines()[3:]


@pytest.mark.parametrize("path", ["/books/42x", "/books/４", "/書籍/x", "/é/x"], ids=ascii)
def test_the_caret_stands_below_the_character_also_after_wide_ones(path: str) -> None:
    segment = path.split("/")[1]
    shown, caret = ladder_of(f"/{segment}/{{n:int}}", path)[1:3]
    start = width(shown) - width(path)
    refused_at = path.index("x") if "x" in path else len(path) - 1
    assert width(caret[: caret.index("^")]) == start + width(path[:refused_at])


def test_a_route_that_died_at_once_takes_one_line() -> None:
    assert len(ladder_of("/orders", "/books")) == 1


def test_a_mounted_table_stands_below_its_mount() -> None:
    lines = plain(list_text(flatten(read("routes")["table"]), None, indented=True)).splitlines()
    mount = next(n for n, line in enumerate(lines) if " mount " in line)
    assert lines[mount + 1].lstrip().startswith(f"{lines[mount].split()[0]}.1 ")


def test_the_ladder_numbers_what_is_mounted_below_its_mount() -> None:
    app, inner = App(openapi_url=None), App(openapi_url=None)
    app.get("/")(lambda: None)
    inner.get("/{a}")(lambda: None)
    inner.get("/b")(lambda: None)
    app.mount("/v1", inner)
    explanation = app.table.explain("http", "GET", "/v1/b").to_dict()
    lines = plain(explanation_text(app.table.snapshot(), explanation)).splitlines()
    assert [line.split()[1] for line in lines if line.strip()[:1] in ("▶", "≡")] == ["2", "2.1", "2.2"]
    assert "would match too: shadowed by 2.1" in [line.strip() for line in lines]


@pytest.mark.parametrize(
    ("method", "path", "outcome"),
    [
        ("GET", "/v1/items/7", "route 1"),
        ("GET", "/v1/items/x", "404 Not Found"),
        ("POST", "/v1/items/7", "405 Method Not Allowed (allowed: GET, HEAD)"),
        ("GET", "/v1/items/7/", "307 Temporary Redirect to /v1/items/7"),
    ],
)
def test_the_heading_says_what_is_answered_inside_a_mount(method: str, path: str, outcome: str) -> None:
    app, inner = App(openapi_url=None), App(openapi_url=None)
    inner.get("/items/{item:int}")(lambda item: item)
    app.mount("/v1", inner)
    explanation = app.table.explain("http", method, path).to_dict()
    heading = plain(explanation_text(app.table.snapshot(), explanation)).splitlines()[0]
    assert heading == f"{method} {path}  →  {outcome}"


@pytest.mark.parametrize(
    ("status", "said"), [(301, "301 Moved Permanently"), (308, "308 Permanent Redirect")]
)
def test_a_redirect_has_the_status_of_its_framework(status: int, said: str) -> None:
    app = App()
    app.get("/books")(lambda: None)
    explanation = app.table.explain("http", "GET", "/books/").to_dict()
    text = plain(explanation_text(app.table.snapshot(), explanation, redirect_status=status))
    assert text.splitlines()[0] == f"GET /books/  →  {said} to /books"
