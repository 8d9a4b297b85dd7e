"""Each thing that must hold for an entry to take a request: it does, does not, or was not looked at."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from miniframework.routing import parts
from miniframework.routing.judging.judgement import Judgement, ReasonKind
from miniframework.routing.route import Entry, Mount, Route
from miniframework.routing.slashes import may_pass_a_slash

CheckName = Literal["protocol", "method", "prefix", "literal", "converter", "segments", "slash"]
State = Literal["ok", "failed", "not_examined"]


class Check(NamedTuple):
    """One check and how it came out."""

    check: CheckName
    state: State


def find_checks(entry: Entry, judgement: Judgement) -> tuple[Check, ...]:
    """The checks of an entry, in the order in which they matter; those it does not have are left out.

    "ok" is said only of what is known to hold throughout: where a path ends early, or a segment of several
    pieces is refused, what stands behind it has not been compared with anything.
    """
    return tuple(_checks(entry, judgement))


def _checks(entry: Entry, judgement: Judgement) -> Iterator[Check]:
    kinds = {reason.kind for reason in judgement.reasons}
    refused_protocol = ReasonKind.PROTOCOL in kinds
    yield Check("protocol", "failed" if refused_protocol else "ok")
    if isinstance(entry, Route):
        yield Check("method", _state(ReasonKind.METHOD in kinds, is_known=not refused_protocol))
    is_whole = judgement.path_matches or not _leaves_pieces_out(entry, kinds, judgement)
    pieces = entry.pattern.parts
    if isinstance(entry, Mount):
        has_failed = not judgement.path_matches and ReasonKind.TRAILING_SLASH not in kinds
        yield Check("prefix", "failed" if has_failed else "ok")
    elif any(isinstance(piece, parts.Literal) and piece.text.strip("/") for piece in pieces):
        yield Check("literal", _state(ReasonKind.LITERAL in kinds, is_known=is_whole))
    if entry.pattern.parameters:
        yield Check("converter", _state(ReasonKind.CONVERTER in kinds, is_known=is_whole))
    yield Check("segments", _state(bool(kinds & _OF_SEGMENTS), is_known=is_whole))
    yield Check("slash", _state(ReasonKind.TRAILING_SLASH in kinds, is_known=judgement.path_matches))


_OF_SEGMENTS = {ReasonKind.MISSING, ReasonKind.EXTRA}
_OF_A_PIECE = {ReasonKind.LITERAL, ReasonKind.CONVERTER}


def _state(has_failed: bool, *, is_known: bool) -> State:
    return "failed" if has_failed else "ok" if is_known else "not_examined"


def _leaves_pieces_out(entry: Entry, kinds: set[ReasonKind], judgement: Judgement) -> bool:
    """Whether a piece of the template may not have been compared with any text."""
    if ReasonKind.MISSING in kinds or ReasonKind.MOUNT_PREFIX in kinds:
        return True
    if any(reason.kind is ReasonKind.LITERAL and reason.at == 0 for reason in judgement.reasons):
        return True  # the path does not begin with a slash, and nothing else was asked
    return bool(kinds & _OF_A_PIECE) and _has_segment_of_pieces(entry)


def _has_segment_of_pieces(entry: Entry) -> bool:
    """Whether a segment has several pieces, or a parameter may take several segments."""
    template = entry.pattern.template
    return any(
        template[parameter.start - 1] != "/" or template[parameter.end : parameter.end + 1] not in ("", "/")
        for parameter in entry.pattern.parameters
    ) or any(may_pass_a_slash(parameter.regex) for parameter in entry.pattern.parameters)
