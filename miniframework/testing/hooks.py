"""What a test client calls with each request and each response, as httpx does."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Hook = Callable[[Any], object]
_KINDS = ("request", "response")


def read_hooks(given: Mapping[str, Iterable[Hook]]) -> dict[str, list[Hook]]:
    """Give the hooks of both kinds in lists of their own. Raises ValueError for a kind there is none of."""
    unknown = [kind for kind in given if kind not in _KINDS]
    if unknown:
        raise ValueError(f"event_hooks has no kind {unknown[0]!r} (known: 'request', 'response')")
    return {kind: list(given.get(kind, ())) for kind in _KINDS}


def call_hooks(hooks: list[Hook], argument: Any) -> None:
    """Call each with the request that is about to be sent, or with the response that came."""
    for hook in hooks:
        hook(argument)
