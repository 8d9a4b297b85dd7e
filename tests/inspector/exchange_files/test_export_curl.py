"""The curl command sends the recorded bytes, whatever they are, and never a secret or a command.

A real shell runs each line, with a stand-in for curl on its path that notes its arguments and standard input.
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inspector.exchange_files.export_curl import export_curl
from inspector.model import Body, HttpExchange

ExchangeMaker = Callable[..., HttpExchange]
Run = Callable[[str], tuple[list[str], bytes]]

NASTY = 'it\'s; $(touch pwned) `touch pwned` "quoted" \\ %s ! & | > out\n* ~ {a,b} [1-3]'
UNSPACED = re.sub(r"\s+", "$IFS", NASTY)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a line in an empty directory and return what curl was given."""
    tools, empty = tmp_path / "tools", tmp_path / "empty"
    tools.mkdir()
    empty.mkdir()
    curl = tools / "curl"
    said = tools / "said.json"
    curl.write_text(
        f"#!{sys.executable}\n"
        "import json, sys\n"
        "given = sys.stdin.buffer.read() if '@-' in sys.argv else b''\n"
        f"open({str(said)!r}, 'w').write(json.dumps([sys.argv[1:], given.hex()]))\n"
    )
    curl.chmod(0o755)

    def run_line(line: str) -> tuple[list[str], bytes]:
        script = tools / "line.sh"  # a line as long as this one is pasted or piped, never an argument
        script.write_text(line, encoding="utf-8")
        environment = {"PATH": f"{tools}:/usr/bin:/bin"}
        subprocess.run(["sh", str(script)], cwd=empty, env=environment, check=True, timeout=30)
        assert list(empty.iterdir()) == [], "the line did something else than call curl"
        arguments, given = json.loads(said.read_text())
        return arguments, bytes.fromhex(given)

    return run_line


def option(arguments: list[str], name: str) -> list[str]:
    return [arguments[index + 1] for index, argument in enumerate(arguments) if argument == name]


def test_a_plain_get_is_one_short_command(make_exchange: ExchangeMaker, run: Run) -> None:
    text = export_curl(make_exchange(scope={"query_string": "a=1&b=2"}))
    arguments, _ = run(text)
    assert arguments[:3] == ["--globoff", "--path-as-is", "http://127.0.0.1:8000/books/42?a=1&b=2"]
    assert option(arguments, "-H") == ["accept: */*", "user-agent: test"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(NASTY.encode(), id="shell words"),
        pytest.param(b"@/etc/passwd", id="a leading at-sign is no file"),
        pytest.param(b"a\r\nb\n", id="line breaks"),
        pytest.param(b"\x00\x01\xff", id="NUL and bytes beyond UTF-8"),
        pytest.param("é•日".encode(), id="UTF-8"),
        pytest.param(b"'" * 5000, id="many quotes"),
        pytest.param(b"x" * 1_000_000, id="a megabyte"),
    ],
)
def test_the_body_arrives_byte_for_byte(make_exchange: ExchangeMaker, run: Run, body: bytes) -> None:
    exchange = make_exchange(scope={"method": "POST"}, request_body=Body(size=len(body), data=body))
    arguments, given = run(export_curl(exchange))
    raw = option(arguments, "--data-raw")
    sent = raw[0].encode() if raw else given
    assert sent == body
    if not raw and body:
        assert option(arguments, "--data-binary") == ["@-"]


@pytest.mark.parametrize(
    "scope",
    [
        pytest.param({"raw_path": f"/{UNSPACED}", "path": "/x"}, id="in the path"),
        pytest.param({"query_string": UNSPACED}, id="in the query"),
        pytest.param({"headers": (("x-nasty", UNSPACED + " " + UNSPACED),)}, id="in a header"),
        pytest.param({"headers": (("x-broken", NASTY),)}, id="in a header with a line break"),
        pytest.param({"headers": (("x\ntouch pwned #", "•••"),)}, id="in the name of a redacted header"),
        pytest.param({"method": "GET;touch pwned"}, id="in the method"),
        pytest.param({"server": ("h;touch pwned", 80)}, id="in the server's name"),
    ],
)
def test_nothing_recorded_is_read_by_the_shell(
    make_exchange: ExchangeMaker, run: Run, scope: dict[str, Any]
) -> None:
    run(export_curl(make_exchange(scope=scope)))


