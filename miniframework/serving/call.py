"""A user's function and the plan by which its arguments are taken from a request."""

import time
from collections.abc import Callable
from typing import Any, NoReturn

from miniframework import events
from miniframework.concurrency import run_in_threadpool
from miniframework.http.exceptions import RequestValidationError
from miniframework.params.awaited import is_async
from miniframework.params.bind import BindResult, bind
from miniframework.params.field import ParameterPlan
from miniframework.params.plans import Plans
from miniframework.params.reader import SentBody
from miniframework.telling import notes
from miniframework.telling.trace import Trace
from miniframework.types import Scope


class Call:
    """The user's function with its plan: binds, calls, and tells a recorded request about it."""

    __slots__ = ("function", "in_thread", "name", "plans")

    def __init__(self, function: Callable[..., Any], plans: Plans) -> None:
        self.function = function
        self.in_thread = not is_async(function)
        self.name = str(getattr(function, "__qualname__", type(function).__qualname__))
        self.plans = plans

    @property
    def plan(self) -> ParameterPlan:
        """The plan by which a request that comes now is bound."""
        return self.plans.current

    def bind(
        self,
        plan: ParameterPlan,
        scope: Scope,
        body: SentBody,
        special: dict[type, object],
        trace: Trace | None,
    ) -> BindResult:
        """Give the arguments. Raises RequestValidationError for problems, as far as no dependency may be
        called first: one that raises an HTTPException answers before them.
        """
        bound = bind(plan, scope, scope["path_params"], body, special, trace is not None)
        if bound.problems and (bound.body_is_broken or not plan.dependencies):
            _refuse_parameters(bound, trace)
        if trace is not None:
            good = tuple(one for one in bound.parameters if one.problem is None)
            now = time.monotonic_ns()
            trace.emit(events.ParametersBound(exchange_id=trace.exchange_id, at_ns=now, parameters=good))
        return bound

    async def run(self, arguments: dict[str, Any], trace: Trace | None) -> Any:
        """Call the function; a plain `def` in a thread that sees the request's context variables."""
        if trace is None:
            return await self._call(arguments)
        trace.note((notes.called, time.monotonic_ns(), self.name, self.in_thread))
        try:
            value = await self._call(arguments)
        except BaseException as error:
            note_raised(trace, error)
            raise
        trace.note((notes.returned, time.monotonic_ns()))
        return value

    async def run_with(self, bound: BindResult, values: dict[str, Any], trace: Trace | None) -> Any:
        """Call the function with its dependencies' values beside its arguments. Raises
        RequestValidationError for the problems that had to wait for the dependencies.
        """
        if bound.problems:
            _refuse_parameters(bound, trace)
        return await self.run({**bound.arguments, **values}, trace)

    async def _call(self, arguments: dict[str, Any]) -> Any:
        if self.in_thread:
            return await run_in_threadpool(self.function, **arguments)
        return await self.function(**arguments)


def note_raised(trace: Trace, error: BaseException) -> None:
    """Tell that the user's function raised."""
    now = time.monotonic_ns()
    trace.emit(events.EndpointRaised(exchange_id=trace.exchange_id, at_ns=now, error=error))


def _refuse_parameters(bound: BindResult, trace: Trace | None) -> NoReturn:
    if trace is not None:
        trace.emit(
            events.ParametersRejected(
                exchange_id=trace.exchange_id,
                at_ns=time.monotonic_ns(),
                parameters=bound.parameters,
                problems=tuple(bound.problems),
            )
        )
    raise RequestValidationError(bound.problems, body=bound.sent)
