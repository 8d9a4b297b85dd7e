"""A handler as the first releases of Litestar 2 keep it, in a Ref; its endpoint on standard output."""

import json
from dataclasses import dataclass
from typing import Any

from litestar import Litestar, get

from inspector.inspection import attach


@dataclass
class Ref:
    """As litestar.utils.helpers.Ref of 2.0."""

    value: Any


Ref.__module__ = "litestar.utils.helpers"


@get("/items")
async def items() -> str:
    raise AssertionError("no handler runs")


app = Litestar([items], openapi_config=None)
for handler in app.routes[0].route_handlers:
    handler._fn = Ref(handler.fn)
print(json.dumps([[sorted(route.methods), route.endpoint] for route in attach(app).routes]))
