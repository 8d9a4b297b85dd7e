"""Turns a recorded request and an edit into the request to send."""

from urllib.parse import quote, unquote

from inspector.model import Header, HttpExchange
from inspector.recording.vault import Original
from inspector.replay.edit import RequestEdit
from inspector.replay.headers import keep_headers
from inspector.replay.original import recorded_original, split_chunks
from inspector.replay.refusal import Refusal, ReplayRefused
from inspector.replay.restore import MarkerLeft, has_marker, restore_body, restore_headers, restore_query
from miniframework.records import dataclass

# What a request line may hold besides letters and digits (RFC 3986 section 3.3, and what browsers send raw).
_TARGET_SAFE = "/%:@!$&'()*+,;=~-._?[]|^`{}\"<>\\"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRequest:
    """A request ready to be sent to the application, in ASGI's terms.

    `chunks` are the pieces in which the application receives the body, at least one; `edits` names the parts
    that differ from the record.
    """

    http_version: str
    method: str
    scheme: str
    path: str
    raw_path: bytes | None
    query_string: bytes
    root_path: str
    headers: tuple[tuple[bytes, bytes], ...]
    client: tuple[str, int] | None
    server: tuple[str, int | None] | None
    chunks: tuple[bytes, ...]
    edits: tuple[str, ...]


def plan_replay(exchange: HttpExchange, original: Original | None, edit: RequestEdit) -> PlannedRequest:
    """Return the request to send: the recorded one with the edit's parts in place.

    `original` is the unredacted request, when the serving process still holds it. Raises ReplayRefused with
    code `redacted` when a redaction marker would be sent, `bad_edit` when a part cannot be put on the wire.
    """
    shown = recorded_original(exchange)
    held = original or shown
    try:
        path, raw_path, query = plan_target(edit, shown, held)
        chunks = _plan_body(edit, shown, held)
        listed = list(held.scope.headers) if edit.headers is None else list(edit.headers)
        headers = restore_headers(listed, shown.scope.headers, held.scope.headers)
    except MarkerLeft as left:
        raise _marker_refused(left.where) from left
    method = edit.method or exchange.scope.method
    sent = keep_headers(headers, body_bytes=sum(map(len, chunks)))
    return PlannedRequest(
        http_version=exchange.scope.http_version,
        method=method,
        scheme=exchange.scope.scheme,
        path=path,
        raw_path=None if raw_path is None else _to_bytes(raw_path, "path"),
        query_string=_to_bytes(query, "query"),
        root_path=exchange.scope.root_path,
        headers=tuple(_encode_header(name, value) for name, value in sent),
        client=exchange.scope.client,
        server=exchange.scope.server,
        chunks=chunks,
        edits=_name_edits(exchange, held, edit, path, raw_path, query, headers, chunks),
    )


def plan_target(edit: RequestEdit, shown: Original, held: Original) -> tuple[str, str | None, str]:
    """Return decoded path, raw path and query string, of the record where the edit has no target.

    Raises MarkerLeft.
    """
    if edit.target is None:
        _require_clean(held.scope.path, "path")
        _require_clean(held.scope.query_string, "query")
        return held.scope.path, held.scope.raw_path, held.scope.query_string
    typed_path, _, typed_query = edit.target.partition("?")
    query = quote(
        restore_query(typed_query, shown.scope.query_string, held.scope.query_string), safe=_TARGET_SAFE
    )
    if typed_path in (shown.scope.raw_path, shown.scope.path):
        _require_clean(held.scope.path, "path")
        return held.scope.path, held.scope.raw_path, query
    _require_clean(typed_path, "path")
    raw_path = quote(typed_path, safe=_TARGET_SAFE)
    return unquote(raw_path), raw_path, query


def _plan_body(edit: RequestEdit, shown: Original, held: Original) -> tuple[bytes, ...]:
    if edit.body is None:
        _require_clean(held.body.data.decode("utf-8", "replace"), "body")
        return split_chunks(held.body)
    return (restore_body(edit.body, shown.body.data, held.body.data),)


def _require_clean(text: str, where: str) -> None:
    if has_marker(text):
        raise MarkerLeft(where)


def _name_edits(
    exchange: HttpExchange,
    held: Original,
    edit: RequestEdit,
    path: str,
    raw_path: str | None,
    query: str,
    headers: list[Header],
    chunks: tuple[bytes, ...],
) -> tuple[str, ...]:
    """Name the parts that differ from the record, in the order of a request."""
    differs = {
        "method": edit.method not in (None, exchange.scope.method),
        "path": (path, raw_path) != (held.scope.path, held.scope.raw_path),
        "query": query != held.scope.query_string,
        "headers": edit.headers is not None and tuple(headers) != held.scope.headers,
        "body": edit.body is not None and b"".join(chunks) != held.body.data,
    }
    return tuple(name for name, changed in differs.items() if changed)


def _encode_header(name: str, value: str) -> tuple[bytes, bytes]:
    return _to_bytes(name, "header name").lower(), _to_bytes(value, f"header {name!r}")


def _to_bytes(text: str, where: str) -> bytes:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError as error:
        bad = text[error.start]
        raise ReplayRefused(
            Refusal(
                code="bad_edit",
                message=f"The {where} holds {bad!r}, which HTTP cannot carry there: {text!r}.",
                hint="Percent-encode it, or use a Latin-1 character.",
            )
        ) from error


def _marker_refused(where: str) -> ReplayRefused:
    return ReplayRefused(
        Refusal(
            code="redacted",
            message=f"The {where} holds the redaction marker •••, and its original is not known here.",
            hint="Type the value in, or remove it: a placeholder is never sent.",
        )
    )
