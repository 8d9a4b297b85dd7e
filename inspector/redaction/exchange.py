"""A whole exchange without its secrets."""

import dataclasses
import json
from collections.abc import Callable
from typing import Any, TypeVar

from inspector.apart import Apart, put_together, take_apart
from inspector.folded import as_apart
from inspector.model import (
    Body,
    Exchange,
    Failure,
    Frame,
    HttpExchange,
    Parameter,
    Redaction,
    SocketExchange,
)
from inspector.redaction.body import redact_body, redact_message
from inspector.redaction.content import redact_form, redact_or_drop
from inspector.redaction.headers import redact_headers, redact_protocol, redact_url
from inspector.redaction.in_headers import redact_in_headers
from inspector.redaction.keys import is_authorization_code, is_sensitive_name
from inspector.redaction.notes import MARK, Notes
from inspector.redaction.path import redact_path
from inspector.redaction.plain import PlainLook
from inspector.redaction.text import redact_text, redact_traceback

# A walk that finds a secret is followed by one that knows it from the start; secrets found that late in a
# third walk would be copies of copies.
MAX_WALKS = 3
AnyExchange = TypeVar("AnyExchange", Exchange, Apart)
_ELLIPSIS = "…"  # how a rendered value says that it was cut


class Redactor:
    """Takes secrets out of exchanges: by telling names, by their shape, and copies of those elsewhere.

    Used by one thread at a time. `rest` is called between pieces of work, of some milliseconds at most.
    """

    def __init__(self, rest: Callable[[], object] = bool) -> None:
        self.look = PlainLook()
        self._rest = rest

    def redact(self, exchange: AnyExchange) -> AnyExchange:
        """Give the exchange without its secrets, `redactions` naming the places; taken apart as it came.

        The very same one is given where nothing was hidden.
        """
        if self.look.is_plain(as_apart(exchange)):
            return exchange
        if isinstance(exchange, HttpExchange | SocketExchange):
            return redact_by_walking(exchange, self._rest)
        quick = redact_in_headers(exchange, self.look)
        if quick is not None:
            return quick
        whole = put_together(exchange)
        done = redact_by_walking(whole, self._rest)
        return exchange if done is whole else take_apart(done)


def redact_by_walking(exchange: Exchange, rest: Callable[[], object] = bool) -> Exchange:
    """Give the exchange without its secrets: every part of it is looked at."""
    known: frozenset[str] = frozenset()
    for _ in range(MAX_WALKS):
        notes = Notes(known, rest)
        done = _walk(exchange, notes)
        if not notes.places:
            return exchange
        if notes.found == known:
            break
        known = frozenset(notes.found)
    return dataclasses.replace(done, redactions=tuple(notes.places))


def blank_exchange(exchange: Exchange) -> Exchange:
    """Give what is left when redaction itself has failed: that there was a request, and how it ended."""
    scope = dataclasses.replace(
        exchange.scope,
        path=MARK,
        raw_path=None,
        query_string="",
        root_path="",
        headers=(),
        subprotocols=(),
    )
    blank: dict[str, Any] = {
        "scope": scope,
        "steps": (),
        "location": None,
        "parameters": (),
        "problems": (),
        "response_headers": (),
        "response_body": _blank_body(exchange.response_body),
        "failure": None,
        "redactions": (Redaction(where="exchange", rule="redaction failed"),),
    }
    if isinstance(exchange, HttpExchange):
        return dataclasses.replace(exchange, request_body=_blank_body(exchange.request_body), **blank)
    frames = tuple(dataclasses.replace(frame, data=b"", complete=False) for frame in exchange.frames)
    return dataclasses.replace(exchange, frames=frames, subprotocol=None, close_reason=None, **blank)


def _blank_body(body: Body) -> Body:
    return Body(size=body.size, complete=False, why_incomplete="redacted", chunks=body.chunks)


