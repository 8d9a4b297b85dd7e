"""`attach(app)`: the routes of an application of any framework, asked and explained without running it."""

from collections.abc import Mapping
from typing import Any

from inspector.adapters.adapter import WEBSOCKET, AdaptedRoute, Adapter, Asked
from inspector.adapters.detection import find_adapter, find_framework_app
from inspector.adapters.native.table import find_table
from inspector.adapters.picture.table import Picture
from inspector.adapters.scopes import host_of, method_of
from inspector.analysis.doubts import refuse_doubted
from inspector.analysis.finding import Finding
from inspector.analysis.rematch import ask_table
from inspector.inspection.check import find_findings, routes_by_number, to_public
from inspector.inspection.doctor import Diagnosis, diagnose
from inspector.inspection.errors import RoutesUnknownError
from inspector.inspection.explained import RouteExplanation, find_unseen
from inspector.inspection.findings import RouteFindings
from inspector.inspection.hosts import find_for_hosts
from inspector.inspection.prediction import do_agree, question_of
from inspector.inspection.reading import Reading, has_hosts, read_routes
from inspector.inspection.refusing import find_behind_all
from inspector.inspection.router_failures import named_failures, naming_failures
from inspector.inspection.routes import EffectiveRoute, effective_route
from miniframework.routing.table import RouteTable
from miniframework.types import Scope

_MOST_HOSTS = 50  # whose readings are kept; a question may name any


