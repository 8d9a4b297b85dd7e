"""What requests that were recorded would get now, by host and by header; prints what the router says."""

import json
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Host, Match, Route, Router

from inspector.model import HttpExchange, RequestScope, State, Worker
from inspector.replay.edit import RequestEdit
from inspector.replay.question import question_scope
from inspector.wiring.asking import RouterQuestions


class ByVersion(Route):
    """A route of somebody's own, for requests that carry a header."""

    def matches(self, scope: Any) -> tuple[Match, Any]:
        if (b"x-version", b"2") not in scope["headers"]:
            return Match.NONE, {}
        return super().matches(scope)


async def plainly(request: Request) -> PlainTextResponse:
    return PlainTextResponse("ok")


def make_app() -> Starlette:
    things = Router([Route("/things/{n:int}", plainly)])
    return Starlette(
        routes=[
            Host("api.example.org", app=things),
            ByVersion("/versions", plainly),
            Route("/books/{n:int}", plainly),
        ]
    )


def make_exchange(path: str, headers: tuple[tuple[str, str], ...]) -> HttpExchange:
    scope = RequestScope(
        type="http",
        http_version="1.1",
        method="GET",
        scheme="http",
        path=path,
        raw_path=path,
        query_string="",
        root_path="",
        headers=headers,
        client=None,
        server=None,
    )
    worker = Worker(host="here", pid=1)
    return HttpExchange(id="x", worker=worker, started_unix_ns=0, scope=scope, state=State.COMPLETE)


def main() -> None:
    questions = RouterQuestions(make_app())
    things = make_exchange("/things/7", (("host", "api.example.org"),))
    versions = make_exchange("/versions", (("host", "localhost"), ("x-version", "2")))
    bare = RequestEdit(headers=())
    asked = {"host": (things, RequestEdit()), "other_host": (things, bare)}
    asked |= {"header": (versions, RequestEdit()), "no_header": (versions, bare)}
    verdicts = {
        name: questions.ask_scope(question_scope(exchange, None, edit))
        for name, (exchange, edit) in asked.items()
    }
    print(
        json.dumps({name: [said["outcome"], said["said"], said["agrees"]] for name, said in verdicts.items()})
    )


main()
