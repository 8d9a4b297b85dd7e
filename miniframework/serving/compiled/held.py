"""One route as one function that gives its response instead of sending it, for middleware that asks."""

from collections.abc import Awaitable, Callable

from miniframework.answering.answer import Answer
from miniframework.http.headers import MutableHeadersView
from miniframework.http.response import Response
from miniframework.middleware.held import HeldResponse, Running, hold_on
from miniframework.serving.call import Call
from miniframework.serving.compiled.reference import Reference
from miniframework.serving.compiled.route import KNOWN
from miniframework.serving.compiled.simple import is_simple
from miniframework.serving.compiled.writer import Writer
from miniframework.types import Receive, Scope, Send

_KNOWN = {
    **KNOWN,
    "HeldResponse": HeldResponse,
    "MutableHeadersView": MutableHeadersView,
    "hold_on": hold_on,
}


def compile_held(
    call: Call, endpoint: Reference, answer: Answer
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
                "size = len(body)",
                "length = READY_LENGTHS[size] if size < 2048 else content_length(size)",
                "result = HeldResponse()",
                f"result.status_code = {self.status_code}",
                "result.headers = headers = MutableHeadersView()",
                "headers.raw = [length, JSON_TYPE]",
                'result.whole_body = b"" if scope["method"] == "HEAD" else body',
                "result.rest = None",
                "if not request.has_form: return result" if self.names_request else "return result",
            )

    def send(self) -> None:
        request = "request" if self.names_request else "None"
        hand_over = f"await {self.endpoint}.hand_over(result, {request}, {self.request})"
        if self.names_request:
            self.text.add(f"if request.has_form: return {hand_over}")
        self.text.add(f"return hold_on(result, scope, running) or {hand_over}")
