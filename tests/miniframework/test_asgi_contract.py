"""What every answer must be as ASGI messages, whoever asks and however the server words its scope.

Source: ASGI specification 3.0, HTTP & WebSocket; RFC 9110 sections 8.6, 9.3.2, 15.3.5 and 15.4.5.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import pytest

from miniframework import App, Depends, Form, HTTPException, Request, Response, StreamingResponse, UploadFile
from miniframework.middleware.cors import CORSMiddleware
from miniframework.middleware.gzip import GZipMiddleware
from miniframework.middleware.sessions import SessionMiddleware
from miniframework.responses import FileResponse
from miniframework.sse import EventSourceResponse
from miniframework.staticfiles import StaticFiles
from miniframework.types import ASGIApp, Message, Scope
from tests.miniframework.asgi_driver import Listener, Wire, call, http_scope

MULTIPART = (
    b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n--B\r\nContent-Disposition: form-data; '
    b'name="f"; filename="f.bin"\r\n\r\n' + b"z" * 3000 + b"\r\n--B--\r\n"
)


def make_app(folder: Path) -> App:
    (folder / "a.txt").write_text("text " * 500)
    app = App()

    @app.get("/")
    def home() -> dict[str, int]:
        return {"x": 1}

    @app.get("/none", status_code=204)
    async def none() -> None: ...

    @app.get("/same")
    async def same() -> Response:
        return Response("a body that a 304 has not", 304)

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        return StreamingResponse(iter(["one", "two"]), media_type="text/plain")

    @app.get("/file")
    def file() -> FileResponse:
        return FileResponse(folder / "a.txt")

    @app.get("/items/{item_id}")
    async def item(item_id: int, q: str | None = None) -> dict[str, Any]:
        return {"id": item_id, "q": q}

    @app.get("/refused")
    async def refused() -> None:
        raise HTTPException(403, headers={"x-why": "no"})

    @app.get("/seen")
    async def seen(request: Request) -> dict[str, Any]:
        return {
            "urls": [str(request.url), str(request.base_url), str(request.url_for("item", item_id=3))],
            "query": request.query_params.multi_items(),
            "headers": request.headers.items(),
            "rest": [request.client, request.cookies, list(request.state)],
        }

    @app.post("/raw")
    async def raw(request: Request) -> int:
        return len(await request.body())

    @app.post("/form")
    async def form(a: Annotated[str, Form()], f: UploadFile) -> tuple[str, int | None]:
        return a, f.size

    app.mount("/static", StaticFiles(directory=folder, html=True))
    return app


def with_function(app: App) -> App:
    @app.middleware("http")
    async def mark(request: Request, call_next: Any) -> Any:
        response = await call_next(request)
        response.headers["x-marked"] = "yes"
        return response

    return app


def with_classes(app: App) -> App:
    app.add_middleware(GZipMiddleware, minimum_size=10)
    app.add_middleware(CORSMiddleware, allow_origins=["*"])
    app.add_middleware(SessionMiddleware, secret_key="of a test")
    return app


def with_listener(app: App) -> App:
    Listener(app.bus)
    return app


AROUND: dict[str, Callable[[App], App]] = {
    "alone": lambda app: app,
    "function": with_function,
    "classes": with_classes,
    "listener": with_listener,
}


@pytest.fixture(params=AROUND.values(), ids=AROUND)
def app(request: pytest.FixtureRequest, tmp_path: Path) -> ASGIApp:
    around: Callable[[App], App] = request.param
    return around(make_app(tmp_path))


ODD = [
    (b"host", b"h\xff"),
    (b"x-\xff", b"\x00\xff"),
    (b"cookie", b"\xff=\xfe; a; =b;;"),
    (b"accept-encoding", b"gzip\xff"),
    (b"content-length", b"abc"),
    (b"content-type", b"\xff/\xfe; charset=\xff"),
    (b"range", b"bytes=\xff"),
    (b"if-modified-since", b"\xff"),
    (b"origin", b"\xff"),
]


def scopes() -> Iterator[dict[str, Any]]:
    """The ways in which servers may word one request."""
    whole = http_scope(raw_path=b"/", state={"a": 1}, extensions={})
    yield whole
    for optional in ("raw_path", "root_path", "client", "server", "scheme", "state", "extensions"):
        yield {key: value for key, value in whole.items() if key != optional}
    yield whole | {"client": None, "server": None, "raw_path": None, "extensions": None, "state": None}
    yield whole | {"client": ("", 0), "server": ("/run/app.sock", None), "headers": []}
    yield whole | {"http_version": "2", "scheme": "https", "headers": ((b"host", b"x"),)}
    yield whole | {"http_version": "1.0", "headers": [[b"Host", b"h"], [b"Accept-Encoding", b"gzip"]]}
    yield whole | {"headers": ODD, "query_string": b"q=\xff\xfe&x=%FF&%=&&a=b=c"}
    yield whole | {"root_path": "/api", "path": "/api"}


PATHS = (
    *("/", "/none", "/same", "/stream", "/file", "/items/3", "/items/x", "/refused", "/seen"),
    *("/static/a.txt", "/static/", "/static/../x", "/static/\x00", "/missing"),
    *("", "//", "/é", "/items/٣", "/\ud800", "*"),
)
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "get")


def broken_rule(scope: Scope, sent: list[Message]) -> str | None:
    """Name the rule that an answer breaks, if any."""
    kinds = [message["type"] for message in sent]
    bodies = [message for message in sent if message["type"] == "http.response.body"]
    if kinds != ["http.response.start"] + ["http.response.body"] * (len(kinds) - 1):
        return f"one start, then bodies: {kinds}"
    if not bodies or [bool(one.get("more_body")) for one in bodies] != [True] * (len(bodies) - 1) + [False]:
        return "the last body, and no other, ends it"
    status, headers = sent[0]["status"], list(sent[0].get("headers") or ())
    pieces = [one.get("body", b"") for one in bodies]
    if any(type(part) is not bytes for part in (*itertools.chain(*headers), *pieces)):
        return "headers and bodies are bytes"
    if any(name != name.lower() or b"\n" in value or b"\r" in value for name, value in headers):
        return "header names are lower case, values are one line"
    body, lengths = b"".join(pieces), [value for name, value in headers if name == b"content-length"]
    if status >= 500:
        return f"nothing fails: {status}"
    if (scope["method"] == "HEAD" or status in (204, 304)) and body:
        return f"{scope['method']} {status} has no content: {body!r}"
    if status == 204 and lengths:
        return "a 204 has no length"
    if status not in (204, 304) and scope["method"] != "HEAD" and lengths not in ([], [b"%d" % len(body)]):
        return f"the length is true: {lengths} for {len(body)}"
    return None


def test_every_answer_is_well_formed_however_the_server_words_the_request(app: ASGIApp) -> None:
    async def main() -> None:
        for path, method, worded in itertools.product(PATHS, METHODS, scopes()):
            scope = worded | {"method": method, "path": path if worded["path"] == "/" else "/api" + path}
            if scope.get("raw_path") is not None:
                scope["raw_path"] = scope["path"].encode("utf-8", "replace")
            sent = (await call(app, dict(scope))).sent
            assert broken_rule(scope, sent) is None, (method, path, worded)

    asyncio.run(main())


def cut(body: bytes, size: int) -> list[Message]:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    last = len(pieces) - 1
    return [
        {"type": "http.request", "body": piece, "more_body": at < last} for at, piece in enumerate(pieces)
    ]


@pytest.mark.parametrize(
    ("path", "headers", "body", "answer"),
    [
        ("/raw", [], b"x" * 10_000, b"10000"),
        ("/form", [(b"content-type", b"multipart/form-data; boundary=B")], MULTIPART, b'["x",3000]'),
    ],
    ids=["raw", "form"],
)
def test_a_body_means_the_same_however_it_is_cut(
    app: ASGIApp, path: str, headers: Any, body: bytes, answer: bytes
) -> None:
    end: Message = {"type": "http.request"}
    whole: Message = {"type": "http.request", "body": body, "more_body": True}
    ways = [[{"type": "http.request", "body": body}], [whole, end], cut(body, 97), cut(body, 4096)]
    for messages in ways:
        wire = asyncio.run(call(app, http_scope(path, "POST", headers=headers), *messages))
        assert (wire.status, wire.body) == (200, answer)


@pytest.mark.parametrize("path", ["/raw", "/form"])
@pytest.mark.parametrize("came", [[], cut(MULTIPART, 1000)[:2]], ids=["nothing", "a part"])
def test_a_client_that_leaves_in_its_body_ends_the_request_and_nothing_else(
    app: ASGIApp, path: str, came: list[Message]
) -> None:
    headers = [(b"content-type", b"multipart/form-data; boundary=B")]
    messages = [*came, {"type": "http.disconnect"}]
    wire = asyncio.run(call(app, http_scope(path, "POST", headers=headers), *messages))
    assert wire.status == 400


@pytest.mark.parametrize("path", ["/", "/stream", "/file", "/items/x", "/missing", "/static/a.txt"])
@pytest.mark.parametrize("after", [0, 1])
def test_what_send_raises_when_the_client_is_gone_reaches_the_server_as_it_is(
    app: ASGIApp, path: str, after: int
) -> None:
    gone = OSError("the client is gone")
    sent: list[Message] = []

    async def send(message: Message) -> None:
        if len(sent) == after:
            raise gone
        sent.append(message)

    with pytest.raises(OSError, match="is gone") as caught:
        asyncio.run(app(http_scope(path), Wire().receive, send))
    assert caught.value is gone
    assert len(sent) == after


@pytest.mark.parametrize("kind", ["smtp", "HTTP", "webtransport", ""])
def test_a_protocol_nobody_knows_is_refused_as_asgi_asks(app: ASGIApp, kind: str) -> None:
    with pytest.raises(ValueError, match="not known"):
        asyncio.run(call(app, http_scope() | {"type": kind}))


@pytest.mark.parametrize("ends", ["cancelled", "left"])
@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND)
def test_a_request_that_ends_in_the_middle_cleans_up_and_leaves_no_task(
    around: Callable[[App], App], ends: str
) -> None:
    story: list[str] = []
    app = App()

    async def resource() -> AsyncIterator[str]:
        try:
            yield "resource"
        finally:
            story.append("resource closed")

    @app.get("/")
    async def stream(held: Annotated[str, Depends(resource)]) -> StreamingResponse:
        async def pieces() -> AsyncIterator[str]:
            try:
                while True:
                    yield "x" * 100
                    await asyncio.sleep(0)
            finally:
                story.append("stream closed")

        return StreamingResponse(pieces())

    async def main() -> None:
        wire = Wire()
        serving = asyncio.create_task(_serve(around(app), wire))
        await wire.wait_for(3)
        if ends == "left":
            wire.leave()
            await asyncio.wait_for(serving, 5)
        else:
            serving.cancel()
            with pytest.raises(asyncio.CancelledError):
                await serving
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())
    assert story == ["stream closed", "resource closed"]


async def _serve(app: ASGIApp, wire: Wire) -> None:
    await app(http_scope(), wire.receive, wire.send)


def make_failing_app(story: list[str], fails: bool) -> App:
    app = App()

    async def resource() -> AsyncIterator[None]:
        try:
            yield
        finally:
            story.append("resource closed")

    async def pieces() -> AsyncIterator[str]:
        try:
            yield "one"
            if fails:
                raise LookupError("of the stream")
            await asyncio.Event().wait()
        finally:
            if not fails:
                await asyncio.sleep(0)
            story.append("stream closed")

    def plain_pieces() -> Iterator[str]:
        try:
            yield from ("one", "two")
        finally:
            story.append("stream closed")

    app.get("/async", dependencies=[Depends(resource)])(lambda: StreamingResponse(pieces()))
    app.get("/plain", dependencies=[Depends(resource)])(lambda: StreamingResponse(plain_pieces()))
    app.get("/events", dependencies=[Depends(resource)], response_class=EventSourceResponse)(pieces)
    return app


@pytest.mark.parametrize(
    ("path", "fails"), [("/async", False), ("/plain", False), ("/events", False), ("/async", True)]
)
def test_what_fails_just_as_the_client_leaves_is_raised_and_ends_in_order(path: str, fails: bool) -> None:
    story: list[str] = []

    async def main() -> None:
        wire = Wire()

        async def send(message: Message) -> None:
            if message["type"] == "http.response.body":
                await asyncio.sleep(0)
                wire.leave()
                if not fails:
                    raise OSError("the client is gone")
                await asyncio.sleep(0)

        with pytest.raises((OSError, LookupError)) as caught:
            await make_failing_app(story, fails)(http_scope(path), wire.receive, send)
        assert type(caught.value) is (LookupError if fails else OSError)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())
    assert story == ["stream closed", "resource closed"]
