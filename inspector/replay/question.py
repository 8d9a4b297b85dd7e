"""The scope with which the router is asked where a recorded request, edited or not, would go now."""

from urllib.parse import unquote

from inspector.model import Body, Exchange, Header, SocketExchange
from inspector.recording.vault import Original
from inspector.replay.edit import RequestEdit
from inspector.replay.plan import plan_target
from inspector.replay.refusal import Refusal, ReplayRefused
from inspector.replay.restore import MarkerLeft, has_marker, restore_headers
from miniframework.http.url import quote_path
from miniframework.types import Scope


def question_scope(exchange: Exchange, original: Original | None, edit: RequestEdit) -> Scope:
    """Return a fresh ASGI scope with everything that a router can look at, as a replay would send it.

    `original` is the unredacted request where it is still held. Raises ReplayRefused with code `redacted`
    for a path that is not shown: the answer would tell it.
    """
    scope, shown = exchange.scope, Original(scope=exchange.scope, body=Body())
    held = original or shown
    target = edit.target or scope.raw_path or scope.path
    if has_marker(target.partition("?")[0]):
        raise ReplayRefused(_HIDDEN)
    path, raw_path, query = plan_target(edit, shown, held)
    asked: Scope = {
        "type": scope.type,
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": scope.http_version,
        "scheme": scope.scheme,
        "path": path,
        "raw_path": (raw_path or quote_path(path)).encode("latin-1", "replace"),
        "query_string": query.encode("latin-1", "replace"),
        "root_path": scope.root_path,
        "headers": [
            (name.lower().encode("latin-1", "replace"), value.encode("latin-1", "replace"))
            for name, value in _known_headers(edit, shown, held)
        ],
        "client": scope.client,
        "server": scope.server,
        "state": {},
        "extensions": {},
    }
    if isinstance(exchange, SocketExchange):
        return {**asked, "subprotocols": list(scope.subprotocols)}
    return {**asked, "method": edit.method or scope.method}


def with_routed_path(scope: Scope, routed: str, *, is_raw: bool) -> Scope:
    """Return the scope with the path that a middleware had made of it before the router saw it."""
    path = unquote(routed) if is_raw else routed
    root_path = scope["root_path"]
    raw_path = quote_path(root_path) + (routed if is_raw else quote_path(routed))
    return {**scope, "path": root_path + path, "raw_path": raw_path.encode("latin-1", "replace")}


def _known_headers(edit: RequestEdit, shown: Original, held: Original) -> list[Header]:
    """The headers, those that are hidden as they came where that is known; the others are left out."""
    listed = shown.scope.headers if edit.headers is None else edit.headers
    known: list[Header] = []
    for header in listed:
        try:
            known += restore_headers([header], shown.scope.headers, held.scope.headers)
        except MarkerLeft:
            continue
    return known


_HIDDEN = Refusal(
    code="redacted",
    message="The path holds the redaction marker •••: where it goes is not known here.",
    hint="Send it: the serving process puts the secret back, if it still holds it.",
)
