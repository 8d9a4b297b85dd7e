"""One sentence on what a route table says to a request, whether or not it was ever sent."""

from collections.abc import Sequence
from typing import assert_never

from inspector.panels.hints import find_template_hint
from inspector.panels.known_route import KnownRoute, Snapshot, find_route
from inspector.panels.nearest import (
    find_for_other_methods,
    find_meant_for_method,
    find_nearest,
    find_on_condition,
    find_other_protocol,
    find_slash_route,
    find_slash_route_for_another,
)
from inspector.panels.refusal import find_refusal
from inspector.panels.validation_gap import tighten
from inspector.panels.way import Stop, follow_way, mounted_path, name_framework, name_mounts
from miniframework.records import dataclass
from miniframework.routing.explanation import Explanation
from miniframework.routing.match import MatchOutcome

# A path can be as long as a server allows; a sentence cannot.
_MAX_TEXT = 120

_HEADINGS = {
    MatchOutcome.FOUND: "",
    MatchOutcome.NOT_FOUND: "Not found: ",
    MatchOutcome.METHOD_NOT_ALLOWED: "Method not allowed: ",
    MatchOutcome.REDIRECT: "Redirect: ",
}


def answer_routing(explanation: Explanation, table: Snapshot | None) -> str:
    """Return who takes the request and what is shadowed, or why nobody takes it, and what a parameter of
    the one that does is sure to refuse.
    """
    stops = follow_way(explanation, table)
    return _HEADINGS[stops[-1].explanation.outcome] + say_routing(stops) + _say_refused_and_way_out(stops)


def say_routing(stops: tuple[Stop, ...]) -> str:
    """Return the same without the outcome's name in front."""
    outcome = stops[-1].explanation.outcome
    match outcome:
        case MatchOutcome.FOUND:
            return say_found(stops)
        case MatchOutcome.NOT_FOUND:
            return _say_not_found(stops)
        case MatchOutcome.METHOD_NOT_ALLOWED:
            return _say_method_not_allowed(stops)
        case MatchOutcome.REDIRECT:
            return _say_redirect(stops)
        case _:
            assert_never(outcome)


def say_found(stops: tuple[Stop, ...]) -> str:
    """Return `get_book (app.py:40) answers: route 4, /books/{book_id:int}, takes it with book_id = 42.`"""
    last = stops[-1]
    if last.route is not None and last.route.kind == "mount":
        hidden = "the routes of what is mounted there are not known here"
        who = f"{_capital(last.route.label)}, takes it; {hidden}"
    else:
        who = f"{say_endpoint(last.route)} answers: {say_taken(stops, 'takes')}"
    return f"{who}{say_shadowed(stops)}."


def say_taken(stops: tuple[Stop, ...], takes: str) -> str:
    """Return `mount 18, /admin, passed it on, and its route 2, /reports/{y:int}, took it with y = 2024`."""
    passed = [f"{stop.route.label}, passed it on, and its" for stop in stops[:-1] if stop.route]
    last = stops[-1]
    label = last.route.label if last.route else "a route"
    params = [f"{name} = {say_text(text)}" for stop in stops for name, text in stop.params]
    with_params = f" with {', '.join(params)}" if params else ""
    return " ".join([*passed, f"{label}, {takes} it{with_params}"])


def say_shadowed(stops: tuple[Stop, ...]) -> str:
    """Return `; route 6, /books/{slug}, 2 lines below, also matches`, empty when nothing is shadowed."""
    found = [(stop, index) for stop in stops for index in stop.explanation.also]
    if not found:
        return ""
    stop, index = found[0]
    route = find_route(stop.table, index)
    if route is None or stop.route is None:
        return ""
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return f"; {route.label}, {_lines(route.number - stop.route.number)} below, also matches{more}"


def say_never_asked(stops: tuple[Stop, ...]) -> str:
    """Return how a route behind the one that answers would: ` To let route 2, /users/me, answer: move it up.`

    Empty when nothing is shadowed, or only what belongs below.
    """
    shadow = _find_shadow(stops)
    if shadow is not None:
        return f" To let {shadow.shadowed.label}, answer: {shadow.way_out}."
    stop = next((stop for stop in stops if stop.explanation.also), None)
    twin = find_route(stop.table, stop.explanation.also[0]) if stop else None
    if stop is None or twin is None or stop.route is None or not twin.takes_as(stop.route):
        return ""
    asked = f" for {stop.explanation.method}" if stop.explanation.protocol == "http" else ""
    return f" Both have the same path: route {twin.ordinal} is never asked{asked}."


