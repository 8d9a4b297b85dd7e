"""An adapter around another one."""

from collections.abc import Mapping, Sequence
from typing import Any

from inspector.adapters.adapter import AdaptedRoute, Adapter, Asked, Rules


class ForwardingAdapter:
    """Says what another adapter says, but for what a subclass changes."""

    def __init__(self, own: Adapter) -> None:
        self._own = own

    @property
    def framework(self) -> str:
        """As the other adapter's."""
        return self._own.framework

    @property
    def version(self) -> str | None:
        """As the other adapter's."""
        return self._own.version

    @property
    def rules(self) -> Rules:
        """As the other adapter's."""
        return self._own.rules

    def routes(self) -> Sequence[AdaptedRoute]:
        """As the other adapter's."""
        return self._own.routes()

    def ask(self, method: str, raw_path: str, *, host: str | None = None) -> Asked:
        """As the other adapter."""
        return self._own.ask(method, raw_path, host=host)

    def ask_scope(self, scope: dict[str, Any]) -> Asked:
        """As the other adapter."""
        return self._own.ask_scope(scope)

    def find_taken(self, scope: Mapping[str, Any]) -> Sequence[AdaptedRoute]:
        """As the other adapter."""
        return self._own.find_taken(scope)
