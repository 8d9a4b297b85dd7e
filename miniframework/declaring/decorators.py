"""The ways to declare something on an application: they are those of its router."""

import functools
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from miniframework.declaring.router import Router

P = ParamSpec("P")
T = TypeVar("T")


def _on_router(method: Callable[Concatenate[Any, P], T]) -> Callable[Concatenate[Any, P], T]:
    """Give a method that calls the one of the same name of the application's router."""

    @functools.wraps(method)
    def declare(self: "Declaring", /, *arguments: P.args, **words: P.kwargs) -> T:
        called: Callable[P, T] = getattr(self._router, method.__name__)
        return called(*arguments, **words)

    return declare


class Declaring(ABC):
    """Declares on its router, `_router`."""

    @property
    @abstractmethod
    def _router(self) -> Router:
        """Where the declarations go."""

    api_route = _on_router(Router.api_route)
    add_api_route = _on_router(Router.add_api_route)
    route = _on_router(Router.route)
    get = _on_router(Router.get)
    head = _on_router(Router.head)
    post = _on_router(Router.post)
    put = _on_router(Router.put)
    patch = _on_router(Router.patch)
    delete = _on_router(Router.delete)
    options = _on_router(Router.options)
    trace = _on_router(Router.trace)
    add_route = _on_router(Router.add_route)
    websocket = _on_router(Router.websocket)
    websocket_route = _on_router(Router.websocket_route)
    add_api_websocket_route = _on_router(Router.add_api_websocket_route)
    add_websocket_route = _on_router(Router.add_websocket_route)
    include_router = _on_router(Router.include_router)
    frontend = _on_router(Router.frontend)
    add_converter = _on_router(Router.add_converter)
    on_event = _on_router(Router.on_event)
    add_event_handler = _on_router(Router.add_event_handler)
