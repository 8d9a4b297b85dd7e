"""Whether an application is called with the request that is being told, on its way inward, or with a new one.

An application may call itself, or another one, inside a request: by `httpx.ASGITransport`, by a test client,
by a scope of its own making. A server may begin a request in the context of the one before it. Neither is a
part of the exchange in whose context it happens.
"""

import gc
from collections import deque
from collections.abc import Iterable
from functools import partial
from types import FunctionType, MethodType
from typing import Final

from miniframework.telling.story import Story
from miniframework.telling.trace import Trace
from miniframework.types import Receive, Scope, Send

# Objects that are looked at. A middleware stands within three or four of what it wraps, and those nearest
# come first.
_MOST_OBJECTS: Final = 256


def is_onward(trace: Trace, scope: Scope, receive: Receive, send: Send) -> bool:
    """Say whether this call is the request of `trace`, going on inward.

    It is where the scope is the one it came with, or where the receive or the send lead to those the exchange
    is told by: as they are, or wrapped in functions and objects, as a middleware does. Where the scope was
    copied, and it speaks through queues or buffers both ways, it cannot be told from a new request.
    """
    return scope is trace.scope or _leads_to(trace, send, receive)


def _leads_to(trace: Trace, *channels: object) -> bool:
    waiting, seen = deque(channels), set[int]()
    while waiting and len(seen) < _MOST_OBJECTS:
        one = waiting.popleft()
        if one is trace:
            return True
        if id(one) in seen:
            continue
        seen.add(id(one))
        for held in _held_by(one):
            # What a wrapper wraps can be called, and so can the wrapper, but for the `self` of a method.
            is_channel = callable(held) and not isinstance(held, type)
            if is_channel or held is trace or isinstance(one, MethodType):
                waiting.append(held)
    return False


def _held_by(one: object) -> Iterable[object]:
    """Give what an object holds that it may call; runs no code of the user's."""
    match one:
        case Story():
            return one._receive, one.pass_on
        case FunctionType():
            return (*_closed_over(one), *(one.__defaults__ or ()), *(one.__kwdefaults__ or {}).values())
        case MethodType():
            return one.__self__, one.__func__
        case partial():
            return one.func, *one.args, *one.keywords.values()
    held: list[object] = []
    for referent in gc.get_referents(one):
        held += referent.values() if type(referent) is dict else (referent,)
    return held


def _closed_over(function: FunctionType) -> Iterable[object]:
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # nothing is bound to the name yet
            continue
