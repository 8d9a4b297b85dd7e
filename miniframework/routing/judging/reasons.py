"""Each way in which an entry refuses a request, and its words."""

from miniframework.records import dataclass
from miniframework.routing.judging.blocks import Block
from miniframework.routing.judging.judgement import Reason, ReasonKind
from miniframework.routing.judging.stops import Attempt, Stop
from miniframework.routing.match import Protocol_
from miniframework.routing.parts import Literal, Parameter
from miniframework.routing.regex.words import joined, quoted
from miniframework.routing.route import Route

_SAID: dict[Protocol_, str] = {"http": "an HTTP request", "websocket": "a WebSocket handshake"}


def wrong_protocol(protocol: Protocol_) -> Reason:
    """An HTTP route is asked about a WebSocket handshake, or the other way round."""
    expected, got = ("HTTP", "WebSocket") if protocol == "websocket" else ("WebSocket", "HTTP")
    return Reason(ReasonKind.PROTOCOL, None, expected, got, _say_protocol)


def wrong_method(route: Route, method: str, *, path_matches: bool) -> Reason:
    """The route does not take this method. An implied HEAD is not listed: nobody wrote it."""
    allowed = ", ".join(sorted(route.declared_methods))
    say = _say_only_the_method if path_matches else _say_method
    return Reason(ReasonKind.METHOD, None, allowed, method, say)


def other_condition(condition: str) -> Reason:
    """The entry wants more of a request than its path and method."""
    return Reason(ReasonKind.CONDITION, None, condition, "", _say_condition)


def own_refusal(doubt: str) -> Reason:
    """The router of the entry's framework says that it refused, and this is why it could."""
    return Reason(ReasonKind.CONDITION, None, doubt, "", _say_own_refusal)


def passed_over() -> Reason:
    """The entry would take the request, but the router of its framework does not come to ask it."""
    return Reason(ReasonKind.PASSED_OVER, None, "", "", _say_passed_over)


def no_leading_slash(path: str) -> Reason:
    """The path of a proper request begins with a slash; `*` and a stripped prefix do not."""
    return Reason(ReasonKind.LITERAL, 0, "/", path, _say_literal)


def other_literal(wanted: str, got: str, at: int) -> Reason:
    """A segment is another word than the template's."""
    return tuple.__new__(Reason, (ReasonKind.LITERAL, at, wanted, got, _say_literal))  # there are many


def path_ends(rest: str, at: int) -> Reason:
    """The path ends where the template goes on with `rest`."""
    return tuple.__new__(Reason, (ReasonKind.MISSING, at, rest, "", _say_missing))  # there are many


def left_over(text: str, at: int) -> Reason:
    """The template ended, the path goes on with `text`."""
    return Reason(ReasonKind.EXTRA, at, "the end", text, _say_extra)


def only_the_slash(path: str, toggled: str, at: int, *, mount: bool) -> Reason:
    """Nothing but a slash at the end stands between the path and a match."""
    say = _say_mount_slash if mount else _say_slash
    return Reason(ReasonKind.TRAILING_SLASH, at, toggled, path, say)


def below_mount(prefix: str, reason: Reason) -> Reason:
    """What a mount's prefix says first: the path is not below it."""
    return Reason(ReasonKind.MOUNT_PREFIX, reason.at, reason.expected, reason.got, _Below(prefix, reason))


@dataclass(frozen=True, slots=True)
class _Below:
    """Says a reason of a mount's prefix. Not a function inside another: equal reasons must be equal."""

    prefix: str
    reason: Reason

    def __call__(self, _: Reason) -> str:
        return f"not below {quoted(self.prefix or '/')}: {self.reason.message}"


