"""Which routes of a table are printed, and in which order."""

from collections.abc import Mapping, Sequence
from typing import Literal

from inspector.cli.flat_routes import FlatRoute
from miniframework.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is asked for: any of the methods, a part of the path, only what nobody took, an order."""

    methods: tuple[str, ...] = ()
    part: str = ""
    unused: bool = False
    sort: Literal["declared", "path", "name", "hits"] = "declared"


def choose(routes: Sequence[FlatRoute], choice: Choice, hits: Mapping[str, int]) -> list[FlatRoute]:
    """Give the chosen routes. With `unused`, a mount whose own routes are known is never among them."""
    wanted = [method.upper() for method in choice.methods]
    chosen = [
        one
        for one in routes
        if (not wanted or any(one.takes(method) for method in wanted))
        and choice.part in one.path
        and not (choice.unused and (hits.get(one.number) or one.is_passage))
    ]
    match choice.sort:
        case "path":
            return sorted(chosen, key=lambda one: one.path)
        case "name":
            return sorted(chosen, key=lambda one: one.route["name"] or "")
        case "hits":
            return sorted(chosen, key=lambda one: -hits.get(one.number, 0))
        case _:
            return chosen
