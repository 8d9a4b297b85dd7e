"""`inspector whatif` as a shell sees it, over a recording made by a real application."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from inspector import Inspector
from inspector.cli.main import main
from inspector.journal.sqlite import SqliteJournal
from miniframework import App
from miniframework.testing import TestClient
from tests.inspector.cli.shell import inspector, started_inspector
from tests.inspector.cli.shops import SHOP

WITH_RESET = (
    SHOP
    + """


@app.get("/reset/{token}")
def reset(token: str) -> str:
    return ""
"""
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the shop and `journal.db`, a recording of it."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "shop.py").write_text(WITH_RESET, encoding="utf-8")
    names: dict[str, App] = {}
    exec(compile(WITH_RESET, str(folder / "shop.py"), "exec"), names)
    journal = SqliteJournal(folder / "kept" / "journal.db")
    with TestClient(Inspector(names["app"], journal=journal)) as client:
        for path in ("/items/new", "/items/7", "/items/new", "/items", "/reset/s3cret-s3cret"):
            client.get(path)
    journal.close()
    return folder


def test_the_requests_that_would_go_elsewhere_are_told_with_both_routes(folder: Path) -> None:
    done = started_inspector("whatif", "kept/journal.db", "--move", "2", "--before", "1", folder=folder)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines() == [
        "GET /items/new  (2 times)",
        "  - route 1 /items/{item}  show  shop.py:7",
        "  + route 1 /items/new  form  shop.py:12",
        "",
        "2 of 4 recorded requests would go elsewhere",
        "1 not asked again: a secret was taken out of the path",
        "",
        "Whatever was recorded:",
        "",
        "GET /items/new",
        "  - route 1 /items/{item}  show  shop.py:7",
        "  + route 1 /items/new  form  shop.py:12",
        "",
        "1 change",
        "",
        "gone  error unreachable  route 2: GET /items/new never gets here: /items/{item} (shop.py:7) takes"
        " every path of it first",
    ]


def test_an_application_is_edited_and_a_recording_asked(folder: Path) -> None:
    edit = '[{"op": "remove", "route": "1"}]'
    options = ("--recording", "kept/journal.db", "--edit", edit, "--json")
    done = inspector("whatif", "shop:app", *options, folder=folder)
    found = json.loads(done.stdout)
    assert (done.returncode, found["asked"], found["unasked"]) == (1, 4, {"redacted_path": 1})
    told = [(one["path"], one["new"]["outcome"]) for one in found["moved"]]
    assert told == [("/items/new", "found"), ("/items/7", "not_found"), ("/items/new", "found")]
    assert found["moved"][0]["new"]["route"]["name"] == "form"


def test_without_a_recording_url_space_is_told(folder: Path) -> None:
    done = inspector("whatif", "shop:app", "--pattern", "1=/items/{item:int}", folder=folder)
    assert done.returncode == 1
    assert done.stdout.startswith("no recording given: no request was asked again\n")
    assert "GET /items/new\n  - route 1" in done.stdout


def test_an_edit_that_reroutes_nothing_is_exit_code_0(folder: Path) -> None:
    done = inspector("whatif", "kept/journal.db", "--move", "3", "--before", "1", folder=folder)
    assert done.returncode == 0
    assert "0 of 4 recorded requests would go elsewhere" in done.stdout
    assert "every request goes where it went" in done.stdout


def test_recorded_requests_alone_are_asked_without_a_word_on_others(folder: Path) -> None:
    moving = ("--move", "2", "--before", "1", "--requests-only")
    done = inspector("whatif", "kept/journal.db", *moving, folder=folder)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines() == [
        "GET /items/new  (2 times)",
        "  - route 1 /items/{item}  show  shop.py:7",
        "  + route 1 /items/new  form  shop.py:12",
        "",
        "2 of 4 recorded requests would go elsewhere",
        "1 not asked again: a secret was taken out of the path",
    ]
    refused = inspector("whatif", "shop:app", *moving, folder=folder)
    assert refused.returncode == 2
    assert "name them with --recording FILE" in refused.stderr


def test_every_short_way_to_write_an_edit_is_understood(folder: Path) -> None:
    done = inspector(
        "whatif",
        "shop:app",
        *("--methods", "2=GET,PUT", "--add", "DELETE,PATCH /items/{item}", "--remove", "3"),
        *("--move", "1", "--before", "end", "--no-redirect-slashes", "--json"),
        folder=folder,
    )
    snapshot = json.loads(done.stdout)["snapshot"]
    assert [(route["path"], route["methods"]) for route in snapshot["routes"]] == [
        ("/items/new", ["GET", "HEAD", "PUT"]),
        ("/items/{item}", ["GET", "HEAD"]),
        ("/items/{item}", ["DELETE", "PATCH"]),
    ]
    assert snapshot["redirect_slashes"] is False


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), ("no edit is given", "--move 7 --before 2")),
        (("--move", "1"), ("1 --move and 0 --before", "--before end")),
        (("--pattern", "1"), ("--pattern '1' cannot be read", "7=/items")),
        (("--add", "/x"), ("--add '/x' cannot be read", "GET /items/latest")),
        (("--edit", "{"), ("--edit '{' is no JSON",)),
        (("--edit", "7"), ("edit 1, 7: 7 is no object",)),
        (("--remove", "1", "--remove", "1"), ("edit 2", "'1' is removed by edit 1")),
        (("--remove", "9"), ('edit 1, {"op": "remove", "route": "9"}', "the table has 3")),
        (("--remove", "1", "--recording", __file__), (f"{__file__}: is no recording", "inspector run")),
        (("--remove", "1", "--recording", "none.db"), ("none.db: is not there",)),
    ],
)
def test_what_cannot_be_asked_is_exit_code_2_and_says_the_way_out(
    folder: Path, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    done = CliRunner().invoke(main, ["whatif", str(folder / "kept" / "journal.db"), *arguments])
    assert (done.exit_code, done.stdout) == (2, "")
    for word in words:
        assert word in done.stderr


def test_a_recording_is_only_read(folder: Path) -> None:
    file = folder / "kept" / "journal.db"
    before = file.read_bytes()
    inspector("whatif", "kept/journal.db", "--remove", "1", folder=folder)
    assert file.read_bytes() == before
