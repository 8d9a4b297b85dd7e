"""Requests that are hard to write down, and a server that keeps the bytes it is sent."""

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from inspector.model import Body, Header, HttpExchange

DEADLINE_S = 30.0
Maker = Callable[..., HttpExchange]

NASTY = 'it\'s; $(touch pwned) `touch pwned` "quoted" \\ %s ! & | > out * ~ {a,b} [1-3] {{x}} #no'
LONG = bytes(range(256)) * 500


@dataclass(frozen=True)
class Sent:
    """A request as it stood on the wire; header names in lower case, everything else as Latin-1 text."""

    method: str
    target: str
    headers: tuple[Header, ...]
    body: bytes


def post(body: bytes, *headers: Header) -> dict[str, Any]:
    length = ("content-length", str(len(body)))
    return {"method": "POST", "body": body, "headers": (*PLAIN, *headers, length)}


PLAIN: tuple[Header, ...] = (("accept", "*/*"), ("user-agent", "test"), ("content-type", "text/plain"))

CASES = [
    pytest.param({}, id="a plain GET"),
    pytest.param({"headers": ()}, id="no header but host"),
    pytest.param({"target": "/?"}, id="an empty query"),
    pytest.param({"target": "/a%2Fb/%2e%2e/../c/./d//e?x=%2F&y=a+b&&z"}, id="%2F and dots"),
    pytest.param({"target": "/caf%C3%A9/%F0%9F%A6%89?q=%E2%82%AC"}, id="encoded unicode"),
    pytest.param({"target": "/[1-3]{a,b}*?x=[1]&y={2}|^`\\\"<>'"}, id="what curl would glob"),
    pytest.param({"target": "/@host:80//other@x?a@b"}, id="at-signs in the target"),
    pytest.param({"target": "/x?$(touch$IFS.pwned);`touch$IFS.pwned`&'%00"}, id="shell words in the target"),
    pytest.param({"target": "/caf\xc3\xa9/\xe9"}, id="raw bytes in the target"),
    pytest.param(
        {"headers": (("x-a", "1"), ("x-b", "2"), ("x-a", "3"), ("x-a", "1"))}, id="repeated headers"
    ),
    pytest.param({"headers": (("x-empty", ""), ("accept", ""), ("x-last", ""))}, id="empty headers"),
    pytest.param({"headers": (("x-nasty", NASTY), ("x-at", "@/etc/passwd"))}, id="shell words in a header"),
    pytest.param({"headers": (("x-utf", "caf\xc3\xa9 \xe2\x82\xac"),)}, id="UTF-8 in a header"),
    pytest.param({"headers": (("x-latin", "caf\xe9 %d \\n 'q'"),)}, id="bytes beyond UTF-8 in a header"),
    pytest.param({"headers": (("x!#$%&'*+.^_`|~", "odd name"),)}, id="a name of odd characters"),
    pytest.param(
        {"headers": (("cookie", "a=1; b=2"), ("accept-encoding", "gzip"))}, id="cookies and codings"
    ),
    pytest.param(post(b""), id="an empty POST"),
    pytest.param({"method": "POST", "headers": PLAIN}, id="a POST that announces no body"),
    pytest.param(post(b'{"a": "it\'s \\"quoted\\" \\\\ `x` {{y}} #z"}'), id="quotes in the body"),
    pytest.param(post(b"@/etc/passwd"), id="a leading at-sign"),
    pytest.param(post(b"a\r\nb\nc\rd\n\n"), id="CR LF"),
    pytest.param(post(b"\x00"), id="NUL"),
    pytest.param(post(b"\x00\x01\xff\xfe"), id="bytes beyond UTF-8"),
    pytest.param(post("é•日🦉".encode()), id="UTF-8"),
    pytest.param(post(b"'" * 3000 + b"\\"), id="many quotes"),
    pytest.param(post(LONG), id="128 KB of every byte"),
    pytest.param(post(b" leading and trailing "), id="blanks around"),
    pytest.param({**post(b"x=1"), "headers": (("content-length", "3"), *PLAIN)}, id="the length comes first"),
    pytest.param({**post(b"x"), "headers": (("content-length", "1"),)}, id="a body without a type"),
    pytest.param({**post(b"x"), "method": "GET"}, id="a GET with a body"),
    pytest.param({"method": "DELETE"}, id="DELETE"),
    pytest.param({"method": "PROPFIND"}, id="a method that is not HTTP's own"),
    pytest.param({"method": "HEAD"}, id="HEAD"),
    pytest.param({"method": "OPTIONS"}, id="OPTIONS"),
]


def make_case(make_exchange: Maker, case: dict[str, Any], port: int) -> tuple[HttpExchange, Sent]:
    """The recorded exchange of a case, and what an export of it has to send."""
    target = case.get("target", "/books/42")
    raw_path, mark, query = target.partition("?")
    headers = (("host", f"127.0.0.1:{port}"), *case.get("headers", PLAIN))
    body = case.get("body", b"")
    method = case.get("method", "GET")
    exchange = make_exchange(
        scope={
            "method": method,
            "raw_path": raw_path + ("?" if mark and not query else ""),
            "query_string": query,
            "headers": headers,
            "server": ("127.0.0.1", port),
        },
        request_body=Body(size=len(body), data=body),
    )
    return exchange, Sent(method, target, headers, body)


class Keeper:
    """A server on a thread that reads one request a connection, keeps it, and answers 200."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.kept: list[Sent] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def take(self) -> Sent:
        """The one request that came since the last time."""
        (sent,) = self.kept
        self.kept.clear()
        return sent

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(DEADLINE_S)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(DEADLINE_S)
                if (sent := read_request(connection)) is None:
                    continue
                self.kept.append(sent)
                connection.sendall(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")


def read_request(connection: socket.socket) -> Sent | None:
    """Read a request; None when the client thinks better of it."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return None
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    line, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = line.split(" ")
    headers = tuple(
        (name.lower(), value.strip(" ")) for name, _, value in (one.partition(":") for one in lines)
    )
    length = int(dict(headers).get("content-length", "0"))
    while len(body) < length:
        body += connection.recv(65536)
    return Sent(method, target, headers, body)
