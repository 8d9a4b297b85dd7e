"""What a router was seen to do with a route, in words."""

from collections.abc import Sequence
from dataclasses import replace

from inspector.analysis.finding import Finding, Kind, RouteName
from inspector.analysis.wording import said_methods

FIX_BY_ASKING = "declare it where it comes first, or give it a path of its own"
FIX_NO_HOST = "configure the name below which its subdomain stands (SERVER_NAME), or leave the subdomain out"
_FIX_SORTED = "give one of them a path of its own: this router sorts its routes by itself"


def say_never_taken(route: RouteName, methods: Sequence[str], framework: str, answer: str) -> str:
    """Why a route never runs though its template fits."""
    return (
        f"{said_methods(methods)} {route.path} never gets here: {framework}'s router gave it none of its"
        f" paths that were tried; to the first it says: {answer}"
    )


def say_never_entered(route: RouteName, methods: Sequence[str]) -> str:
    """Why a route behind a mount never runs."""
    return f"{said_methods(methods)} {route.path} never gets here: a mount around it is never entered"


def say_of_no_host(route: RouteName, methods: Sequence[str], condition: str) -> str:
    """Why a route that is for a subdomain has no requests."""
    return (
        f"{said_methods(methods)} {route.path} never gets here: it is only for the {condition}, and as the"
        " application is configured no host has it"
    )


def say_not_confirmed(route: RouteName, methods: Sequence[str], framework: str, answer: str) -> str:
    """What the router says to the paths of a route, where that is no proof."""
    return (
        f"whether {said_methods(methods)} {route.path} ever gets here is not known: it fits, and yet"
        f" {framework}'s router says: {answer}"
    )


def say_own_search(finding: Finding, own_search: str) -> Finding:
    """What the router says of a dead route, where something else searches instead of it."""
    message = (
        f"whether {said_methods(finding.methods)} {finding.route.path} ever gets here is not known:"
        f" {own_search} searches instead of the router; by its routes {finding.message}"
    )
    return replace(finding, kind=Kind.UNDECIDED, is_exact=False, message=message)


def without_order(finding: Finding) -> Finding:
    """The same finding about a router that sorts its routes: the order of the program is no way out there."""
    if not finding.by:
        return finding
    message = finding.message.replace("declared before it", "which is tried before it")
    fix = finding.fix if finding.kind is Kind.DUPLICATE else _FIX_SORTED
    if finding.kind in (Kind.OVERLAP, Kind.PARTLY_SHADOWED):
        fix = f"nothing if that is meant; else {_FIX_SORTED}"
    return replace(finding, message=message, fix=fix)


def by_paths(finding: Finding) -> Finding:
    """The same finding where a route is declared apart from its endpoint: the way out names routes by their
    paths, for the place that is known is that of the endpoint, and nothing is to be moved there.
    """
    fix = finding.fix
    for route in finding.by:
        fix = fix if route.source is None else fix.replace(route.source.short, route.path)
    return replace(finding, fix=fix)
