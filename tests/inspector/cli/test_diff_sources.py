"""`inspector diff` between what is, what a git revision has and what was recorded."""

import json
import os
from pathlib import Path

import pytest

from inspector.journal.protocol import TableSaved
from inspector.journal.sqlite import SqliteJournal
from miniframework.routing.table import RouteTable
from tests.inspector.analysis.small_tables import route, table_of
from tests.inspector.cli.shell import commit, git, inspector
from tests.inspector.cli.shops import SHOP

NEW = SHOP.replace("{item}", "{item:int}").replace("item: str", "item: int")
# What goes to another route, and what of the rest is answered otherwise: 404 for 405, no redirect.
CHANGES = ["GET /items/a", "GET /items/new", "* /items/a", "* /items/a/"]


def witnesses(*arguments: str, folder: Path, environment: dict[str, str] | None = None) -> list[str]:
    done = inspector("diff", *arguments, "--json", folder=folder, environment=environment)
    assert done.stderr == ""
    changes = json.loads(done.stdout)["changes"]
    assert done.returncode == (1 if changes else 0)
    return [f"{' '.join(change['methods'])} {change['witness']}" for change in changes]


def snapshot_of(text: str, folder: Path) -> RouteTable:
    (folder / "shop.py").write_text(text, encoding="utf-8")
    return RouteTable.from_snapshot(
        json.loads(inspector("routes", "shop:app", "--json", folder=folder).stdout)
    )


def test_a_revision_is_compared_with_what_is(tmp_path: Path) -> None:
    commit(tmp_path, shop=SHOP)
    commit(tmp_path, shop=NEW)
    (tmp_path / "shop.py").write_text(
        NEW + "\n\n@app.get('/z')\ndef z() -> str:\n    return ''\n", encoding="utf-8"
    )
    before = git(tmp_path, "status", "--porcelain")
    assert witnesses("HEAD~1:shop:app", "HEAD:shop:app", folder=tmp_path) == CHANGES
    assert witnesses("HEAD~1:shop:app", "shop:app", folder=tmp_path) == [
        "GET /z",
        *CHANGES[:2],
        "* /z",
        "* /items/a",
        "* /z/",
        "* /items/a/",
    ]
    assert git(tmp_path, "status", "--porcelain") == before
    assert git(tmp_path, "worktree", "list").count("\n") == 1


def test_places_of_a_revision_are_said_as_those_of_the_work_tree(tmp_path: Path) -> None:
    commit(tmp_path, shop=SHOP)
    (tmp_path / "shop.py").write_text("\n\n" + NEW, encoding="utf-8")
    done = inspector("diff", "main:shop:app", "shop:app", folder=tmp_path)
    assert (done.returncode, done.stdout.splitlines()) == (
        1,
        [
            "GET /items/a",
            "  - route 1 /items/{item}  show  shop.py:7",
            "  + 404 Not Found",
            "",
            "GET /items/new",
            "  - route 1 /items/{item}  show  shop.py:7",
            "  + route 2 /items/new  form  shop.py:14",
            "",
            "Nobody takes these, before or after:",
            "",
            "any other method /items/a",
            "  - 405 Method Not Allowed (GET, HEAD)",
            "  + 404 Not Found",
            "",
            "any request /items/a/",
            "  - 307 Temporary Redirect to /items/a",
            "  + 404 Not Found",
            "",
            "4 changes",
        ],
    )


def test_the_folder_of_the_modules_is_that_of_the_revision(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "parts.py").write_text(SHOP, encoding="utf-8")
    commit(tmp_path)
    (tmp_path / "src" / "shop.py").write_text("from parts import app\n", encoding="utf-8")
    commit(tmp_path)
    (tmp_path / "src" / "parts.py").write_text(NEW, encoding="utf-8")
    assert witnesses("HEAD:shop:app", "shop:app", "--app-dir", "src", folder=tmp_path) == CHANGES


def test_modules_of_today_are_not_taken_for_those_of_a_revision(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "parts.py").write_text(SHOP, encoding="utf-8")
    commit(tmp_path, shop="from parts import app\n")
    environment = {"PYTHONPATH": os.pathsep.join((str(Path(__file__).parents[3]), str(tmp_path / "lib")))}
    done = inspector("diff", "HEAD:shop:app", "shop:app", folder=tmp_path, environment=environment)
    assert (done.returncode, done.stdout) == (2, "")
    assert "'HEAD:shop:app' would import" in done.stderr
    assert "lib/parts.py', which is not the revision's" in done.stderr


