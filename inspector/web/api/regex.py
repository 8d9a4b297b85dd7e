"""A regex taken apart: of a route or any other, how far a text gets in it, and every step of the engine."""

from typing import Any

from inspector.analysis.re_trace import How
from inspector.analysis.regex_view import view_any_regex, view_regex
from inspector.journal.protocol import Document
from inspector.web.answers import ApiError, answer_json, parse_number, require_text
from inspector.web.tables import Tables
from miniframework import Request, Response, Router

_MAX_TEXT = 4_096  # a path typed by hand; servers refuse longer request lines
_MAX_INDEX = 1_000_000

# What is typed by hand is short. CPython needs 10 ms to compile one class of all characters that ignores
# case, and its parser recurses with every open parenthesis.
_MAX_REGEX = 500
_MAX_PARENTHESES = 100

_HOWS: dict[str, How] = {"fullmatch": "fullmatch", "match": "match", "search": "search"}


class RegexApi:
    """Answers from the snapshots of tables that the journal holds, or about a regex in the query."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def router(self) -> Router:
        """Return the routes of this subject."""
        router = Router()
        router.get("/api/regex")(self.show)
        return router

    def show(self, request: Request) -> Response:
        """Answer the parse tree of a regex, how far `text` gets in it, and with `steps=1` every step."""
        text = request.query_params.get("text")
        text = None if text is None else text[:_MAX_TEXT]
        steps = request.query_params.get("steps") == "1"
        regex = request.query_params.get("regex")
        if regex is None:
            return answer_json(view_regex(self._find_route(request), text, steps=steps))
        return answer_json({"path": None, **_view_any(request, regex, text, steps=steps)})

    def _find_route(self, request: Request) -> Document:
        snapshot = self._tables.snapshot(request.query_params.get("table"))
        for mount in read_indexes(request.query_params.get("mounts", "")):
            inner = _route_at(snapshot, mount)["table"]
            if inner is None:
                raise ApiError(404, "no_table", f"what is mounted by route {mount + 1} is not known")
            snapshot = inner
        require_text(request, "index")
        return _route_at(snapshot, parse_number(request, "index", 0, at_most=_MAX_INDEX))


def _view_any(request: Request, regex: str, text: str | None, *, steps: bool) -> dict[str, Any]:
    if len(regex) > _MAX_REGEX or regex.count("(") > _MAX_PARENTHESES:
        message = f"the regex has more than {_MAX_REGEX} characters or {_MAX_PARENTHESES} parentheses"
        raise ApiError(400, "bad_parameter", message)
    how = request.query_params.get("how", "fullmatch")
    if how not in _HOWS:
        raise ApiError(400, "bad_parameter", f"how is {how[:40]!r}, not one of {', '.join(_HOWS)}")
    return view_any_regex(regex, text, steps=steps, how=_HOWS[how])


def _route_at(snapshot: Document, index: int) -> Document:
    routes: list[Document] = snapshot["routes"]
    if index >= len(routes):
        raise ApiError(404, "not_found", f"no route {index + 1} (the table has {len(routes)})")
    return routes[index]


def read_indexes(text: str) -> list[int]:
    """Read `mounts` of a query. Raises ApiError for what is no list of indexes."""
    parts = [part for part in text.split(",") if part]
    if not all(part.isascii() and part.isdigit() and len(part) < 7 for part in parts):
        raise ApiError(400, "bad_parameter", f"mounts is {text[:40]!r}, not indexes with commas between them")
    return [int(part) for part in parts]
