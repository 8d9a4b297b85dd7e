"""Which route a refused request was probably meant for."""

from inspector.panels.known_route import KnownRoute, Snapshot, find_route
from miniframework.records import dataclass
from miniframework.routing.explanation import Explanation, Refused
from miniframework.routing.judging.judgement import Reason, ReasonKind

_NOT_IN_THE_PATH = (ReasonKind.METHOD, ReasonKind.PROTOCOL)

# What is said of a slash at the end that an adapter lets be or not be: there is more of the path behind it.
_SLASH_REFUSES = "slash refuses"


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A route that came close, and the first reason in the path that stopped it."""

    route: KnownRoute
    reason: Reason
    has_method: bool


def find_nearest(explanation: Explanation, table: Snapshot | None) -> Near | None:
    """Return the route that the path was probably meant for; without one the route of the path that is
    suggested, None if there is none.
    """
    found = (_find_near(explanation, table, index) for index in explanation.meant)
    return next((near for near in found if near is not None), None) or _find_suggested(explanation, table)


def _find_near(explanation: Explanation, table: Snapshot | None, index: int) -> Near | None:
    verdict, route = explanation.verdicts[index], find_route(table, index)
    if not isinstance(verdict, Refused) or route is None or has_reason(verdict, ReasonKind.PROTOCOL):
        return None
    reason = first_path_reason(verdict)
    if reason is None:
        return None
    return Near(route=route, reason=reason, has_method=not has_reason(verdict, ReasonKind.METHOD))


def _find_suggested(explanation: Explanation, table: Snapshot | None) -> Near | None:
    advice = explanation.advice
    indexes = (near.index for near in advice.nearest if near.path == advice.did_you_mean)
    found = (_find_near(explanation, table, index) for index in indexes)
    return next((near for near in found if near is not None), None)


def find_meant_for_method(explanation: Explanation, table: Snapshot | None) -> Near | None:
    """Return the route with the method that only a converter kept from taking the request (for a 405)."""
    for index in explanation.outline.first_refused_by(ReasonKind.CONVERTER):
        verdict, route = explanation.verdicts[index], find_route(table, index)
        if not isinstance(verdict, Refused) or route is None:
            continue
        reasons = verdict.judgement.reasons
        if reasons[0].message.startswith(_SLASH_REFUSES):
            continue
        if {reason.kind for reason in reasons} == {ReasonKind.CONVERTER}:
            return Near(route=route, reason=reasons[0], has_method=True)
    return None


def find_other_protocol(explanation: Explanation, table: Snapshot | None) -> KnownRoute | None:
    """Return the route that has this path but speaks the other protocol; a handshake is a GET over HTTP."""
    for index in explanation.outline.having_path:
        route = find_route(table, index)
        if route is None or not has_reason(explanation.verdicts[index], ReasonKind.PROTOCOL):
            continue
        if explanation.protocol == "http" or not {"GET", "*"}.isdisjoint(route.methods):
            return route
    return None


def find_on_condition(explanation: Explanation, table: Snapshot | None) -> Near | None:
    """Return the route that has this path, and takes it only under a condition, such as for a host."""
    for index in explanation.outline.having_path:
        verdict, route = explanation.verdicts[index], find_route(table, index)
        if route and isinstance(verdict, Refused) and has_reason(verdict, ReasonKind.CONDITION):
            reason = next(one for one in verdict.judgement.reasons if one.kind is ReasonKind.CONDITION)
            return Near(route=route, reason=reason, has_method=not has_reason(verdict, ReasonKind.METHOD))
    return None


def find_for_other_methods(explanation: Explanation, table: Snapshot | None) -> tuple[KnownRoute, ...]:
    """Return the routes that have this path for other methods, of a router that does not say so by a 405.

    One for OPTIONS alone is there for preflights, and has every path.
    """
    found = (
        find_route(table, index)
        for index in explanation.outline.having_path
        if has_reason(explanation.verdicts[index], ReasonKind.METHOD)
        and not has_reason(explanation.verdicts[index], ReasonKind.PROTOCOL)
        and not has_reason(explanation.verdicts[index], ReasonKind.CONDITION)
    )
    return tuple(route for route in found if route and route.kind == "http" and route.methods != ("OPTIONS",))


def find_slash_route(explanation: Explanation, table: Snapshot | None) -> KnownRoute | None:
    """Return the route that only a slash at the end kept from taking the request."""
    return _find_slashed(explanation, table, (ReasonKind.PROTOCOL, ReasonKind.METHOD))


def find_slash_route_for_another(explanation: Explanation, table: Snapshot | None) -> KnownRoute | None:
    """Return the route that a slash at the end and its methods kept from taking the request."""
    return _find_slashed(explanation, table, (ReasonKind.PROTOCOL,))


def _find_slashed(
    explanation: Explanation, table: Snapshot | None, but: tuple[ReasonKind, ...]
) -> KnownRoute | None:
    for index in explanation.outline.slashed:
        verdict = explanation.verdicts[index]
        is_other = any(has_reason(verdict, kind) for kind in but)
        if has_reason(verdict, ReasonKind.TRAILING_SLASH) and not is_other:
            return find_route(table, index)
    return None


def has_reason(verdict: object, kind: ReasonKind) -> bool:
    """Whether a verdict was refused for this kind of reason, among others."""
    return isinstance(verdict, Refused) and any(reason.kind is kind for reason in verdict.judgement.reasons)


def first_path_reason(verdict: Refused) -> Reason | None:
    """Return the first reason that lies in the path."""
    return next((reason for reason in verdict.judgement.reasons if reason.kind not in _NOT_IN_THE_PATH), None)
