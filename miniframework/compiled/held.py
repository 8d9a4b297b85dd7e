"""One route as one function that gives its response instead of sending it, for middleware that asks."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from miniframework.call import Call
from miniframework.compiled.route import KNOWN
from miniframework.compiled.simple import is_simple
from miniframework.compiled.writer import Writer
from miniframework.http.answer import Answer
from miniframework.http.response import Response
from miniframework.middleware.held import HeldResponse, Running, hold_on
from miniframework.types import Receive, Scope, Send

if TYPE_CHECKING:  # the reference, to which the code leaves what it does not do, stands on a floor above
    from miniframework.endpoint import HttpEndpoint

_KNOWN = {**KNOWN, "HeldResponse": HeldResponse, "hold_on": hold_on}


def compile_held(
    call: Call, endpoint: "HttpEndpoint", answer: Answer
) -> Callable[[Scope, Receive, Send, Running], Awaitable[Response]] | None:
    """Write and compile the function; None where only the reference can."""
    plan = call.plans.plain
    if not is_simple(plan) or plan.cleans_up:
        return None
    writer = _HoldingWriter(call, endpoint, answer)
    writer.write()
    return writer.text.compile(_KNOWN)


class _HoldingWriter(Writer):
    more_given = handed_on = ("running",)
    methods = ("refer_held", "fail_held", "refuse_held")

    def use_request(self) -> None:
        self.call_and_send()  # what hands its response over closes its form

    def make_json(self) -> None:
        with self.encoding():
            self.text.add(
                "result = HeldResponse()",  # and so on, as `hold_new` does, without a call
                f"result.status_code = {self.status_code}",
                "result.raw_headers = [content_length(len(body)), JSON_TYPE]",
                'result.whole_body = b"" if scope["method"] == "HEAD" else body',
                'result.body = b""',
                "result.background = result.iterator = result.of = None",
                "result.was_sent = False",
            )

    def send(self) -> None:
        request = "request" if self.names_request else "None"
        hand_over = f"await {self.endpoint}.hand_over(result, {request}, {self.request})"
        if self.names_request:
            self.text.add(f"if request.has_form: return {hand_over}")
        self.text.add(
            "if result.__class__ is HeldResponse: return result",
            f"return hold_on(result, scope) or {hand_over}",
        )
