"""The text of a route's function, written from its plan."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import takewhile
from types import FunctionType
from typing import TypeGuard

from miniframework.answering.answer import Answer, AnswerKind
from miniframework.background import BackgroundTasks
from miniframework.dependencies.graph import CallKind, Dependency
from miniframework.http.connection import Connection
from miniframework.http.request import Request
from miniframework.http.response import Response, has_content
from miniframework.http.sendable import SENDABLE
from miniframework.params.encode import json_encode
from miniframework.params.field import BodyKind, CallPlan
from miniframework.serving.call import Call
from miniframework.serving.compiled.reference import Reference
from miniframework.serving.compiled.steps import calling, steps
from miniframework.serving.compiled.taking import Taking
from miniframework.serving.compiled.text import FunctionText
from miniframework.serving.compiled.written import WRITERS

# How the objects that are asked for by their type are called in the text.
_SPECIAL: dict[type, str] = {
    Request: "request",
    Connection: "request",
    Response: "draft",
    BackgroundTasks: "tasks",
}


class Writer:
    """The text of one route while it is written; what a subclass may add stands in methods of its own.

    `more_given` is what the function is given beside the three of ASGI, and `handed_on` what of that the
    methods of the endpoint are given. `methods` are those for a request that is left to the reference, for an
    exception, and for problems.
    """

    more_given: tuple[str, ...] = ()
    handed_on: tuple[str, ...] = ()
    methods = ("refer", "fail", "refuse")

    def __init__(self, call: Call, endpoint: Reference, answer: Answer) -> None:
        self.text = FunctionText(self.more_given)
        self.call = call
        self.plan = call.plans.plain
        self._answer = answer
        self.endpoint = self.text.name(endpoint)
        self._refer, self._fail, self._refuse = (f"{self.endpoint}.{method}" for method in self.methods)
        self.request = ", ".join(("scope", "receive", "send", *self.handed_on))
        self.names_request = any(issubclass(one, Connection) for one in self.plan.wants)
        # What was received of the request, or how it was seen.
        self._message = "message" if self.plan.body_kind is BodyKind.JSON else "None"
        self._came = "request" if self.names_request else self._message
        self.taking = Taking(self.text, self.plan.fields, self.leave, self.raised)
        self._values: dict[object, str] = {}

    @property
    def leave(self) -> str:
        """The line that leaves the request to the reference, before anything was called."""
        return f"return await {self._refer}({self.request}, {self._message})"

    @property
    def raised(self) -> str:
        """The clause for what a validator or a factory of the user's raises.

        Where there are dependencies they are called first, and may answer: the reference knows how.
        """
        if self.plan.dependencies:
            return f"except Exception: {self.leave}"
        return f"except Exception as error: return await {self._fail}(error, {self.request}, {self._message})"

    def write(self) -> None:
        """Write the whole function."""
        text, plan = self.text, self.plan
        if plan.dependencies:
            # Nothing is received yet.
            refer = f"return await {self._refer}({self.request}, None)"
            # A cancelled scope of anyio would cut clean-up off: the reference knows how to shield it.
            scoped = " or find_scope() is not None" if plan.cleans_up else ""
            text.add(f"if {text.name(self.call.plans.slot)}.current{scoped}: {refer}")
        if any(field.source == "path" for field in plan.fields):
            text.add('path = scope["path_params"]')
        if plan.body_kind is BodyKind.JSON:
            self._read_body()
        if plan.fields:
            text.add("problems = None")
            self.taking.write_sources()
            for _, needed in plan.dependency_calls:
                self.taking.write_call(needed)
            self.taking.write_call(plan.endpoint)
            self.refuse_problems()
        self.say_bound()
        self._make_special()

    def _make_special(self) -> None:
        """Write how what is asked for by its type is made, and what follows: all the rest."""
        text, wants = self.text, self.plan.wants
        if Response in wants:
            text.add(f'draft = Response(b"", {self.status_code})')
        if BackgroundTasks in wants:
            text.add("tasks = BackgroundTasks()")
        if not self.names_request:
            self.call_and_send()
            return
        if self.plan.body_kind is BodyKind.JSON:
            text.add("request = request_with(scope, receive, body)")
        else:
            text.add("request = Request(scope, receive)")
        self.use_request()

    def use_request(self) -> None:
        """Write what follows where the user's functions see the request: the files of its form are closed."""
        with self.text.block("try:"):
            self.call_and_send()
        self.text.add("finally:", "    if request.has_form: await request.close()")

    def call_and_send(self) -> None:
        """Write the calls of the user's functions, what answers their exceptions, and the sending."""
        with self.text.block("try:"):
            self._call_all()
        with self.text.block("except Exception as error:"):
            self.text.add(f"return await {self._fail}(error, {self.request}, {self._came})")
        if not self.plan.cleans_up:
            self.send()

    def _read_body(self) -> None:
        text = self.text
        text.add("message = await receive()", 'body = message.get("body")')
        with text.block('for key, value in scope["headers"]:'), text.block('if key == b"content-type":'):
            text.add('json = value == b"application/json" or is_json(value)', "break")
        text.add(f"else: json = {self.plan.untyped_is_json}")
        text.add(f'if not body or message.get("more_body") or not json: {self.leave}')
        if self.taking.takes_bytes:
            text.add("content = None")
            return
        text.add("try: content = parse(body)", f"except ValueError: {self.leave}")

    def refuse_problems(self) -> None:
        """Write what is done when a parameter has no value."""
        with self.text.block("if problems is not None:"):
            if self.plan.dependencies:
                # Those without a problem are called first, and may answer: the reference knows how.
                self.text.add(self.leave)
                return
            sent = "content" if self.plan.body_kind is BodyKind.JSON else "None"
            if self.plan.body_kind is BodyKind.JSON and self.taking.takes_bytes:
                sent = "parse(body) if content is None else content"
            self.text.add(f"return await {self._refuse}(problems, {sent}, {self.request}, {self._message})")

    def _call_all(self) -> None:
        """Call the dependencies in their order, then the endpoint; a `yield` is a block around these."""
        text, cleans_up = self.text, self.plan.cleans_up
        calls = dict(self.plan.dependency_calls)
        if cleans_up:
            text.add("failure = None")
        with ExitStack() as blocks:
            for one, depth in steps(self.plan.dependencies, 0, set()):
                if one.key in self._values:
                    self.say_shared(one, depth)
                    continue
                value = f"d{len(self._values)}"
                made = text.name(one.call), self._arguments(calls[one.key], one.needs, one.call)
                self._values[one.key] = value
                if one.kind is CallKind.ASYNC_GENERATOR:
                    blocks.enter_context(self._inside("".join(made), value))
                else:
                    self.call_dependency(one, depth, f"{value} = {calling(one.kind, *made)}")
            self._call_endpoint()
            if cleans_up:
                self.send()
        if cleans_up:
            text.add("if failure is not None: raise after_swallowing(failure)")

    @contextmanager
    def _inside(self, generator: str, value: str) -> Iterator[None]:
        """What `async with asynccontextmanager(...)` does, without the manager and its two coroutines.

        For an exception that the dependency swallows another is raised at the end: nothing was sent.
        """
        text, at = self.text, value.replace("d", "g")
        text.add(
            f"{at} = {generator}",
            f"try: {value} = await anext({at})",
            'except StopAsyncIteration: raise RuntimeError("generator didn\'t yield") from None',
        )
        with text.block("try:"):
            yield
        with text.block("except BaseException as error:"):
            text.add("failure = error", f"if not await end_failed({at}, error): raise")
        with text.block("else:"):
            text.add(f"try: await anext({at})", "except StopAsyncIteration: pass")
            text.add(f"else: await refuse_second_yield({at})")

    def _call_endpoint(self) -> None:
        call = self.call
        arguments = self._arguments(self.plan.endpoint, self.plan.dependencies, call.function)
        called = self.text.name(call.function)
        if call.in_thread:
            self.call_endpoint(f"result = await to_thread({called}, {arguments[1:]}")
        else:
            self.call_endpoint(f"result = await {called}{arguments}")
        if self._is_drafted:
            said = [
                _SPECIAL[one] if one in self.plan.wants else "None" for one in (Response, BackgroundTasks)
            ]
            self.text.add(f"result = {self.endpoint}.to_response(result, {', '.join(said)})")
        elif self.sends_json:
            self.make_json()
        else:
            self.make_response(f"result = {self.text.name(self._answer.make)}(result)")

    def _arguments(self, call: CallPlan, needs: tuple[Dependency, ...], called: object) -> str:
        given = {name: _SPECIAL[kind] for name, kind in call.special}
        given |= {name: f"SecurityScopes({self.text.name(scopes)})" for name, scopes in call.scopes}
        given |= {field.name: self.taking.names[field] for field in call.fields}
        given |= {one.parameter: self._values[one.key] for one in needs if one.parameter is not None}
        # By position where a function's own code says which that is: the interpreter need not look for names.
        first = called.__code__.co_varnames[: called.__code__.co_argcount] if _is_written(called) else ()
        placed = [given.pop(name) for name in takewhile(given.__contains__, first)]
        return f"({', '.join([*placed, *(f'{name}={value}' for name, value in given.items())])})"

    def say_bound(self) -> None:
        """Write what is said when every parameter has a value."""

    def say_shared(self, one: Dependency, depth: int) -> None:
        """Write what is said where a value is used again."""

    def call_dependency(self, one: Dependency, depth: int, line: str) -> None:
        """Write the line that calls a dependency."""
        self.text.add(line)

    def call_endpoint(self, line: str) -> None:
        """Write the line that calls the user's function."""
        self.text.add(line)

    @property
    def sends_json(self) -> bool:
        """Whether a value becomes JSON, and not another response."""
        is_json = self._answer.kind is AnswerKind.JSON and has_content(self.status_code)
        return is_json and not self._is_drafted

    @property
    def _is_drafted(self) -> bool:
        """Whether a function says something about the response beside what is returned."""
        return Response in self.plan.wants or BackgroundTasks in self.plan.wants

    @property
    def status_code(self) -> int:
        """The status of a value that is no response."""
        return int(self._answer.status_code or 200)

    def make_json(self) -> None:
        """Write how the body is made, before anything is sent: it may fail."""
        with self.encoding():
            self.text.add("result = None")

    @contextmanager
    def encoding(self) -> Iterator[None]:
        """Write how a result that is no response becomes a body of JSON, and what follows there."""
        text, encode = self.text, self._answer.encode
        if encode is json_encode:
            text.add(f"write = {text.name(WRITERS)}[result.__class__]")
            condition, body = "if write is not None:", "write(result)"
        else:
            condition = f"if result.__class__ is dict or not {text.name(SENDABLE)}[result.__class__]:"
            body = f"{text.name(encode)}(result)"
        with text.block(condition):
            text.add(f"body = {body}")
            yield

    def make_response(self, line: str) -> None:
        """Write how a value is made a response by `line`, unless it is one."""
        self.text.add(f"if not {self.text.name(SENDABLE)}[result.__class__]: {line}")

    def send(self) -> None:
        """Write how the answer is sent, without a `return`: what follows a `yield` comes after it."""
        text = self.text
        if self.plan.cleans_up:
            text.add("scope[RESPONSE_STARTED] = True")
        request = "request" if self.names_request else "None"
        otherwise = f"{self.endpoint}.send_response(result, {request}, scope, receive, send)"
        if not self.sends_json:
            self.send_response(otherwise)
            return
        with text.block("if result is None:"):
            # To copy the message, and to look the length up, takes two thirds of what making them takes.
            start = {"type": "http.response.start", "status": self.status_code, "headers": None}
            text.add(
                "size = len(body)",
                "length = READY_LENGTHS[size] if size < 2048 else content_length(size)",
                "headers = [length, JSON_TYPE]",
                f"start = {text.name(start)}.copy()",
                'start["headers"] = headers',
            )
            with text.block("try:"):
                self.send_json("start")
            with text.block("except BaseException:"):
                text.add("scope[RESPONSE_STARTED] = True", "raise")
        with text.block("else:"):
            self.send_response(otherwise)

    def send_response(self, otherwise: str) -> None:
        """Write how a response is sent: here unless its class has a way of its own, else by `otherwise`."""
        text = self.text
        start = '"type": "http.response.start", "status": result.status_code, "headers": result.raw_headers'
        with text.block("if result.__class__.__call__ is send_whole:"):
            with text.block("try:"):
                text.add(
                    f"await send({{{start}}})",
                    'body = b"" if scope["method"] == "HEAD" else result.body',
                    'await send({"type": "http.response.body", "body": body})',
                    "if result.background is not None: await result.background()",
                )
            with text.block("except BaseException:"):
                text.add("scope[RESPONSE_STARTED] = True", "raise")
        text.add(f"else: await {otherwise}")

    def send_json(self, start: str) -> None:
        """Write the lines that send the answer; `start` is its first message."""
        self.text.add(
            f"await send({start})",
            'if scope["method"] == "HEAD": body = b""',
            'await send({"type": "http.response.body", "body": body})',
        )


def _is_written(called: object) -> TypeGuard[FunctionType]:
    return type(called) is FunctionType
