"""What our picture of a router says to a request, beside what the router itself says."""

from urllib.parse import unquote

from inspector.adapters.adapter import WEBSOCKET, Asked
from inspector.adapters.picture.table import Address, Picture
from inspector.analysis.rematch import Question, TableAnswer, ask_table
from miniframework.http.url import strip_root_path
from miniframework.routing.match import MatchOutcome
from miniframework.routing.table import ForeignTable, RouteTable

_OUTCOMES = {
    "match": MatchOutcome.FOUND,
    "not_found": MatchOutcome.NOT_FOUND,
    "websocket_mismatch": MatchOutcome.NOT_FOUND,
    "method_not_allowed": MatchOutcome.METHOD_NOT_ALLOWED,
    "redirect": MatchOutcome.REDIRECT,
}


def compared_path(table: RouteTable, raw_path: str, root_path: str = "") -> str:
    """The path that the routes of a table are compared with: decoded, unless they look at the raw one, and
    without the root path that the application takes off.
    """
    if isinstance(table, ForeignTable) and table.framework.path == "raw":
        return strip_root_path({"path": raw_path, "root_path": root_path}) or raw_path
    return strip_root_path({"path": unquote(raw_path), "root_path": root_path})


def question_of(table: RouteTable, method: str, raw_path: str, root_path: str = "") -> Question:
    """What to ask a table."""
    path = compared_path(table, raw_path, root_path)
    return ("websocket", "GET", path) if method == WEBSOCKET else ("http", method, path)


def predict(table: RouteTable, method: str, raw_path: str, root_path: str = "") -> TableAnswer:
    """What the table, and those mounted in it, say."""
    return ask_table(table, question_of(table, method, raw_path, root_path))


def do_agree(predicted: TableAnswer, asked: Asked, picture: Picture) -> bool:
    """Whether the table says what the router says: the same outcome, the same route, the same Allow.

    A router may refuse a method without naming others (Litestar before 2.13): that contradicts no Allow.
    """
    if predicted.outcome is not _OUTCOMES[asked.outcome]:
        return False
    if asked.outcome == "match":
        return predicted.number == number_of(picture.find_address(asked.way))
    if asked.outcome == "method_not_allowed" and asked.allow:
        return set(predicted.allow) == set(asked.allow)
    return True


def number_of(address: Address | None) -> str | None:
    """An address as people read it."""
    return None if address is None else ".".join(str(index + 1) for index in address)
