"""Django with Channels in front of it: handshakes go to a router of their own."""

import sys
from typing import Any

import differences
from django.conf import settings

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="a")

import django  # noqa: E402  # it reads its settings
from channels.consumer import AsyncConsumer  # noqa: E402
from channels.middleware import BaseMiddleware  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.core.asgi import get_asgi_application  # noqa: E402
from django.urls import path, re_path  # noqa: E402

import inspector  # noqa: E402


class Chat(AsyncConsumer):  # type: ignore[misc]  # untyped where this is checked
    async def websocket_connect(self, message: Any) -> None:
        kwargs = self.scope["url_route"]["kwargs"]
        told = ",".join(f"{name}={value}" for name, value in kwargs.items())
        await self.send({"type": "websocket.accept"})
        await self.send({"type": "websocket.send", "text": f"{type(self).__name__} {told}"})


class Note(Chat):
    """Another one."""


def view(request: Any, **params: Any) -> None: ...


urlpatterns = [path("chat/<str:room>/", view, name="room")]

ASKED = (
    "/ws/chat/lobby/", "/ws/chat/lobby", "/chat/a%20b/", "/n/a/7/", "//n//a/7/", "/n/b", "/n/c", "/n",
    "/x/ab", "/x/AB", "/ws/chat/dead/", "/", "/other",
)  # fmt: skip


def sockets() -> Any:
    inner = URLRouter([path("a/<int:number>/", Note.as_asgi()), path("b", Note.as_asgi(), name="b")])
    routes = [
        re_path(r"ws/chat/(?P<room>\w+)/$", Chat.as_asgi()),
        path("chat/<str:room>/", Chat.as_asgi(), {"fixed": 1}),
        path("n/", inner),
        re_path(r"^x/([a-z]+)$", Note.as_asgi()),
        path("ws/chat/dead/", Note.as_asgi()),
    ]
    return BaseMiddleware(URLRouter(routes))


async def unknown(scope: Any, receive: Any, send: Any) -> None:
    """A WebSocket application of no framework."""


def really(app: Any, raw_path: str) -> str | None:
    """Which consumer answered a handshake, with its parameters."""
    answered = differences.answer_of(app, "WEBSOCKET", raw_path)
    return answered.text if answered.accepted else None


def said(attached: Any, raw_path: str) -> str | None:
    found = attached.explain("WEBSOCKET", raw_path)
    if found.outcome != "match":
        return None
    params = ",".join(f"{name}={text}" for name, text in found.params.items() if not name.startswith("arg"))
    return f"{found.route.endpoint.rpartition(':')[2]} {params}"


def main() -> None:
    sys.modules.setdefault("__main__", sys.modules[__name__])
    django.setup()
    asgi = get_asgi_application()
    app = ProtocolTypeRouter({"http": asgi, "websocket": sockets()})
    attached = inspector.attach(app)
    behind = ProtocolTypeRouter({"http": URLRouter([re_path("", asgi)]), "websocket": sockets()})
    opaque = inspector.attach(ProtocolTypeRouter({"http": asgi, "websocket": unknown}))
    alone = inspector.attach(ProtocolTypeRouter({"http": asgi}))
    differences.say(
        {
            "framework": attached.framework,
            "routes": [[r.kind, r.path, r.name, r.endpoint] for r in attached.routes],
            "said": {path: said(attached, path) for path in ASKED},
            "really": {path: really(app, path) for path in ASKED},
            "doctor": [one.doctor().sentence for one in (attached, inspector.attach(behind), alone)],
            "findings": [[f.kind, f.method, f.route.path, f.by[0].path] for f in attached.check()],
            "http": attached.explain("GET", "/chat/a/").outcome,
            "mismatch": attached.explain("WEBSOCKET", "/chat/a").outcome,
            "nobody": [
                attached.explain("WEBSOCKET", "/none").status,
                differences.answer_of(app, "WEBSOCKET", "/none").text,
            ],
            "opaque": [opaque.explain("WEBSOCKET", "/any").route.endpoint, opaque.routes[-1].path],
            "alone": alone.explain("WEBSOCKET", "/chat/a/").outcome,
            "behind": inspector.attach(behind).explain("GET", "/chat/a/").route.path,
        }
    )


main()
