"""An adapter whose framework may fail when its router is made or asked: that gets a name of ours."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from inspector.adapters.adapter import AdaptedRoute, Adapter, Asked, Rules
from inspector.adapters.forwarding import ForwardingAdapter
from inspector.errors import InspectorError
from inspector.inspection.errors import RouterFailedError


class NamedFailures(ForwardingAdapter):
    """Meets `Adapter`: says what another adapter says, and raises RouterFailedError for what it raises.

    Some frameworks make their router of what was declared when it is first needed, and refuse then.
    """

    @property
    def rules(self) -> Rules:
        """As the other adapter's. Raises RouterFailedError."""
        with naming_failures(self.framework):
            return super().rules

    def routes(self) -> Sequence[AdaptedRoute]:
        """As the other adapter's. Raises RouterFailedError."""
        with naming_failures(self.framework):
            return super().routes()

    def ask(self, method: str, raw_path: str, *, host: str | None = None) -> Asked:
        """As the other adapter. Raises RouterFailedError."""
        with naming_failures(self.framework):
            return super().ask(method, raw_path, host=host)

    def ask_scope(self, scope: dict[str, Any]) -> Asked:
        """As the other adapter. Raises RouterFailedError."""
        with naming_failures(self.framework):
            return super().ask_scope(scope)


def named_failures(adapter: Adapter | None) -> Adapter | None:
    """The same adapter, which raises errors of ours only."""
    return None if adapter is None else NamedFailures(adapter)


@contextmanager
def naming_failures(framework: str) -> Iterator[None]:
    """Raise RouterFailedError for what another framework raises in here; errors of ours pass."""
    try:
        yield
    except InspectorError:
        raise
    except Exception as error:  # named boundary: another framework's router, and the adapter that reads it
        raise RouterFailedError(framework, error) from error
