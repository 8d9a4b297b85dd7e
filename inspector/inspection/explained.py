"""One request explained: the framework's verdict, and our reasons beside it."""

from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from typing import Any

from inspector.adapters.adapter import Asked, AskedOutcome
from inspector.analysis.rematch import Question, TableAnswer
from inspector.inspection.routes import EffectiveRoute
from inspector.panels.refusal import Refusal, find_refusal
from miniframework.records import dataclass
from miniframework.routing.explanation import Explanation
from miniframework.routing.table import RouteTable


@dataclass(frozen=True, kw_only=True)  # without slots: the ladder is made when somebody looks at it
class RouteExplanation:
    """What became of a request, without any handler having run.

    `outcome`, `route`, `params` (raw text), `allow`, `location` and `status` are what the framework's own
    router says; `status` is None where a handler decides. `route` is a mount when what is mounted could not
    be asked: `unseen` says why. `host` is the one that was asked for, None for the usual one. `predicted` is
    what our picture of its routes says, and `agrees` whether that is the same; the ladder explains the
    picture.
    """

    framework: str
    version: str | None
    method: str
    raw_path: str
    route: EffectiveRoute | None
    asked: Asked
    predicted: TableAnswer
    agrees: bool
    host: str | None = None
    unseen: str | None = None
    table: RouteTable = field(repr=False)
    question: Question

    @property
    def outcome(self) -> AskedOutcome:
        """In one word: match, not_found, method_not_allowed, redirect or websocket_mismatch."""
        return self.asked.outcome

    @property
    def params(self) -> Mapping[str, str]:
        """The text of each path parameter as it came."""
        return self.asked.params

    @property
    def allow(self) -> tuple[str, ...]:
        """The methods that a 405 names."""
        return self.asked.allow

    @property
    def location(self) -> str | None:
        """Where a redirect leads."""
        return self.asked.location

    @property
    def status(self) -> int | None:
        """What the router itself answers."""
        return self.asked.status

    @cached_property
    def ladder(self) -> Explanation:
        """The verdict of every route in the order of trial, with reasons in words."""
        return self.table.explain(*self.question)

    @property
    def refusal(self) -> Refusal | None:
        """The path parameter for which the route that takes the request is sure to refuse it."""
        return find_refusal(self.ladder) if self.agrees and self.outcome == "match" else None

    @property
    def sentence(self) -> str:
        """What happens in one sentence; of a disagreement both sides."""
        if self.asked.before is not None:
            return f"{self.asked.before} Without it: {self._sentence('')}"
        behind = self.unseen or self.asked.middleware or self._refusing_class
        return self._sentence(f" {behind}" if behind else "")

    def _sentence(self, unseen: str) -> str:
        if self.agrees and self.status != 500:
            return self.ladder.sentence + unseen
        otherwise = "" if self.agrees else f"{self.otherwise}: "
        return f"{self.framework}'s own router says: {self.said}.{unseen} {otherwise}{self.ladder.sentence}"

    @property
    def _refusing_class(self) -> str | None:
        """What a class answers that gets every method and has no function for this one."""
        answers = None if self.route is None else self.route.answers
        if self.route is None or answers is None or self.method in answers:
            return None
        name = self.route.endpoint.rpartition(":")[2]
        return f"{name} has no {self.method.lower()}: it answers 405 itself, allowed: {', '.join(answers)}."

    @property
    def otherwise(self) -> str:
        """Why our picture does not say what the router says, where they disagree."""
        for route in self.asked.way:
            if route.condition and route.host is None:  # a host is tried
                return f"It has a condition ({route.condition}), which our picture does not try; without it"
        return "Our picture of its routes says otherwise, so the reasons below do not hold here"

    @property
    def said(self) -> str:
        """What the router says, in words."""
        return say_asked(self.asked, self.route)

    def to_dict(self) -> dict[str, Any]:
        """JSON-able values; `ladder` is an explanation as the dashboard has it."""
        refusal = self.refusal
        return {
            **self.verdict(),
            "refusal": None if refusal is None else refusal.to_dict(),
            "sentence": self.sentence,
            "ladder": self.ladder.to_dict(),
        }

    def verdict(self) -> dict[str, Any]:
        """The same without our explanation, which takes longer the more routes there are."""
        return {
            "framework": self.framework,
            "version": self.version,
            "method": self.method,
            "raw_path": self.raw_path,
            "host": self.host,
            "outcome": self.outcome,
            "route": None if self.route is None else self.route.to_dict(),
            "params": dict(self.params),
            "allow": list(self.allow),
            "location": self.location,
            "status": self.status,
            "agrees": self.agrees,
            "unseen": self.unseen,
            "said": self.said,
        }


def find_unseen(asked: Asked, own_search: str | None = None) -> str | None:
    """Why it is not known what becomes of a request; None when it is known.

    Something stands before the routers, it went into a mount, or somebody's `own_search` stands before the
    router that was asked.
    """
    if asked.before is not None:
        return asked.before
    if own_search is not None:
        return f"{own_search} searches instead of the framework's router, and may decide otherwise."
    if asked.outcome != "match" or not asked.way or asked.way[-1].kind != "mount":
        return None
    mount = asked.way[-1]
    return (
        f"What is mounted at {mount.path or '/'!r}, {mount.endpoint or 'an application'}, decides about the"
        " rest: it is of no framework known here, so it is not looked into."
    )


def say_asked(asked: Asked, route: EffectiveRoute | None) -> str:
    """What a router said, in words."""
    match asked.outcome:
        case "match":
            return "it goes to " + ("an entry that is not listed" if route is None else say_route(route))
        case "method_not_allowed":
            return f"405, allowed: {', '.join(asked.allow) or 'nothing'}"
        case "redirect":
            return f"a redirect to {asked.location}"
        case "websocket_mismatch":
            return "no such handshake here: only the other protocol has this path"
        case "not_found":
            why = "its search for a route failed" if asked.status == 500 else "no route"
            return f"{asked.status or 404}, {why}"


def say_route(route: EffectiveRoute) -> str:
    """A route by its number, methods and path."""
    methods = ", ".join(route.methods) if route.kind != "mount" else "mount"
    number = f"route {route.number}, " if route.number else ""
    return f"{number}{methods} {route.path}"
