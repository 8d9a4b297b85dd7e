"""How a test client says who asks: a user name and a password, or a scheme of one's own as httpx has them."""

from base64 import b64encode
from collections.abc import Callable, Generator
from typing import Any, Protocol, cast
from urllib.parse import unquote, urlsplit

from miniframework.testing.response import TestResponse
from miniframework.testing.sent import SentRequest


class AuthScheme(Protocol):
    """A scheme of httpx, as `httpx.BasicAuth`, or of a class derived from `httpx.Auth`."""

    def auth_flow(self, request: Any) -> Generator[Any, Any, None]:
        """Yield each request to be sent; what comes of it is the value of the `yield`."""


# A user name and a password are sent by the Basic scheme; a function gives the request that is to be sent.
Auth = tuple[str | bytes, str | bytes] | AuthScheme | Callable[[SentRequest], SentRequest]
Flow = Generator[SentRequest, TestResponse, None]


def make_authorization(auth: Auth | None, url: str) -> tuple[tuple[str, str], ...]:
    """Give the header for a user name and a password, else for those in the URL; none for a scheme, which
    sets it itself. Source: RFC 7617.
    """
    parts = urlsplit(url)
    if auth is None and parts.username is not None:
        auth = unquote(parts.username), unquote(parts.password or "")
    if auth is None or _is_scheme(auth):
        return ()
    if not (isinstance(auth, tuple) and len(auth) == 2):
        ways = "no function of the request and nothing with an auth_flow"
        raise TypeError(
            f"auth={auth!r} is no pair of user name and password, {ways}; set the header Authorization"
        )
    name, password = (one.encode() if isinstance(one, str) else one for one in auth)
    return (("authorization", "Basic " + b64encode(name + b":" + password).decode("ascii")),)


def start_flow(auth: Auth | None, request: SentRequest) -> Flow | None:
    """Give the requests that a scheme or a function makes of this one; None where it is sent as it is."""
    if auth is None or not _is_scheme(auth):
        return None
    begin = getattr(auth, "sync_auth_flow", None) or getattr(auth, "auth_flow", None)
    return cast(Flow, _call(cast(Any, auth), request) if begin is None else begin(request))


def authorize_once(auth: Auth | None, request: SentRequest) -> SentRequest:
    """Give the first request of a scheme, for what is sent only once."""
    flow = start_flow(auth, request)
    if flow is None:
        return request
    try:
        return next(flow)
    finally:
        flow.close()


def _is_scheme(auth: object) -> bool:
    return callable(auth) or hasattr(auth, "auth_flow")


def _call(function: Callable[[SentRequest], SentRequest], request: SentRequest) -> Flow:
    made: object = function(request)
    if not isinstance(made, SentRequest):
        raise TypeError(f"auth={function!r} gave {made!r:.100}; return the request")
    yield made
