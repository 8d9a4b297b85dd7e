"""The tutorial's program as a reader runs it: a process, real sockets, the answers it promises."""

import json
import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = (ROOT / "examples" / "tutorial" / "main.py").read_text()
DEADLINE_S = 20.0
APPLE = '{"name": "Apple", "price": 1.99}'

Answer = tuple[int, Any]
Sender = Callable[..., Answer]


@contextmanager
def running(program: str, directory: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run a program on a free port; gives the process and the port it says it serves on."""
    path = directory / "main.py"
    path.write_text(program)
    process = subprocess.Popen(
        [sys.executable, str(path)],
        cwd=directory,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        line = read_line(process)
        assert line.startswith("Serving on http://127.0.0.1:"), line + (
            process.stderr.read() if process.stderr else ""
        )
        yield process, int(line.split()[2].rpartition(":")[2])
    finally:
        process.kill()
        process.communicate()


def read_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        assert selector.select(DEADLINE_S), "the program said nothing"
    return process.stdout.readline()


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    program = PROGRAM.replace("port=8000", "port=0")
    with running(program, tmp_path_factory.mktemp("tutorial")) as (_, port):
        yield port


def send_raw(port: int, method: str, target: str, body: str | None = None) -> Answer:
    """Write the request's bytes to a socket and read the answer's."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close"]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body.encode())}"]
    with socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S) as connection:
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n" + (body or "")).encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, content = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/json" in head.lower()
    return int(head.split()[1]), json.loads(content)


def send_curl(port: int, method: str, target: str, body: str | None = None) -> Answer:
    """Send with curl as the tutorial's reader would, who forgets the content type."""
    options = [] if body is None else ["-d", body]
    url = f"http://127.0.0.1:{port}{target}"
    output = subprocess.run(
        ["curl", "-sS", "-X", method, "-w", "\n%{http_code}", *options, url],
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=True,
    ).stdout
    content, _, status = output.rpartition("\n")
    return int(status), json.loads(content)


SENDERS = [pytest.param(send_raw, id="socket")]
if shutil.which("curl"):
    SENDERS.append(pytest.param(send_curl, id="curl"))

PROMISES = [
    pytest.param("GET", "/", None, (200, {"message": "Hello, World!"}), id="hello"),
    pytest.param("GET", "/items/42?q=test", None, (200, {"item_id": 42, "q": "test"}), id="path and query"),
    pytest.param("GET", "/items/42", None, (200, {"item_id": 42, "q": None}), id="no query"),
    pytest.param("POST", "/items/", APPLE, (200, {"name": "Apple", "price": 1.99}), id="create"),
    pytest.param("GET", "/nowhere", None, (404, {"detail": "Not Found"}), id="not found"),
    pytest.param("DELETE", "/", None, (405, {"detail": "Method Not Allowed"}), id="wrong method"),
]


@pytest.mark.parametrize("send", SENDERS)
@pytest.mark.parametrize(("method", "target", "body", "answer"), PROMISES)
def test_the_program_keeps_its_promises(
    port: int, send: Sender, method: str, target: str, body: str | None, answer: Answer
) -> None:
    assert send(port, method, target, body) == answer


@pytest.mark.parametrize("send", SENDERS)
def test_a_wrong_item_id_is_named_with_what_came_and_what_was_expected(port: int, send: Sender) -> None:
    status, document = send(port, "GET", "/items/abc")
    (problem,) = document["detail"]
    assert (status, problem["loc"], problem["input"]) == (422, ["path", "item_id"], "abc")
    assert "valid integer" in problem["msg"]


@pytest.mark.parametrize("send", SENDERS)
def test_malformed_json_is_told_with_its_position(port: int, send: Sender) -> None:
    status, document = send(port, "POST", "/items/", '{"name": "Apple", "price": }')
    (problem,) = document["detail"]
    assert (status, problem["type"], problem["loc"]) == (422, "json_invalid", ["body", 27])
    assert problem["ctx"] == {"error": "Expecting value"}


@pytest.mark.parametrize("send", SENDERS)
def test_a_missing_price_is_named(port: int, send: Sender) -> None:
    status, document = send(port, "POST", "/items/", '{"name": "Apple"}')
    assert (status, [one["loc"] for one in document["detail"]]) == (422, [["body", "price"]])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_stopped_program_ends_at_once_and_without_a_traceback(tmp_path: Path, number: int) -> None:
    with running(PROGRAM.replace("port=8000", "port=0"), tmp_path) as (process, port):
        assert send_raw(port, "GET", "/")[0] == 200
        started = time.monotonic()
        process.send_signal(number)
        _, errors = process.communicate(timeout=DEADLINE_S)
    assert (process.returncode, errors) == (0, "")
    assert time.monotonic() - started < 5


def test_a_server_without_routes_answers_not_found(tmp_path: Path) -> None:
    program = "import asyncio\nfrom miniframework import ASGIServer\nasyncio.run(ASGIServer(port=0).run())\n"
    with running(program, tmp_path) as (_, port):
        assert send_raw(port, "GET", "/") == (404, {"detail": "Not Found"})


def test_a_port_in_use_is_named_with_the_way_out(tmp_path: Path, port: int) -> None:
    path = tmp_path / "main.py"
    path.write_text(PROGRAM.replace("port=8000", f"port={port}"))
    done = subprocess.run(
        [sys.executable, str(path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith("or stop the program that has it")
    assert f"port={port}) cannot listen there: Address already in use" in done.stderr


def test_the_program_is_the_tutorials_but_for_its_import() -> None:
    assert "from miniframework import ASGIServer" in PROGRAM
    for line in (
        'app = ASGIServer(host="127.0.0.1", port=8000)',
        "router = app.router",
        "async def read_item(item_id: int, q: str = None):",
        "async def create_item(name: str, price: float):",
        "asyncio.run(app.run())",
    ):
        assert line in PROGRAM