def say_way_out_of_shadow(stops: tuple[Stop, ...]) -> str:
    """Return how a shadowed route could take it: ` Won by …: move it up, or write {user_id:int}.`

    Empty when nothing is shadowed, and when moving it up would only turn the shadow round.
    """
    shadow = _find_shadow(stops)
    return f" Won by {shadow.taker.label}; {shadow.words}." if shadow else ""


def say_taken_despite_shadow(stops: tuple[Stop, ...]) -> str:
    """Return who took it and how a shadowed route could: `route 1, /{x}, took it; route 2, …: move it up.`"""
    shadow = _find_shadow(stops)
    return f"{say_taken(stops, 'took')}{f'; {shadow.words}' if shadow else ''}."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shadow:
    """A route that belongs above the one that takes its requests, and how it gets there."""

    taker: KnownRoute
    shadowed: KnownRoute
    way_out: str

    @property
    def words(self) -> str:
        """`route 2, /users/me, 1 line below, also matches: move it up`"""
        distance = _lines(self.shadowed.number - self.taker.number)
        return f"{self.shadowed.label}, {distance} below, also matches: {self.way_out}"


def _find_shadow(stops: tuple[Stop, ...]) -> _Shadow | None:
    for stop in stops:
        for index in stop.explanation.also:
            shadowed = find_route(stop.table, index)
            if shadowed is None or stop.route is None or not shadowed.is_narrower_than(stop.route):
                continue
            tighter = _suggest_converter(stop, stop.route)
            way_out = f"move it up{f', or write {tighter}' if tighter else ''}"
            return _Shadow(taker=stop.route, shadowed=shadowed, way_out=way_out)
    return None


def say_refused(stops: tuple[Stop, ...]) -> str:
    """Return which text routing lets through and validation does not."""
    refusal = find_refusal(stops[0].explanation)
    if refusal is None:
        return ""
    said = f"{refusal.parameter} must be {refusal.type}, which {say_text(refusal.text)} is not"
    return f" But {said}: {refusal.status}."


def _say_refused_and_way_out(stops: tuple[Stop, ...]) -> str:
    """Return the same, and who would have taken it."""
    refused, shadow = say_refused(stops), _find_shadow(stops)
    return f"{refused} {_capital(shadow.way_out)}." if refused and shadow else refused


def _suggest_converter(stop: Stop, route: KnownRoute) -> str | None:
    texts = dict(stop.params)
    found = (tighten(part, texts.get(part.name, "")) for part in route.parameters)
    return next((tighter for tighter in found if tighter), None)


def _say_not_found(stops: tuple[Stop, ...]) -> str:
    """Return why nobody takes it: the nearest route and the character at which it stopped."""
    last = stops[-1]
    path = last.explanation.path
    if len(stops) > 1:
        start = f"inside {name_mounts(stops)} ({_number_of(stops)}) no route takes {say_text(path)}"
        meant = say_meant(stops)
        return f"{start}{_say_nearest(last)}.{meant}{say_way_out_of_shadow(stops[:-1])}"
    protocol = "WebSocket route" if last.explanation.protocol == "websocket" else "route"
    return f"no {protocol} takes {say_text(path)}{_say_nearest(last)}.{say_meant(stops)}"


def say_meant(stops: tuple[Stop, ...]) -> str:
    """Return ` Did you mean /books/42?`, or which change of the request would do; empty without either."""
    advice = stops[-1].explanation.advice
    mounts = mounted_path(stops)
    change = next((one.change for one in advice.would_match if one.path == advice.did_you_mean), None)
    if advice.did_you_mean is None:
        return ""
    meant = say_text(mounts + advice.did_you_mean)
    return f" It would match {change}: {meant}." if change else f" Did you mean {meant}?"


