"""What the check of an application finds: one finding a method, with routes as the framework has them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, overload

from inspector.analysis.finding import Finding, Kind, RouteName, Severity
from inspector.analysis.spots import ANY_METHOD
from inspector.inspection.routes import EffectiveRoute
from miniframework.records import dataclass

Exactness = Literal["exact", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteFinding:
    """One thing found about one route and one method.

    `method` is WEBSOCKET for a handshake and `*` for any other than those the routes name; `methods` are it
    and those that the framework adds to it by itself (HEAD to GET, OPTIONS), where the same is true of them.
    `by` are the entries that take what `route` would take. `witness` is a raw path to ask the router about,
    which has been asked; None where there is none to show. `exactness` is "unknown" where nothing could be
    decided.
    """

    kind: Kind
    method: str
    methods: tuple[str, ...]
    route: EffectiveRoute
    by: tuple[EffectiveRoute, ...]
    witness: str | None
    exactness: Exactness
    message: str
    fix: str
    severity: Severity

    def to_dict(self) -> dict[str, Any]:
        """JSON-able values."""
        return {
            "kind": self.kind.value,
            "severity": self.severity.value,
            "method": self.method,
            "methods": list(self.methods),
            "route": self.route.to_dict(),
            "by": [route.to_dict() for route in self.by],
            "witness": self.witness,
            "exactness": self.exactness,
            "message": self.message,
            "fix": self.fix,
        }


class RouteFindings(Sequence[RouteFinding]):
    """The findings in the order of the table. `accepted` counts those that were left out as known."""

    def __init__(self, findings: Iterable[RouteFinding], *, accepted: int = 0) -> None:
        self._findings = tuple(findings)
        self.accepted = accepted

    def __len__(self) -> int:
        return len(self._findings)

    @overload
    def __getitem__(self, index: int) -> RouteFinding: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[RouteFinding, ...]: ...
    def __getitem__(self, index: int | slice) -> RouteFinding | tuple[RouteFinding, ...]:
        return self._findings[index]

    def __repr__(self) -> str:
        return f"RouteFindings({list(self._findings)!r})"

    def to_dict(self) -> dict[str, Any]:
        """JSON-able values, as `inspector check --json` prints them."""
        return {"accepted": self.accepted, "findings": [finding.to_dict() for finding in self._findings]}


def by_method(findings: Iterable[Finding], routes: Mapping[str, EffectiveRoute]) -> Iterator[RouteFinding]:
    """Each finding once for each of its methods; `routes` are by their numbers."""
    for finding in findings:
        for method in _told_apart(finding):
            yield RouteFinding(
                kind=finding.kind,
                method=method,
                methods=(method, *_added_to(method, finding)),
                route=_route(finding.route, routes),
                by=tuple(_route(name, routes) for name in finding.by),
                witness=finding.witness,
                exactness="exact" if finding.is_exact else "unknown",
                message=finding.message,
                fix=finding.fix,
                severity=finding.severity,
            )


def _told_apart(finding: Finding) -> Sequence[str]:
    """The methods with a finding each: a mount, which names none, has one for all."""
    is_for_all = not finding.methods or (ANY_METHOD in finding.methods and not finding.route.methods)
    return (ANY_METHOD,) if is_for_all else finding.methods


def _added_to(method: str, finding: Finding) -> Iterator[str]:
    """The implied methods that go with one of the methods: HEAD with GET, any other with the first."""
    for implied in finding.implied:
        if method == ("GET" if implied == "HEAD" and "GET" in finding.methods else finding.methods[0]):
            yield implied


def _route(name: RouteName, routes: Mapping[str, EffectiveRoute]) -> EffectiveRoute:
    """The route of that number; one that only a document knows is what its name says."""
    return routes.get(name.number) or EffectiveRoute(
        number=name.number,
        kind=name.kind,
        path=name.path,
        methods=name.methods,
        name=name.name,
        endpoint="",
        source=name.source,
    )
