"""The words for the steps around an endpoint: what a middleware changed, what a task or dependency raised."""

from collections.abc import Iterator

from inspector.recording.facts import Stepped
from inspector.recording.render import cut_text, type_name
from miniframework import events
from miniframework.events import ScopeChange

# More than any middleware changes in earnest; a line of the timeline stays a line.
MAX_KEYS = 20
MAX_CHARACTERS = 60

Raised = events.DependencyRaised | events.BackgroundTaskRaised | events.ExceptionHandled


def step_of_raised(event: Raised) -> Stepped:
    """Name who raised or answered it, and the exception; its text and traceback are the failure's, where it
    is one.
    """
    depth = event.depth if isinstance(event, events.DependencyRaised) else 0
    return Stepped(
        exchange_id=event.exchange_id,
        at_ns=event.at_ns,
        kind=type(event).__name__,
        label=f"{event.name}: {type_name(event.error)}",
        depth=depth,
        took_ns=event.took_ns,
    )


def step_of_clean_up(event: events.DependencyCleanedUp) -> Stepped:
    """Say what was cleaned up, and what that raised."""
    raised = "" if event.error is None else f": {type_name(event.error)}"
    return Stepped(
        exchange_id=event.exchange_id,
        at_ns=event.at_ns,
        kind="DependencyCleanedUp",
        label=f"{event.name}{raised}",
        depth=event.depth,
        took_ns=event.took_ns,
    )


def step_of_scope(event: events.ScopeChanged) -> Stepped:
    """Name the keys that were changed, and the headers; never a value, for it may be a secret."""
    return Stepped(
        exchange_id=event.exchange_id,
        at_ns=event.at_ns,
        kind="ScopeChanged",
        label=f"{'; '.join(_say_changes(event.changes))} ({event.name})",
        depth=event.depth,
    )


def _say_changes(changes: tuple[ScopeChange, ...]) -> Iterator[str]:
    for what in ("added", "replaced", "removed"):
        named = [_name(change) for change in changes[:MAX_KEYS] if change.what == what]
        if named:
            yield f"{what} {', '.join(named)}"
    if len(changes) > MAX_KEYS:
        yield f"and {len(changes) - MAX_KEYS} more"


def _name(change: ScopeChange) -> str:
    if change.key == "headers" and change.what == "replaced":
        touched = sorted(_header_lines(change.old) ^ _header_lines(change.new))
        names = dict.fromkeys(name.decode("latin-1").lower() for name, _ in touched[:MAX_KEYS])
        return cut_text(f"headers ({', '.join(names)})" if names else "headers", MAX_CHARACTERS)
    return cut_text(change.key, MAX_CHARACTERS)


def _header_lines(headers: object) -> set[tuple[bytes, bytes]]:
    if not isinstance(headers, list | tuple):
        return set()
    pairs = [pair for pair in headers if isinstance(pair, list | tuple) and len(pair) == 2]
    return {(name, value) for name, value in pairs if isinstance(name, bytes) and isinstance(value, bytes)}
