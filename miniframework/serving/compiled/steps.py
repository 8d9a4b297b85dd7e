"""In which order the dependencies of a route are called, and by what expression."""

from collections.abc import Hashable, Iterator

from miniframework.dependencies.graph import CallKind, Dependency


def steps(
    dependencies: tuple[Dependency, ...], depth: int, seen: set[Hashable]
) -> Iterator[tuple[Dependency, int]]:
    """Give every dependency each time it is asked for, needed ones before those that need them."""
    for one in dependencies:
        if one.key not in seen:
            yield from steps(one.needs, depth + 1, seen)
            seen.add(one.key)
        yield one, depth


def calling(kind: CallKind, call: str, arguments: str) -> str:
    """Give the expression that gives the value of a dependency without a `yield`."""
    match kind:
        case CallKind.COROUTINE:
            return f"await {call}{arguments}"
        case CallKind.FUNCTION:
            return f"await in_thread({call}, {arguments[1:]}"
        case _:
            return f"{call}{arguments}"
