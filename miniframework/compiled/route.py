"""One route as one function: parameters, dependencies, the call, the answer."""

from collections.abc import Mapping
from typing import Any, Protocol

from pydantic import ValidationError

from miniframework.background import BackgroundTasks
from miniframework.call import Call
from miniframework.compiled import during
from miniframework.compiled.simple import is_simple
from miniframework.compiled.writer import Writer
from miniframework.concurrency import run_in_threadpool
from miniframework.dependencies.security_scopes import SecurityScopes
from miniframework.dependencies.swallowed import after_swallowing
from miniframework.http.answer import Answer
from miniframework.http.content_length import content_length
from miniframework.http.request import Request
from miniframework.http.response import Response
from miniframework.http.started import RESPONSE_STARTED
from miniframework.params.problems import Problem
from miniframework.params.reader import read_query
from miniframework.types import ASGIApp, Message, Receive, Scope, Send

# What is there of the request when the reference is called: what was received of it, or how it was seen.
Came = Message | Request | None

KNOWN: Mapping[str, Any] = {
    "BackgroundTasks": BackgroundTasks,
    "JSON_TYPE": (b"content-type", b"application/json"),
    "RESPONSE_STARTED": RESPONSE_STARTED,
    "Request": Request,
    "Response": Response,
    "SecurityScopes": SecurityScopes,
    "ValidationError": ValidationError,
    "after_swallowing": after_swallowing,
    "content_length": content_length,
    "end_failed": during.end_failed,
    "in_thread": during.in_thread,
    "is_json": during.is_json,
    "note": during.note,
    "note_missing": during.note_missing,
    "parse": during.parse,
    "read_cookies": during.read_cookies,
    "read_query": read_query,
    "refuse_second_yield": during.refuse_second_yield,
    "request_with": during.request_with,
    "send_whole": Response.__call__,
    "to_thread": run_in_threadpool,
}


class Endpoint(Protocol):
    """The reference, and what the code leaves to it."""

    async def refer(self, scope: Scope, receive: Receive, send: Send, message: Message | None) -> None:
        """Serve the whole request; `message` is what was received of it already."""

    async def fail(self, error: Exception, scope: Scope, receive: Receive, send: Send, came: Came) -> None:
        """Answer an exception of the user's code."""

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

    def to_response(self, value: object, draft: Response | None, tasks: BackgroundTasks | None) -> Response:
        """Make what the endpoint returned a response, with what was said to the one it asked for."""

    async def send_response(
        self, response: Response, request: Request | None, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Send what the endpoint returned."""


def compile_route(call: Call, endpoint: Endpoint, answer: Answer) -> ASGIApp | None:
    """Write and compile the function that serves a route; None where only the reference can.

    The function expects what dispatching leaves in the scope. It tells nobody what it does. While tests
    replace dependencies, it hands everything to the reference.
    """
    if not is_simple(call.plans.plain):
        return None
    writer = Writer(call, endpoint, answer)
    writer.write()
    return writer.text.compile(KNOWN)
