"""Reads which route a live request of a foreign application took. Runs in the recorder's thread."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from inspector.adapters.adapter import WEBSOCKET, AdaptedRoute, Asked
from inspector.adapters.picture.table import Address
from inspector.adapters.scopes import host_of
from inspector.model import Routing
from inspector.recording.facts import Arrived, Failed
from inspector.recording.faults import Faults
from inspector.recording.foreign import Lent, RoutingRead, ScopeLent, lent
from inspector.recording.reading import tallied
from inspector.recording.scope import read_headers
from inspector.wiring.foreign_routing import ForeignRouting
from inspector.wiring.foreign_steps import TakenWay, walk_to_miss
from miniframework import events, notes
from miniframework.events import Event
from miniframework.http.url import find_raw_path, quote_path, strip_root_path
from miniframework.notes import Note
from miniframework.routing.table import RouteTable

# Exchanges whose scope is held; an end that is never heard must not keep one for ever.
_MOST_OPEN = 10_000

# Notes that say nothing of the routing.
_SILENT = (notes.body_received, notes.body_sent, tallied)

# The answer that goes with what a router says; another one came from a middleware before it.
_STATUS = {"not_found": {404}, "method_not_allowed": {405}, "redirect": {301, 302, 303, 307, 308}}
_ROUTING = {
    "match": Routing.MATCHED,
    "not_found": Routing.NOT_FOUND,
    "websocket_mismatch": Routing.NOT_FOUND,
    "method_not_allowed": Routing.METHOD_NOT_ALLOWED,
    "redirect": Routing.REDIRECT,
}


class _Open:
    """An exchange that goes on: the scope as it came, and the one that the application was lent.

    `mount` is the way to what another framework serves, where nothing more is known of it.
    """

    __slots__ = ("_arrived", "_came", "headers", "lent", "mount", "status")

    def __init__(self, arrived: Mapping[str, Any] | None, came: tuple[Any, Any] = ((), ())) -> None:
        self._arrived = arrived
        self._came = came
        self.lent: Lent | None = None
        self.status: int | None = None
        self.headers: object = ()
        self.mount: tuple[AdaptedRoute, ...] = ()

    @property
    def arrived(self) -> Mapping[str, Any]:
        """The scope as it came."""
        if self._arrived is None:
            headers, came = self._came
            self._arrived = {**dict(zip(notes.USUAL_KEYS, came, strict=True)), "headers": list(headers)}
        return self._arrived

    def read(self) -> Mapping[str, Any]:
        """What the application has written into its scope, and what stood there before."""
        return {} if self.lent is None else self.lent.read()


class LiveReader:
    """Meets `RoutingReader`: a route that the scope names once the application has answered, else an answer
    of the router to the same question.

    An application that once named a route in its scope names each: a request without one was answered before
    it was routed. What an adapter raises is logged once, counted, and costs the exchange its routing only.
    """

    def __init__(self, routing: ForeignRouting) -> None:
        self._routing = routing
        self._open: OrderedDict[str, _Open] = OrderedDict()
        self._names_routes = False
        self._ways: dict[Address, TakenWay] = {}  # of the newest table, so no more than it has routes
        self._faults = Faults("adapter_errors")

    def read(self, fact: Event) -> RoutingRead | None:
        """Look at a fact before it is applied; give what is known with it."""
        try:
            return self._read(fact)
        except Exception as error:  # noqa: BLE001 - named boundary: a framework's adapter
            self._give_up(fact.exchange_id, error)
            return None

    def read_note(self, exchange_id: str, note: Note) -> Iterable[RoutingRead]:
        """Look at a note; those that almost every exchange consists of are not made into events for that."""
        try:
            return self._read_note(exchange_id, note)
        except Exception as error:  # noqa: BLE001 - named boundary: a framework's adapter
            self._give_up(exchange_id, error)
            return ()

    def errors(self) -> int:
        """How often the adapter failed."""
        return self._faults.counts["adapter_errors"]

    def _give_up(self, of: str, error: Exception) -> None:
        self._faults.note("adapter_errors", error)
        self._open.pop(of, None)

    def _read_note(self, of: str, note: Note) -> Iterable[RoutingRead]:
        kind, known = note[0], self._open.get(of)
        if kind is notes.started_usually:
            self._begin(of, _Open(None, (note[2], note[3])))
        elif kind is notes.started:
            self._begin(of, _Open(note[2]))
        elif known is None:
            return ()
        elif kind is lent:
            known.lent = note[2]
        elif kind is notes.response_started:
            known.status, known.headers = note[2], note[3]
            return _found(self._named(of, note[1], known))
        elif kind is notes.finished:
            return _found(self._named(of, note[1], known) or self._asked(of, note[1], known))
        elif kind not in _SILENT:
            return [read for fact in notes.read_note(note, of) if (read := self._read(fact)) is not None]
        return ()

    def _read(self, fact: Event) -> RoutingRead | None:
        of, at_ns = fact.exchange_id, fact.at_ns
        if isinstance(fact, events.RequestStarted | Arrived):
            self._begin(of, _Open(fact.scope))
            return None
        known = self._open.get(of)
        if known is None:
            return None
        match fact:
            case ScopeLent(scope=scope):
                known.lent = scope
            case events.ResponseStarted(status=status, headers=headers):
                known.status, known.headers = status, headers
                return self._named(of, at_ns, known)
            case events.SocketAccepted():
                return self._named(of, at_ns, known)
            case events.RequestFinished() | events.RequestFailed() | Failed(ended=True):
                return self._named(of, at_ns, known) or self._asked(of, at_ns, known)
        return None

    def _begin(self, of: str, opened: _Open) -> None:
        self._open[of] = opened
        while len(self._open) > _MOST_OPEN:
            self._open.popitem(last=False)

    def _named(self, of: str, at_ns: int, known: _Open) -> RoutingRead | None:
        way = self._routing.adapter.find_taken(known.read())
        if not way:
            return None
        self._names_routes = True
        if way[-1].inner_by is not None:  # what is mounted names nothing: its router is asked at the end
            known.mount = tuple(way)
            return None
        return self._matched(of, at_ns, known, way)

    def _asked(self, of: str, at_ns: int, known: _Open) -> RoutingRead | None:
        method, raw_path = question_of(known.arrived, self._routing.root_path)
        asked = self._routing.adapter.ask(method, raw_path, host=host_of(known.arrived))
        if asked.outcome == "match":
            is_known = not self._names_routes or _is_below(asked.way, known.mount)
            return self._matched(of, at_ns, known, asked.way) if is_known else None
        self._open.pop(of, None)
        if known.status is not None and known.status not in _STATUS.get(asked.outcome, {known.status}):
            return None
        return self._missed(of, at_ns, known, asked)

    def _matched(self, of: str, at_ns: int, known: _Open, way: Sequence[AdaptedRoute]) -> RoutingRead | None:
        self._open.pop(of, None)
        located = self._routing.locate(tuple(way))
        if located is None:
            return None
        taken = self._way_to(*located)
        steps = taken.walk(self._path_of(known))
        return RoutingRead(
            exchange_id=of,
            at_ns=at_ns,
            table=taken.table,
            routing=Routing.MATCHED,
            steps=steps,
            parameters=taken.parameters(steps, known.read().get("path_params")),
        )

    def _path_of(self, known: _Open) -> str:
        """The path as the table is compared with it."""
        own = self._routing.root_path
        arrived = {**known.arrived, "root_path": own} if own else known.arrived
        return _asked_path(arrived, raw=self._routing.is_raw)

    def _way_to(self, table: RouteTable, address: Address) -> TakenWay:
        way = self._ways.get(address)
        if way is None or way.table is not table:
            if way is not None:
                self._ways.clear()
            way = self._ways[address] = TakenWay(table, address)
        return way

    def _missed(self, of: str, at_ns: int, known: _Open, asked: Asked) -> RoutingRead:
        table = self._routing.table
        method = question_of(known.arrived)[0]
        steps = walk_to_miss(table, method, self._path_of(known))
        return RoutingRead(
            exchange_id=of,
            at_ns=at_ns,
            table=table,
            routing=_ROUTING[asked.outcome],
            steps=steps,
            allow=asked.allow,
            location=_find_location(known.headers) or asked.location,
        )


def _found(read: RoutingRead | None) -> Iterable[RoutingRead]:
    return () if read is None else (read,)


def _is_below(way: Sequence[AdaptedRoute], mount: Sequence[AdaptedRoute]) -> bool:
    """Whether a way goes through a mount; not through one that is not known, ()."""
    return bool(mount) and [one.origin for one in way[: len(mount)]] == [one.origin for one in mount]


def _find_location(headers: object) -> str | None:
    found = (value for name, value in read_headers(headers) if name.lower() == "location")
    return next(found, None)


def question_of(scope: Mapping[str, Any], root_path: str = "") -> tuple[str, str]:
    """What to ask a router about a request: its method, and its raw path below the root path.

    An application with a `root_path` of its own takes that off by itself, and knows of no other.
    """
    method = WEBSOCKET if scope.get("type") == "websocket" else str(scope.get("method", "GET"))
    return method, find_raw_path(dict(scope)) if root_path else _asked_path(scope, raw=True)


def _asked_path(arrived: Mapping[str, Any], *, raw: bool) -> str:
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
