"""What stands around every request; the dashboard's Timeline shows each layer and what it changed.

Try:
    curl -i localhost:8000/visits -c jar -b jar
    curl -i localhost:8000/v1/visits
    curl -i -X OPTIONS localhost:8000/visits -H 'origin: https://shop.example' \
         -H 'access-control-request-method: GET'
"""

import secrets
from collections.abc import Awaitable, Callable

from miniframework import App, Request, Response
from miniframework.middleware.cors import CORSMiddleware
from miniframework.middleware.gzip import GZipMiddleware
from miniframework.middleware.sessions import SessionMiddleware
from miniframework.types import ASGIApp, Receive, Scope, Send

app = App()


class VersionPrefix:
    """A middleware as an ASGI class: `/v1/visits` is routed as `/visits`, and the scope says the version."""

    def __init__(self, app: ASGIApp, version: str) -> None:
        self.app = app
        self.prefix = f"/{version}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a scope without the prefix; the server's own is left as it is."""
        if scope["type"] == "http" and scope["path"].startswith(f"{self.prefix}/"):
            scope = {**scope, "path": scope["path"].removeprefix(self.prefix), "version": self.prefix[1:]}
        await self.app(scope, receive, send)


# The last one added is the outermost.
app.add_middleware(VersionPrefix, version="v1")
app.add_middleware(SessionMiddleware, secret_key=secrets.token_hex())
app.add_middleware(GZipMiddleware, minimum_size=500)
app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"], allow_credentials=True)


@app.middleware("http")
async def name_branch(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """A middleware as a function: before, the rest, after."""
    request.state.branch = "harbour street"
    response = await call_next(request)
    response.headers["x-branch"] = request.state.branch
    return response


@app.get("/visits")
async def count_visits(request: Request) -> dict[str, object]:
    """Count in the session, which the client keeps in a signed cookie."""
    visits = request.session["visits"] = request.session.get("visits", 0) + 1
    return {"visits": visits, "branch": request.state.branch, "version": request.scope.get("version")}


@app.get("/catalogue")
async def catalogue() -> list[str]:
    """Long enough to be packed for clients that can unpack it."""
    return [f"Book number {number}" for number in range(100)]
