"""`inspector export` and `import`: from a recording or a running dashboard, to files and back."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inspector.journal.memory import MemoryJournal
from inspector.journal.protocol import AppStatus, Saved, StatusSaved
from inspector.model import Body, Frame, HttpExchange, Redaction, SocketExchange, State, Worker
from inspector.web.app import create_dashboard
from tests.inspector.cli.recordings import record, run
from tests.inspector.web.serving import TOKEN, make_exchange, serve

SECRET = "s3cret-Value-0123456789"


def with_headers(number: int, *headers: tuple[str, str], **changes: Any) -> HttpExchange:
    made = make_exchange(number, **changes)
    return replace(made, scope=replace(made.scope, headers=headers))


def socket(number: int) -> SocketExchange:
    made = make_exchange(number)
    frames = (
        Frame(at_ns=5, direction="receive", opcode=1, size=2, data=b"hi", complete=True),
        Frame(at_ns=9, direction="send", opcode=2, size=2, data=b"\x00\xff", complete=True),
    )
    return SocketExchange(
        id=made.id,
        worker=made.worker,
        started_unix_ns=made.started_unix_ns,
        scope=replace(made.scope, type="websocket", scheme="ws"),
        state=State.COMPLETE,
        status=101,
        duration_ns=10,
        accepted=True,
        frames=frames,
        frame_count=2,
    )


def test_a_recording_is_exported_whole_in_its_order(tmp_path: Path) -> None:
    recording = record(tmp_path / "journal.db", [make_exchange(1), make_exchange(2)])
    found = run("export", str(recording), "--format", "curl")
    assert (found.exit_code, found.stdout.count("curl ")) == (0, 2)
    assert found.stdout.index("/items/1") < found.stdout.index("/items/2")
    assert "2 of 2 requests written as curl" in found.stderr


def test_ids_and_a_filter_choose(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    record(file, [make_exchange(1), make_exchange(2, status=404), make_exchange(30)])
    assert "/items/2" in run("export", str(file), "--format", "hurl", "--filter", "status:4xx").stdout
    assert "1 of 1" in run("export", "x30", "--journal", str(file), "--format", "hurl").stderr
    many = run("export", str(file), "--format", "hurl", "--id", "x")
    assert (many.exit_code, many.stdout) == (2, "")
    assert "3 exchanges begin with 'x'" in many.stderr
    assert (
        "no exchange begins with 'y'" in run("export", "y", "--journal", str(file), "--format", "har").stderr
    )
    mistake = run("export", str(file), "--format", "har", "--filter", "statuss:1")
    assert "at 'statuss:1': no key “statuss”; did you mean status" in mistake.stderr


def test_what_a_format_cannot_carry_is_named_and_ends_with_1(tmp_path: Path) -> None:
    recording = record(tmp_path / "journal.db", [make_exchange(1), socket(2)])
    found = run("export", str(recording), "--format", "httpx")
    assert found.exit_code == 1
    assert "x2 is left out: a WebSocket connection cannot be written as httpx" in found.stderr
    assert run("export", str(recording), "--format", "har").exit_code == 0


def test_pytest_takes_the_application_from_the_recording_or_from_the_option(tmp_path: Path) -> None:
    recording = record(tmp_path / "journal.db", [make_exchange(1)], target="shop.main:app")
    recorded = run("export", str(recording), "--format", "pytest").stdout
    assert "from shop.main import app as imported\n" in recorded
    given = run("export", str(recording), "--format", "pytest", "--app", "a.b:make", "--factory").stdout
    assert "from a.b import make as imported\n\napp: Any = imported()\n" in given
    wrong = run("export", str(recording), "--format", "pytest", "--app", "a; import os")
    assert (wrong.exit_code, wrong.stdout) == (2, "")


@pytest.mark.parametrize("form", ["curl", "httpx", "pytest", "hurl", "har"])
def test_a_redacted_value_is_marked_and_never_written(tmp_path: Path, form: str) -> None:
    exchange = with_headers(
        1,
        ("host", "h"),
        ("authorization", "Bearer •••"),
        request_body=Body(
            size=40, data='{"password": "•••"}'.encode(), complete=False, why_incomplete="redacted"
        ),
        redactions=(Redaction(where="header:authorization", rule="credentials"),),
    )
    recording = record(tmp_path / "journal.db", [exchange])
    found = run("export", str(recording), "--format", form, "--app", "shop:app")
    assert found.exit_code == 0
    if form == "har":
        assert "Bearer \\u2022\\u2022\\u2022" in found.stdout
        assert "header:authorization" in found.stdout
    else:
        assert "redacted, put the real value there: header authorization" in found.stdout
        assert "Bearer" not in found.stdout
    if form == "pytest":
        assert "@pytest.mark.skip(reason=" in found.stdout


def test_a_running_dashboard_is_asked_with_its_token() -> None:
    journal = MemoryJournal()
    journal.append([Saved(make_exchange(number)) for number in (1, 2, 3)])
    status = AppStatus(worker=Worker(host="h", pid=1), state="running", target="shop:app")
    journal.append([StatusSaved(status)])
    with serve(create_dashboard(journal, token=TOKEN)) as served:
        url = f"{served.origin}/#token={TOKEN}"
        found = run("export", url, "--format", "pytest", "--id", "x1", "--id", "x3")
        assert found.exit_code == 0, found.stderr
        assert "from shop import app" in found.stdout
        assert ("items_1" in found.stdout, "items_2" in found.stdout) == (True, False)
        wrong = run("export", f"{served.origin}/#token=wrong", "--format", "har")
        assert (wrong.exit_code, "answered 401" in wrong.stderr) == (2, True)
    gone = run("export", url, "--format", "har")
    assert "cannot be asked" in gone.stderr
    assert "has no token" in run("export", served.origin, "--format", "har").stderr
    assert TOKEN not in gone.stderr + wrong.stderr


def test_a_har_comes_back_as_it_went(tmp_path: Path) -> None:
    exchanges = [
        with_headers(
            1,
            ("host", "127.0.0.1:8000"),
            ("content-type", "application/octet-stream"),
            request_body=Body(size=3, data=b"\x00\xff\n"),
            response_headers=(("content-type", "text/plain"), ("x-a", "1"), ("x-a", "caf\xe9")),
            response_body=Body(size=6, data="héllo".encode()),
        ),
        make_exchange(2, status=None, state=State.DISCONNECTED, duration_ns=None),
        make_exchange(
            3, response_body=Body(size=900, data=b"part", complete=False, why_incomplete="limit"), status=500
        ),
        socket(4),
    ]
    first = record(tmp_path / "journal.db", exchanges)
    har, second = tmp_path / "a.har", tmp_path / "b.db"
    assert run("export", str(first), "--format", "har", "-o", str(har)).exit_code == 0
    assert run("import", str(har), "-o", str(second)).exit_code == 0
    again = run("export", str(second), "--format", "har")
    before, after = json.loads(har.read_text()), json.loads(again.stdout)
    for document in (before, after):
        for entry in document["log"]["entries"]:
            del entry["_routeInspector"]["worker"]
    assert after == before


def test_an_import_redacts_as_a_recording_does(tmp_path: Path) -> None:
    har = tmp_path / "a.har"
    request = {
        "method": "GET",
        "url": "https://shop.example/x",
        "headers": [{"name": "Authorization", "value": f"Bearer {SECRET}"}],
    }
    entry = {"startedDateTime": "2020-01-01T00:00:00Z", "request": request}
    har.write_text(json.dumps({"log": {"entries": [entry]}}))
    found = run("import", str(har), "--json")
    told = json.loads(found.stdout)
    assert (found.exit_code, told["imported"], told["recording"]) == (0, 1, str(tmp_path / "a.db"))
    assert SECRET.encode() not in (tmp_path / "a.db").read_bytes()
    twice = run("import", str(har))
    assert (twice.exit_code, "is there already" in twice.stderr) == (2, True)
    run("import", str(har), "-o", str(tmp_path / "open.db"), "--no-redact")
    assert SECRET in run("export", str(tmp_path / "open.db"), "--format", "curl").stdout
