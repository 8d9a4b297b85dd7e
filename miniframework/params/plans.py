"""The plan of one endpoint, and the one that holds while tests replace its dependencies."""

from collections.abc import Callable

from miniframework.dependencies.overrides import NO_OVERRIDES, Overrides, OverrideSlot
from miniframework.params.field import ParameterPlan


class Plans:
    """Gives the plan by which the next request is bound.

    `make` works out a plan with these overrides in force. `plain` is the one without any, made at once, so
    that mistakes are raised where the endpoint is registered; the one with overrides is made again whenever
    they differ from those of the last one.
    """

    __slots__ = ("_made_for", "_make", "_overridden", "plain", "slot")

    def __init__(self, make: Callable[[Overrides], ParameterPlan], slot: OverrideSlot) -> None:
        self._make = make
        self.slot = slot
        self.plain = make(NO_OVERRIDES)
        self._made_for: Overrides = NO_OVERRIDES
        self._overridden = self.plain

    @property
    def current(self) -> ParameterPlan:
        """The plan with the overrides as they are now. Raises what `make` raises for them."""
        if not self.slot.current:
            return self.plain
        if self._made_for != self.slot.current:
            now = dict(self.slot.current)
            self._overridden = self._make(now)
            self._made_for = now
        return self._overridden
