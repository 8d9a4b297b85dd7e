"""One route as one function: parameters, dependencies, the call, the answer."""

import asyncio
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from itertools import takewhile
from types import FunctionType
from typing import Any, Protocol, TypeGuard

from pydantic import ValidationError

from miniframework.call import Call
from miniframework.compiled import during
from miniframework.compiled.taking import Taking, can_take
from miniframework.compiled.text import FunctionText
from miniframework.dependencies.graph import CallKind, Dependency
from miniframework.dependencies.security_scopes import SecurityScopes
from miniframework.http.answer import Answer, AnswerKind, has_content
from miniframework.http.content_length import content_length
from miniframework.http.response import Response
from miniframework.http.started import RESPONSE_STARTED
from miniframework.params.field import BodyKind, CallPlan, ParameterPlan
from miniframework.params.problems import Problem
from miniframework.params.reader import read_query
from miniframework.types import ASGIApp, Message, Receive, Scope, Send

_KINDS = (CallKind.COROUTINE, CallKind.CLASS, CallKind.ASYNC_GENERATOR)
JSON_TYPE = (b"content-type", b"application/json")
KNOWN: Mapping[str, Any] = {
    "Response": Response,
    "SecurityScopes": SecurityScopes,
    "ValidationError": ValidationError,
    "content_length": content_length,
    "is_json": during.is_json,
    "note": during.note,
    "note_missing": during.note_missing,
    "parse": during.parse,
    "read_cookies": during.read_cookies,
    "read_query": read_query,
    "send_whole": Response.__call__,
    "to_thread": asyncio.to_thread,
}