@pytest.mark.parametrize(
    ("method", "body", "expected"),
    [
        pytest.param("GET", b"", [], id="GET is curl's own"),
        pytest.param("POST", b"x", [], id="so is POST with a body"),
        pytest.param("POST", b"", ["POST"], id="POST without one is not"),
        pytest.param("GET", b"x", ["GET"], id="GET with a body is not"),
        pytest.param("DELETE", b"", ["DELETE"], id="DELETE is not"),
    ],
)
def test_the_method_is_said_where_curl_would_take_another(
    make_exchange: ExchangeMaker, run: Run, method: str, body: bytes, expected: list[str]
) -> None:
    exchange = make_exchange(scope={"method": method}, request_body=Body(size=len(body), data=body))
    arguments, _ = run(export_curl(exchange))
    assert option(arguments, "-X") == expected


def test_head_asks_for_headers_only(make_exchange: ExchangeMaker, run: Run) -> None:
    arguments, _ = run(export_curl(make_exchange(scope={"method": "HEAD"})))
    assert "--head" in arguments


def test_headers_keep_their_order_and_duplicates_and_curl_adds_none(
    make_exchange: ExchangeMaker, run: Run
) -> None:
    headers = (
        ("x-a", "1"),
        ("x-a", "2"),
        ("x-empty", ""),
        ("content-length", "3"),
        ("accept-encoding", "gzip"),
    )
    exchange = make_exchange(
        scope={"headers": headers, "method": "POST"}, request_body=Body(size=3, data=b"abc")
    )
    arguments, _ = run(export_curl(exchange))
    assert option(arguments, "-H") == [
        "x-a: 1",
        "x-a: 2",
        "x-empty;",
        "content-length: 3",
        "accept-encoding: gzip",
        "User-Agent:",
        "Accept:",
        "Content-Type:",
    ]
    assert "--compressed" in arguments


def test_a_redacted_header_is_left_out_and_named(make_exchange: ExchangeMaker, run: Run) -> None:
    text = export_curl(make_exchange(scope={"headers": (("authorization", "•••"),)}))
    assert text.startswith("# redacted, put the real value there: header authorization")
    assert "authorization" not in "".join(run(text)[0])


@pytest.mark.parametrize("name", ["@/etc/hostname", "a b", "x\r\ny", "", "é", "a:b"])
def test_what_is_no_name_of_a_header_is_left_out_and_named(
    make_exchange: ExchangeMaker, run: Run, name: str
) -> None:
    """Of a name with an @ in front curl would make a file, whose lines it would send."""
    line = export_curl(make_exchange(scope={"headers": (("accept", "*/*"), (name, ""), ("x-b", "2"))}))
    arguments, _ = run(line)
    headers = [arguments[at + 1] for at, word in enumerate(arguments) if word == "-H"]
    assert [header for header in headers if not header.endswith(":")] == ["accept: */*", "x-b: 2"]
    assert "is no name of a header" in line


def test_the_address_is_the_servers_not_what_a_client_wrote_into_host(
    make_exchange: ExchangeMaker, run: Run
) -> None:
    headers = (("host", "evil.example"),)
    arguments, _ = run(export_curl(make_exchange(scope={"headers": headers})))
    assert arguments[2] == "http://127.0.0.1:8000/books/42"
    assert "host: evil.example" in option(arguments, "-H")
    unknown = export_curl(make_exchange(scope={"headers": (("host", "a b;c"),), "server": None}))
    assert "http://127.0.0.1:8000/" in unknown


def test_a_body_that_was_not_kept_whole_says_so(make_exchange: ExchangeMaker) -> None:
    body = Body(size=900, data=b"abc", complete=False, why_incomplete="limit")
    exchange = make_exchange(
        scope={"method": "POST", "headers": (("content-length", "900"),)}, request_body=body
    )
    assert "# the body is not whole: 3 of 900 bytes were kept" in export_curl(exchange)
