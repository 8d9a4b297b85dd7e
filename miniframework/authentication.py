"""Who a client is and what it is allowed, under Starlette's names.

`miniframework.middleware.authentication` asks a backend of these once a request. What one needs in new code
is rather a dependency with the schemes of `miniframework.security`, which the documentation shows.
"""

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from miniframework.errors import RegistrationError
from miniframework.http.connection import Connection
from miniframework.http.exceptions import HTTPException
from miniframework.http.response import RedirectResponse
from miniframework.params.signature import find_source
from miniframework.records import dataclass
from miniframework.signatures import signature_of
from miniframework.websocket import WebSocket

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


class AuthenticationError(Exception):
    """A client said who it is, and that is wrong; answered with 400, or by the middleware's `on_error`."""


class AuthCredentials:
    """What a client is allowed: `request.auth.scopes`."""

    def __init__(self, scopes: Sequence[str] | None = None) -> None:
        self.scopes = list(scopes or ())


class BaseUser:
    """Who a client is; derive from it."""

    @property
    def is_authenticated(self) -> bool:
        """Whether it is somebody known."""
        raise NotImplementedError

    @property
    def display_name(self) -> str:
        """What people read."""
        raise NotImplementedError

    @property
    def identity(self) -> str:
        """What tells it from all others."""
        raise NotImplementedError


class SimpleUser(BaseUser):
    """Somebody with a name."""

    def __init__(self, username: str) -> None:
        self.username = username

    @property
    def is_authenticated(self) -> bool:
        """Always."""
        return True

    @property
    def display_name(self) -> str:
        """The name."""
        return self.username

    @property
    def identity(self) -> str:
        """The name."""
        return self.username


class UnauthenticatedUser(BaseUser):
    """Nobody known."""

    @property
    def is_authenticated(self) -> bool:
        """Never."""
        return False

    @property
    def display_name(self) -> str:
        """Nothing."""
        return ""

    @property
    def identity(self) -> str:
        """Nothing."""
        return ""


class AuthenticationBackend:
    """Finds out who a client is; derive from it."""

    async def authenticate(self, conn: Connection) -> tuple[AuthCredentials, BaseUser] | None:
        """Give what it is allowed and who it is, None when it does not say. Raises AuthenticationError."""
        raise NotImplementedError


def has_required_scope(conn: Connection, scopes: Sequence[str]) -> bool:
    """Tell whether a client is allowed all of `scopes`."""
    return all(scope in conn.auth.scopes for scope in scopes)


def requires(
    scopes: str | Sequence[str], status_code: int = 403, redirect: str | None = None
) -> Callable[[Endpoint], Endpoint]:
    """Call the decorated endpoint only for clients that are allowed all of `scopes`.

    The others are answered with `status_code`, or sent to the route named `redirect` with where they wanted
    to go in `next`; a WebSocket is closed. The endpoint takes `request` or `websocket`, else it raises
    RegistrationError.
    """
    guard = _Guard([scopes] if isinstance(scopes, str) else list(scopes), status_code, redirect)

    def decorate(function: Endpoint) -> Endpoint:
        signature = signature_of(function)
        name = next((one for one in signature.parameters if one in ("request", "websocket")), None)
        if name is None:
            raise RegistrationError(
                where=find_source(function),
                problem=f"requires({scopes!r}): {function!r:.100} has no parameter 'request' or 'websocket'",
                way_out="add `request: Request`, whose user is to be looked at",
            )

        def find_connection(*args: Any, **kwargs: Any) -> Any:
            return signature.bind_partial(*args, **kwargs).arguments[name]

        return cast(Endpoint, guard.around(function, find_connection))

    return decorate


@dataclass(frozen=True, slots=True)
class _Guard:
    scopes: Sequence[str]
    status_code: int
    redirect: str | None

    def around(
        self, function: Callable[..., Any], find_connection: Callable[..., Connection]
    ) -> Callable[..., Any]:
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def call_async(*args: Any, **kwargs: Any) -> Any:
                connection = find_connection(*args, **kwargs)
                if has_required_scope(connection, self.scopes):
                    return await function(*args, **kwargs)
                if isinstance(connection, WebSocket):
                    return await connection.close()
                return self.refuse(connection)

            return call_async

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            connection = find_connection(*args, **kwargs)
            if has_required_scope(connection, self.scopes):
                return function(*args, **kwargs)
            return self.refuse(connection)

        return call

    def refuse(self, connection: Connection) -> RedirectResponse:
        if self.redirect is None:
            raise HTTPException(self.status_code)
        wanted = urlencode({"next": str(connection.url)})
        return RedirectResponse(f"{connection.url_for(self.redirect)}?{wanted}", 303)
