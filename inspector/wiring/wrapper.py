"""`Inspector(app)`: the wrapper a user writes, thin while it is switched off."""

import logging
import os
import re
import secrets
from asyncio import get_running_loop
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from inspector.settings import Settings, SettingsError, require_allowed_here
from miniframework.http.url import strip_root_path
from miniframework.types import ASGIApp, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from inspector.journal.protocol import Journal
    from inspector.model import Worker
    from inspector.recording.account import Account
    from inspector.wiring.parts import Parts

_LOG = logging.getLogger("inspector")
_TOKEN_BYTES = 32  # 256 bits; from 128 on nobody guesses it, and no lock against guessing is needed
# 22 characters of the URL-safe base64 alphabet are 128 bits. The token travels in a URL fragment and in a
# WebSocket subprotocol, so nothing but the characters both can hold.
_TOKEN_SHAPE = re.compile(r"[A-Za-z0-9_-]{22,256}\Z")


class Inspector:
    """Wraps any ASGI application: records what it does and answers the dashboard at `mount`.

    Everything else reaches the application as if the wrapper were not there. `journal` is kept in memory
    unless given, and is closed by whoever gave it. `settings` come from the environment unless given; what is
    passed by name wins over them. With `dashboard=False` only the recording and the replaying are joined on,
    for a dashboard that runs in another process. `worker`, `target` and `url` say what this process is called
    there, and in `account` it counts what it records. INSPECTOR=0 makes the wrapper hand everything on and do
    nothing else.

    Raises ProductionRefused where the environment says production, SettingsError for a setting of no use.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        journal: "Journal | None" = None,
        settings: Settings | None = None,
        token: str | None = None,
        mount: str | None = None,
        dashboard: bool = True,
        allow_production: bool | None = None,
        worker: "Worker | None" = None,
        target: str | None = None,
        url: str | None = None,
        dashboard_url: str | None = None,
        account: "Account | None" = None,
    ) -> None:
        self.app = app
        settings = settings or Settings.from_env(os.environ)
        if mount is not None:
            settings = replace(settings, mount=mount)
        if allow_production is not None:
            settings = replace(settings, allow_production=allow_production)
        require_allowed_here(os.environ, settings)
        self._mount = settings.mount
        self._mount_point = settings.mount[:-1]  # without it in its path no request is for the dashboard
        self._token = _choose_token(token) if settings.enabled and dashboard else None
        self._parts: Parts | None = None
        if settings.enabled:
            # Off means absent: what the inspector is made of is imported only where it is switched on.
            from inspector.wiring import parts

            self._parts = parts.Parts(
                app,
                journal=journal,
                settings=settings,
                token=self._token,
                worker=worker,
                target=target,
                url=url,
                dashboard_url=dashboard_url,
                account=account,
            )

    @property
    def url_path(self) -> str:
        """Where an embedded dashboard answers, below the root path of the application."""
        return self._mount

    @property
    def token(self) -> str | None:
        """What opens the embedded dashboard; None when there is none."""
        return self._token

    def stats(self) -> Mapping[str, Any]:
        """Return what the recorder counts: recorded, dropped, faults; empty while switched off."""
        return {} if self._parts is None else self._parts.stats()

    def start(self) -> None:
        """Begin to serve what a dashboard asks for, on the running loop; does nothing when that has begun.

        The application's lifespan or its first request does it too; a server may know better when it is up.
        """
        if self._parts is not None:
            self._parts.start()

    async def stop(self) -> None:
        """Store what is pending and say that this process stopped; the application's lifespan does it too."""
        if self._parts is not None:
            await self._parts.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for the dashboard, and hand everything else on to the application."""
        parts = self._parts
        if parts is None:
            await self.app(scope, receive, send)
            return
        try:
            loop = get_running_loop()
        except RuntimeError:
            self._stand_aside(parts)
            await self.app(scope, receive, send)
            return
        if scope["type"] == "lifespan":
            await self._pass_lifespan(parts, scope, receive, send)
        elif (
            parts.dashboard is not None
            and self._mount_point in scope.get("path", "")
            and self._is_below_mount(scope)
        ):
            await parts.show(self._mounted(scope), receive, send)
        else:
            if loop is not parts.loop:
                parts.start()
            await parts.enter(scope, receive, send)

    def _stand_aside(self, parts: "Parts") -> None:
        """Leave the application alone where there is no event loop of asyncio, as under hypercorn's trio."""
        self._parts = None
        parts.give_up()
        _LOG.error(
            "Route Inspector runs on asyncio, and this server runs the application on another event loop:"
            " nothing is recorded, and there is no dashboard. Choose the server's asyncio worker for them."
        )

    def _is_below_mount(self, scope: Scope) -> bool:
        path = strip_root_path(scope)
        return path.startswith(self._mount) or path == self._mount[:-1]

    def _mounted(self, scope: Scope) -> Scope:
        """Return the scope as the dashboard sees it: the mount is part of its root path."""
        root_path: str = scope.get("root_path", "")
        inside = {
            **scope,
            "root_path": root_path + self._mount[:-1],
            "path": root_path + strip_root_path(scope),
        }
        inside.pop("app", None)
        return inside

    async def _pass_lifespan(self, parts: "Parts", scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application's lifespan pass through unchanged, and live with it."""

        async def receive_watched() -> Message:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                parts.let_viewers_go()
            return message

        async def send_watched(message: Message) -> None:
            if message["type"] == "lifespan.startup.complete":
                parts.start(state=scope.get("state"))
            elif message["type"] in ("lifespan.shutdown.complete", "lifespan.shutdown.failed"):
                await parts.stop()  # before the server hears that it may end
            await send(message)

        await self.app(scope, receive_watched, send_watched)


def _choose_token(given: str | None) -> str:
    name, text = (
        ("token", given) if given is not None else ("INSPECTOR_TOKEN", os.environ.get("INSPECTOR_TOKEN"))
    )
    if not text:
        return secrets.token_urlsafe(_TOKEN_BYTES)
    if not _TOKEN_SHAPE.match(text):
        # The value itself is not repeated: it may be a secret that was put into the wrong place.
        raise SettingsError(
            name,
            f"<{len(text)} characters>",
            "use 22 to 256 letters, digits, '-' or '_' from a random source",
        )
    return text
