"""Reads which route a live request of a foreign application took. Runs in the recorder's thread."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from inspector.adapters.adapter import AdaptedRoute, Asked
from inspector.adapters.picture.table import Address, Picture
from inspector.adapters.scopes import host_of
from inspector.model import Routing
from inspector.recording.facts import Arrived, Failed
from inspector.recording.faults import Faults
from inspector.recording.foreign import Lent, RoutingFound, RoutingRead, ScopeLent, lent
from inspector.recording.reading import tallied
from inspector.recording.scope import read_headers
from inspector.wiring.foreign_routing import ForeignRouting
from inspector.wiring.foreign_steps import TakenWay, walk_to_miss
from inspector.wiring.live_questions import asked_path, asked_scopes, question_of
from inspector.wiring.router_marks import was_asked
from miniframework import events
from miniframework.events import Event
from miniframework.routing.table import RouteTable
from miniframework.telling import notes
from miniframework.telling.notes import Note

# Exchanges whose scope is held; an end that is never heard must not keep one for ever.
_MOST_OPEN = 10_000

# Ways that are remembered; few applications have so many routes.
_MOST_LOCATED = 4096

# Under these the scope has the route that took the request, or its endpoint.
_NAMES_OF_ROUTES = ("route", "endpoint", "route_handler")

# Notes that say nothing of the routing.
_SILENT = (notes.body_received, notes.body_sent, tallied)

# The answer that goes with what a router says. Another one may have come from a middleware before it.
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
    def bare_path(self) -> str | None:
        """The decoded path of a usual scope, where no root path is in front of it; else None."""
        if self._arrived is not None:
            return None
        _, _, _, _, path, _, _, root_path, _, _ = self._came[1]
        return None if root_path else str(path)

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


class _Located:
    """A way, and what it is in a picture of the routes."""

    __slots__ = ("is_raw", "picture", "taken", "way")

    def __init__(
        self, way: tuple[AdaptedRoute, ...], picture: Picture, taken: TakenWay, *, is_raw: bool
    ) -> None:
        self.way = way
        self.picture = picture
        self.taken = taken
        self.is_raw = is_raw


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
        # By the numbers of its entries, which the value keeps alive: each way as it was located last.
        self._located: OrderedDict[tuple[int, ...], _Located] = OrderedDict()
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

    def read_whole(self, exchange_id: str, told: Sequence[Note | Event]) -> RoutingFound | None:
        """Look at all notes of an exchange, of those kinds only that almost every one consists of."""
        try:
            return self._read_whole(exchange_id, told)
        except Exception as error:  # noqa: BLE001 - named boundary: a framework's adapter
            self._give_up(exchange_id, error)
            return None

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
            return _listed(_told(of, note[1], self._named(of, known)))
        elif kind is notes.finished:
            return _listed(_told(of, note[1], self._named(of, known) or self._asked(of, known)))
        elif kind not in _SILENT:
            return [read for fact in notes.read_note(note, of) if (read := self._read(fact)) is not None]
        return ()

    def _read_whole(self, of: str, told: Sequence[Note | Event]) -> RoutingFound | None:
        first = told[0]
        assert isinstance(first, tuple), "it is folded, so it begins with a note"
        known = _Open(None, (first[2], first[3])) if first[0] is notes.started_usually else _Open(first[2])
        for note in told:
            if not isinstance(note, tuple):  # a piece of a body
                continue
            kind = note[0]
            if kind is lent:
                known.lent = note[2]
            elif kind is notes.response_started:
                known.status, known.headers = note[2], note[3]
        # By now its scope holds all it ever will, so that one look is enough.
        return self._named(of, known) or self._asked(of, known)

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
                return _told(of, at_ns, self._named(of, known))
            case events.SocketAccepted():
                return _told(of, at_ns, self._named(of, known))
            case events.RequestFinished() | events.RequestFailed() | Failed(ended=True):
                return _told(of, at_ns, self._named(of, known) or self._asked(of, known))
        return None

    def _begin(self, of: str, opened: _Open) -> None:
        self._open[of] = opened
        while len(self._open) > _MOST_OPEN:
            self._open.popitem(last=False)

    def _named(self, of: str, known: _Open) -> RoutingFound | None:
        left = known.read()
        way = self._routing.adapter.find_taken(left)
        if not way:
            return None
        self._names_routes = True
        if way[-1].inner_by is not None:  # what is mounted names nothing: its router is asked at the end
            known.mount = tuple(way)
            return None
        return self._matched(of, known, way, left)

    def _asked(self, of: str, known: _Open) -> RoutingFound | None:
        left, is_late = known.read(), False
        for number, scope in enumerate(asked_scopes(known.arrived, left, is_raw=self._routing.is_raw)):
            method, raw_path = question_of(scope, self._routing.root_path)
            asked = self._routing.adapter.ask(method, raw_path, host=host_of(scope))
            if asked.outcome != "match":
                missed = self._missed(known, scope, asked)
                # With another answer than its own, what it was asked is the likeliest at best.
                if _is_usual(known.status, asked) or (number == 0 and was_asked(left, missed[2])):
                    self._open.pop(of, None)
                    return missed
            elif not self._names_routes or _is_below(asked.way, known.mount):
                return self._matched(of, known, asked.way, left)
            else:
                is_late = True
        way = self._find_late(known) if is_late else ()
        self._open.pop(of, None)
        return self._matched(of, known, way, left) if way else None

    def _find_late(self, known: _Open) -> Sequence[AdaptedRoute]:
        """The way to a route that was declared since the routes were read; () where no route is named."""
        left = known.read()
        if not any(left.get(name) is not None for name in _NAMES_OF_ROUTES):
            return ()
        self._routing.look_when_met()
        return self._routing.adapter.find_taken(left)

    def _matched(
        self, of: str, known: _Open, way: Sequence[AdaptedRoute], left: Mapping[str, Any]
    ) -> RoutingFound | None:
        self._open.pop(of, None)
        located = self._locate(way)
        if located is None:
            return None
        taken = located.taken
        steps = taken.walk(self._find_path(known, left, located))
        parameters = taken.parameters(steps, left.get("path_params"))
        return taken.table, Routing.MATCHED, steps, (), None, parameters

    def _locate(self, way: Sequence[AdaptedRoute]) -> "_Located | None":
        numbers, newest = tuple(map(id, way)), self._routing.picture()
        known = self._located.get(numbers)
        if known is not None and known.picture is newest:
            return known
        located = self._routing.locate(tuple(way))
        if located is None:
            return None
        taken = self._way_to(*located)
        known = _Located(tuple(way), self._routing.picture(), taken, is_raw=self._routing.is_raw)
        if known.picture.table is taken.table:  # else it was drawn anew meanwhile
            self._located[numbers] = known
            while len(self._located) > _MOST_LOCATED:
                self._located.popitem(last=False)
        return known

    def _find_path(self, known: _Open, left: Mapping[str, Any], located: _Located) -> str:
        """The path that a way takes: as the request came, else as a middleware may have made it."""
        is_bare = not (located.is_raw or self._routing.root_path)
        path = known.bare_path if is_bare else None
        is_same = left.get("path", path) == path
        if path is not None and is_same and (not left.get("root_path") or located.taken.takes(path)):
            return path
        paths = map(self._path_of, asked_scopes(known.arrived, left, is_raw=located.is_raw))
        return next(filter(located.taken.takes, paths), path or self._path_of(known.arrived))

    def _path_of(self, scope: Mapping[str, Any]) -> str:
        """The path as the table is compared with it."""
        own = self._routing.root_path
        return asked_path({**scope, "root_path": own} if own else scope, raw=self._routing.is_raw)

    def _way_to(self, table: RouteTable, address: Address) -> TakenWay:
        way = self._ways.get(address)
        if way is None or way.table is not table:
            if way is not None:
                self._ways.clear()
            way = self._ways[address] = TakenWay(table, address)
        return way

    def _missed(self, known: _Open, scope: Mapping[str, Any], asked: Asked) -> RoutingFound:
        table = self._routing.table
        steps = walk_to_miss(table, question_of(scope)[0], self._path_of(scope))
        location = _find_location(known.headers) or asked.location
        return table, _ROUTING[asked.outcome], steps, asked.allow, location, ()


def _told(of: str, at_ns: int, found: RoutingFound | None) -> RoutingRead | None:
    if found is None:
        return None
    table, routing, steps, allow, location, parameters = found
    return RoutingRead(
        exchange_id=of,
        at_ns=at_ns,
        table=table,
        routing=routing,
        steps=steps,
        allow=allow,
        location=location,
        parameters=parameters,
    )


def _listed(read: RoutingRead | None) -> Iterable[RoutingRead]:
    return () if read is None else (read,)


def _is_usual(status: int | None, asked: Asked) -> bool:
    """Whether the answer is the one that goes with what the router says; one that is not seen may be."""
    return status is None or status in _STATUS.get(asked.outcome, {status})


def _is_below(way: Sequence[AdaptedRoute], mount: Sequence[AdaptedRoute]) -> bool:
    """Whether a way goes through a mount; not through one that is not known, ()."""
    return bool(mount) and [one.origin for one in way[: len(mount)]] == [one.origin for one in mount]


def _find_location(headers: object) -> str | None:
    found = (value for name, value in read_headers(headers) if name.lower() == "location")
    return next(found, None)
