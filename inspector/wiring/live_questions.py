"""What to ask a router about a request that was served: as it came, or as it was left in its scope."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from inspector.adapters.adapter import WEBSOCKET
from inspector.adapters.scopes import raw_path_of
from miniframework.http.url import find_raw_path, quote_path, strip_root_path


def question_of(scope: Mapping[str, Any], root_path: str = "") -> tuple[str, str]:
    """What to ask a router about a request: its method, and its raw path below the root path.

    An application with a `root_path` of its own takes that off by itself, and knows of no other.
    """
    method = WEBSOCKET if scope.get("type") == "websocket" else str(scope.get("method", "GET"))
    return method, find_raw_path(dict(scope)) if root_path else asked_path(scope, raw=True)


def asked_path(arrived: Mapping[str, Any], *, raw: bool) -> str:
    """The path below the root path as it came, decoded or percent-encoded."""
    if not raw and not arrived.get("root_path"):
        return str(arrived["path"])
    scope = dict(arrived)
    below = strip_root_path(scope)
    if not raw:
        return below
    whole = find_raw_path(scope)
    cut = whole[len(quote_path(scope.get("root_path") or "")) :]
    return next((text for text in (whole, cut) if unquote(text) == below), quote_path(below))


def asked_scopes(
    arrived: Mapping[str, Any], left: Mapping[str, Any], *, is_raw: bool
) -> Iterator[Mapping[str, Any]]:
    """The scopes that the router may have been asked with, the likeliest first.

    A middleware may have changed method, path and root path in place; a router that enters a mount changes
    the last two. Who did it cannot be seen. `is_raw` says that the router compares the raw path. The root
    path that is left comes last, for most often it is a mount's.
    """
    changed = find_changed(arrived, left, is_raw=is_raw)
    if changed is None:
        yield arrived
    elif _may_be_cut(arrived, changed):
        yield arrived
        yield changed
    else:
        yield changed
        yield arrived
    root_path = left.get("root_path")
    if root_path is not None and root_path != arrived.get("root_path", ""):
        yield {**(changed or arrived), "root_path": root_path}


def _may_be_cut(arrived: Mapping[str, Any], changed: Mapping[str, Any]) -> bool:
    """Whether a router may have made such a path, on entering a mount."""
    is_same_method = changed.get("method") == arrived.get("method")
    return is_same_method and arrived["path"].endswith(changed["path"])


def find_changed(
    arrived: Mapping[str, Any], left: Mapping[str, Any], *, is_raw: bool
) -> dict[str, Any] | None:
    """The scope as it came, with the method and the path that are left; None when they are the same."""
    method, path, raw_path = left.get("method"), left.get("path"), left.get("raw_path")
    if is_raw and raw_path is not None:
        is_as_it_came = raw_path == arrived.get("raw_path")
        path = arrived["path"] if is_as_it_came else unquote(raw_path_of({"raw_path": raw_path}))
    is_same = method in (None, arrived.get("method")) and path in (None, arrived["path"])
    if is_same or not isinstance(path, str):
        return None
    changed = {**arrived, "path": path, "raw_path": raw_path}
    return changed if method is None else {**changed, "method": method}
