"""A Starlette application with a pattern that one request can hold a process with."""

import json
from typing import Any

from starlette.applications import Starlette
from starlette.convertors import Convertor, register_url_convertor
from starlette.responses import PlainTextResponse
from starlette.routing import Route

import inspector
from inspector.inspection.frozen_tests import frozen_tests


class Words(Convertor[str]):
    """Its regex takes the same text in many ways."""

    regex = "([a-z]+)+"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("words", Words())


async def page(request: Any) -> PlainTextResponse:
    raise AssertionError("no handler runs")


app = Starlette(
    routes=[
        Route("/tags/{tag:words}", page),
        Route("/items/{item}", page, methods=["POST"]),
        Route("/items/{item:int}", page),
    ]
)

if __name__ == "__main__":
    attached = inspector.attach(app)
    told = {
        "found": [[one.kind, one.method, one.route.path, one.message] for one in attached.check()],
        "served": [one.kind for one in attached.findings(measures=False)],
        "text": frozen_tests(attached, "slow_patterns:app"),
    }
    print(json.dumps(told))