class Endpoint(Protocol):
    """The reference, and what the code leaves to it."""

    async def refer(self, scope: Scope, receive: Receive, send: Send, message: Message | None) -> None:
        """Serve the whole request; `message` is what was received of it already."""

    async def fail(
        self,
        error: Exception,
        scope: Scope,
        receive: Receive,
        send: Send,
        message: Message | None,
    ) -> None:
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

    async def send_response(self, response: Response, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what the endpoint returned."""


def compile_route(
    call: Call,
    endpoint: Endpoint,
    answer: Answer,
) -> ASGIApp | None:
    """Write and compile the function that serves a route; None where only the reference can.

    The function expects what dispatching leaves in the scope. It tells nobody what it does. While tests
    replace dependencies, it hands everything to the reference.
    """
    plan = call.plans.plain
    if not is_simple(plan):
        return None
    writer = Writer(call, endpoint, answer)
    writer.write()
    return writer.text.compile(KNOWN)


def is_simple(plan: ParameterPlan) -> bool:
    """Tell whether a plan asks for nothing but what can be written as lines."""
    if plan.body_kind is BodyKind.FORM or plan.any_type_is_json or plan.wants:
        return False
    return all(map(can_take, plan.fields)) and all(map(_is_simple_dependency, _every(plan.dependencies)))


def _every(dependencies: tuple[Dependency, ...]) -> Iterator[Dependency]:
    for one in dependencies:
        yield one
        yield from _every(one.needs)


def _steps(
    dependencies: tuple[Dependency, ...], depth: int, seen: set[Hashable]
) -> Iterator[tuple[Dependency, int]]:
    """Every dependency each time it is asked for, needed ones before those that need them."""
    for one in dependencies:
        if one.key not in seen:
            yield from _steps(one.needs, depth + 1, seen)
            seen.add(one.key)
        yield one, depth


def _is_simple_dependency(one: Dependency) -> bool:
    return one.use_cache and one.kind in _KINDS and one.lifetime == "request" and one.turns is None


def _is_written(called: object) -> TypeGuard[FunctionType]:
    return type(called) is FunctionType


class Writer:
    """The text of one route while it is written; what a subclass may add stands in methods of its own."""

    takes_trace = False

    def __init__(
        self,
        call: Call,
        endpoint: Endpoint,
        answer: Answer,
    ) -> None:
        self.text = FunctionText(takes_trace=self.takes_trace)
        self.call = call
        self.plan = call.plans.plain
        self._endpoint = endpoint
        self.refer: Callable[..., Any] = endpoint.refer
        self.fail: Callable[..., Any] = endpoint.fail
        self.refuse: Callable[..., Any] = endpoint.refuse
        self._answer = answer
        self.taking = Taking(self.text, self.plan.fields)
        self._values: dict[object, str] = {}
        self.status = ""  # the name of the answer's status

    def write(self) -> None:
        """Write the whole function."""
        text, plan, call = self.text, self.plan, self.call
        text.add(f"refer = {text.name(self.refer)}")
        text.add("message = None")
        text.add(f"if {text.name(call.plans.slot)}.current: return await refer(scope, receive, send, None)")
        text.add('path = scope["path_params"]', "problems = None")
        if plan.body_kind is BodyKind.JSON:
            self._read_body()
        self.taking.write_sources()
        for _, needed in plan.dependency_calls:
            self.taking.write_call(needed)
        self.taking.write_call(plan.endpoint)
        if plan.fields:
            self.refuse_problems()
        self.say_bound()
        with text.block("try:"):
            self._call_all()
        with text.block("except Exception as error:"):
            self._fail("error")
        if not plan.cleans_up:
            self.send()

    def _read_body(self) -> None:
        text = self.text
        text.add("message = await receive()", 'body = message.get("body")')
        with text.block('for key, value in scope["headers"]:'), text.block('if key == b"content-type":'):
            text.add('json = value == b"application/json" or is_json(value)', "break")
        text.add(f"else: json = {text.name(self.plan.untyped_is_json)}")
        odd = 'not body or message.get("more_body") or not json'
        text.add(f"if {odd}: return await refer(scope, receive, send, message)")
        if self.taking.takes_bytes:
            text.add("content = None")
            return
        text.add("try: content = parse(body)")
        text.add("except ValueError: return await refer(scope, receive, send, message)")

    def refuse_problems(self) -> None:
        """Write what is done when a parameter has no value."""
        with self.text.block("if problems is not None:"):
            if self.plan.dependencies:
                # Those without a problem are called first, and may answer: the reference knows how.
                self.text.add("return await refer(scope, receive, send, message)")
            else:
                sent = "content" if self.plan.body_kind is BodyKind.JSON else "None"
                if self.plan.body_kind is BodyKind.JSON and self.taking.takes_bytes:
                    sent = "parse(body) if content is None else content"
                refuse = self.text.name(self.refuse)
                self.text.add(f"return await {refuse}(problems, {sent}, scope, receive, send, message)")

    def _fail(self, error: str) -> None:
        fail = self.text.name(self.fail)
        self.text.add(f"return await {fail}({error}, scope, receive, send, message)")

    def _call_all(self) -> None:
        """Call the dependencies in their order, then the endpoint; a `yield` is a block around these."""
        text, cleans_up = self.text, self.plan.cleans_up
        calls = dict(self.plan.dependency_calls)
        if cleans_up:
            text.add("failure = None")
        with ExitStack() as blocks:
            for one, depth in _steps(self.plan.dependencies, 0, set()):
                if one.key in self._values:
                    self.say_shared(one, depth)
                    continue
                value = self._values[one.key] = f"d{len(self._values)}"
                made = self._arguments(calls[one.key], one.needs, one.call)
                if one.kind is CallKind.ASYNC_GENERATOR:
                    manager = text.name(asynccontextmanager(one.call)) + made
                    blocks.enter_context(self._inside(manager, value))
                else:
                    wait = "await " if one.kind is CallKind.COROUTINE else ""
                    self.call_dependency(one, depth, f"{value} = {wait}{text.name(one.call)}{made}")
            self._call_endpoint()
            if cleans_up:
                self.send()
        if cleans_up:
            text.add("if failure is not None: raise failure")

    @contextmanager
    def _inside(self, manager: str, value: str) -> Iterator[None]:
        """An exception that the dependency swallows is raised at the end all the same: nothing was sent."""
        with self.text.block(f"async with {manager} as {value}:"):
            with self.text.block("try:"):
                yield
            self.text.add("except BaseException as error: failure = error; raise")

    def _call_endpoint(self) -> None:
        call = self.call
        arguments = self._arguments(self.plan.endpoint, self.plan.dependencies, call.function)
        called = self.text.name(call.function)
        if call.in_thread:
            self.call_endpoint(f"result = await to_thread({called}, {arguments[1:]}")
        else:
            self.call_endpoint(f"result = await {called}{arguments}")
        if self.sends_json:
            self.make_json()
        else:
            self.make_response(f"result = {self.text.name(self._answer.make)}(result)")

    def _arguments(self, call: CallPlan, needs: tuple[Dependency, ...], called: object) -> str:
        given = {name: f"SecurityScopes({self.text.name(scopes)})" for name, scopes in call.scopes}
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
        return self._answer.kind is AnswerKind.JSON and has_content(self.status_code)

    @property
    def encoded(self) -> str:
        """The expression of the result as JSON."""
        return f"{self.text.name(self._answer.encode)}(result)"

    @property
    def status_code(self) -> int:
        """The status of a value that is no response."""
        return self._answer.status_code or 200

    def make_json(self) -> None:
        """Write how the body is made, before anything is sent: it may fail."""
        with self.text.block("if result.__class__ is dict or not isinstance(result, Response):"):
            self.text.add(f"body = {self.encoded}", "result = None")

    def make_response(self, line: str) -> None:
        """Write how a value is made a response by `line`, unless it is one."""
        self.text.add(f"if not isinstance(result, Response): {line}")

    def send(self) -> None:
        """Write how the answer is sent."""
        text = self.text
        if self.plan.cleans_up:
            text.add(f"scope[{text.name(RESPONSE_STARTED)}] = True")
        with text.block("if result is not None:"):
            self.send_response(f"{text.name(self._endpoint.send_response)}(result, scope, receive, send)")
        if not self.sends_json:
            return
        content_type = text.name(JSON_TYPE)
        text.add(f"headers = [{content_type}, content_length(len(body))]")
        self.status = text.name(self.status_code)
        with text.block("try:"):
            self.send_json(f'{{"type": "http.response.start", "status": {self.status}, "headers": headers}}')
        with text.block("except BaseException:"):
            text.add(f"scope[{text.name(RESPONSE_STARTED)}] = True", "raise")

    def send_response(self, otherwise: str) -> None:
        """Write how a response is sent: here unless its class has a way of its own, else by `otherwise`."""
        text = self.text
        text.add(f"if result.__class__.__call__ is not send_whole: return await {otherwise}")
        start = '"type": "http.response.start", "status": result.status_code, "headers": result.raw_headers'
        with text.block("try:"):
            text.add(
                f"await send({{{start}}})",
                'body = b"" if scope["method"] == "HEAD" else result.body',
                'await send({"type": "http.response.body", "body": body})',
                "if result.background is not None: await result.background()",
                "return",
            )
        with text.block("except BaseException:"):
            text.add(f"scope[{text.name(RESPONSE_STARTED)}] = True", "raise")

    def send_json(self, start: str) -> None:
        """Write the lines that send the answer; `start` is its first message."""
        self.text.add(
            f"await send({start})",
            'if scope["method"] == "HEAD": body = b""',
            'await send({"type": "http.response.body", "body": body})',
        )
