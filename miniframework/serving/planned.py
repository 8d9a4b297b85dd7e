"""One request answered by a loop over the plan of its route: the readable way, and the reference."""

import asyncio
import time
from typing import Any, assert_never, cast

from miniframework.answering.answer import Answer
from miniframework.background import BackgroundTasks
from miniframework.dependencies.resolver import call_dependencies, resolve_dependencies
from miniframework.exception_handlers import ExceptionHandlers, forget_frames
from miniframework.http.connection import Connection
from miniframework.http.limits import FORM_LIMITS
from miniframework.http.mounting import SendWatch
from miniframework.http.request import Request
from miniframework.http.response import Response, settle_length
from miniframework.http.sendable import is_sendable
from miniframework.http.started import RESPONSE_STARTED
from miniframework.http.streaming import StreamingResponse
from miniframework.params.field import BodyKind, ParameterPlan
from miniframework.params.form_content import FormContent, read_form_content
from miniframework.params.own_body import read_own_body, refuse_unreadable
from miniframework.params.reader import SentBody
from miniframework.serving.call import Call
from miniframework.serving.compiled.during import replay
from miniframework.serving.route_class import EXIT_STACK
from miniframework.telling import notes
from miniframework.telling.trace import Trace, find_trace
from miniframework.types import Message, Receive, Scope, Send


