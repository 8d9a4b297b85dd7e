"""Things about a request that make routes miss it for a reason one does not see in the decoded path."""

from collections.abc import Mapping
from typing import Any

from inspector.analysis.wording import fix_braces
from inspector.model import RequestScope
from inspector.panels.known_route import Snapshot
from inspector.panels.nearest import Near
from miniframework.routing.judging.judgement import ReasonKind

# Whose mounts take nothing off a path that the root path is not in front of. Source: starlette 0.35,
# `get_route_path`.
_KEEP_THE_PREFIX = ("FastAPI", "Starlette")


def find_path_hint(scope: RequestScope, table: Snapshot | None = None) -> str | None:
    """Return a sentence on what is odd about the path itself, None when nothing is."""
    encoded = _find_encoded(scope.path, scope.raw_path or "")
    if encoded is not None:
        return encoded
    return find_root_hint(scope, table) or _find_misspelt(scope.path)


def find_root_hint(scope: RequestScope, table: Snapshot | None) -> str | None:
    """Return a sentence on a root path that is not in front of the path, None where it is, or there is none.

    An application's own root path takes the place of the server's; `table` tells it.
    """
    own = _framework(table).get("root_path", "")
    root_path = own or scope.root_path
    if not root_path or _is_below(scope.path, root_path):
        return None
    hint = (
        f"root_path is {root_path!r} but the path does not start with it:"
        " does a proxy strip the prefix although root_path is set?"
    )
    if not keeps_prefix(table):
        return hint
    way_out = f"; tell it to the server (uvicorn --root-path {root_path}) instead" if own else ""
    return f"{hint} What is mounted is asked for the whole path then, with the prefix of its mount{way_out}."


def keeps_prefix(table: Snapshot | None) -> bool:
    """Whether what is mounted is asked for the whole path, where the root path is not in front of it."""
    return _framework(table).get("name") in _KEEP_THE_PREFIX


def _framework(table: Snapshot | None) -> Mapping[str, Any]:
    found: Mapping[str, Any] = (table or {}).get("framework", {})
    return found


def find_odd_path(path: str, raw_path: str) -> str | None:
    """Return the same of a path alone, as it was decoded and as it came."""
    return _find_encoded(path, raw_path) or _find_misspelt(path)


def _find_encoded(path: str, raw_path: str) -> str | None:
    if "%2f" in raw_path.lower():
        return "The raw path holds %2F, decoded to “/” before routing: only a {name:path} parameter takes it."
    if "\n" in path:
        return "The path holds an encoded line break (%0A), which a {name:path} parameter does not take."
    return None


def _find_misspelt(path: str) -> str | None:
    if "//" in path:
        return "The path holds an empty segment (“//”)."
    if path != path.strip():
        return "The path begins or ends with a space."
    return None


def find_template_hint(near: Near) -> str | None:
    """Return what to change in the nearest route's template, None when there is nothing to suggest."""
    last = near.route.parameters[-1] if near.route.parameters else None
    ends_with_parameter = last is not None and near.route.path.endswith("}")
    if near.reason.kind is ReasonKind.EXTRA and last and ends_with_parameter and last.converter == "str":
        return f"{{{last.name}}} takes no “/”; {{{last.name}:path}} would take the rest."
    braces = next((text for text in near.route.literals if "{" in text), None)
    if braces is not None:
        return f"What stands in braces there is plain text, no parameter: {fix_braces(braces)}."
    return None


def find_preflight_hint(headers: tuple[tuple[str, str], ...]) -> str:
    """Return whether an OPTIONS request is a CORS preflight. Source: Fetch standard, CORS-preflight fetch."""
    present = {name.lower() for name, _ in headers}
    wanted = ("origin", "access-control-request-method")
    missing = [name for name in wanted if name not in present]
    if missing:
        return (
            f"It is no CORS preflight: the header {missing[0]} is missing, so a CORS middleware lets it by."
        )
    return "It is a CORS preflight, and no middleware answered it before routing: add a CORS middleware."


def _is_below(path: str, root_path: str) -> bool:
    root = root_path.rstrip("/")
    return path == root or path.startswith(root + "/")
