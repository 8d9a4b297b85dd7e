"""The ASGI applications behind routes: request in, the user's function called, response out."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, assert_never, cast

from miniframework import notes
from miniframework.background import BackgroundTasks
from miniframework.call import Call
from miniframework.compiled.during import replay
from miniframework.compiled.held import compile_held
from miniframework.compiled.route import Came, compile_route
from miniframework.compiled.shown import ShownCode, show_route
from miniframework.compiled.told import compile_told
from miniframework.dependencies.resolver import call_dependencies, resolve_dependencies
from miniframework.exception_handlers import ExceptionHandlers, answer_problems, find_error_page
from miniframework.http.answer import Answer
from miniframework.http.connection import Connection
from miniframework.http.exceptions import RequestValidationError
from miniframework.http.limits import FORM_LIMITS
from miniframework.http.mounting import SendWatch
from miniframework.http.request import Request
from miniframework.http.response import Response
from miniframework.http.started import RESPONSE_STARTED
from miniframework.http.streaming import StreamingResponse
from miniframework.middleware.held import Hold, hold_or_stop
from miniframework.middleware.passed import Running, stop_at_start
from miniframework.params.field import BodyKind, ParameterPlan
from miniframework.params.form_content import FormContent, read_form_content
from miniframework.params.problems import Problem
from miniframework.route_class import EXIT_STACK
from miniframework.story import Story
from miniframework.trace import Trace, current_exchange, find_trace
from miniframework.types import ASGIApp, Message, Receive, Scope, Send

# RFC 6455 section 7.4.1: a message that violates the endpoint's policy.
_POLICY_VIOLATION = 1008
# RFC 6455 section 5.5: a control frame has at most 125 bytes, two of which are the close code.
_REASON_BYTES = 123


class HttpEndpoint:
    """Answers one HTTP route: by code compiled for it where that can be, else by the loop over its plan.

    The loop is the reference: it serves what is told to listeners event by event, and all that the compiled
    code refers to it. For a story, of which only notes are taken, there is code of its own. `serve` is for
    who knows already that nobody records the request.
    """

    __slots__ = ("_answer", "_call", "_handlers", "hold", "serve", "tell_story")

    def __init__(self, call: Call, handlers: ExceptionHandlers, answer: Answer) -> None:
        self._call = call
        self._handlers = handlers
        self._answer = answer
        self.serve: ASGIApp = self._compile_and_serve
        # As `serve`, giving what `call_next` gives; None in its place where that cannot be.
        self.hold: Hold = self._compile_and_hold
        # As `serve`, of a request that is told in a story.
        self.tell_story: Callable[[Scope, Receive, Send, Story], Awaitable[None]] = self._compile_and_tell

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Bind, call, send. What no handler answers passes on; it is marked when a response has begun."""
        trace = current_exchange.get()
        if trace is None or trace.ended:
            return self.serve(scope, receive, send)
        if isinstance(trace, Story):
            return self.tell_story(scope, receive, send, trace)
        return self.refer(scope, receive, send)

    @property
    def call(self) -> Call:
        """The function it calls, with its plan."""
        return self._call

    def show_code(self) -> ShownCode | None:
        """Give the compiled function as text, None where the loop over the plan serves."""
        return show_route(self._call, self, self._answer)

    def _compile_and_serve(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Compile at the first request: an application that starts pays for none."""
        self.serve = compile_route(self._call, self, self._answer) or self.refer
        return self.serve(scope, receive, send)

    def _compile_and_hold(
        self, scope: Scope, receive: Receive, send: Send, running: Running
    ) -> Awaitable[Response] | None:
        self.hold = compile_held(self._call, self, self._answer) or self._hold_by_reference
        return self.hold(scope, receive, send, running)

    def _hold_by_reference(
        self, scope: Scope, receive: Receive, send: Send, running: Running
    ) -> Awaitable[Response] | None:
        if not _can_hold(self._call.plan):
            return None
        return self.refer_held(scope, receive, send, running, None)

    def _compile_and_tell(self, scope: Scope, receive: Receive, send: Send, story: Story) -> Awaitable[None]:
        self.tell_story = compile_told(self._call, self, self._answer) or self._refer_told
        return self.tell_story(scope, receive, send, story)

    def _refer_told(self, scope: Scope, receive: Receive, send: Send, story: Story) -> Awaitable[None]:
        return self.refer(scope, receive, send)

    async def respond(self, request: Request) -> Response:
        """Give the response instead of sending it, for a route class; errors are raised.

        Dependencies are cleaned up with the stack that the route class's endpoint put into the scope.
        """
        plan, scope = self._call.plan, request.scope
        if not plan.dependencies or not plan.cleans_up:
            response = await self._respond(plan, scope, request.receive, _send_nothing, request)
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
            await _send_response(response, request, scope, receive, send)
        else:
            if response is not None:
                await self.send_response(response, request, scope, receive, send)

    async def refer_held(
        self, scope: Scope, receive: Receive, send: Send, running: Running, message: Message | None
    ) -> Response:
        """Give what answers the request, as the loop over the plan makes it."""
        plan = self._call.plan
        if not _can_hold(plan):  # a test replaced a dependency by one that is cleaned up
            return await stop_at_start(self.refer, scope, receive, send, running)
        receive = replay(message, receive)
        request = Request(scope, receive) if plan.needs_request else None
        try:
            response = await self._respond(plan, scope, receive, _send_nothing, request)
        except Exception as error:
            response = await self._answer_error(error, request or Request(scope, receive))
            if response is None:
                raise
        assert response is not None
        return await self.hand_over(response, request, scope, receive, send, running)

    async def hand_over(
        self,
        response: Response,
        request: Request | None,
        scope: Scope,
        receive: Receive,
        send: Send,
        running: Running,
    ) -> Response:
        """Give what `call_next` gives of a response; after it, the files of the request's form are closed."""

        async def send_and_close(scope: Scope, receive: Receive, send: Send) -> None:
            try:
                await _send_response(response, request, scope, receive, send)
            finally:
                if request is not None and request.has_form:
                    await request.close()

        if request is None or not (request.has_form or isinstance(response, StreamingResponse)):
            return await hold_or_stop(response, scope, receive, send, running)
        return await stop_at_start(send_and_close, scope, receive, send, running)

    async def fail_held(
        self, error: Exception, scope: Scope, receive: Receive, send: Send, running: Running, came: Came
    ) -> Response:
        """Give the response to an exception; raise what no handler answers."""
        response, request = await self._answer_or_raise(error, scope, receive, came)
        return await self.hand_over(response, request, scope, receive, send, running)

    async def fail(self, error: Exception, scope: Scope, receive: Receive, send: Send, came: Came) -> None:
        """Answer an exception of the user's code or of the parameters; raise what no handler answers."""
        response, request = await self._answer_or_raise(error, scope, receive, came)
        await _send_response(response, request, scope, receive, send)

    async def refuse(
        self,
        problems: list[Problem],
        sent: object,
        scope: Scope,
        receive: Receive,
        send: Send,
        message: Message | None,
    ) -> None:
        """Answer the problems of the parameters; `sent` is the value of the body."""
        if self._handlers.answer_problems_plainly and find_error_page(scope) is None:  # as `fail` would
            response = answer_problems(problems)
            await _send_response(response, None, scope, receive, send)
        else:
            await self.fail(RequestValidationError(problems, body=sent), scope, receive, send, message)

    async def refuse_held(
        self,
        problems: list[Problem],
        sent: object,
        scope: Scope,
        receive: Receive,
        send: Send,
        running: Running,
        message: Message | None,
    ) -> Response:
        """Give the response to the problems of the parameters."""
        error = RequestValidationError(problems, body=sent)
        return await self.fail_held(error, scope, receive, send, running, message)

    async def _answer_or_raise(
        self, error: Exception, scope: Scope, receive: Receive, came: Came
    ) -> tuple[Response, Request]:
        request = came if isinstance(came, Request) else Request(scope, replay(came, receive))
        response = await self._answer_error(error, request)
        if response is None:
            raise error
        return response, request

    async def _answer_error(self, error: Exception, request: Request) -> Response | None:
        if RESPONSE_STARTED in request.scope:
            return None
        return await self._handlers.answer(request, error)

    async def send_response(
        self, response: Response, request: Request | None, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Send what the user's function returned. What fails before anything was sent is answered."""
        try:
            await _send_response(response, request, scope, receive, send)
        except Exception as error:
            answer = await self._answer_error(error, request or Request(scope, receive))
            if answer is None:
                raise
            await _send_response(answer, request, scope, receive, send)

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
            await _send_response(response, request, scope, receive, send)
        return None

    def _make_told(self, value: Any, special: dict[type, object], trace: Trace | None) -> Response:
        """Make the response; a recorded request hears what it took to turn a value into a body."""
        if trace is None or isinstance(value, Response):
            return self._to_response(value, special)
        began_ns = time.monotonic_ns()
        response = self._to_response(value, special)
        if isinstance(response, StreamingResponse):
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
        if isinstance(value, Response):
            if tasks is not None and value.background is None:
                value.background = tasks
            return value
        usual = self._answer.status_code or 200
        changed = None if draft is None or draft.status_code == usual else draft.status_code
        response = self._answer.make(value, changed)
        if draft is not None:
            response.raw_headers += [pair for pair in draft.raw_headers if pair[0] != b"content-length"]
        if tasks is not None:
            response.background = tasks
        return response


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


async def _read_body(plan: ParameterPlan, request: Request) -> bytes | FormContent | None:
    match plan.body_kind:
        case BodyKind.NONE:
            return None
        case BodyKind.JSON:
            return await request.body()
        case BodyKind.FORM:
            return await read_form_content(await request.form(**request.scope.get(FORM_LIMITS, {})), plan)
        case _:
            assert_never(plan.body_kind)


def _can_hold(plan: ParameterPlan) -> bool:
    """Tell whether nothing is cleaned up after the response was sent."""
    return not plan.cleans_up and plan.body_kind is not BodyKind.FORM


async def _send_response(
    response: Response, request: Request | None, scope: Scope, receive: Receive, send: Send
) -> None:
    if request is not None and isinstance(response, StreamingResponse) and request.has_unread_body:
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


def _may_fail_unsent(response: Response) -> bool:
    """Tell whether a class of its own way sends it, which may look for a file before the first message."""
    return type(response).__call__ is not Response.__call__ and not isinstance(response, StreamingResponse)


async def _send_nothing(message: Message) -> None:
    raise AssertionError(f"nothing is sent from here: {message['type']}")


async def _wait_forever() -> Message:
    await asyncio.Event().wait()
    raise AssertionError("nobody sets this event")
