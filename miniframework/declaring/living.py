"""What is done at the start and at the end of a router."""

import warnings
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar

from miniframework.declarations.declaration import Declaration, IncludeDeclaration
from miniframework.lifespan import LifeEvents, LifeFunction, Lifespan, check_event, nest
from miniframework.routing.source import find_caller

Life = TypeVar("Life", bound=LifeFunction)


class Living:
    """Does what `life` says, and what those say that are included; or what was set in the place of it all."""

    declarations: list[Declaration]
    life: LifeEvents
    _set_life: LifeEvents | None = None

    def on_event(self, event_type: str) -> Callable[[Life], Life]:
        """Call the decorated function at "startup" or "shutdown". Raises RegistrationError.

        Deprecated as in FastAPI, with a DeprecationWarning: a `lifespan` does more.
        """
        source = find_caller()
        check_event(event_type, source)
        said = "on_event is deprecated, use lifespan event handlers instead"
        warnings.warn_explicit(said, DeprecationWarning, source.file, source.line)

        def register(function: Life) -> Life:
            self.life.add(event_type, function, source)
            return function

        return register

    def add_event_handler(self, event_type: str, func: LifeFunction) -> None:
        """Call `func` at "startup" or "shutdown". Raises RegistrationError."""
        self.life.add(event_type, func, find_caller())

    @property
    def on_startup(self) -> list[LifeFunction]:
        """What is called at the start, in order, unless there is a `lifespan`; one may append to it."""
        return self.life.startup

    @property
    def on_shutdown(self) -> list[LifeFunction]:
        """As `on_startup`, at the end."""
        return self.life.shutdown

    @property
    def lives(self) -> list[LifeEvents]:
        """What is to be done at the start, in order: here, then in each included router, once each; or what
        was set in the place of it all. Without a lifespan here, the functions of all included come first,
        also of one that has a lifespan beside them. Source: FastAPI's `include_router`.
        """
        return self._declared_lives() if self._set_life is None else [self._set_life]

    def _declared_lives(self) -> list[LifeEvents]:
        includes = [one for one in self.declarations if isinstance(one, IncludeDeclaration)]
        included = [life for one in includes for life in one.router.lives]
        if self.life.lifespan is None:
            included = [*(life.functions for life in included), *included]
        return list(dict.fromkeys([self.life, *included]))

    @property
    def lifespan_context(self) -> Lifespan:
        """What runs startup and shutdown of this router and of those included around a block.

        A test enters it. A library sets one of its own, which is to enter the one that was there before: also
        what is declared later counts in that.
        """
        return self._enter_declared if self._set_life is None else self._set_life.around

    @lifespan_context.setter
    def lifespan_context(self, lifespan: Lifespan) -> None:
        self._set_life = LifeEvents(lifespan)

    def _enter_declared(self, app: Any) -> AbstractAsyncContextManager[Mapping[str, Any] | None]:
        return (nest(self._declared_lives()) or LifeEvents().around)(app)
