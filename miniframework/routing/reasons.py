"""The words for each way in which an entry refuses a request."""

from miniframework.routing.blocks import Block
from miniframework.routing.explanation import Protocol_, Reason, ReasonKind
from miniframework.routing.parts import Literal, Parameter
from miniframework.routing.regex_words import joined, quoted
from miniframework.routing.route import Mount, Route
from miniframework.routing.stops import Attempt, Stop

_SAID: dict[Protocol_, str] = {"http": "an HTTP request", "websocket": "a WebSocket handshake"}


def wrong_protocol(protocol: Protocol_) -> Reason:
    """An HTTP route is asked about a WebSocket handshake, or the other way round."""
    expected, got = ("HTTP", "WebSocket") if protocol == "websocket" else ("WebSocket", "HTTP")
    message = f"takes only {expected}, this is {_SAID[protocol]}"
    return Reason(ReasonKind.PROTOCOL, None, expected, got, message)


def wrong_method(route: Route, method: str, *, path_matches: bool) -> Reason:
    """The route does not take this method. An implied HEAD is not listed: nobody wrote it."""
    allowed = ", ".join(sorted(route.declared_methods))
    message = f"{'path matches, ' if path_matches else ''}method is {method}; allowed: {allowed}"
    return Reason(ReasonKind.METHOD, None, allowed, method, message)


def no_leading_slash(path: str) -> Reason:
    """The path of a proper request begins with a slash; `*` and a stripped prefix do not."""
    return _literal("/", path, 0)


def other_literal(wanted: str, got: str, at: int) -> Reason:
    """A segment is another word than the template's."""
    same_but_case = len(wanted) == len(got) and wanted.lower() == got.lower()
    return _literal(wanted, got, at, " (only the case differs)" if same_but_case else "")


def path_ends(rest: str, at: int) -> Reason:
    """The path ends where the template goes on with `rest`."""
    message = f"path ends, expected {quoted(rest)}"
    return Reason(ReasonKind.MISSING, at, rest, "", message)


def left_over(text: str, at: int) -> Reason:
    """The template ended, the path goes on with `text`."""
    message = f"left over {quoted(text)}"
    return Reason(ReasonKind.EXTRA, at, "the end", text, message)


def only_the_slash(path: str, toggled: str, at: int, *, mount: bool) -> Reason:
    """Nothing but a slash at the end stands between the path and a match."""
    if mount:
        said = "a mount needs a slash behind its prefix"
    else:
        wrong = "the slash at the end is too much" if path.endswith("/") else "a slash at the end is missing"
        said = f"only {wrong}"
    message = f"{said}: {quoted(toggled)} would match"
    return Reason(ReasonKind.TRAILING_SLASH, at, toggled, path, message)


def below_mount(mount: Mount, reason: Reason) -> Reason:
    """What a mount's prefix says first: the path is not below it."""
    message = f"not below {quoted(mount.prefix or '/')}: {reason.message}"
    return Reason(ReasonKind.MOUNT_PREFIX, reason.at, reason.expected, reason.got, message)


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
        return _literal(wanted, text[told.got_from :], at)
    message = f"expected {quoted(wanted)} in {quoted(text)}"
    return Reason(ReasonKind.LITERAL, at, wanted, text, message)


def _literal(wanted: str, got: str, at: int, remark: str = "") -> Reason:
    message = f"expected {_segment(wanted)}, got {_segment(got)}{remark}"
    return Reason(ReasonKind.LITERAL, at, wanted, got, message)


def _segment(text: str) -> str:
    return quoted(text) if text else "an empty segment"


def _converter(parameter: Parameter, block: Block, text: str, at: int, stop: Stop) -> Reason:
    told = stop.told(text)
    expected = joined(told.expected)
    got = _asked(parameter, block, text, told)
    refuses = f"{parameter.converter_name} refuses {quoted(got) if text else 'an empty segment'}"
    if stop.untraceable is not None:
        message = f"{refuses}; at which character is not known, its regex has a {stop.untraceable}"
    elif not text:
        message = f"{refuses}: expected {expected}"
    elif told.reached == len(text):
        message = f"{refuses}: it ends, expected {expected}"
    else:
        message = f"{refuses} at {quoted(text[told.reached])}: expected {expected}"
    return Reason(ReasonKind.CONVERTER, at, expected, got, message)


def _asked(parameter: Parameter, block: Block, text: str, told: Attempt) -> str:
    """The text the parameter was asked to take, without the last literal behind it when that is there."""
    got = text[told.got_from :]
    last = block.pieces[-1]
    if isinstance(last, Literal) and last.start == parameter.end:
        bare = got.removesuffix(last.text)
        if told.reached < told.got_from + len(bare):
            return bare
    return got
