"""The ordered routes of an application, and what they say to one request: first declared wins.

This is the door to the whole package. What explains, and what decides like another framework, is imported
when it is first wanted: it is half of the package, and requests need none of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

from miniframework.routing.lookup import Lookup
from miniframework.routing.match import (
    NOT_FOUND,
    Found,
    Match,
    MethodNotAllowed,
    NotFound,
    Protocol_,
    Redirected,
)
from miniframework.routing.route import Entry, Mount, Route, SocketRoute
from miniframework.routing.snapshot import fingerprint_of, read_entries, snapshot_entries

if TYPE_CHECKING:
    from miniframework.routing.explanation import Explanation
    from miniframework.routing.foreign.framework import Framework
    from miniframework.routing.judge import Judge
    from miniframework.routing.judging.judgement import Reason

__all__ = [
    "ForeignTable",
    "Found",
    "Match",
    "MethodNotAllowed",
    "NotFound",
    "Protocol_",
    "Redirected",
    "RouteTable",
]


class RouteTable:
    """Routes in the order in which they are tried. It never changes; make a new one instead."""

    def __init__(self, entries: Sequence[Entry], *, redirect_slashes: bool = True) -> None:
        self.entries: tuple[Entry, ...] = tuple(entries)
        self.redirect_slashes = redirect_slashes
        numbered = [item for item in enumerate(self.entries) if item[1].condition is None]
        self.http = Lookup(
            [item for item in numbered if not isinstance(item[1], SocketRoute)],
            redirect_slashes=redirect_slashes,
        )
        self.sockets = Lookup(
            [item for item in numbered if not isinstance(item[1], Route)], redirect_slashes=False
        )
        self._mounts = tuple(entry for entry in self.entries if isinstance(entry, Mount))
        self._fingerprint: tuple[tuple[str, ...], str] | None = None

    def match(self, protocol: Protocol_, method: str, path: str) -> Match:
        """Who takes the request; `method` does not matter for a WebSocket handshake.

        `path` is the decoded path without root_path.
        """
        lookup = self.http if protocol == "http" else self.sockets
        constant = lookup.constants.get(method, lookup.others).get(path)
        if constant is not None:
            return constant or lookup.settle(method, path)
        # Lookup.search once more, in place: two calls less are a tenth of a look-up.
        parts = path.split("/")
        count = len(parts)
        if count > lookup.last:
            count = lookup.last
        node = lookup.roots[count]
        answer = 0 if parts[0] else node[0](node, parts, path, method)
        if type(answer) is Found:
            return answer
        if not answer and parts[-1] and not lookup.may_slash[count]:
            return NOT_FOUND
        return lookup.miss(answer, parts, path)

    def explain(self, protocol: Protocol_, method: str, path: str) -> "Explanation":
        """What `match` says, and why: a verdict of every entry, examined or not.

        A mount whose own table is known is explained to the bottom.
        """
        from miniframework.routing.explaining.explain import explain

        return explain(self, (protocol, method, path))

    def prepare(self) -> None:
        """Make now what the first `explain` would make: some 50 us a route. Safe to be called in a thread."""
        self.explain("http", "GET", "/").verdicts[:1]

    @cached_property
    def judge(self) -> "Judge":
        """What explains its entries, made when it is first asked for."""
        from miniframework.routing.judge import Judge

        return Judge(self.entries)

    @property
    def passed_over(self) -> "Reason | None":
        """Why an entry that takes a request did not get it although nobody did; here that cannot be."""
        return None

    @staticmethod
    def inside(entry: Entry) -> "RouteTable | None":
        """The table of what is mounted at an entry, as it is now; None without one that is known."""
        inner = entry.inner_table() if isinstance(entry, Mount) else None
        return inner if isinstance(inner, RouteTable) else None

    @property
    def fingerprint(self) -> str:
        """A stable hex name of the snapshot, mounted tables included: equal tables, equal names."""
        if not self._mounts and self._fingerprint is not None:
            return self._fingerprint[1]
        tables = (mount.inner_table() for mount in self._mounts)
        inner = tuple("" if table is None else table.fingerprint for table in tables)
        if self._fingerprint is None or self._fingerprint[0] != inner:
            # What is mounted may still get routes; only then is the name worked out again.
            self._fingerprint = inner, fingerprint_of(self._snapshot())
        return self._fingerprint[1]

    def snapshot(self) -> dict[str, Any]:
        """The table as JSON-able values, enough for another process to explain with; see `from_snapshot`."""
        return {"fingerprint": self.fingerprint, **self._snapshot()}

    def with_entries(self, entries: Sequence[Entry], *, redirect_slashes: bool) -> "RouteTable":
        """A table of the same framework, with other entries."""
        return RouteTable(entries, redirect_slashes=redirect_slashes)

    @classmethod
    def from_snapshot(cls, snapshot: dict[str, Any]) -> "RouteTable":
        """The table of a snapshot. It matches and explains as the original; its endpoints are only names.

        Raises PatternError or KeyError for what no `snapshot` made.
        """
        if "framework" in snapshot:
            return ForeignTable.from_foreign_snapshot(snapshot)
        entries = read_entries(snapshot["routes"], cls.from_snapshot)
        return RouteTable(entries, redirect_slashes=snapshot["redirect_slashes"])

    def _snapshot(self) -> dict[str, Any]:
        return {"redirect_slashes": self.redirect_slashes, "routes": snapshot_entries(self.entries)}


class ForeignTable(RouteTable):
    """A table that decides, as far as it can be told, like the framework it was read from."""

    def __init__(
        self, entries: Sequence[Entry], *, framework: "Framework", redirect_slashes: bool = True
    ) -> None:
        from miniframework.routing.foreign.search import ForeignSearch

        super().__init__(entries, redirect_slashes=redirect_slashes)
        self.framework = framework
        scan = super().match
        self._search = ForeignSearch(self.entries, framework, scan, redirect_slashes=redirect_slashes)

    def match(self, protocol: Protocol_, method: str, path: str) -> Match:
        """Who takes the request, as far as the picture tells."""
        return self._search.match(protocol, method, path)

    def explain(self, protocol: Protocol_, method: str, path: str) -> "Explanation":
        """The same, and a verdict of every entry."""
        return super().explain(protocol, method, self.as_compared(path))

    def as_compared(self, path: str) -> str:
        """The path as the patterns are compared with it."""
        return self._search.as_compared(path)

    @property
    def passed_over(self) -> "Reason | None":
        """Why an entry that takes a request did not get it although nobody did: nobody came to ask it."""
        return self._search.passed_over

    def with_entries(self, entries: Sequence[Entry], *, redirect_slashes: bool) -> "ForeignTable":
        """A table of the same framework, with other entries."""
        return ForeignTable(entries, framework=self.framework, redirect_slashes=redirect_slashes)

    @classmethod
    def from_foreign_snapshot(cls, snapshot: Mapping[str, Any]) -> "ForeignTable":
        """The table of a snapshot. Raises KeyError for what no `snapshot` made."""
        from miniframework.routing.foreign.framework import Framework

        return cls(
            read_entries(snapshot["routes"], RouteTable.from_snapshot, foreign=True),
            framework=Framework(**snapshot["framework"]),
            redirect_slashes=snapshot["redirect_slashes"],
        )

    def _snapshot(self) -> dict[str, Any]:
        return {"framework": asdict(self.framework), **super()._snapshot()}
