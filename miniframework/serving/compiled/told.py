"""One route as one function that takes notes of what it does, for requests that are recorded."""

import time
from collections.abc import Callable
from typing import Any

from pydantic_core import to_json

from miniframework.answering.answer import Answer
from miniframework.dependencies.graph import Dependency
from miniframework.dependencies.resolver import note_dependency_raised
from miniframework.http.content_length import READY
from miniframework.http.response import Response
from miniframework.http.sendable import SENDABLE
from miniframework.http.streaming import StreamingResponse
from miniframework.params.field import BodyUse, Field, ParameterPlan
from miniframework.serving.call import Call, note_raised
from miniframework.serving.compiled.during import parse
from miniframework.serving.compiled.reference import Reference
from miniframework.serving.compiled.route import KNOWN
from miniframework.serving.compiled.simple import is_simple
from miniframework.serving.compiled.writer import Writer
from miniframework.telling import notes
from miniframework.telling.frozen import UNCHANGING, freeze
from miniframework.telling.story import SMALL_BYTES, raise_from_send
from miniframework.telling.trace import Trace

# The headers of a small JSON answer, by the size of its body: one tuple less to be made, and to be looked at
# by the garbage collector while it waits to be read.
_JSON_HEADERS = tuple((length, KNOWN["JSON_TYPE"]) for length in READY[: SMALL_BYTES + 1])
_KNOWN = {
    **KNOWN,
    "JSON_HEADERS": _JSON_HEADERS,
    "UNCHANGING": UNCHANGING,
    "answered": notes.answered,
    "answered_and_sent": notes.answered_and_sent,
    "SMALL_BYTES": SMALL_BYTES,
    "bound": notes.bound,
    "bound_and_called": notes.bound_and_called,
    "called": notes.called,
    "freeze": freeze,
    "note_dependency_raised": note_dependency_raised,
    "note_raised": note_raised,
    "now": time.monotonic_ns,
    "raise_from_send": raise_from_send,
    "resolved": notes.resolved,
    "response_started": notes.response_started,
    "returned": notes.returned,
    "sent": notes.sent,
    "shared": notes.shared,
}


def compile_told(call: Call, endpoint: Reference, answer: Answer) -> Callable[..., Any] | None:
    """Write and compile the function that serves a route and notes its steps in the trace it is given.

    None where only the reference can: beside what `compile_route` leaves to it, what is cleaned up after a
    `yield`, and what is asked for by its type. A request with problems goes to the reference as well.
    """
    plan = call.plans.plain
    if not is_simple(plan) or plan.cleans_up or plan.wants:
        return None
    writer = _ToldWriter(call, endpoint, answer)
    writer.write()
    return writer.text.compile(_KNOWN)


