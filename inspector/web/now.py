"""Where a recorded request, edited or not, would go by the table in force: one answer for every screen."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from inspector.analysis.doubts import refuse_doubted
from inspector.analysis.rematch import Question, ask_table
from inspector.journal.protocol import Document
from inspector.model import Exchange
from inspector.panels.answer_routing import say_text
from inspector.panels.now import is_said_by, say_now
from inspector.readable.headers import find_header
from inspector.replay.edit import RequestEdit
from inspector.replay.refusal import Refusal
from inspector.replay.restore import has_marker
from inspector.web.host_tables import host_name
from inspector.web.tables import Tables
from miniframework.http.url import quote_path, strip_root_path
from miniframework.records import dataclass

_UNKNOWN: Document = {"fate": "unknown", "router": None, "host": None, "did_you_mean": None}
_HIDDEN = "The path holds a secret that is not kept here, so where it goes now is not known: send it to see."


@dataclass(frozen=True, slots=True, kw_only=True)
class NowQuestion:
    """What to ask a table. `routed` is the path that a middleware had made of the recorded one, None where
    the path is as it came; `is_remade` says that it had, and that this is another path now.
    """

    asked: Question
    host: str
    routed: str | None
    is_remade: bool

    @property
    def is_hidden(self) -> bool:
        """Whether a redaction took out what decides."""
        return has_marker(self.asked[2])


def ask_now(exchange: Exchange, edit: RequestEdit, table: Document) -> NowQuestion:
    """Return what to ask the table in force, which tells of itself in its snapshot."""
    scope, routed = exchange.scope, exchange.steps[0].path if exchange.steps else None
    came = scope.raw_path or quote_path(scope.path)
    target = came if edit.target is None else edit.target.partition("?")[0]
    is_as_it_came = target in (scope.raw_path, scope.path, came)
    own = _framework(table)
    root_path = own.get("root_path") or scope.root_path
    ways = [_below(text, root_path) for text in (came, scope.path, unquote(came))]
    is_remade = routed is not None and routed not in (*ways, scope.path)
    path = _below(target if own.get("path") == "raw" else unquote(target), root_path)
    if is_as_it_came and routed is not None:
        path = routed
    headers = scope.headers if edit.headers is None else edit.headers
    return NowQuestion(
        asked=(scope.type, edit.method or scope.method, path),
        host=host_name(find_header(headers, "host") or ""),
        routed=routed if is_remade and is_as_it_came else None,
        is_remade=is_remade and not is_as_it_came,
    )


def answer_now(tables: Tables, question: NowQuestion, verdict: Mapping[str, Any] | None) -> Document:
    """Return what would become of it as JSON-able values; `verdict` is what the router said, if it was asked.

    Raises ApiError when no table is known.
    """
    protocol, method, path = question.asked
    told = {"protocol": protocol, "method": method, "path": path}
    if question.is_hidden:
        return {**_UNKNOWN, **told, "answer": _HIDDEN}
    snapshot, table = tables.for_host(None, question.host)

    def agrees(tried: Any) -> bool:
        said = ask_table(tried, question.asked)
        return verdict is None or is_said_by(verdict, said.outcome.value, said.number)

    table = refuse_doubted(table, question.asked, agrees)
    explanation = table.explain(*question.asked)
    is_same = agrees(table)
    fate, said = say_now(explanation, snapshot, verdict, agrees=is_same)
    return {
        **told,
        "router": verdict,
        "host": question.host if _has_hosts(snapshot) else None,
        "fate": "unknown" if question.is_remade else fate,
        "answer": _say_made(question, said),
        "did_you_mean": explanation.advice.did_you_mean if is_same and fate == "missed" else None,
    }


def not_asked(refusal: Refusal) -> Document:
    """Return the answer to what cannot be sent."""
    return {**_UNKNOWN, "answer": f"{refusal.message} {refusal.hint}"}


def _say_made(question: NowQuestion, said: str) -> str:
    if question.routed is not None:
        return f"{said} A middleware had made {say_text(question.routed)} of its path."
    if question.is_remade:
        return (
            "A middleware had changed the recorded path; what it makes of this one is not known."
            f" As it stands: {said}"
        )
    return said


def _framework(table: Document) -> Mapping[str, Any]:
    found: Mapping[str, Any] = table.get("framework") or {}
    return found


def _has_hosts(table: Document) -> bool:
    """Whether the host decides about any route."""
    return any(
        route.get("host") or (route.get("condition") or "").startswith("host ") or _has_hosts_inside(route)
        for route in table["routes"]
    )


def _has_hosts_inside(route: Mapping[str, Any]) -> bool:
    inner = route.get("table")
    return inner is not None and _has_hosts(inner)


def _below(path: str, root_path: str) -> str:
    return strip_root_path({"path": path, "root_path": root_path})
