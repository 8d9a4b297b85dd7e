"""One route as one function that gives its response instead of sending it, for middleware that asks."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from miniframework.call import Call
from miniframework.compiled.route import JSON_TYPE, KNOWN, Endpoint, Writer, is_simple
from miniframework.http.answer import Answer
from miniframework.middleware.held import HeldResponse
from miniframework.params.problems import Problem
from miniframework.types import ASGIApp, Message, Receive, Scope, Send

_KNOWN = {**KNOWN, "HeldResponse": HeldResponse}


class HoldingEndpoint(Endpoint, Protocol):
    """The reference, where its response is asked for."""

    async def refer_held(
        self, scope: Scope, receive: Receive, send: Send, message: Message | None
    ) -> ASGIApp:
        """Give what answers the request, as the loop over the plan makes it."""

    async def fail_held(
        self,
        error: Exception,
        scope: Scope,
        receive: Receive,
        send: Send,
        message: Message | None,
    ) -> ASGIApp:
        """Give the response to an exception of the user's code."""

    async def refuse_held(
        self,
        problems: list[Problem],
        sent: object,
        scope: Scope,
        receive: Receive,
        send: Send,
        message: Message | None,
    ) -> ASGIApp:
        """Give the response to the problems of the parameters."""


def compile_held(
    call: Call, endpoint: HoldingEndpoint, answer: Answer
) -> Callable[[Scope, Receive, Send], Awaitable[ASGIApp]] | None:
    """Write and compile the function; None where only the reference can."""
    plan = call.plans.plain
    if not is_simple(plan) or plan.cleans_up:
        return None
    writer = _HoldingWriter(call, endpoint, answer)
    writer.write()
    return writer.text.compile(_KNOWN)


class _HoldingWriter(Writer):
    def __init__(self, call: Call, endpoint: HoldingEndpoint, answer: Answer) -> None:
        super().__init__(call, endpoint, answer)
        self.refer: Callable[..., Any] = endpoint.refer_held
        self.fail: Callable[..., Any] = endpoint.fail_held
        self.refuse: Callable[..., Any] = endpoint.refuse_held

    def make_json(self) -> None:
        with self.text.block("if result.__class__ is dict or not isinstance(result, Response):"):
            content_type, status = self.text.name(JSON_TYPE), self.text.name(self.status_code)
            self.text.add(
                f"body = {self.encoded}",
                f"headers = [{content_type}, content_length(len(body))]",
                'if scope["method"] == "HEAD": body = b""',
                f"result = HeldResponse({status}, headers, body)",
            )

    def send(self) -> None:
        self.text.add("return result")
