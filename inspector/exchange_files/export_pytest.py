"""Writes recorded requests as a pytest file that needs nothing but pytest and the application. Pure.

Each test calls the application in process with the recorded bytes and asserts the recorded status.
"""

import keyword
import re
from collections.abc import Sequence
from urllib.parse import unquote

from inspector.exchange_files.export_python import bytes_text, comment_lines, headers_text, title_of
from inspector.exchange_files.export_request import ExportRefused, ExportRequest, plan_export
from inspector.model import HttpExchange
from miniframework.records import dataclass

_NAME_CHARACTERS = 60
_DOTTED = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")

_HEAD = '''"""Recorded requests as tests, sent to the application in process, byte for byte as they came.

Written by Route Inspector. A test asserts the recorded status; add what else must stay as it is.
"""

import asyncio
from typing import Any
from urllib.parse import unquote
'''

_TAIL = '''

def send(
    method: str,
    target: bytes,
    *,
    headers: list[tuple[str, Any]],
    content: bytes,
    **scope: Any,
) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Call the application once, between its startup and its shutdown; return status, headers and body."""
    raw_path, _, query = target.partition(b"?")
    raw = [(name.encode(), text.encode() if isinstance(text, str) else text) for name, text in headers]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "method": method,
        "path": unquote(raw_path),
        "raw_path": raw_path,
        "query_string": query,
        "headers": raw,
        **scope,
    }
    return asyncio.run(_answer(scope, content))


async def _answer(scope: dict[str, Any], content: bytes) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    sent: list[dict[str, Any]] = []
    told: asyncio.Queue[str] = asyncio.Queue()
    stop = asyncio.Event()
    started = False
    waiting = [{"type": "http.request", "body": content, "more_body": False}]
    state: dict[str, Any] = {}

    async def lifespan_receive() -> dict[str, Any]:
        nonlocal started
        if started:
            await stop.wait()
            return {"type": "lifespan.shutdown"}
        started = True
        return {"type": "lifespan.startup"}

    async def lifespan_send(message: dict[str, Any]) -> None:
        told.put_nowait(message["type"] + ": " + message.get("message", ""))

    async def receive() -> dict[str, Any]:
        if waiting:
            return waiting.pop()
        await asyncio.Event().wait()  # the client stays, and sends no more
        raise AssertionError("nobody sets that event")

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    lifespan_scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": state}
    lifespan = asyncio.ensure_future(app(lifespan_scope, lifespan_receive, lifespan_send))
    startup = asyncio.ensure_future(told.get())
    await asyncio.wait({lifespan, startup}, return_when=asyncio.FIRST_COMPLETED)
    if startup.done() and startup.result().startswith("lifespan.startup.failed"):
        raise RuntimeError(startup.result())
    try:
        await app({**scope, "state": state.copy()}, receive, send)
    except Exception:
        if not sent:
            raise
    finally:
        stop.set()
        startup.cancel()
        await asyncio.gather(lifespan, return_exceptions=True)
    body = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    return sent[0]["status"], list(sent[0].get("headers", ())), body
'''


@dataclass(frozen=True, slots=True, kw_only=True)
class AppUnderTest:
    """Where the tests find the application: `module:attribute`, called first when it is a `factory`.

    `text` None: not known; the file says where to put it.
    """

    text: str | None = None
    factory: bool = False


def export_pytest(exchanges: Sequence[HttpExchange], tested: AppUnderTest) -> str:
    """Return a test file with a test for each exchange.

    A request whose values were redacted becomes a test that is skipped, with the reason, until they are put
    in. Raises ExportRefused for an application that is no `module:attribute`, or a request that was never
    answered, which `require_answered` finds out before.
    """
    imports = _import_app(tested)
    names: set[str] = set()
    blocks = [_test(exchange, names) for exchange in exchanges]
    needs_pytest = any("@pytest.mark.skip" in block for block in blocks)
    head = _HEAD + ("\nimport pytest\n" if needs_pytest else "") + f"\n{imports}\n"
    return head + "".join(f"\n\n{block}" for block in blocks) + _TAIL


def require_answered(exchange: HttpExchange) -> None:
    """Raise ExportRefused for an exchange that has no status a test could assert, or cannot be sent."""
    if exchange.status is None:
        raise ExportRefused(
            f"{exchange.scope.method} {exchange.scope.path!r} was never answered: there is nothing to test",
            "curl and httpx carry it",
        )
    plan_export(exchange)


def _import_app(tested: AppUnderTest) -> str:
    if tested.text is None:
        return "app: Any = None  # import the application here: the recording does not say where it is"
    module, _, attribute = tested.text.partition(":")
    dotted = [*module.split("."), *attribute.split(".")]
    fits = _DOTTED.fullmatch(module) and _DOTTED.fullmatch(attribute)
    if not fits or any(keyword.iskeyword(word) for word in dotted):
        raise ExportRefused(f"{tested.text!r} is no MODULE:ATTRIBUTE that a test could import")
    first, *inner = attribute.split(".")
    reached = ".".join(["imported", *inner]) + ("()" if tested.factory else "")
    return f"from {module} import {first} as imported\n\napp: Any = {reached}"


def _test(exchange: HttpExchange, names: set[str]) -> str:
    asked = plan_export(exchange)
    scope = exchange.scope
    lines = [f"def {_name(asked, names)}() -> None:", f'    """{title_of(asked)}"""']
    lines += comment_lines(asked.notes, asked.redacted, indent="    ")
    lines += [
        "    status, headers, body = send(",
        f"        {asked.method!r},",
        f"        {asked.target.encode('latin-1')!r},",
        *headers_text(asked.headers, indent="        "),
        f"        content={bytes_text(asked.body, indent='        ')},",
        f"        scheme={scope.scheme!r},",
        f"        http_version={scope.http_version!r},",
        f"        root_path={scope.root_path!r},",
        f"        client={scope.client!r},",
        f"        server={scope.server!r},",
        "    )",
        f"    assert status == {exchange.status}, body",
    ]
    if asked.redacted:
        reason = f"redacted, put the real value there: {', '.join(asked.redacted)}"
        lines.insert(0, f"@pytest.mark.skip(reason={reason!r})")
    return "\n".join(lines) + "\n"


def _name(asked: ExportRequest, names: set[str]) -> str:
    path = unquote(asked.target.partition("?")[0])
    words = re.sub(r"[^0-9A-Za-z]+", "_", f"{asked.method} {path}".lower()).strip("_")
    plain = f"test_{words[:_NAME_CHARACTERS]}"
    name, number = plain, 1
    while name in names:
        number += 1
        name = f"{plain}_{number}"
    names.add(name)
    return name
