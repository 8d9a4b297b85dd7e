"""Calls that wait for a journal, in threads that nobody waits for."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import ParamSpec, TypeVar

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


async def aside(
    call: Callable[_Arguments, _Result], *args: _Arguments.args, **named: _Arguments.kwargs
) -> _Result:
    """Return what the call returns, or raise what it raises; it runs in a thread of its own.

    The threads of the event loop are the application's: a journal that answers nothing, as on a network share
    whose server is away, must not use them up, and its loop must be able to end without them.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[_Result] = loop.create_future()

    def give(result: _Result) -> None:
        if not answer.done():  # nobody waits any more
            answer.set_result(result)

    def fail(error: BaseException) -> None:
        if not answer.done():
            answer.set_exception(error)

    def run() -> None:
        try:
            result = call(*args, **named)
        except BaseException as error:  # noqa: BLE001 - handed on to whoever waits
            _tell(loop, fail, error)
        else:
            _tell(loop, give, result)

    threading.Thread(target=run, name="inspector-aside", daemon=True).start()
    return await answer


def _tell(loop: asyncio.AbstractEventLoop, to: Callable[[_Result], None], what: _Result) -> None:
    with contextlib.suppress(RuntimeError):  # the loop is closed
        loop.call_soon_threadsafe(to, what)
