"""Every export is run by the tool it is for, and sends the recorded bytes.

A server keeps what it is sent; the request line, the headers in their order and the body are compared.
"""

import base64
import contextlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from inspector.exchange_files.export import export_all
from inspector.exchange_files.export_curl import export_curl
from inspector.exchange_files.export_httpx import export_httpx
from inspector.exchange_files.export_hurl import export_hurl
from inspector.exchange_files.export_pytest import AppUnderTest
from inspector.exchange_files.export_request import ExportRefused
from inspector.exchange_files.har_write import write_har
from tests.inspector.exchange_files.export_cases import CASES, DEADLINE_S, Keeper, Maker, Sent, make_case
from tests.inspector.exchange_files.hurl_grammar import parse_hurl

ROOT = Path(__file__).parent.parent.parent.parent

REFUSED_BY_HURL = {
    "what curl would glob",
    "shell words in the target",
    "raw bytes in the target",
    "bytes beyond UTF-8 in a header",
}

ECHO = """
import json, pathlib

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    body = (await receive())["body"]
    query = scope["query_string"].decode("latin-1")
    target = scope["raw_path"].decode("latin-1") + ("?" + query if query else "")
    headers = [[name.decode("latin-1"), value.decode("latin-1")] for name, value in scope["headers"]]
    with pathlib.Path("kept").open("a") as kept:
        kept.write(json.dumps([scope["method"], target, headers, body.hex()]) + "\\n")
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})
"""


@pytest.fixture(scope="module")
def keeper() -> Iterator[Keeper]:
    with contextlib.closing(Keeper()) as keeper:
        yield keeper


@pytest.mark.parametrize("case", CASES)
def test_curl_sends_the_recorded_bytes(
    make_exchange: Maker, keeper: Keeper, tmp_path: Path, case: dict[str, Any]
) -> None:
    assert shutil.which("curl"), "these tests need curl: apt-get install curl"
    exchange, expected = make_case(make_exchange, case, keeper.port)
    script = tmp_path / "line.sh"
    script.write_text(export_curl(exchange), encoding="utf-8")
    empty = tmp_path / "empty"
    empty.mkdir()
    subprocess.run(["sh", str(script)], cwd=empty, check=True, timeout=DEADLINE_S, capture_output=True)
    assert list(empty.iterdir()) == [], "the line did something else than call curl"
    assert keeper.take() == expected


@pytest.mark.parametrize("case", CASES)
def test_httpx_sends_the_recorded_bytes(
    make_exchange: Maker, keeper: Keeper, case: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    exchange, expected = make_case(make_exchange, case, keeper.port)
    if not expected.target.isascii():
        with pytest.raises(ExportRefused, match="httpx sends no bytes beyond ASCII"):
            export_httpx(exchange)
        return
    exec(compile(export_httpx(exchange), "exported.py", "exec"), {})
    assert capsys.readouterr().out.startswith("200 ")
    assert keeper.take() == expected


@pytest.mark.parametrize("case", CASES)
def test_a_hurl_file_says_the_recorded_bytes_or_is_refused(
    make_exchange: Maker, case: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    exchange, expected = make_case(make_exchange, case, 8000)
    if request.node.callspec.id in REFUSED_BY_HURL:
        with pytest.raises(ExportRefused, match="Hurl"):
            export_hurl(exchange)
        return
    (entry,) = parse_hurl(export_hurl(exchange))
    assert Sent(entry.method, target_of(entry.url), entry.headers, entry.body) == expected
    assert (entry.options, entry.status) == ({"path-as-is": "true"}, "200")


@pytest.mark.parametrize("case", CASES)
def test_a_har_holds_the_recorded_bytes(make_exchange: Maker, case: dict[str, Any]) -> None:
    exchange, expected = make_case(make_exchange, case, 8000)
    (entry,) = json.loads(write_har([exchange]))["log"]["entries"]
    request = entry["request"]
    headers = tuple((header["name"], header["value"]) for header in request["headers"])
    posted = request.get("postData", {"text": ""})
    body = bytes_of(posted)
    assert Sent(request["method"], target_of(request["url"]), headers, body) == expected


def test_the_pytest_file_sends_the_recorded_bytes(make_exchange: Maker, tmp_path: Path) -> None:
    made = [make_case(make_exchange, case.values[0], 8000) for case in CASES]
    exported = export_all([exchange for exchange, _ in made], "pytest", AppUnderTest(text="echo:app"))
    assert exported.left_out == ()
    (tmp_path / "echo.py").write_text(ECHO, encoding="utf-8")
    (tmp_path / "test_recorded.py").write_text(exported.text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_recorded.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S * 2,
        check=False,
    )
    assert f"{len(CASES)} passed" in done.stdout, done.stdout
    kept = [json.loads(line) for line in (tmp_path / "kept").read_text().splitlines()]
    assert [
        Sent(method, target, tuple(map(tuple, headers)), bytes.fromhex(body))
        for method, target, headers, body in kept
    ] == [as_asgi(expected) for _, expected in made]


def as_asgi(sent: Sent) -> Sent:
    """ASGI has no word for a question mark with nothing behind it."""
    target = sent.target[:-1] if sent.target.endswith("?") else sent.target
    return Sent(sent.method, target, sent.headers, sent.body)


def target_of(url: str) -> str:
    origin = urlsplit(url)
    return url[len(f"{origin.scheme}://{origin.netloc}") :]


def bytes_of(posted: dict[str, Any]) -> bytes:
    if posted.get("_encoding") == "base64":
        return base64.b64decode(posted["text"])
    return str(posted["text"]).encode()
