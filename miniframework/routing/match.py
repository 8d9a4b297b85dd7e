"""What a table says to one request."""

from dataclasses import dataclass

from miniframework.routing.explanation import MatchOutcome
from miniframework.routing.route import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`entry` at `index` takes the request; `params` is raw text.

    For a mount, `prefix_length` characters of the path are its prefix, and what follows is the path of the
    application inside; for a route it is 0.
    """

    index: int
    entry: Entry
    params: dict[str, str]
    prefix_length: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodNotAllowed:
    """Routes have this path but not this method.

    `allow` is the sorted union of their methods. Source: RFC 9110 section 15.5.6.
    """

    allow: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirected:
    """Nothing has this path, but with or without a slash at the end something has: `path` is that path."""

    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFound:
    """Nothing takes the request."""


Match = Found | MethodNotAllowed | Redirected | NotFound


def outcome_of(match: Match) -> MatchOutcome:
    """The one word for a match."""
    match match:
        case Found():
            return MatchOutcome.FOUND
        case MethodNotAllowed():
            return MatchOutcome.METHOD_NOT_ALLOWED
        case Redirected():
            return MatchOutcome.REDIRECT
        case NotFound():
            return MatchOutcome.NOT_FOUND