class PlannedEndpoint:
    """Answers one HTTP route by its plan: binds the parameters, runs the dependencies, calls the user's
    function, makes a response of what it returns, and sends that. What no handler answers is raised.
    """

    __slots__ = ("_answer", "_call", "_handlers")

    def __init__(self, call: Call, handlers: ExceptionHandlers, answer: Answer) -> None:
        self._call = call
        self._handlers = handlers
        self._answer = answer

    async def refer(self, scope: Scope, receive: Receive, send: Send, message: Message | None = None) -> None:
        """Serve by the loop over the plan; `message` is what was received of the request already."""
        receive = replay(message, receive)
        plan = self._call.plan
        request = Request(scope, receive) if plan.needs_request else None
        try:
            await self._serve_planned(plan, scope, receive, send, request)
        finally:
            if request is not None and request.has_form:
                await request.close()

    async def _serve_planned(
        self, plan: ParameterPlan, scope: Scope, receive: Receive, send: Send, request: Request | None
    ) -> None:
        try:
            response = await self._respond(plan, scope, receive, send, request)
        except Exception as error:
            response = await self._answer_error(error, request or Request(scope, receive))
            if response is None:
                raise
            await deliver(response, request, scope, receive, send)
            forget_frames(error)
        else:
            if response is not None:
                await self.send_response(response, request, scope, receive, send)

    async def _respond(
        self, plan: ParameterPlan, scope: Scope, receive: Receive, send: Send, request: Request | None
    ) -> Response | None:
        """Give the response to send; None when it was sent already, inside its dependencies' block."""
        trace = find_trace()
        special = _make_special(plan, request, self._answer.status_code or 200)
        body = None if request is None else await _read_body(plan, request)
        bound = self._call.bind(plan, scope, body, special, trace)
        if not plan.dependencies:
            return self._make_told(await self._call.run(bound.arguments, trace), special, trace)
        if not plan.cleans_up:
            values = await call_dependencies(
                plan.dependencies, bound.dependency_arguments, trace, bound.refused
            )
            return self._make_told(await self._call.run_with(bound, values, trace), special, trace)
        needed = resolve_dependencies(plan.dependencies, bound.dependency_arguments, trace, bound.refused)
        async with needed as resolved:
            value = await self._call.run_with(bound, resolved.values, trace)
            response = self._make_told(value, special, trace)
            await resolved.end_call()
            scope[RESPONSE_STARTED] = True
            await deliver(response, request, scope, receive, send)
        return None

    def _make_told(self, value: Any, special: dict[type, object], trace: Trace | None) -> Response:
        """Make the response; a recorded request hears what it took to turn a value into a body."""
        if trace is None or is_sendable(value):
            return self._to_response(value, special)
        began_ns = time.monotonic_ns()
        response = self._to_response(value, special)
        if isinstance(response, StreamingResponse) or not hasattr(response, "body"):
            return response  # its body is made while it is sent
        made_as, size = type(response).__name__, len(response.body)
        trace.note((notes.serialised, time.monotonic_ns(), made_as, size, began_ns))
        return response

    def _to_response(self, value: Any, special: dict[type, object]) -> Response:
        draft = cast(Response | None, special.get(Response))
        return self.to_response(value, draft, cast(BackgroundTasks | None, special.get(BackgroundTasks)))

    def to_response(self, value: Any, draft: Response | None, tasks: BackgroundTasks | None) -> Response:
        """Make a value the response, with what the user's functions said to the one they asked for, and the
        tasks they left.
        """
        if is_sendable(value):
            sent: Response = value
            if sent is draft:
                settle_length(sent)
            if tasks is not None and getattr(sent, "background", None) is None:
                sent.background = tasks
            return sent
        usual = self._answer.status_code or 200
        changed = None if draft is None or draft.status_code == usual else draft.status_code
        response = self._answer.make(value, changed)
        if draft is not None:
            response.raw_headers += [pair for pair in draft.raw_headers if pair[0] != b"content-length"]
        if tasks is not None:
            response.background = tasks
        return response

    async def respond(self, request: Request) -> Response:
        """Give the response instead of sending it, for a route class; errors are raised.

        Dependencies are cleaned up with the stack that the route class's endpoint put into the scope.
        """
        plan, scope = self._call.plan, request.scope
        if not plan.dependencies or not plan.cleans_up:
            response = await self._respond(plan, scope, request.receive, send_nothing, request)
            assert response is not None
            return response
        trace = find_trace()
        special = _make_special(plan, request, self._answer.status_code or 200)
        bound = self._call.bind(plan, scope, await _read_body(plan, request), special, trace)
        needed = resolve_dependencies(plan.dependencies, bound.dependency_arguments, trace, bound.refused)
        resolved = await scope[EXIT_STACK].enter_async_context(needed)
        response = self._make_told(await self._call.run_with(bound, resolved.values, trace), special, trace)
        await resolved.end_call()
        return response

    async def _answer_error(self, error: Exception, request: Request) -> Response | None:
        if RESPONSE_STARTED in request.scope:
            return None
        return await self._handlers.answer(request, error)

    async def send_response(
        self, response: Response, request: Request | None, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Send what the user's function returned. What fails before anything was sent is answered."""
        try:
            await deliver(response, request, scope, receive, send)
        except Exception as error:
            answer = await self._answer_error(error, request or Request(scope, receive))
            if answer is None:
                raise
            await deliver(answer, request, scope, receive, send)
            forget_frames(error)


def _make_special(plan: ParameterPlan, request: Request | None, status_code: int) -> dict[type, object]:
    """Make what the plan's functions ask for by type, and nothing else."""
    special: dict[type, object] = {}
    if not plan.wants:
        return special
    if request is not None:
        special[Request] = special[Connection] = request
    if Response in plan.wants:
        special[Response] = Response(b"", status_code)
    if BackgroundTasks in plan.wants:
        special[BackgroundTasks] = BackgroundTasks()
    return special


async def _read_body(plan: ParameterPlan, request: Request) -> SentBody:
    if EXIT_STACK not in request.scope:
        return await _read_sent(plan, request)
    with refuse_unreadable():  # a route class may give a Request of its own, or one that was read
        if plan.body_kind is BodyKind.JSON:
            return await read_own_body(request, plan)
        return await _read_sent(plan, request)


async def _read_sent(plan: ParameterPlan, request: Request) -> bytes | FormContent | None:
    match plan.body_kind:
        case BodyKind.NONE:
            return None
        case BodyKind.JSON:
            return await request.body()
        case BodyKind.FORM:
            return await read_form_content(await request.form(**request.scope.get(FORM_LIMITS, {})), plan)
        case _:
            assert_never(plan.body_kind)


async def deliver(
    response: Response, request: Request | None, scope: Scope, receive: Receive, send: Send
) -> None:
    """Send a response to `request`, and mark in the scope whether it had begun when that fails."""
    if request is not None and request.has_unread_body and _may_listen(response):
        receive = _wait_forever  # the handler still reads the body; two readers would steal from each other
    watch = SendWatch(send) if _may_fail_unsent(response) else None
    try:
        await response(scope, receive, watch or send)
    except BaseException:
        if watch is None or watch.started:
            scope[RESPONSE_STARTED] = True
        else:
            scope.pop(RESPONSE_STARTED, None)
        raise


def _may_listen(response: Response) -> bool:
    """Tell whether it hears that the client leaves while it is sent, as a stream does."""
    return isinstance(response, StreamingResponse) or not isinstance(response, Response)


def _may_fail_unsent(response: Response) -> bool:
    """Tell whether a class of its own way sends it, which may look for a file before the first message."""
    return type(response).__call__ is not Response.__call__ and not isinstance(response, StreamingResponse)


async def send_nothing(message: Message) -> None:
    """Be the `send` of who gives a response instead of sending it."""
    raise AssertionError(f"nothing is sent from here: {message['type']}")


async def _wait_forever() -> Message:
    await asyncio.Event().wait()
    raise AssertionError("nobody sets this event")
