"""Whether a scope shows that a router was asked, though it names no route.

Starlette and FastAPI write their router into the scope before they look for a route, Litestar empty path
parameters. Nothing of the kind is left by BlackSheep, Django, Falcon, Quart and Sanic.
Source: starlette/routing.py and fastapi/routing.py, Router.app; litestar/_asgi/asgi_router.py, ASGIRouter.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from inspector.apart import StepApart


def was_asked(left: Mapping[str, Any], steps: Sequence[StepApart]) -> bool:
    """Whether the router that the last step is about was surely asked; `left` is the scope after the answer.

    What is mounted may have a middleware of its own before its router: only the outermost one leaves a mark,
    and a router that is mounted by itself.
    """
    router = left.get("router")
    if len(steps) == 1:
        return router is not None or "path_params" in left
    # Entering a mount names it as the endpoint.
    inner = left.get("endpoint")
    return router is not None and inner is not None and isinstance(router, type(inner))