class _ToldWriter(Writer):
    more_given = ("trace",)  # a story

    @property
    def raised(self) -> str:
        return f"except Exception: {self.leave}"

    def refuse_problems(self) -> None:
        self.text.add(f"if problems is not None: {self.leave}")

    def note(self, said: str) -> None:
        """Write how a note is taken: as `Story.note` does, without a call."""
        self.text.add(f"trace.notes.append(({said}))", "if trace.wake is not None: trace.wake()")

    def say_bound(self) -> None:
        describe = self.text.name(_Description(self.plan))
        taken = [one for field in self.plan.fields for one in self._taken(field)]
        if self.plan.dependencies:
            self.note(", ".join(["bound", "now()", describe, *taken]))
        else:  # one note for two: the endpoint is called at once
            name, in_thread = self.text.name(self.call.name), self.text.name(self.call.in_thread)
            self.note(", ".join(["bound_and_called", "now()", name, in_thread, describe, *taken]))

    def _taken(self, field: Field) -> tuple[str, str]:
        """Give the expressions of what came for a field, and of its value, which may not change any more."""
        value = self.taking.names[field]
        if not (field.any_text and (field.required or type(field.default) in UNCHANGING)):
            value = f"{value} if {value}.__class__ in UNCHANGING else freeze({value})"
        if field.source == "path":
            return f"path[{self.text.name(field.alias)}]", value
        return "body" if field.source == "body" else self.taking.came(field), value

    def say_shared(self, one: Dependency, depth: int) -> None:
        self.note(f"shared, now(), {self.text.name(one.name)}, {depth}")

    def call_dependency(self, one: Dependency, depth: int, line: str) -> None:
        text, name = self.text, self.text.name(one.name)
        text.add("began = now()", f"try: {line}")
        with text.block("except BaseException as error:"):
            text.add(f"note_dependency_raised(trace, {name}, {depth}, began, error)", "raise")
        self.note(f"resolved, now(), {name}, {depth}, began")

    def call_endpoint(self, line: str) -> None:
        text, call = self.text, self.call
        if self.plan.dependencies:
            self.note(f"called, now(), {text.name(call.name)}, {text.name(call.in_thread)}")
        text.add(f"try: {line}")
        text.add("except BaseException as error: note_raised(trace, error); raise")
        text.add("ended = now()")

    def make_json(self) -> None:
        text = self.text
        with text.block("try:"):
            super().make_json()
        with text.block("except BaseException:"):  # it returned what is no JSON, or not of its model
            self.note("returned, ended")
            text.add("raise")
        with text.block("if result is None:"):
            text.add("made, size = now(), len(body)")
            # Told with what is sent, unless somebody stands in between, or the keeper has to be asked.
            text.add("is_told_later = send is trace and size <= SMALL_BYTES")
            with text.block("if not is_told_later:"):
                self.note('answered, made, ended, "JSONResponse", size')
        with text.block("else:"):
            self.note("returned, ended")

    def send_json(self, start: str) -> None:
        """Write how the answer is sent: past the tap where it is told later."""
        text = self.text
        with text.block("if is_told_later:"):
            text.add("pass_on, has_begun = send.pass_on, False")
            with text.block("try:"):
                text.add(
                    f"await pass_on({start})",
                    "has_begun = trace.answered = True",
                    'if scope["method"] == "HEAD": body = b""',
                    'await pass_on({"type": "http.response.body", "body": body})',
                )
            with text.block("except BaseException as error:"):
                self.note('answered, made, ended, "JSONResponse", size')
                with text.block("if has_begun:"):
                    self.note(f"response_started, now(), {self.status_code}, headers.copy()")
                text.add("raise_from_send(error)")
            status = self.status_code
            said = f"now(), made, ended, {status}, JSON_HEADERS[size], size, body"
            self.note(f"answered_and_sent, {said}")
        with text.block("else:"):
            super().send_json(start)

    def send_response(self, otherwise: str) -> None:
        """Write how a response is sent: past the tap, as JSON is, where nothing can be said of that but what
        one note says.
        """
        text = self.text
        plain = "result.__class__.__call__ is send_whole and result.background is None"
        small = "result.body.__class__ is bytes and len(result.body) <= SMALL_BYTES"
        with text.block(f"if send is trace and {plain} and {small}:"):
            text.add(
                "pass_on, has_begun, headers = send.pass_on, False, result.raw_headers",
                'body = b"" if scope["method"] == "HEAD" else result.body',
            )
            with text.block("try:"):
                text.add(
                    'await pass_on({"type": "http.response.start", "status": result.status_code,'
                    ' "headers": headers})',
                    "has_begun = trace.answered = True",
                    'await pass_on({"type": "http.response.body", "body": body})',
                )
            with text.block("except BaseException as error:"):
                with text.block("if has_begun:"):
                    self.note("response_started, now(), result.status_code, list(headers)")
                text.add("scope[RESPONSE_STARTED] = True", "raise_from_send(error)")
            self.note("sent, now(), result.status_code, tuple(headers), body")
        text.add(f"else: await {otherwise}")

    def make_response(self, line: str) -> None:
        text = self.text
        self.note("returned, ended")
        with text.block(f"if not {text.name(SENDABLE)}[result.__class__]:"):
            text.add(line, f"{text.name(_note_made)}(trace, result, ended)")


def _note_made(trace: Trace, response: Response, began_ns: int) -> None:
    if not isinstance(response, StreamingResponse) and hasattr(response, "body"):
        made_as, size = type(response).__name__, len(response.body)
        trace.note((notes.serialised, time.monotonic_ns(), made_as, size, began_ns))


class _Description:
    """Describes the parameters of one route, given what came for each and what it became: the values of a
    `BoundParameter` each, in the order of its fields.
    """

    __slots__ = ("_fields",)

    def __init__(self, plan: ParameterPlan) -> None:
        self._fields = [
            (field, _name_converter(field), call.asked_by) for call in plan.calls for field in call.fields
        ]

    def __call__(self, *taken: Any) -> list[tuple[Any, ...]]:
        given, described = iter(taken), []
        for field, converter, asked_by in self._fields:
            came, value = next(given), next(given)
            if field.body_use is BodyUse.KEY:
                came = to_json(parse(came)[field.alias], inf_nan_mode="constants", fallback=repr).decode()
            kind, is_default = field.declared_type, came is None
            described.append(
                (field.name, field.alias, field.source, came, kind, converter, value, is_default, asked_by)
            )
        return described


def _name_converter(field: Field) -> str:
    return "text" if field.any_text and field.source not in ("path", "body") else field.converter_name