def _walk(exchange: Exchange, notes: Notes) -> Exchange:
    url = exchange.scope.path
    headers = redact_headers(exchange.scope.headers, notes, "header")
    query = redact_form(exchange.scope.query_string, notes, "query", around=url)
    protocols = tuple(redact_protocol(entry, notes, "subprotocol") for entry in exchange.scope.subprotocols)
    scope, steps = redact_path(exchange.scope, exchange.steps, notes)
    if notes.places:
        scope = dataclasses.replace(scope, headers=headers, query_string=query, subprotocols=protocols)
    shared: dict[str, Any] = {
        "scope": scope,
        "steps": steps,
        "location": None if exchange.location is None else redact_url(exchange.location, notes, "location"),
        "response_headers": redact_headers(exchange.response_headers, notes, "response.header"),
        "parameters": tuple(_redact_parameter(parameter, url, notes) for parameter in exchange.parameters),
        "problems": tuple(_redact_problem(problem, notes) for problem in exchange.problems),
        "failure": None if exchange.failure is None else _redact_failure(exchange.failure, notes),
    }
    answer = redact_body(exchange.response_body, exchange.response_headers, notes, "response.body")
    if isinstance(exchange, HttpExchange):
        body = redact_body(exchange.request_body, exchange.scope.headers, notes, "body")
        if not notes.places:
            return exchange
        return dataclasses.replace(exchange, request_body=body, response_body=answer, **shared)
    return _walk_socket(exchange, answer, shared, notes)


def _walk_socket(
    exchange: SocketExchange, answer: Body, shared: dict[str, Any], notes: Notes
) -> SocketExchange:
    chosen, reason = exchange.subprotocol, exchange.close_reason
    return dataclasses.replace(
        exchange,
        response_body=answer,
        frames=tuple(_redact_frame(frame, number, notes) for number, frame in enumerate(exchange.frames)),
        subprotocol=None if chosen is None else redact_protocol(chosen, notes, "subprotocol"),
        close_reason=None if reason is None else redact_text(reason, notes, "close reason"),
        **shared,
    )


def _redact_frame(frame: Frame, number: int, notes: Notes) -> Frame:
    notes.rest()
    data = redact_message(frame.data, notes, f"frame[{number}]", is_cut=not frame.complete)
    return frame if data == frame.data else dataclasses.replace(frame, data=data, complete=False)


def _redact_parameter(parameter: Parameter, url: str, notes: Notes) -> Parameter:
    where, rule = f"parameter:{parameter.name}", f"key {parameter.name}"
    is_secret = (
        parameter.source == "cookie"
        or is_sensitive_name(parameter.name)
        or is_sensitive_name(parameter.alias)
        or is_authorization_code(parameter.alias, url)
    )

    def redact(text: str) -> str:
        if not is_secret:
            return redact_or_drop(text, notes, where)
        return notes.hide(where, rule, text) if text else text

    raw, value, problem = parameter.raw, parameter.value, parameter.problem
    if is_secret and value not in (None, "None", "''"):
        # A default stands in the source, and is nothing to look for elsewhere.
        value = notes.hide(where, rule, "" if parameter.default_used else value.strip("\"'"))
    elif value is not None:
        value = _redact_rendered(value, notes, where)
    if problem is not None:
        problem = MARK if is_secret else redact_text(problem, notes, where)
    raw = [redact(item) for item in raw] if isinstance(raw, list) else raw and redact(raw)
    return dataclasses.replace(parameter, raw=raw, value=value, problem=problem)


def _redact_rendered(value: str, notes: Notes, where: str) -> str:
    """Redact a value's text; `…` at its end says that a secret may have been cut there, its shape with it."""
    whole = value.removesuffix(_ELLIPSIS)
    if whole == value:
        return redact_text(value, notes, where)
    return redact_text(whole, notes, where, is_cut=True) + _ELLIPSIS


def _redact_problem(problem: dict[str, Any], notes: Notes) -> dict[str, Any]:
    """One entry of a 422 document; its `loc` tells what its input is, so it is looked at first."""
    ordered = {"loc": problem["loc"]} | problem if "loc" in problem else problem
    done = json.loads(redact_or_drop(json.dumps(ordered, default=repr), notes, "problem"))
    return {key: done[str(key)] for key in problem}


def _redact_failure(failure: Failure, notes: Notes) -> Failure:
    return Failure(
        type=failure.type,
        message=redact_text(failure.message, notes, "failure"),
        traceback=redact_traceback(failure.traceback, notes, "failure"),
    )
