"""Quart with rules of subdomains and of hosts, asked for one of them."""

from typing import Any

import differences
from quart import Quart

import inspector
from inspector.adapters.detection import find_adapter


async def view(**params: Any) -> str:
    return "ok"


def subdomains() -> Quart:
    app = Quart(__name__, subdomain_matching=True, static_folder=None)
    app.config["SERVER_NAME"] = "example.org"
    app.add_url_rule("/", "index", view)
    app.add_url_rule("/api", "api", view, subdomain="api")
    return app


def hosts() -> Quart:
    app = Quart(__name__, host_matching=True, static_folder=None)
    app.add_url_rule("/", "index", view, host="a.example")
    app.add_url_rule("/b", "b", view, host="<name>.example")
    return app


def doubled(name: str | None, **matching: bool) -> Quart:
    """Everything twice, for the same hosts and for others."""
    app = Quart(__name__, static_folder=None, **matching)
    app.config["SERVER_NAME"] = name
    by_host = ("api.example", "api.example", "<name>.example", "<name>.example", "other.example")
    for number, host in enumerate(by_host if matching else (None, "api", "api", "<name>", "<name>")):
        more: dict[str, Any] = {"host": host} if matching else {"subdomain": host}
        path = "/<text>" if number == 3 else "/a"
        app.add_url_rule(path, f"rule_{number}", view, **more)
    return app


def dead(app: Quart) -> list[Any]:
    return [
        [one.kind, one.route.name, [by.name for by in one.by], one.witness, one.exactness, one.message]
        for one in inspector.attach(app).check()
    ]


def said(app: Quart, path: str, asked_for: tuple[str, str]) -> dict[str, Any]:
    adapter: Any = find_adapter(app)
    asked = {host: adapter.ask("GET", path, host=host) for host in asked_for}
    return {
        "conditions": {route.path: route.condition for route in adapter.routes()},
        "asked": {host: answer.outcome for host, answer in asked.items()},
        "params": dict(asked[asked_for[1]].params),
    }


differences.say(
    {
        "subdomain": said(subdomains(), "/api", ("example.org", "api.example.org")),
        "host": said(hosts(), "/b", ("elsewhere", "b.example")),
        "dead": {
            "hosts": dead(doubled(None, host_matching=True)),
            "subdomains": dead(doubled("example.org")),
            "without a name": dead(doubled(None)),
        },
    }
)
