"""Which route a refused request was probably meant for."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from inspector.panels.known_route import KnownRoute, Snapshot, find_route
from miniframework.routing.explanation import Explanation, Reason, ReasonKind, Refused

# Below this likeness of path and template a suggestion misleads more than it helps.
_LIKENESS = 0.6
_NOT_IN_THE_PATH = (ReasonKind.METHOD, ReasonKind.PROTOCOL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A route that came close, and the first reason in the path that stopped it."""

    route: KnownRoute
    reason: Reason
    has_method: bool


def find_nearest(explanation: Explanation, table: Snapshot | None) -> Near | None:
    """Return the route that accepted most of the path, or is spelled most like it; without such a one the
    route of the path that is suggested, None if there is none.

    Of equals, one with as many segments as the path, with the method, and the most alike wins.
    """
    path = explanation.path
    best: tuple[tuple[float, ...], Near] | None = None
    for verdict in explanation.verdicts:
        route = find_route(table, verdict.index)
        if not isinstance(verdict, Refused) or route is None:
            continue
        reason = first_path_reason(verdict)
        if reason is None or has_reason(verdict, ReasonKind.PROTOCOL):
            continue
        likeness = SequenceMatcher(a=path, b=route.path, autojunk=False).ratio()
        reached = verdict.judgement.reached
        if reached <= 1 and likeness < _LIKENESS:
            continue
        near = Near(route=route, reason=reason, has_method=not has_reason(verdict, ReasonKind.METHOD))
        segments = route.path.count("/") == path.count("/")
        rank = (reached, segments, near.has_method, likeness)
        if best is None or rank > best[0]:
            best = rank, near
    return best[1] if best is not None else _find_suggested(explanation, table)


def _find_suggested(explanation: Explanation, table: Snapshot | None) -> Near | None:
    advice = explanation.advice
    for nearest in advice.nearest:
        if nearest.path != advice.did_you_mean:
            continue
        verdict, route = explanation.verdicts[nearest.index], find_route(table, nearest.index)
        reason = first_path_reason(verdict) if isinstance(verdict, Refused) else None
        if reason is not None and route is not None:
            return Near(route=route, reason=reason, has_method=not has_reason(verdict, ReasonKind.METHOD))
    return None


def find_meant_for_method(explanation: Explanation, table: Snapshot | None) -> Near | None:
    """Return the route with the method that only a converter kept from taking the request (for a 405)."""
    for verdict in explanation.verdicts:
        route = find_route(table, verdict.index)
        if not isinstance(verdict, Refused) or route is None:
            continue
        if {reason.kind for reason in verdict.judgement.reasons} == {ReasonKind.CONVERTER}:
            return Near(route=route, reason=verdict.judgement.reasons[0], has_method=True)
    return None


def find_other_protocol(explanation: Explanation, table: Snapshot | None) -> KnownRoute | None:
    """Return the route that has this path but speaks the other protocol."""
    for verdict in explanation.verdicts:
        if verdict.judgement.path_matches and has_reason(verdict, ReasonKind.PROTOCOL):
            return find_route(table, verdict.index)
    return None


def find_slash_route(explanation: Explanation, table: Snapshot | None) -> KnownRoute | None:
    """Return the route that only a slash at the end kept from taking the request."""
    for verdict in explanation.verdicts:
        if has_reason(verdict, ReasonKind.TRAILING_SLASH) and not has_reason(verdict, ReasonKind.PROTOCOL):
            return find_route(table, verdict.index)
    return None


def has_reason(verdict: object, kind: ReasonKind) -> bool:
    """Whether a verdict was refused for this kind of reason, among others."""
    return isinstance(verdict, Refused) and any(reason.kind is kind for reason in verdict.judgement.reasons)


def first_path_reason(verdict: Refused) -> Reason | None:
    """Return the first reason that lies in the path."""
    return next((reason for reason in verdict.judgement.reasons if reason.kind not in _NOT_IN_THE_PATH), None)
