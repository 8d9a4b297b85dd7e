"""The ordered routes of an application, and what they say to one request: first declared wins."""

from collections.abc import Sequence
from typing import Any

from miniframework.routing.duplicates import refuse_duplicates
from miniframework.routing.explanation import Explanation, Matched, Protocol_, Refused, Shadowed, Verdict
from miniframework.routing.judge import judge
from miniframework.routing.lookup import Lookup, StaticFirst
from miniframework.routing.match import Found, Match, MethodNotAllowed, NotFound, Redirected, outcome_of
from miniframework.routing.route import Entry, Mount, Route, SocketRoute
from miniframework.routing.sentence import say
from miniframework.routing.slashes import toggle_slash
from miniframework.routing.snapshot import fingerprint_of, read_entries, snapshot_entries

__all__ = ["Found", "Match", "MethodNotAllowed", "NotFound", "Protocol_", "Redirected", "RouteTable"]


class RouteTable:
    """Routes in the order in which they are tried. It never changes; make a new one instead.

    Raises RouteError when an entry repeats an earlier one.
    """

    def __init__(self, entries: Sequence[Entry], *, redirect_slashes: bool = True) -> None:
        refuse_duplicates(entries)
        self._fill(entries, redirect_slashes)

    def _fill(self, entries: Sequence[Entry], redirect_slashes: bool) -> None:
        self.entries: tuple[Entry, ...] = tuple(entries)
        self.redirect_slashes = redirect_slashes
        numbered = tuple(enumerate(self.entries))
        self._lookups: dict[Protocol_, Lookup] = {
            "http": StaticFirst([item for item in numbered if not isinstance(item[1], SocketRoute)]),
            "websocket": StaticFirst([item for item in numbered if not isinstance(item[1], Route)]),
        }
        self._mounts = tuple(entry for entry in self.entries if isinstance(entry, Mount))
        self._fingerprint: tuple[tuple[str, ...], str] | None = None

    def match(self, protocol: Protocol_, method: str, path: str) -> Match:
        """Who takes the request; `method` does not matter for a WebSocket handshake.

        `path` is the decoded path without root_path.
        """
        allow: frozenset[str] = frozenset()
        for index, entry in self._lookups[protocol].candidates(path):
            found = entry.pattern.regex.fullmatch(path)
            if found is None:
                continue
            if isinstance(entry, Route) and method not in entry.methods:
                allow |= entry.methods
                continue
            prefix_length = found.end(1) if isinstance(entry, Mount) else 0
            return Found(index=index, entry=entry, params=found.groupdict(), prefix_length=prefix_length)
        if allow:
            return MethodNotAllowed(allow=tuple(sorted(allow)))
        return self._redirect(protocol, path)

    def explain(self, protocol: Protocol_, method: str, path: str) -> Explanation:
        """What `match` says, and why: a verdict of every entry, examined or not.

        A mount whose own table is known is explained to the bottom.
        """
        match = self.match(protocol, method, path)
        verdicts = tuple(
            self._verdict(index, match, (protocol, method, path)) for index in range(len(self.entries))
        )
        return Explanation(
            protocol=protocol,
            method=method,
            path=path,
            table=self.fingerprint,
            outcome=outcome_of(match),
            winner=match.index if isinstance(match, Found) else None,
            allow=match.allow if isinstance(match, MethodNotAllowed) else (),
            location=match.path if isinstance(match, Redirected) else None,
            reached=max((verdict.judgement.reached for verdict in verdicts), default=0),
            sentence=say(match, (protocol, method, path), self.entries, verdicts),
            verdicts=verdicts,
        )

    @property
    def fingerprint(self) -> str:
        """A stable hex name of the snapshot, mounted tables included: equal tables, equal names."""
        tables = (mount.inner_table() for mount in self._mounts)
        inner = tuple("" if table is None else table.fingerprint for table in tables)
        if self._fingerprint is None or self._fingerprint[0] != inner:
            # What is mounted may still get routes; only then is the name worked out again.
            self._fingerprint = inner, fingerprint_of(self._snapshot())
        return self._fingerprint[1]

    def snapshot(self) -> dict[str, Any]:
        """The table as JSON-able values, enough for another process to explain with; see `from_snapshot`."""
        return {"fingerprint": self.fingerprint, **self._snapshot()}

    @classmethod
    def from_snapshot(cls, snapshot: dict[str, Any]) -> "RouteTable":
        """The table of a snapshot. It matches and explains as the original; its endpoints are only names.

        Raises PatternError or KeyError for what no `snapshot` made.
        """
        # Not through __init__: another framework's table may repeat itself, and must be shown as it is.
        table = cls.__new__(cls)
        table._fill(read_entries(snapshot["routes"], cls.from_snapshot), snapshot["redirect_slashes"])
        return table

    def _snapshot(self) -> dict[str, Any]:
        return {"redirect_slashes": self.redirect_slashes, "routes": snapshot_entries(self.entries)}

    def _redirect(self, protocol: Protocol_, path: str) -> Redirected | NotFound:
        toggled = toggle_slash(path) if self.redirect_slashes and protocol == "http" else None
        if toggled is None:
            return NotFound()
        candidates = self._lookups[protocol].candidates(toggled)
        if any(entry.pattern.regex.fullmatch(toggled) for _, entry in candidates):
            return Redirected(path=toggled)
        return NotFound()

    def _verdict(self, index: int, match: Match, request: tuple[Protocol_, str, str]) -> Verdict:
        entry = self.entries[index]
        judgement = judge(entry, *request)
        winner = match.index if isinstance(match, Found) else len(self.entries)
        if index == winner and isinstance(match, Found):
            return Matched(index=index, judgement=judgement, inner=_explain_inside(match, *request))
        if judgement.takes:
            return Shadowed(index=index, judgement=judgement, shadowed_by=winner)
        return Refused(index=index, judgement=judgement, examined=index < winner)


def _explain_inside(found: Found, protocol: Protocol_, method: str, path: str) -> Explanation | None:
    table = found.entry.inner_table() if isinstance(found.entry, Mount) else None
    return None if table is None else table.explain(protocol, method, path[found.prefix_length :])
