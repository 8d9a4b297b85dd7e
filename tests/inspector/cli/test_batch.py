"""`inspector explain --batch`: one verdict a line, and no line is lost unsaid."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from inspector.cli.batch_lines import BadLine, parse_line
from tests.inspector.cli.recordings import run

ROOT = Path(__file__).parents[3]
BOOKSHOP = "inspector.demo.bookshop:app"
COMBINED = '203.0.113.7 - j o [10/Oct/2000:13:55:36 -0700] "{}" 200 2326 "http://a/\\"x" "Moz \\"1\\""'


@pytest.mark.parametrize(
    ("line", "method", "raw_path"),
    [
        ('{"method": "get", "path": "/a?x=1"}', "GET", "/a"),
        ('{"path": "/a", "method": "WS", "more": [1]}', "WEBSOCKET", "/a"),
        ('127.0.0.1 - - [x] "GET /a%2Fb?q HTTP/1.1" 200 5', "GET", "/a%2Fb"),
        ('::1 - - [x] "PROPFIND /a HTTP/2.0" 404 -', "PROPFIND", "/a"),
        (COMBINED.format("GET /a HTTP/1.0"), "GET", "/a"),
        (COMBINED.format('GET /a\\"b HTTP/1.0'), "GET", '/a"b'),
        (COMBINED.format("GET /caf\\xc3\\xa9 HTTP/1.0"), "GET", "/caf%C3%A9"),
        (COMBINED.format("GET /\\xe9 HTTP/1.0"), "GET", "/%E9"),
        (COMBINED.format("GET http://h.example:1/a?b HTTP/1.1"), "GET", "/a"),
        (COMBINED.format("GET http://h.example HTTP/1.1"), "GET", "/"),
        ('INFO:     127.0.0.1:50000 - "GET /a?b=c HTTP/1.1" 200 OK', "GET", "/a"),
        ('INFO:     127.0.0.1:50000 - "WebSocket /live" [accepted]', "WEBSOCKET", "/live"),
        ('127.0.0.1:50000 - "GET /a HTTP/1.1" 404', "GET", "/a"),
        ('2026-01-01T00:00:00Z INFO 127.0.0.1:50000 - "GET /a HTTP/1.1" 404', "GET", "/a"),
        ('127.0.0.1:50000 - - [x] "GET /a 1.1" 200 5 "-" "hypercorn"', "GET", "/a"),
    ],
)
def test_a_line_is_read_by_its_own_form(line: str, method: str, raw_path: str) -> None:
    wanted = "WEBSOCKET" if method == "WEBSOCKET" else method
    found = parse_line(line)
    assert (found.method, found.raw_path) == (wanted, raw_path)


def test_a_line_may_name_its_host() -> None:
    assert parse_line('{"method": "GET", "path": "/a", "host": "h.example"}').host == "h.example"
    assert parse_line('x - - [x] "GET http://h.example:1/a HTTP/1.1" 200 5').host == "h.example:1"
    assert parse_line('{"method": "GET", "path": "/a"}').host is None
    with pytest.raises(BadLine, match='"host" is 7'):
        parse_line('{"method": "GET", "path": "/a", "host": 7}')


def test_a_request_is_judged_for_its_host(tmp_path: Path) -> None:
    (tmp_path / "street.py").write_text(
        "from miniframework import App\n\nshop, app = App(), App()\n"
        "shop.get('/offers')(lambda: None)\napp.host('shop.example', shop)\n"
    )
    target = ("street:app", "--app-dir", str(tmp_path), "GET", "/offers", "--json")
    there = json.loads(run("explain", *target, "--host", "shop.example:8000").stdout)
    assert (there["outcome"], there["route"]["number"], there["agrees"]) == ("match", "1.1", True)
    assert json.loads(run("explain", *target).stdout)["outcome"] == "not_found"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nonsense", "neither"),
        ("[1]", "neither"),
        ("{", "is not JSON"),
        ("{}", '"method" is None'),
        ('{"method": 5, "path": "/"}', '"method" is 5'),
        ('{"method": "", "path": "/"}', "\"method\" is ''"),
        ('{"method": "GET"}', '"path" is None'),
        ('{"method": "GET", "path": "a"}', "'a' is no path"),
        (COMBINED.format("-"), "no request stands between its quotes: '-'"),
        (COMBINED.format("OPTIONS * HTTP/1.1"), "'*' is no path"),
        (COMBINED.format("\\x16\\x03\\x01"), "no request stands"),
        (COMBINED.format("GET http://[::1/a HTTP/1.1"), "'http://[::1/a' is no URL"),
    ],
)
def test_a_line_that_is_no_request_says_why(line: str, said: str) -> None:
    with pytest.raises(BadLine) as raised:
        parse_line(line)
    assert said in str(raised.value)


def test_each_line_gets_a_verdict_and_each_bad_one_a_word(tmp_path: Path) -> None:
    lines = [
        '{"method": "GET", "path": "/books/42"}',
        "nonsense",
        "",
        COMBINED.format("PUT /api/v1/orders HTTP/1.1"),
        COMBINED.format("GET /books/ HTTP/1.1"),
        '{"method": "WEBSOCKET", "path": "/live/chat/tea"}',
        '{"method": "GET", "path": "/backoffice/reports/2024/2"}',
        '{"method": "GET", "path": "/a\\u001b[31m"}',
    ]
    file = tmp_path / "log"
    file.write_text("\n".join(lines), encoding="utf-8")
    found = run("explain", BOOKSHOP, "--batch", str(file))
    assert found.exit_code == 1
    assert found.stdout.splitlines() == [
        "GET\t/books/42\tmatch\t6\t/books/{book_id:int} get_book",
        "PUT\t/api/v1/orders\tmethod_not_allowed\t-\tGET,HEAD,POST",
        "GET\t/books/\tredirect\t-\t/books",
        "WEBSOCKET\t/live/chat/tea\tmatch\t29\t/live/chat/{room} chat",
        "GET\t/backoffice/reports/2024/2\tmatch\t30.4\t/backoffice/reports/{year:int}/{month:int} report",
        "GET\t/a\\x1b[31m\tnot_found\t-\t-",
    ]
    assert "line 2 neither" in found.stderr
    assert "6 requests: 3 match" in found.stderr
    assert "1 lines could not be read" in found.stderr


def test_json_is_a_document_a_line_with_the_number_of_the_line() -> None:
    given = '\n{"method": "GET", "path": "/books/a%2Fb"}\n{"method": "GET", "path": "/books/42"}\n'
    found = run("explain", BOOKSHOP, "--batch", "-", "--json", given=given)
    first, second = (json.loads(line) for line in found.stdout.splitlines())
    assert (found.exit_code, first["line"], second["line"]) == (0, 2, 3)
    assert (first["outcome"], first["path"], first["route"]) == ("not_found", "/books/a%2Fb", None)
    assert (second["route"]["number"], second["params"]) == ("6", {"book_id": "42"})


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_bytes(b'\xef\xbb\xbf{"method": "GET", "path": "/books/42"}\r\n')
    assert run("explain", BOOKSHOP, "--batch", str(file)).exit_code == 0


def test_a_url_is_asked_for_its_host_and_path() -> None:
    found = run("explain", BOOKSHOP, "GET", "http://localhost:8000/books/42?page=2#top")
    assert found.stdout.startswith("GET /books/42  →  route 6\n")
    assert "no URL" in run("explain", BOOKSHOP, "GET", "http://[::1/a").stderr
    assert "the method comes first: GET /a" in run("explain", BOOKSHOP, "/a", "GET").stderr


def test_of_very_many_bad_lines_all_are_counted() -> None:
    found = run("explain", BOOKSHOP, "--batch", "-", given="x\n" * 30)
    assert found.stderr.count("neither") == 20
    assert "30 lines could not be read, of which the last 10 are not listed" in found.stderr


def test_a_batch_and_a_request_exclude_each_other() -> None:
    assert "leave METHOD and PATH out" in run("explain", BOOKSHOP, "GET", "/", "--batch", "-").stderr
    assert "or --batch FILE" in run("explain", BOOKSHOP, "GET").stderr


def test_a_reader_that_goes_away_ends_it_quietly(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_text('{"method": "GET", "path": "/books/42"}\n' * 50_000)
    command = [sys.executable, "-m", "inspector", "explain", BOOKSHOP, "--batch", str(file)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as batch:
        assert batch.stdout is not None
        assert batch.stderr is not None
        assert batch.stdout.readline().startswith(b"GET\t/books/42")
        batch.stdout.close()
        assert (batch.stderr.read(), batch.wait(60)) == (b"", 1)
