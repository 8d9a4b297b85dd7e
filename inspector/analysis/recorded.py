"""The recorded requests as a route table was asked about them, read from the rows of a journal."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from inspector.redaction.notes import MARK
from miniframework.records import dataclass
from miniframework.routing.match import Protocol_

# Why a request cannot be asked again: the mark of a redaction stands in its path, so what came is not known;
# it was answered before any table was asked; its row was written by a version that did not keep the path.
Unasked = Literal["redacted_path", "not_routed", "older_format"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRequest:
    """One request. `path` is as it came, `asked` what the table was asked; `started` is Unix milliseconds.

    `method` is "WS" for a handshake.
    """

    id: str
    method: str
    path: str
    asked: str
    started: float

    @property
    def question(self) -> tuple[Protocol_, str, str]:
        """What to ask a table: protocol, method, path."""
        if self.method == "WS":
            return "websocket", "GET", self.asked
        return "http", self.method, self.asked


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRequests:
    """Those that can be asked again, in the order of the rows, and how many cannot, by reason."""

    requests: tuple[RecordedRequest, ...] = ()
    unasked: Mapping[Unasked, int]


NO_REQUESTS = RecordedRequests(unasked={})


def read_requests(rows: Iterable[Mapping[str, Any]]) -> RecordedRequests:
    """Read rows of a journal."""
    requests: list[RecordedRequest] = []
    unasked: Counter[Unasked] = Counter()
    for row in rows:
        if (reason := _why_unasked(row)) is not None:
            unasked[reason] += 1
            continue
        requests.append(
            RecordedRequest(
                id=row["id"],
                method="WS" if row["kind"] == "websocket" else row["method"],
                path=row["path"],
                asked=row["asked"],
                started=row["started"],
            )
        )
    return RecordedRequests(requests=tuple(requests), unasked=dict(unasked))


def _why_unasked(row: Mapping[str, Any]) -> Unasked | None:
    if "asked" not in row:
        return "older_format"
    if row["asked"] is None:
        return "not_routed"
    return "redacted_path" if MARK in row["asked"] else None
