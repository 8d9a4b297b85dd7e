"""Makes every document of the contract with the real code: a real shop, real traffic, the real dashboard.

What changes from run to run (ids, times, places of files) is made the same, so that the documents can be kept
as samples beside this file. `INSPECTOR_WRITE_SAMPLES=1 pytest tests/contract` writes them anew.
"""

import asyncio
import contextlib
import json
import os
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest

from inspector.analysis.edits import parse_edits
from inspector.analysis.table_edit import edit_table
from inspector.journal.memory import MemoryJournal
from inspector.journal.protocol import AppStatus, Saved, StatusSaved, TableSaved
from inspector.model import Body, Exchange, HttpExchange, Replayed, SocketExchange, State, Worker
from inspector.recording.recorder import Recorder
from inspector.replay.edit import parse_edit
from inspector.replay.policy import judge_replay
from inspector.streaming import messages
from inspector.web.answers import error_json
from inspector.web.app import create_dashboard
from inspector.web.pinned_rounds import PinnedRounds
from miniframework import App
from miniframework.testing import TestClient

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
STDLIB = sysconfig.get_path("stdlib")
STARTED_NS = 1_767_225_600_000_000_000
RELOADED_NS = STARTED_NS + 10_000_000_000  # after the traffic
LOG = "019b76ff-0001-7c11-9d02-6b1f0a7e55aa"
NOW = 1_767_225_660_000  # unix ms: when the samples were told, soon after their exchanges
WORKER = Worker(host="bookshop-dev", pid=4242)
ORDER = "1b4e28ba-2fa1-41d2-883f-0016d3cca427"
# As in another framework: a look-ahead, loops that give back, a group without a name.
ANY_REGEX = quote(r"/stock/(?P<sku>\d+)(?!\.exe)(?:\.(json|txt))?")

Document = dict[str, Any]
HOST = ("host", "127.0.0.1:8000")
AGENT = ("user-agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36")
JSON = ("content-type", "application/json")


