"""The ASGI applications behind routes: request in, the user's function called, response out."""

from collections.abc import Awaitable, Callable

from miniframework.answering.answer import Answer
from miniframework.exception_handlers import (
    ExceptionHandlers,
    answer_problems,
    find_error_page,
    forget_frames,
)
from miniframework.http.exceptions import RequestValidationError
from miniframework.http.request import Request
from miniframework.http.response import Response
from miniframework.http.streaming import StreamingResponse
from miniframework.middleware.held import Hold, hold_or_stop
from miniframework.middleware.passed import Running, stop_at_start
from miniframework.params.field import BodyKind, ParameterPlan
from miniframework.params.problems import Problem
from miniframework.serving.call import Call
from miniframework.serving.compiled.during import replay
from miniframework.serving.compiled.held import compile_held
from miniframework.serving.compiled.reference import Came
from miniframework.serving.compiled.route import compile_route
from miniframework.serving.compiled.shown import ShownCode, show_route
from miniframework.serving.compiled.told import compile_told
from miniframework.serving.planned import PlannedEndpoint, deliver, send_nothing
from miniframework.telling.story import Story
from miniframework.telling.trace import current_exchange
from miniframework.types import ASGIApp, Message, Receive, Scope, Send


class HttpEndpoint(PlannedEndpoint):
    """Answers one HTTP route: by code compiled for it where that can be, else by the loop over its plan.

    The loop is the reference: it serves what is told to listeners event by event, and all that the compiled
    code refers to it. For a story, of which only notes are taken, there is code of its own. `serve` is for
    who knows already that nobody records the request.
    """

    __slots__ = ("hold", "serve", "tell_story")

    def __init__(self, call: Call, handlers: ExceptionHandlers, answer: Answer) -> None:
        super().__init__(call, handlers, answer)
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

    async def refer_held(
        self, scope: Scope, receive: Receive, send: Send, running: Running, message: Message | None
    ) -> Response:
        """Give what answers the request, as the loop over the plan makes it."""
        plan = self._call.plan
        if not _can_hold(plan):  # a test replaced a dependency by one that is cleaned up
            return await stop_at_start(self.refer, scope, receive, send, running)
        receive = replay(message, receive)
        request, answered = Request(scope, receive) if plan.needs_request else None, None
        try:
            response = await self._respond(plan, scope, receive, send_nothing, request)
        except Exception as error:
            response, answered = await self._answer_error(error, request or Request(scope, receive)), error
            if response is None:
                raise
        assert response is not None
        return await self.hand_over(response, request, scope, receive, send, running, answered)

    async def hand_over(
        self,
        response: Response,
        request: Request | None,
        scope: Scope,
        receive: Receive,
        send: Send,
        running: Running,
        answered: Exception | None = None,
    ) -> Response:
        """Give what `call_next` gives of a response, which may answer an exception.

        The frames of that, and the files of the request's form, are let go when it was sent.
        """

        async def send_and_close(scope: Scope, receive: Receive, send: Send) -> None:
            try:
                await deliver(response, request, scope, receive, send)
            finally:
                if request is not None and request.has_form:
                    await request.close()
                if answered is not None:
                    forget_frames(answered)

        has_frames = answered is not None and answered.__traceback__ is not None
        if not has_frames and (
            request is None or not (request.has_form or isinstance(response, StreamingResponse))
        ):
            return await hold_or_stop(response, scope, receive, send, running)
        return await stop_at_start(send_and_close, scope, receive, send, running)

    async def fail_held(
        self, error: Exception, scope: Scope, receive: Receive, send: Send, running: Running, came: Came
    ) -> Response:
        """Give the response to an exception; raise what no handler answers."""
        response, request = await self._answer_or_raise(error, scope, receive, came)
        return await self.hand_over(response, request, scope, receive, send, running, error)

    async def fail(self, error: Exception, scope: Scope, receive: Receive, send: Send, came: Came) -> None:
        """Answer an exception of the user's code or of the parameters; raise what no handler answers."""
        response, request = await self._answer_or_raise(error, scope, receive, came)
        await deliver(response, request, scope, receive, send)
        forget_frames(error)

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
            await deliver(response, None, scope, receive, send)
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


def _can_hold(plan: ParameterPlan) -> bool:
    """Tell whether nothing is cleaned up after the response was sent."""
    return not plan.cleans_up and plan.body_kind is not BodyKind.FORM