def test_what_an_application_prints_does_not_mix_with_the_answer(tmp_path: Path) -> None:
    commit(tmp_path, shop="print('{}')\n" + SHOP)
    assert witnesses("HEAD:shop:app", "HEAD:shop:app", folder=tmp_path) == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gone:shop:app", "'gone' is no revision of the repository"),
        ("HEAD:shopp:app", "no module named 'shopp'"),
        ("HEAD:shop:ap", "did you mean shop:app?"),
        ("HEAD:broken:app", "HEAD:/broken.py:1: importing 'broken' failed: ZeroDivisionError"),
    ],
    ids=["revision", "module", "attribute", "import"],
)
def test_a_revision_that_cannot_be_had_is_exit_code_2(tmp_path: Path, name: str, said: str) -> None:
    commit(tmp_path, shop=SHOP, broken="1 / 0\n")
    done = inspector("diff", name, "shop:app", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "inspector-revision" not in done.stderr
    assert git(tmp_path, "worktree", "list").count("\n") == 1


def test_without_a_repository_there_is_no_revision(tmp_path: Path) -> None:
    done = inspector("diff", "HEAD:shop:app", "shop:app", folder=tmp_path, environment={"GIT_DIR": "nowhere"})
    assert done.returncode == 2
    assert "git rev-parse failed" in done.stderr


def test_a_recording_gives_its_newest_table_and_those_before(tmp_path: Path) -> None:
    old, new = snapshot_of(SHOP, tmp_path), snapshot_of(NEW, tmp_path)
    file = tmp_path / "journal" / "journal.db"
    journal = SqliteJournal(file)
    for table in (new, old, table_of(route("/x")), old, new):
        journal.append([TableSaved(table.snapshot())])
    journal.close()
    held = file.read_bytes()
    assert witnesses("journal/journal.db", "shop:app", folder=tmp_path) == []
    assert witnesses("journal/journal.db~1", "shop:app", folder=tmp_path) == CHANGES
    named = f"journal/journal.db@{old.fingerprint[:8]}"
    assert witnesses(named, "journal/journal.db", folder=tmp_path) == CHANGES
    assert file.read_bytes() == held


@pytest.mark.parametrize("name", ["journal.db~3", "journal.db@0000"])
def test_a_table_that_a_recording_has_not_is_exit_code_2(tmp_path: Path, name: str) -> None:
    tmp_path.chmod(0o700)
    journal = SqliteJournal(tmp_path / "journal.db")
    journal.append([TableSaved(table_of(route("/x")).snapshot())])
    journal.close()
    done = inspector("diff", name, name, folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "the recording 'journal.db' holds no such route table" in done.stderr
    assert "journal.db~1 the one before" in done.stderr


def test_a_difference_as_markdown_is_a_comment_for_a_review(tmp_path: Path) -> None:
    snapshot = snapshot_of(SHOP, tmp_path).snapshot()
    (tmp_path / "old.json").write_text(json.dumps(snapshot), encoding="utf-8")
    snapshot_of(NEW, tmp_path)
    done = inspector("diff", "old.json", "shop:app", "--format", "markdown", folder=tmp_path)
    assert (done.returncode, done.stdout.splitlines()) == (
        1,
        [
            "### Routing: 4 changes",
            "",
            "From `old.json` to `shop:app`.",
            "",
            "| request | was | is | kinds of path |",
            "|---|---|---|---|",
            "| `GET /items/a` | `/items/{item}` (`shop.py:7`) | 404 Not Found | 1 |",
            "| `GET /items/new` | `/items/{item}` (`shop.py:7`) | `/items/new` (`shop.py:12`) | 1 |",
            "| `any other method /items/a` | 405 Method Not Allowed (`GET, HEAD`) | 404 Not Found | 1 |",
            "| `any request /items/a/` | 307 Temporary Redirect to `/items/a` | 404 Not Found | 1 |",
        ],
    )
    same = inspector("diff", "shop:app", "shop:app", "--format", "markdown", folder=tmp_path)
    assert (same.returncode, same.stdout.splitlines()[0]) == (
        0,
        "### Routing: every request goes where it went",
    )