class Shop:
    """The shop with a recorder; `send` gives the exchange of one request."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._journal = MemoryJournal()
        self._recorder = Recorder(self._journal, worker=WORKER)
        app.bus.subscribe(self._recorder)
        self.exchanges: list[Exchange] = []

    def send(
        self, method: str, target: str, *headers: tuple[str, str], body: bytes = b"", frames: int = -1
    ) -> Exchange:
        """Send a request, or with `frames` a handshake and so many frames; `self.exchanges` gets it too."""
        is_socket = frames >= 0
        raw_path, _, query = target.partition("?")
        length = (("content-length", str(len(body))),) if body else ()
        scope: Document = {
            "type": "websocket" if is_socket else "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": "ws" if is_socket else "http",
            "path": unquote(raw_path),
            "raw_path": raw_path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in (HOST, AGENT, *headers, *length)],
            "client": ("127.0.0.1", 53122),
            "server": ("127.0.0.1", 8000),
            "state": {"db": "a pool"},
        }
        scope |= {"subprotocols": ["stock.v1"]} if is_socket else {"method": method}
        asyncio.run(self._serve(scope, body, frames))
        self._recorder.flush()
        _, rows = self._journal.rows(1)
        exchange = self._journal.exchange(rows[0]["id"])
        assert exchange is not None
        return self.keep(exchange)

    def keep(self, exchange: Exchange, **changes: Any) -> Exchange:
        """Note an exchange, changed in what a run of seconds or a crash would change."""
        number = len(self.exchanges) + 1
        fixed = replace(
            exchange,
            id=f"019b7700-{number:04x}-7a3c-8f21-{number * 7919 + 1:012x}",
            started_unix_ns=STARTED_NS + number * 137_500_000,
            **changes,
        )
        self.exchanges.append(fixed)
        return fixed

    async def _serve(self, scope: Document, body: bytes, frames: int) -> None:
        incoming: list[Document] = [{"type": "http.request", "body": body, "more_body": False}]
        if frames >= 0:
            incoming = [{"type": "websocket.connect"}]
            incoming += [{"type": "websocket.receive", "text": f"ping {n}"} for n in range(frames)]
            incoming.append({"type": "websocket.disconnect", "code": 1000, "reason": ""})
        ended = asyncio.Event()

        async def receive() -> Document:
            if not incoming:
                await ended.wait()
                return {"type": "http.disconnect"}
            return incoming.pop(0)

        async def send(message: Document) -> None:
            if message["type"] == "http.response.body" and not message.get("more_body"):
                ended.set()

        async with asyncio.timeout(10):
            with contextlib.suppress(ValueError):
                await self._app(scope, receive, send)


def make_traffic(shop: Shop) -> dict[str, Exchange]:
    """Send one of everything, and name those that become samples."""
    named: dict[str, Exchange] = {}
    shop.send("GET", "/")
    shop.send("GET", "/books?page=2&author=Le+Guin")
    shop.send("POST", "/books", JSON, body=b'{"title": "Piranesi"}')
    named["found"] = shop.send("GET", "/books/42", ("accept", "*/*"))
    unmodified = shop.send("GET", "/books/42", ("if-none-match", '"42"'))
    shop.exchanges[-1] = replace(unmodified, status=304, response_body=Body(), response_headers=())
    named["matched"] = shop.send(
        "GET",
        f"/api/orders/{ORDER}/lines/2?expand=book",
        ("accept", "application/json"),
        ("authorization", "Bearer s3cret"),
        ("cookie", "session=5f2c9a; theme=dark"),
    )
    named["404"] = named["not_found"] = shop.send("GET", "/api/orders/17")
    named["method_not_allowed"] = shop.send("DELETE", "/books/12")
    named["redirect"] = shop.send("GET", "/books/")
    named["422"] = named["shadowed"] = shop.send("GET", "/users/me")
    named["websocket"] = shop.send("GET", "/ws/stock/7", ("sec-websocket-key", "dGhlIHNhbXBsZQ=="), frames=2)
    named["websocket-refused"] = named["websocket_not_found"] = shop.send("GET", "/books/1", frames=0)
    card = b'{"card_number": "4111111111111111", "copies": 3}'
    named["500"] = shop.send("POST", "/checkout/42", JSON, body=card)
    shop.send("GET", "/covers/9780441478125@2x.png")
    shop.send("GET", "/files/lists/2026/january.csv")
    events = shop.send("GET", "/events")
    shop.exchanges[-1] = replace(events, state=State.STREAMING, duration_ns=None)
    named["mount"] = shop.send("GET", "/admin/reports/2024")
    named["mount_not_found"] = shop.send("GET", "/admin/report")
    named["404-handler"] = shop.send("GET", "/books/999")
    shop.send("PUT", "/books/42", JSON, body=b'{"title": "The Left Hand of Darkness", "price": "10.99"}')
    shop.send("GET", "/books/the-dispossessed")
    archive = shop.send("GET", "/files/backup.zip")
    shop.exchanges[-1] = replace(archive, state=State.DISCONNECTED)
    for state, target in (
        (State.CANCELLED, "/books"),
        (State.LOST, "/books/bestsellers"),
        (State.PENDING, "/books"),
    ):
        waiting = shop.send("GET", target)
        unanswered = {"status": None, "response_headers": (), "response_body": Body(), "duration_ns": None}
        shop.exchanges[-1] = replace(waiting, state=state, **unanswered)
    replayed = shop.send("GET", "/books/43", ("accept", "*/*"))
    named["replay"] = replace(replayed, replay=Replayed(of=named["found"].id, edits=("path",)))
    shop.exchanges[-1] = named["replay"]
    still = shop.send("GET", "/ws/stock/9", frames=1)
    assert isinstance(still, SocketExchange)
    unclosed = {"closed_by": None, "close_code": None, "close_reason": None, "duration_ns": None}
    shop.exchanges[-1] = replace(still, state=State.STREAMING, **unclosed)
    return named


def make_documents(app: App) -> dict[str, Document]:
    """Return every document of the contract by the name of its sample."""
    shop = Shop(app)
    named = make_traffic(shop)
    journal = MemoryJournal()
    status = AppStatus(
        worker=WORKER,
        state="running",
        target="bookshop.app:app",
        url="http://127.0.0.1:8000",
        table=app.table.fingerprint,
        python="3.11.7",
        updated_unix_ns=RELOADED_NS,
    )
    journal.append([*make_earlier(app, status), TableSaved(app.table.snapshot()), StatusSaved(status)])
    journal.append([Saved(exchange) for exchange in shop.exchanges])
    dashboard = create_dashboard(journal, token="t", stats=Recorder(MemoryJournal()).stats)
    with TestClient(dashboard.app, base_url="http://127.0.0.1:8765") as client:
        documents = dict(ask(client, named))
        documents |= dict(ask_what_if(client))
        documents["pinned"] = ask_pinned(client, dashboard.rounds, named)
    documents |= dict(make_refusals(named))
    documents |= dict(make_stream(journal, documents))
    documents["app-failed"] = fail_app(documents["app"])
    documents["stream-app"] = {"type": "app", "app": documents["app-failed"]}
    return json.loads(make_same(json.dumps(documents, ensure_ascii=False), journal))


def ask(client: TestClient, named: dict[str, Exchange]) -> Iterator[tuple[str, Document]]:
    """Ask the dashboard for everything that it answers to GET."""

    def get(path: str) -> Document:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.text)
        document: Document = answer.json()
        return document

    yield "rows", get("/api/exchanges")
    described = get("/api/app")
    described["journal"]["bytes"] = 48_213  # what was recorded takes depends on the machine's paths
    yield "app", described
    yield "routes", get("/api/routes")
    yield "check", {**get("/api/check"), "took_ms": 12.3}
    yield "hits", get("/api/hits")
    yield "regex", get("/api/regex?index=3&text=/books/42a")
    yield "regex-steps", get("/api/regex?index=3&text=/books/42a&steps=1")
    yield "regex-any", get(f"/api/regex?regex={ANY_REGEX}&text=/stock/9.tx&steps=1&how=match")
    for name in (
        "matched",
        "404",
        "404-handler",
        "422",
        "500",
        "mount",
        "websocket",
        "websocket-refused",
        "replay",
    ):
        yield f"exchange-{name}", get(f"/api/exchanges/{named[name].id}")
    for name in (
        "found",
        "not_found",
        "method_not_allowed",
        "redirect",
        "shadowed",
        "mount",
        "mount_not_found",
    ):
        yield f"explanation-{name}", get(f"/api/exchanges/{named[name].id}/explanation")
    refused = named["websocket_not_found"].id
    yield "explanation-websocket_not_found", get(f"/api/exchanges/{refused}/explanation")
    yield "explain-limited", get("/api/explain?method=GET&path=/books/42x&limit=4")
    yield "explain-refusal", get("/api/explain?method=GET&path=/users/me&limit=2")
    yield "funnel", get("/api/funnel?method=GET&path=/books/4")
    yield "difference", get(f"/api/difference?left={named['found'].id}&right={named['replay'].id}")
    yield "export-curl", get(f"/api/exchanges/{named['found'].id}/export?format=curl")
    missing = client.get("/api/exchanges/019b7700-dead-7a3c-8f21-000000000000")
    yield "error-not_found", missing.json()


def ask_pinned(client: TestClient, rounds: PinnedRounds, named: dict[str, Exchange]) -> Document:
    """Ask what became of the pinned requests: one that was replayed, one that asks first."""
    pinned, asks_first = named["found"], named["500"]
    assert isinstance(pinned, HttpExchange)
    for exchange in (pinned, asks_first):
        assert client.post(f"/api/exchanges/{exchange.id}/pin", json={"pinned": True}).status_code == 200
    rounds.take(pinned, named["replay"], learnt=("headers:x-served-by",))
    kept = client.post(f"/api/pinned/{pinned.id}/rules", json={"rules": ["body:$.printed_at"]})
    document: Document = client.get("/api/pinned").json()
    assert document["results"][0] == kept.json()
    return document


def make_earlier(app: App, status: AppStatus) -> Iterator[TableSaved | StatusSaved]:
    """Make what was served before the reload: other in everything that a reload can change."""
    edits = parse_edits(
        [
            {"op": "remove", "route": "16"},
            {"op": "add", "path": "/gone", "methods": ["GET"], "name": "gone"},
            {"op": "move", "route": "9", "before": "8"},
            {"op": "pattern", "route": "12", "path": "/api/orders/{order_id:int}"},
        ]
    )
    earlier = edit_table(app.table, edits).table
    yield TableSaved(earlier.snapshot())
    yield StatusSaved(replace(status, table=earlier.fingerprint, updated_unix_ns=STARTED_NS))


def ask_what_if(client: TestClient) -> Iterator[tuple[str, Document]]:
    """Ask what edits would do, and what the last reload did."""
    edits: list[Document] = [
        {"op": "move", "route": "9", "before": "8"},
        {"op": "pattern", "route": "6", "path": "/books/{slug}.html"},
        {"op": "methods", "route": "13", "methods": ["POST", "PUT"]},
        {"op": "add", "path": "/books/{book_id:int}", "methods": ["DELETE"], "name": "drop", "before": None},
        {"op": "remove", "route": "16"},
        {"op": "redirect_slashes", "value": False},
    ]
    request: Document = {"table": None, "edits": edits}
    yield "whatif-request", request
    yield "whatif", client.post("/api/whatif", json=request).json()
    refused = client.post("/api/whatif", json={"table": None, "edits": [{"op": "move", "route": "99"}]})
    yield "error-bad_edit", refused.json()
    yield "reloads", client.get("/api/reloads").json()


def make_refusals(named: dict[str, Exchange]) -> Iterator[tuple[str, Document]]:
    """Make the documents of a replay: what the page sends, and what it may be told."""
    edit: Document = {
        "method": "GET",
        "path": "/books/43?full=1",
        "headers": [["host", "127.0.0.1:8000"], ["accept", "*/*"]],
        "body": None,
        "body_base64": None,
    }
    yield "replay-request", {"of": named["found"].id, "edit": edit, "confirm": False}
    assert parse_edit(edit).target == "/books/43?full=1"
    yield "replay-created", {"id": named["replay"].id}
    safe, unsafe = named["matched"], named["500"]
    assert isinstance(unsafe, HttpExchange)
    for name, exchange, changed in (("confirm", unsafe, {"body": "{}"}), ("redacted", safe, {})):
        (refusal,) = judge_replay(exchange, parse_edit(changed), original=None, confirmed=False)
        assert refusal.code == name
        yield f"error-{name}", error_json(refusal.code, refusal.message, refusal.hint)
    yield "clear", {"log": LOG}


def make_stream(journal: MemoryJournal, documents: dict[str, Document]) -> Iterator[tuple[str, Document]]:
    """Make every message of the stream by the functions that write them."""
    rows = [json.dumps(row, ensure_ascii=False) for row in documents["rows"]["rows"]]
    head, first = documents["rows"]["head"], documents["rows"]["rows"][0]["id"]
    delta = messages.Delta(first=head + 1, last=head + 4, rows=tuple(rows[-2:]), removed=(first,))
    gap = messages.Gap(first=head + 5, last=head + 1208, count=1204, reason="slow_viewer")
    log, tail = journal.bounds().log, journal.bounds().tail
    texts = {
        "welcome": messages.encode_welcome(log=log, head=head, tail=tail, now=NOW, app=documents["app"]),
        "snapshot": messages.encode_snapshot(head, rows, total=len(rows)),
        "delta": messages.encode_delta(delta),
        "gap": messages.encode_gap(gap),
        "reset": messages.encode_reset(LOG, "cleared"),
        "app": messages.encode_app(documents["app"]),
        "pulse": messages.encode_pulse(head=head + 4, now=NOW, lost=0, recorder_us_p50=21.4),
        "hello": json.dumps({"type": "hello", "v": messages.VERSION, "log": log, "cursor": 12}),
        "ack": json.dumps({"type": "ack", "to": head + 4}),
    }
    assert isinstance(messages.parse_page_message(texts["hello"]), messages.Hello)
    assert isinstance(messages.parse_page_message(texts["ack"]), messages.Ack)
    for name, text in texts.items():
        yield f"stream-{name}", json.loads(text)


def fail_app(app: Document) -> Document:
    """Return the same for an application that does not import."""
    error = (
        'Traceback (most recent call last):\n  File "bookshop/app.py", line 5, in <module>\n'
        "    from bookshop.oders import router as orders\n"
        "ModuleNotFoundError: No module named 'bookshop.oders'\n"
    )
    failed = {**app["status"][0], "state": "failed", "url": None, "table": None, "error": error}
    return {**app, "status": [failed], "table": None}


def make_same(text: str, journal: MemoryJournal) -> str:
    """Take out what names this machine or this run."""
    text = text.replace(journal.bounds().log, LOG)
    for folder in (HERE, ROOT, STDLIB):
        text = text.replace(f"{folder}/", "")
    return text


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    """Every document as the code makes it now; INSPECTOR_WRITE_SAMPLES writes the samples anew."""
    sys.path.insert(0, str(HERE))
    try:
        from bookshop.app import app

        made = make_documents(app)
    finally:
        sys.path.remove(str(HERE))
        for name in [name for name in sys.modules if name.split(".")[0] == "bookshop"]:
            del sys.modules[name]
    if os.environ.get("INSPECTOR_WRITE_SAMPLES"):
        for name, document in made.items():
            text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
            (HERE / f"{name}.json").write_text(text, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def samples() -> dict[str, Document]:
    """Every sample that is kept beside this file."""
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(HERE.glob("*.json"))}
