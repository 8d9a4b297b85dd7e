"""What those who explain ask of a table."""

from collections.abc import Sequence
from typing import Protocol

from miniframework.routing.judge import Judge
from miniframework.routing.match import Match, Protocol_
from miniframework.routing.route import Entry


class JudgedTable(Protocol):
    """Entries, who of them takes a request, and the judge who says why."""

    @property
    def entries(self) -> Sequence[Entry]:
        """What it holds, in the order in which it is tried."""

    @property
    def judge(self) -> Judge:
        """What explains its entries."""

    def match(self, protocol: Protocol_, method: str, path: str) -> Match:
        """Who takes the request."""

    def inside(self, entry: Entry) -> "JudgedTable | None":
        """The table of what is mounted at an entry, None where there is none or it is not known."""
