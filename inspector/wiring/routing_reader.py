"""Reads which route a live request of a foreign application took. Runs in the recorder's thread."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from inspector.adapters.adapter import WEBSOCKET, AdaptedRoute, Asked
from inspector.adapters.scopes import host_of
from inspector.model import Routing
from inspector.recording.facts import Arrived, Failed
from inspector.recording.faults import Faults
from inspector.recording.foreign import RoutingRead, ScopeLent
from inspector.recording.scope import read_headers
from inspector.wiring.foreign_routing import ForeignRouting
from inspector.wiring.foreign_steps import converters_on, path_parameters, walk, walk_to_miss
from miniframework import events
from miniframework.events import Event
from miniframework.http.url import find_raw_path, quote_path, strip_root_path

# Exchanges whose scope is held; an end that is never heard must not keep one for ever.
_MOST_OPEN = 10_000

# The answer that goes with what a router says; another one came from a middleware before it.
_STATUS = {"not_found": {404}, "method_not_allowed": {405}, "redirect": {301, 302, 303, 307, 308}}
_ROUTING = {
    "match": Routing.MATCHED,
    "not_found": Routing.NOT_FOUND,
    "websocket_mismatch": Routing.NOT_FOUND,
    "method_not_allowed": Routing.METHOD_NOT_ALLOWED,
    "redirect": Routing.REDIRECT,
}


@dataclass(slots=True)
class _Open:
    """An exchange that goes on: the scope as it came, and the one the application writes into.

    `mount` is the way to what another framework serves, where nothing more is known of it.
    """

    arrived: Mapping[str, Any]
    scope: Mapping[str, Any] = field(default_factory=dict)
    status: int | None = None
    location: str | None = None
    mount: tuple[AdaptedRoute, ...] = ()


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
        self._faults = Faults("adapter_errors")

    def read(self, fact: Event) -> RoutingRead | None:
        """Look at a fact before it is applied; give what is known with it."""
        try:
            return self._read(fact)
        except Exception as error:  # noqa: BLE001 - named boundary: a framework's adapter
            self._faults.note("adapter_errors", error)
            self._open.pop(fact.exchange_id, None)
            return None

    def errors(self) -> int:
        """How often the adapter failed."""
        return self._faults.counts["adapter_errors"]

    def _read(self, fact: Event) -> RoutingRead | None:
        if isinstance(fact, events.RequestStarted | Arrived):
            self._begin(fact)
            return None
        known = self._open.get(fact.exchange_id)
        if known is None:
            return None
        match fact:
            case ScopeLent(scope=scope):
                known.scope = scope
            case events.ResponseStarted(status=status, headers=headers):
                known.status = status
                known.location = _find_location(headers)
                return self._named(fact, known)
            case events.SocketAccepted():
                return self._named(fact, known)
            case events.RequestFinished() | events.RequestFailed() | Failed(ended=True):
                return self._named(fact, known) or self._asked(fact, known)
        return None

    def _begin(self, fact: events.RequestStarted | Arrived) -> None:
        self._open[fact.exchange_id] = _Open(fact.scope)
        while len(self._open) > _MOST_OPEN:
            self._open.popitem(last=False)

    def _named(self, fact: Event, known: _Open) -> RoutingRead | None:
        way = self._routing.adapter.find_taken(known.scope)
        if not way:
            return None
        self._names_routes = True
        if way[-1].inner_by is not None:  # what is mounted names nothing: its router is asked at the end
            known.mount = tuple(way)
            return None
        return self._matched(fact, known, way)

    def _asked(self, fact: Event, known: _Open) -> RoutingRead | None:
        method, raw_path = question_of(known.arrived)
        asked = self._routing.adapter.ask(method, raw_path, host=host_of(known.arrived))
        if asked.outcome == "match":
            is_known = not self._names_routes or _is_below(asked.way, known.mount)
            return self._matched(fact, known, asked.way) if is_known else None
        self._open.pop(fact.exchange_id, None)
        if known.status is not None and known.status not in _STATUS.get(asked.outcome, {known.status}):
            return None
        return self._missed(fact, known, asked)

    def _matched(self, fact: Event, known: _Open, way: Sequence[AdaptedRoute]) -> RoutingRead | None:
        self._open.pop(fact.exchange_id, None)
        located = self._routing.locate(tuple(way))
        if located is None:
            return None
        table, address = located
        steps = walk(table, address, _asked_path(known.arrived, raw=self._routing.is_raw))
        return RoutingRead(
            exchange_id=fact.exchange_id,
            at_ns=fact.at_ns,
            table=table,
            routing=Routing.MATCHED,
            steps=steps,
            parameters=path_parameters(steps, converters_on(table, address), known.scope.get("path_params")),
        )

    def _missed(self, fact: Event, known: _Open, asked: Asked) -> RoutingRead:
        table = self._routing.table
        method = question_of(known.arrived)[0]
        steps = walk_to_miss(table, method, _asked_path(known.arrived, raw=self._routing.is_raw))
        return RoutingRead(
            exchange_id=fact.exchange_id,
            at_ns=fact.at_ns,
            table=table,
            routing=_ROUTING[asked.outcome],
            steps=steps,
            allow=asked.allow,
            location=known.location or asked.location,
        )


def _is_below(way: Sequence[AdaptedRoute], mount: Sequence[AdaptedRoute]) -> bool:
    """Whether a way goes through a mount; not through one that is not known, ()."""
    return bool(mount) and [one.origin for one in way[: len(mount)]] == [one.origin for one in mount]


def _find_location(headers: object) -> str | None:
    found = (value for name, value in read_headers(headers) if name.lower() == "location")
    return next(found, None)


def question_of(scope: Mapping[str, Any]) -> tuple[str, str]:
    """What to ask a router about a request: its method, and its raw path below the root path."""
    method = WEBSOCKET if scope.get("type") == "websocket" else str(scope.get("method", "GET"))
    return method, _asked_path(scope, raw=True)


def _asked_path(arrived: Mapping[str, Any], *, raw: bool) -> str:
    """The path below the root path as it came, decoded or percent-encoded."""
    scope = dict(arrived)
    below = strip_root_path(scope)
    if not raw:
        return below
    whole = find_raw_path(scope)
    cut = whole[len(quote_path(scope.get("root_path") or "")) :]
    return next((text for text in (whole, cut) if unquote(text) == below), quote_path(below))