def stopped(block: Block, text: str, offset: int, stop: Stop) -> Reason:
    """Why a block with parameters refused `text`, which begins at `offset` of the path."""
    told = stop.told(text)
    at = offset + told.reached
    if isinstance(told.piece, Parameter):
        return _converter(told.piece, block, text, at, stop)
    if told.piece is None:
        return left_over(text[told.reached :], at)
    wanted = told.piece.text if isinstance(told.piece, Literal) else "anything"
    if stop.farthest.reached < len(text):
        return Reason(ReasonKind.LITERAL, at, wanted, text[told.got_from :], _say_part)
    return Reason(ReasonKind.LITERAL, at, wanted, text, _say_missing_part)


def _converter(parameter: Parameter, block: Block, text: str, at: int, stop: Stop) -> Reason:
    told = stop.told(text)
    got = _asked(parameter, block, text, told)
    died_at = text[told.reached] if told.reached < len(text) else ""
    say = _Refusal(parameter.converter_name, is_empty=not text, died_at=died_at, untraceable=stop.untraceable)
    return Reason(ReasonKind.CONVERTER, at, joined(told.expected), got, say)


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Says that a converter refuses a text: at which character, "" at its end."""

    converter: str
    is_empty: bool
    died_at: str
    untraceable: str | None

    def __call__(self, reason: Reason) -> str:
        refuses = f"{self.converter} refuses {'an empty segment' if self.is_empty else quoted(reason.got)}"
        if self.untraceable is not None:
            return f"{refuses}; at which character is not known, its regex has a {self.untraceable}"
        if self.is_empty:
            return f"{refuses}: expected {reason.expected}"
        if not self.died_at:
            return f"{refuses}: it ends, expected {reason.expected}"
        return f"{refuses} at {quoted(self.died_at)}: expected {reason.expected}"


def _asked(parameter: Parameter, block: Block, text: str, told: Attempt) -> str:
    """The text the parameter was asked to take, without the last literal behind it when that is there."""
    got = text[told.got_from :]
    last = block.pieces[-1]
    if isinstance(last, Literal) and last.start == parameter.end:
        bare = got.removesuffix(last.text)
        if told.reached < told.got_from + len(bare):
            return bare
    return got


def _say_protocol(reason: Reason) -> str:
    said = _SAID["websocket" if reason.got == "WebSocket" else "http"]
    return f"takes only {reason.expected}, this is {said}"


def _say_method(reason: Reason) -> str:
    return f"method is {reason.got}; allowed: {reason.expected}"


def _say_only_the_method(reason: Reason) -> str:
    return f"path matches, {_say_method(reason)}"


def _say_condition(reason: Reason) -> str:
    return f"only on a condition: {reason.expected}"


def _say_own_refusal(reason: Reason) -> str:
    return f"refused it, as its own router says: {reason.expected}"


def _say_passed_over(reason: Reason) -> str:
    return "takes the path, but the router had answered without asking it"


def _say_literal(reason: Reason) -> str:
    wanted, got = reason.expected, reason.got
    same_but_case = len(wanted) == len(got) and wanted != got and wanted.lower() == got.lower()
    return f"{_say_part(reason)}{' (only the case differs)' if same_but_case else ''}"


def _say_part(reason: Reason) -> str:
    return f"expected {_segment(reason.expected)}, got {_segment(reason.got)}"


def _say_missing_part(reason: Reason) -> str:
    return f"expected {quoted(reason.expected)} in {quoted(reason.got)}"


def _say_missing(reason: Reason) -> str:
    return f"path ends, expected {quoted(reason.expected)}"


def _say_extra(reason: Reason) -> str:
    return f"left over {quoted(reason.got)}"


def _say_slash(reason: Reason) -> str:
    too_much = (
        "the slash at the end is too much" if reason.got.endswith("/") else "a slash at the end is missing"
    )
    return f"only {too_much}: {quoted(reason.expected)} would match"


def _say_mount_slash(reason: Reason) -> str:
    return f"a mount needs a slash behind its prefix: {quoted(reason.expected)} would match"


def _segment(text: str) -> str:
    return quoted(text) if text else "an empty segment"
