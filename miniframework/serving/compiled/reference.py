"""What compiled code leaves to the loop over the plan: see `miniframework.serving.endpoint`."""

from typing import Any, Protocol

from miniframework.background import BackgroundTasks
from miniframework.http.request import Request
from miniframework.http.response import Response
from miniframework.middleware.passed import Running
from miniframework.params.problems import Problem
from miniframework.types import Message, Receive, Scope, Send

# What is there of the request when the reference is called: what was received of it, or how it was seen.
Came = Message | Request | None


class Reference(Protocol):
    """Serves the same route by the loop; what ends in `held` gives the response instead of sending it."""

    async def refer(self, scope: Scope, receive: Receive, send: Send, message: Message | None = None) -> None:
        """Serve from the beginning; `message` is what was received of the request already."""

    async def fail(self, error: Exception, scope: Scope, receive: Receive, send: Send, came: Came) -> None:
        """Answer an exception of the user's code or of the parameters; raise what no handler answers."""

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

    async def refer_held(
        self, scope: Scope, receive: Receive, send: Send, running: Running, message: Message | None
    ) -> Response:
        """As `refer`."""

    async def fail_held(
        self, error: Exception, scope: Scope, receive: Receive, send: Send, running: Running, came: Came
    ) -> Response:
        """As `fail`."""

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
        """As `refuse`."""

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

    def to_response(self, value: Any, draft: Response | None, tasks: BackgroundTasks | None) -> Response:
        """Make what the function returned the response."""

    async def send_response(
        self, response: Response, request: Request | None, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Send what the function returned. What fails before anything was sent is answered."""
