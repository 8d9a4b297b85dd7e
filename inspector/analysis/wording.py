"""The findings in words: what happens, and what to do about it."""

import re
from collections.abc import Sequence

from inspector.analysis.finding import Kind, RouteName
from inspector.analysis.spots import ANY_METHOD, WEBSOCKET

_MOST_NAMED = 3
TOO_MANY = "the routes of the table combine in too many ways on its paths to follow all of them"
_BRACES = re.compile(r"\{(?P<name>[^:{}]*)(?::(?P<kind>.*))?\}")


def said_methods(methods: Sequence[str]) -> str:
    """`GET, PUT`; "WebSocket handshakes"; "any request" for the method that stands for all."""
    if ANY_METHOD in methods:
        return "any request"
    words = [method for method in methods if method != WEBSOCKET]
    handshake = ["WebSocket handshakes"] if WEBSOCKET in methods else []
    return ", ".join([*words, *handshake])


def say_dead(route: RouteName, methods: Sequence[str], by: Sequence[RouteName]) -> str:
    """Why a route never runs."""
    what = f"{said_methods(methods)} {route.path} never gets here"
    if not by:
        return f"{what}: no path fits its pattern"
    takers = _named(by)
    together = " together take" if len(by) > 1 else " takes"
    return f"{what}: {takers}{together} every path of it first"


def say_docs_show_it(route: RouteName) -> str:
    """What API docs do with a dead route that shares its place in them with the one that answers."""
    return f"; OpenAPI has one place for both, where the docs of FastAPI show this one: {route.name}"


def say_duplicate(route: RouteName, methods: Sequence[str], by: RouteName) -> str:
    """Why the second of two equal routes never runs."""
    return f"{said_methods(methods)} {route.path} never gets here: {by.place} takes exactly the same paths"


def say_crossing(kind: Kind, route: RouteName, methods: Sequence[str], by: Sequence[RouteName]) -> str:
    """What two routes that cross do with the paths of both."""
    more = "more general and " if kind is Kind.PARTLY_SHADOWED else ""
    return f"some paths of {said_methods(methods)} {route.path} go to {_named(by)}, {more}declared before it"


def say_newline_only(route: RouteName, methods: Sequence[str], by: RouteName) -> str:
    """What is left of a route behind one that takes everything but newlines."""
    return (
        f"only paths with a line break (%0A) in them reach {said_methods(methods)} {route.path}: "
        f"{by.place} takes every other one first"
    )


def say_undecided(route: RouteName, methods: Sequence[str], reasons: Sequence[str]) -> str:
    """What could not be decided, and why."""
    because = " and ".join(dict.fromkeys(reasons)) or "a pattern that cannot be followed"
    return f"whether {said_methods(methods)} {route.path} ever gets here is not known: {because}"


def say_docs_differ(
    operation: tuple[str, str], tried: str, route: RouteName, by: RouteName, *, is_sure: bool
) -> str:
    """Which route a document describes at a method and path, and which one answers the path tried."""
    described = (
        f"describes {_numbered(route)}"
        if is_sure
        else f"has one place for {_numbered(route)} and others of its path"
    )
    method, path = operation
    return f"the document's {method} {path} {described}, and {_numbered(by)} answers {method} {tried}"


def say_undeclared(method: str, path: str, tried: str, answer: str) -> str:
    """What answers where a document says there is an operation."""
    return f"the document has {method} {path}, and no route does: {method} {tried} is answered by {answer}"


def fix_docs_differ(*, shares: bool) -> str:
    """The way out where a document describes another route."""
    if shares:
        return "give the two paths of their own, or leave the one that is not meant out of the document"
    return "declare the described route before the other"


def say_gap(mount: RouteName, route: RouteName, method: str) -> str:
    """What a mount does to the Allow of the routes before it."""
    return (
        f"{method} on a path of {route.place} goes into mount {mount.path}, which does not have it: "
        f"its own 404 or 405 is the answer, and Allow does not name {', '.join(route.methods)}"
    )


def say_braces(text: str) -> str:
    """What a brace outside a parameter is."""
    return f"the brace in the literal text {text!r} stands for itself; it opens or closes no parameter"


def fix_braces(text: str) -> str:
    """What to write instead of a literal brace, by what stands between the braces."""
    found = _BRACES.search(text)
    name, kind = ("", "") if found is None else (found["name"], found["kind"] or "")
    tidy = f"{{{name.strip()}{':' if kind else ''}{kind.strip()}}}"
    if tidy != f"{{{name}{':' if kind else ''}{kind}}}" and (kind.strip() or "str").isidentifier():
        return f"write it without spaces: {tidy}"
    if kind and not kind.strip().isidentifier():
        return (
            f"a regex stands in a converter of its own: register one for {kind!r}, and write its name instead"
        )
    if not name.isascii():
        return f"the name {name!r} is not ASCII, and was not read as a name: write it with other letters"
    return "write a parameter as {name} or {name:converter}, or take the brace out"


def fix_dead(kind: Kind, by: Sequence[RouteName]) -> str:
    """The way out for a dead route."""
    if kind is Kind.DUPLICATE:
        return "delete one of the two; no order revives it"
    if not by:
        return "change or delete its pattern"
    where = " and ".join(_at(name) for name in by[:_MOST_NAMED])
    if kind is Kind.SWALLOWED:
        return f"declare it before the mount ({where})"
    narrower = " or give the parameter there a narrower converter" if "{" in by[0].path else ""
    return f"declare it before {where}{',' if narrower else ''}{narrower}"


def fix_crossing(by: Sequence[RouteName]) -> str:
    """The way out where two routes cross."""
    where = " and ".join(_at(name) for name in by[:_MOST_NAMED])
    return f"nothing if that is meant; else declare it before {where}"


def _named(routes: Sequence[RouteName]) -> str:
    more = [f"{len(routes) - _MOST_NAMED} more"] if len(routes) > _MOST_NAMED else []
    return " and ".join([*(route.place for route in routes[:_MOST_NAMED]), *more])


def _numbered(route: RouteName) -> str:
    return f"route {route.number} {route.place}"


def _at(route: RouteName) -> str:
    return route.path if route.source is None else route.source.short
