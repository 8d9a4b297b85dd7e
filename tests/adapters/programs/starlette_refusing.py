"""Routes with a `matches` of their own behind routes that leave them nothing, and what the check says."""

from typing import Any

import differences
from starlette.applications import Starlette
from starlette.routing import Match, Mount, Route

import inspector
from inspector.adapters.starlette.narrowing import only_refuses


class Versioned(Route):
    def matches(self, scope: Any) -> Any:
        match, child_scope = super().matches(scope)
        if match is not Match.NONE and dict(scope["headers"]).get(b"x-version") is None:
            return Match.NONE, {}
        return match, child_scope


class Plain(Route):
    def matches(self, scope: Any) -> Any:
        if scope.get("extensions"):
            return Match.NONE, {}
        return super().matches(scope)


class Guarded(Mount):
    def matches(self, scope: Any) -> Any:
        return (Match.NONE, {}) if scope.get("extensions") else super().matches(scope)


class Shut(Mount):
    def matches(self, scope: Any) -> Any:
        if scope.get("extensions"):
            return Match.NONE, {}
        return super().matches(scope)


class Wider(Route):
    """Takes what its regex does not."""

    def matches(self, scope: Any) -> Any:
        return super().matches({**scope, "path": scope["path"].lower()})


class Moving(Route):
    def matches(self, scope: Any) -> Any:
        scope["path"] = scope["path"].lower()
        return super().matches(scope)


class Full(Route):
    def matches(self, scope: Any) -> Any:
        _, child_scope = super().matches(scope)
        return Match.FULL, child_scope


class Again(Route):
    def matches(self, scope: Any) -> Any:
        match, child_scope = super().matches(scope)
        if match is Match.PARTIAL:
            match = Match.FULL
        return match, child_scope


class Below(Wider):
    def matches(self, scope: Any) -> Any:
        return super().matches(scope)


async def view(request: Any) -> None: ...


def dead(*routes: Any) -> list[Any]:
    found = inspector.attach(Starlette(routes=list(routes))).check()
    return [[one.kind, one.route.path, [by.path for by in one.by], one.exactness] for one in found]


KINDS = (Versioned, Plain, Guarded, Shut, Wider, Moving, Full, Again, Below)
differences.say(
    {
        "only_refuses": {kind.__name__: only_refuses(kind) for kind in KINDS},
        "dead": {
            "behind all": dead(Route("/{rest:path}", view), Versioned("/x", view)),
            "behind a mount": dead(Mount("/m", routes=[Route("/y", view)]), Plain("/m/x", view)),
            "in a mount": dead(Mount("/m", routes=[Route("/{rest:path}", view), Plain("/x", view)])),
            "a mount": dead(Route("/{rest:path}", view), Shut("/m", routes=[Route("/y", view)])),
        },
        "alive": [
            *dead(Versioned("/x", view), Versioned("/x", view)),
            *dead(Plain("/{x}", view), Plain("/x", view)),
            *dead(Route("/a", view), Versioned("/x", view)),
            *dead(Route("/{rest:path}", view), Wider("/x", view)),
        ],
    }
)
