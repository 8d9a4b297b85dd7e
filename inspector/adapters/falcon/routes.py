"""Falcon's templates in the order in which its compiled search decides, and what comes after them, as parts.

Source: falcon.routing.compiled, falcon.routing.converters, falcon.routing.static, falcon.app (3.x and 4.x).
"""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from falcon import HTTPMethodNotAllowed, responders

from inspector.adapters.adapter import WEBSOCKET, AdaptedRoute, Slashes
from inspector.adapters.converting import ForeignConverter
from inspector.adapters.endpoints import find_source, name_endpoint
from inspector.adapters.falcon.converters import SEGMENT
from inspector.adapters.falcon.templates import read_template
from inspector.adapters.regexes.parts import ANYTHING, NAMELESS, make_parameter, read_regex
from miniframework.routing.parts import Literal, Parameter, Part

_FLAGS_IN_FRONT = re.compile(r"\(\?[aiLmsux]+\)")
_REST_OF_REGEX = ".*"
# What stays of them where a slash at the end is cut off: that of an empty segment is.
_NOT_EMPTY = {SEGMENT: "[^/]+", ANYTHING: "(?s:.+)"}


def nodes_in_order(nodes: Sequence[Any]) -> Iterator[Any]:
    """The nodes of the tree that have a resource, depth first, as the compiled search comes to them."""
    for node in sorted(nodes, key=lambda node: node.is_var + (node.is_var and not node.is_complex)):
        if node.resource is not None:
            yield node
        yield from nodes_in_order(node.children)


def takes_nothing(method: str, responder: Any) -> bool:
    """Whether it is what Falcon put where a resource has no responder for the method.

    Its own answer to OPTIONS is one like a resource's.
    """
    return method != "OPTIONS" and is_falcons(responder)


def is_falcons(responder: Any) -> bool:
    """Whether Falcon put it there, and not the resource."""
    return bool(getattr(responder, "__module__", None) == responders.__name__)


def allowed_by(refusing: Any) -> tuple[str, ...]:
    """The methods that Falcon names for a method that is missing; raising them is all that responder does."""
    try:
        answer = refusing(None, None)
        if asyncio.iscoroutine(answer):
            answer.send(None)
    except HTTPMethodNotAllowed as refusal:
        return tuple(sorted(filter(None, refusal.headers["Allow"].split(", "))))
    return ()


def read_node(node: Any, known: Mapping[str, type], *, cuts_slash: bool) -> Iterator[AdaptedRoute]:
    """The entries of a template: one for requests, and one for handshakes where its resource takes them."""
    taken = {name: one for name, one in node.method_map.items() if not takes_nothing(name, one)}
    socket = taken.pop(WEBSOCKET, None)
    parts, doubt = read_template(node.uri_template, known)
    parts, slashes = as_cut(parts, cuts_slash=cuts_slash)
    shared: dict[str, Any] = {
        "path": node.uri_template,
        "parts": parts,
        "name": None,
        "origin": node,
        "doubt": doubt,
        "slashes": slashes,
    }
    own = [one for name, one in taken.items() if name != "OPTIONS" or not is_falcons(one)]
    written = own[0] if len(own) == 1 else type(node.resource)
    yield AdaptedRoute(
        kind="http",
        methods=frozenset(taken),
        endpoint=name_endpoint(written),
        source=find_source(written),
        **shared,
    )
    if socket is not None:
        yield AdaptedRoute(
            kind="websocket",
            methods=None,
            endpoint=name_endpoint(socket),
            source=find_source(socket),
            **shared,
        )


def read_behind(found: tuple[Any, Any, bool], *, is_asgi: bool, cuts_slash: bool) -> Iterator[AdaptedRoute]:
    """The entries of a sink, which takes handshakes too, or of a folder of files."""
    matcher, responder, is_sink = found
    path, parts, doubt = _read_sink(matcher) if is_sink else _read_folder(matcher)
    parts, slashes = as_cut(parts, cuts_slash=cuts_slash)
    written = responder if is_sink else type(responder)
    of_requests = AdaptedRoute(
        kind="http",
        path=path,
        parts=parts,
        methods=None,
        name=None if is_sink else str(matcher._directory),
        endpoint=name_endpoint(written),
        source=find_source(written) if is_sink else None,
        origin=found,
        doubt=doubt,
        slashes=slashes,
    )
    yield of_requests
    if is_sink and is_asgi:
        yield replace(of_requests, kind="websocket")


def _read_sink(prefix: re.Pattern[str]) -> tuple[str, tuple[Part, ...], str | None]:
    """A sink takes what begins with its regex: as a search for it at the front."""
    regex = prefix.pattern
    flags = _FLAGS_IN_FRONT.match(regex)
    at = flags.end() if flags else 0
    whole = f"(?:{regex[at:]})" if "|" in regex else regex[at:]
    read = read_regex(f"{regex[:at]}^{whole}", "search", prefix.flags)
    path = regex[:at] + whole + _REST_OF_REGEX
    # At their places in what is shown, which has no anchor and says that more may follow.
    *parts, rest = (replace(part, start=part.start - 1, end=part.end - 1) for part in read.parts)
    return path, (*parts, replace(rest, end=len(path))), read.larger or read.doubt


def _read_folder(folder: Any) -> tuple[str, tuple[Part, ...], str | None]:
    prefix: str = folder._prefix
    path = prefix + "*"
    bare = prefix.removesuffix("/")
    if folder._fallback_filename is None or not bare:
        literal = Literal(text=prefix, start=0, end=len(prefix))
        return path, (literal, make_parameter(NAMELESS, ANYTHING, (len(prefix), len(path)))), None
    # Without the slash it is for the file that stands for those that are not there.
    rest = make_parameter(NAMELESS, f"(?:/{ANYTHING})?", (len(bare), len(path)))
    return path, (Literal(text=bare, start=0, end=len(bare)), rest), None


def as_cut(parts: tuple[Part, ...], *, cuts_slash: bool) -> tuple[tuple[Part, ...], Slashes]:
    """The same where a slash at the end of a path may be cut off before anything is compared with it."""
    if not cuts_slash:
        return parts, "exact"
    last = parts[-1]
    if isinstance(last, Parameter) and last.name != NAMELESS and last.regex in _NOT_EMPTY:
        converter = ForeignConverter(last.converter_name, _NOT_EMPTY[last.regex])
        return (*parts[:-1], replace(last, converter=converter)), "end_ignored"
    if isinstance(last, Literal) and last.text.endswith("/") and len(parts) + len(last.text) > 2:
        return (*parts[:-1], Literal(text=last.text + "/", start=last.start, end=last.end)), "exact"
    return parts, "end_ignored"
