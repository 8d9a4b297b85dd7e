"""Files that cannot be read or written, and URLs that lead nowhere, are named with the way out."""

import json
from pathlib import Path

import pytest

from inspector.cli.dashboard_url import parse_dashboard_url
from inspector.cli.terminal import StartRefused
from tests.inspector.cli.recordings import record, run
from tests.inspector.web.serving import make_exchange

BOOKSHOP = "inspector.demo.bookshop:app"


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return record(tmp_path / "journal.db", [make_exchange(1)], target=BOOKSHOP)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read: No such file"),
        (b"\xff\xfe", "is no HAR: it is not UTF-8"),
        (b"[]", "is no HAR: it holds []"),
        (b'{"log": {"entries": []}}', "holds no request that could be read"),
    ],
)
def test_an_import_of_what_is_no_har_makes_nothing(tmp_path: Path, content: bytes | None, said: str) -> None:
    har, target = tmp_path / "a.har", tmp_path / "b.db"
    if content is not None:
        har.write_bytes(content)
    done = run("import", str(har), "-o", str(target))
    assert (done.exit_code, done.stdout, target.exists()) == (2, "", False)
    assert said in done.stderr


def test_an_import_of_which_a_part_is_left_out_ends_with_1(tmp_path: Path, recording: Path) -> None:
    har = tmp_path / "a.har"
    assert run("export", str(recording), "--format", "har", "-o", str(har)).exit_code == 0
    document = json.loads(har.read_text())
    document["log"]["entries"].append(7)
    har.write_text(json.dumps(document))
    done = run("import", str(har), "-o", str(tmp_path / "b.db"))
    assert done.exit_code == 1
    assert "left out: log.entries[1]: is no object: 7" in done.stderr
    assert "1 requests imported, 1 left out" in done.stderr


def test_of_an_import_that_cannot_be_stored_nothing_is_left(tmp_path: Path, recording: Path) -> None:
    har = tmp_path / "a.har"
    run("export", str(recording), "--format", "har", "-o", str(har))
    done = run("import", str(har), "-o", "/proc/none/b.db")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "the recording cannot be made" in done.stderr
    assert "--output PATH" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--format", "har", "-o", "/proc/none/a.har"), "'/proc/none/a.har' cannot be written"),
        (("--format", "pytest", "--factory"), "--factory speaks of --app MODULE:ATTRIBUTE"),
    ],
)
def test_an_export_that_cannot_be_made_is_exit_code_2(
    recording: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = run("export", str(recording), *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr


@pytest.mark.parametrize("content", ["{", "[]", '{"accepted": 7}', '{"accepted": "a"}', '{"found": []}'])
def test_a_file_that_is_no_baseline_is_refused(tmp_path: Path, content: str) -> None:
    baseline = tmp_path / "baseline.json"
    baseline.write_text(content)
    done = run("check", BOOKSHOP, "--baseline", str(baseline))
    assert (done.exit_code, done.stdout) == (2, "")
    assert "is no baseline of inspector check" in done.stderr


def test_a_baseline_that_cannot_be_written_is_refused() -> None:
    done = run("check", BOOKSHOP, "--write-baseline", "/proc/none/baseline.json")
    assert done.exit_code == 2
    assert "'/proc/none/baseline.json' cannot be written" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--junit", "/proc/none/a.xml"), "'/proc/none/a.xml' cannot be written"),
        (("--edit", "[1]"), "--edit '[1]' is no JSON object"),
    ],
)
def test_a_replay_that_cannot_be_told_is_exit_code_2(
    recording: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = run("replay", str(recording), *arguments)
    assert done.exit_code == 2
    assert said in done.stderr


def test_a_recording_that_does_not_say_of_what_it_is_asks_for_it(tmp_path: Path) -> None:
    done = run("replay", str(record(tmp_path / "journal.db", [make_exchange(1)])))
    assert (done.exit_code, done.stdout) == (2, "")
    assert "name it: --against module:app" in done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("http://[::1/#token=x", "is no URL of a dashboard"),
        ("ftp://127.0.0.1/#token=x", "is no URL of a dashboard"),
        ("http://127.0.0.1:8765/", "has no token"),
    ],
)
def test_what_is_no_dashboards_url_is_refused(text: str, said: str) -> None:
    with pytest.raises(StartRefused, match=said):
        parse_dashboard_url(text)