class Attached:
    """An application and what is known of its routing.

    Of an application of no known framework nothing is: `framework` is None, `routes` is empty, and the rest
    raises RoutesUnknownError. The routes are read when they are first needed; `refresh` reads them again.
    Where the framework itself fails, all that needs its routes raises RouterFailedError.
    """

    def __init__(self, app: object, adapter: Adapter | None) -> None:
        self._app = app
        self._adapter = named_failures(adapter)
        self._readings: dict[str | None, Reading] = {}
        # Read once: it may stand in a file of the installed package.
        self._version = None if adapter is None else adapter.version

    @property
    def framework(self) -> str | None:
        """The name of the framework, None when it is not known."""
        return None if self._adapter is None else self._adapter.framework

    @property
    def version(self) -> str | None:
        """The installed version of the framework, None when that is not known."""
        return self._version

    @property
    def routes(self) -> tuple[EffectiveRoute, ...]:
        """Every effective route in the order of trial, flat; also mounts whose inside is not known."""
        if self._adapter is None:
            return ()
        return tuple(effective_route(leaf.way, leaf.address) for leaf in self.picture.leaves)

    @property
    def picture(self) -> Picture:
        """Our picture of the routes. Raises RoutesUnknownError."""
        return self._read().picture

    @property
    def table(self) -> RouteTable:
        """The routes as a table that explains: the application's own where it has one, else our picture.

        Raises RoutesUnknownError.
        """
        return self._read().table

    def require_routes(self) -> None:
        """Read the routes. Raises RoutesUnknownError, and RouterFailedError."""
        self._read()

    def refresh(self) -> None:
        """Read the routes again when they are next needed: the application may have got more."""
        self._readings.clear()

    def ask(
        self, method: str, raw_path: str, *, host: str | None = None
    ) -> tuple[Asked, EffectiveRoute | None]:
        """Ask the framework's own router, and give no reasons: for many requests at once.

        As `explain`: the route of a match, `raw_path` without a query. Raises RoutesUnknownError.
        """
        method = WEBSOCKET if method.upper() == WEBSOCKET else method
        asked = self._known().ask(method, raw_path, host=host)
        return asked, self._route(asked.way) if asked.outcome == "match" else None

    def explain(self, method: str, raw_path: str, *, host: str | None = None) -> RouteExplanation:
        """Ask the framework's own router who takes a request, and explain it. No handler runs.

        `raw_path` is percent-encoded as it stands in a request line; a query is left out. The method
        WEBSOCKET asks for a handshake. `host` is what the Host header says, for routes that are for some
        hosts only; without it the host is the framework's usual one. Raises RoutesUnknownError.
        """
        method = WEBSOCKET if method.upper() == WEBSOCKET else method
        raw_path = raw_path.partition("?")[0]
        asked = self._known().ask(method, raw_path, host=host)
        return self._explain(asked, method, raw_path, host)

    def explain_scope(self, scope: Scope, raw_path: str) -> RouteExplanation:
        """The same of a request that is called with this scope: whatever its router looks at counts.

        `raw_path` is what stands below the root path, of which our picture is asked.
        Raises RoutesUnknownError.
        """
        method, host = method_of(scope), host_of(scope)
        return self._explain(self._known().ask_scope(dict(scope)), method, raw_path, host)

    def _explain(self, asked: Asked, method: str, raw_path: str, host: str | None) -> RouteExplanation:
        adapter = self._known()
        if asked.way and self.picture.find_address(asked.way) is None:
            self.refresh()
        reading = self._read_for(host or adapter.rules.usual_host)
        root_path = adapter.rules.root_path
        question = question_of(reading.table, method, raw_path, root_path)
        table = refuse_doubted(
            reading.table,
            question,
            lambda tried: do_agree(ask_table(tried, question), asked, reading.picture),
        )
        predicted = ask_table(table, question)
        return RouteExplanation(
            framework=adapter.framework,
            version=self._version,
            method=method,
            raw_path=raw_path,
            route=self._route(asked.way) if asked.outcome == "match" else None,
            asked=asked,
            predicted=predicted,
            host=host,
            unseen=find_unseen(asked, adapter.rules.own_search),
            agrees=do_agree(predicted, asked, reading.picture),
            table=table,
            question=question,
        )

    def check(self) -> RouteFindings:
        """Prove which routes are never reached, shadowed or ambiguous; the router itself is asked about each.

        Raises RoutesUnknownError, and CheckFailedError where a slow pattern keeps the proof from its end.
        """
        found = self.findings()
        picture = self.picture
        return to_public(found, self.table, routes_by_number(picture), root_path=picture.root_path)

    def findings(self, document: Mapping[str, Any] | None = None, *, measures: bool = True) -> list[Finding]:
        """The same as the analysis has them, methods together, and where an OpenAPI document says otherwise.

        Without `measures` no pattern of another framework is tried for its slowness: that holds up this
        process. Raises as `check`, and DocumentError.
        """
        adapter = self._known()
        self.refresh()
        reading = self._read()
        found = find_findings(reading.table, reading.picture, adapter, document, measures=measures)
        apart = [*find_for_hosts(reading, adapter, self._read_for), *find_behind_all(reading, adapter)]
        if not apart:
            return found
        places = {number: place for place, number in enumerate(routes_by_number(reading.picture))}
        return sorted([*found, *apart], key=lambda one: places.get(one.route.number, len(places)))

    def doctor(self, *, budget_s: float | None = None) -> Diagnosis:
        """Ask the router about one path of each route, and compare with our picture; at most so many seconds.

        Raises RoutesUnknownError.
        """
        adapter = self._known()
        self.refresh()
        return diagnose(self._read(), adapter, self._read_for, budget_s=budget_s)

    def _known(self) -> Adapter:
        if self._adapter is None:
            raise RoutesUnknownError(self._app)
        return self._adapter

    def _read(self) -> Reading:
        """The routes as they are for no host in particular."""
        adapter = self._known()
        reading = self._readings.get(None)
        if reading is None or not reading.is_of(find_table(self._app)):
            self._readings.clear()
            reading = self._readings[None] = read_routes(adapter, self._app)
        return reading

    def _read_for(self, host: str) -> Reading:
        """The routes as they are for one host."""
        whole = self._read()
        if not has_hosts(whole.picture):
            return whole
        if host not in self._readings:
            if len(self._readings) > _MOST_HOSTS:
                del self._readings[next(one for one in self._readings if one is not None)]
            self._readings[host] = read_routes(self._known(), self._app, host)
        return self._readings[host]

    def _route(self, way: tuple[AdaptedRoute, ...]) -> EffectiveRoute | None:
        return effective_route(way, self.picture.find_address(way) or ()) if way else None


def attach(app: object) -> Attached:
    """Look at an application of any framework, or at what wraps one; nothing of it is run or changed.

    Raises InspectorError where the framework is not set up, RouterFailedError where it cannot be read at all.
    """
    with naming_failures(type(find_framework_app(app)).__module__.partition(".")[0]):
        return Attached(app, find_adapter(app))