def _say_nearest(stop: Stop) -> str:
    explanation, table = stop.explanation, stop.table
    if other := find_other_protocol(explanation, table):
        if explanation.protocol == "websocket":
            return f"; {other.label}, has this path over HTTP: open it so, or declare a WebSocket route"
        return f"; {other.label}, has this path but takes only WebSocket handshakes"
    if bound := find_on_condition(explanation, table):
        return f"; {bound.route.label}, has this path, but {bound.reason.message}"
    if having := find_for_other_methods(explanation, table):
        who, meant = name_framework((stop,)) or "this application", say_meant_for_method(stop)
        said = f"; it exists for {_say_allowed(having, ())}, and {who} answers 404 to other methods"
        return f"{said}; you {meant}" if meant else said
    if slash := find_slash_route(explanation, table):
        return f"; only the slash at the end keeps {slash.label}, from taking it"
    if slash := find_slash_route_for_another(explanation, table):
        taken = ", ".join(slash.methods)
        return f"; {slash.label}, differs by the slash at the end, but is for {taken} only"
    near = find_nearest(explanation, table)
    if near is None:
        return ", and none comes near it"
    hint = find_template_hint(near)
    return f"; the nearest is {near.route.label}: {near.reason.message}{f'. {hint[:-1]}' if hint else ''}"


def _say_method_not_allowed(stops: tuple[Stop, ...]) -> str:
    """Return which routes have the path and what they allow, and the route that was probably meant."""
    last = stops[-1]
    explanation = last.explanation
    found = (find_route(last.table, index) for index in explanation.outline.having_path)
    having = [route for route in found if route is not None and route.kind == "http"]
    where = f" inside {name_mounts(stops)}" if len(stops) > 1 else ""
    path, method = say_text(explanation.path), explanation.method
    if not having and find_other_protocol(explanation, last.table):
        return f"{path} exists{where}, but for WebSocket handshakes only."
    said = f"{path} exists{where}, but not for {method}; allowed: {_say_allowed(having, explanation.allow)}"
    meant = say_meant_for_method(last)
    return f"{said}; you {meant}." if meant else f"{said}."


def _say_allowed(having: Sequence[KnownRoute], allow: Sequence[str]) -> str:
    """Return `GET, HEAD (route 4), PUT (route 5)`, and which of them a framework does not name in Allow."""
    said: list[str] = []
    named: set[str] = set()
    for route in having:
        new = [method for method in route.methods if method not in named]
        named.update(new)
        if new:
            said.append(f"{', '.join(new)} (route {route.ordinal})")
    if not said:
        return ", ".join(allow)
    short = f"; the Allow header names {', '.join(allow)} only" if allow and not named <= set(allow) else ""
    return f"{', '.join(said)}{short}"


def say_meant_for_method(stop: Stop) -> str:
    """Return `may have wanted route 4, /things/{n:int}: int refuses “seven” at “s”`, or nothing."""
    meant = find_meant_for_method(stop.explanation, stop.table)
    if meant is not None:
        return f"may have wanted {meant.route.label}: {meant.reason.message}"
    slash = find_slash_route(stop.explanation, stop.table)
    return f"may have wanted {slash.label}: only the slash at its end differs" if slash else ""


def _say_redirect(stops: tuple[Stop, ...]) -> str:
    """Return where the toggled slash leads."""
    last = stops[-1]
    explanation = last.explanation
    place = mounted_path(stops) + (explanation.location or "")
    target = find_slash_route(explanation, last.table)
    has_slash = explanation.path.endswith("/")
    if target is not None and target.kind == "mount" and not has_slash:
        return f"{target.label}, needs a slash behind its prefix, so the client is sent to {place}."
    if target is None:
        return f"no route takes {say_text(explanation.path)}, so the client is sent to {place}."
    path, slash = say_text(explanation.path), "too much" if has_slash else "missing"
    return f"no route takes {path}: only the slash at its end is {slash}; {target.label}, takes {place}."


def say_endpoint(route: KnownRoute | None) -> str:
    """Return `get_book (app.py:40)`."""
    if route is None:
        return "the endpoint"
    return f"{route.function} ({route.place})" if route.place else route.function


def say_text(text: str) -> str:
    """Return recorded text as it may stand in a sentence: escaped where it would not print, not too long."""
    shown = text if text.isprintable() else ascii(text)
    return shown if len(shown) <= _MAX_TEXT else shown[: _MAX_TEXT - 1] + "…"


def _number_of(stops: tuple[Stop, ...]) -> str:
    mount = stops[-2].route
    return "a mount" if mount is None else f"route {mount.ordinal}"


def _lines(count: int) -> str:
    return f"{count} {'line' if count == 1 else 'lines'}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
