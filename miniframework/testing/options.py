"""What one call of a test client may be given."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any, TypedDict
from urllib.parse import unquote, urlsplit

from miniframework.testing.headers import HeaderArgument
from miniframework.testing.multipart import Files
from miniframework.testing.request import Content, Params

# A user name and a password, sent by the Basic scheme.
Auth = tuple[str | bytes, str | bytes]


class BodylessOptions(TypedDict, total=False):
    """What a request may carry beside a body, which `get`, `head`, `options` and `delete` do not take.

    `auth` is a user name and a password. `timeout` takes the place of the client's `timeout_s`.
    `disconnect_after`: the client leaves after so many body messages, for responses that never end.
    `extensions` are httpx's, for its transports; nothing here reads them.
    """

    params: Params | None
    headers: HeaderArgument | None
    cookies: Mapping[str, str] | None
    auth: Auth | None
    follow_redirects: bool
    timeout: float | None
    extensions: Mapping[str, Any] | None
    disconnect_after: int | None


class RequestOptions(BodylessOptions, total=False):
    """The same with a body: `content`, `data` (a form, or bytes) or `json`, the first of them that is given;
    `files` make the form a multipart one.
    """

    json: Any
    data: bytes | str | Mapping[str, Any] | None
    content: Content | None
    files: Files | None


def check_options(options: RequestOptions) -> None:
    """Raise TypeError for an option there is none of, which would be ignored unnoticed."""
    known = RequestOptions.__annotations__
    for name in options:
        if name not in known:
            raise TypeError(f"a request has no option {name!r} (known: {', '.join(sorted(known))})")


def check_bodyless(method: str, options: Mapping[str, Any]) -> None:
    """Raise TypeError for a body given to one of the methods that take none, in the words of httpx."""
    for name in options:
        if name in RequestOptions.__annotations__ and name not in BodylessOptions.__annotations__:
            error = TypeError(f"Client.{method.lower()}() got an unexpected keyword argument {name!r}")
            error.add_note(f"A body goes with any method in request({method!r}, url, {name}=...).")
            raise error


def make_authorization(auth: Auth | None, url: str) -> tuple[tuple[str, str], ...]:
    """Give the header for a user name and a password, else for those in the URL. Source: RFC 7617."""
    parts = urlsplit(url)
    if auth is None and parts.username is not None:
        auth = unquote(parts.username), unquote(parts.password or "")
    if auth is None:
        return ()
    if not (isinstance(auth, tuple) and len(auth) == 2):
        raise TypeError(f"auth={auth!r} is no pair of user name and password; set the header Authorization")
    name, password = (one.encode() if isinstance(one, str) else one for one in auth)
    return (("authorization", "Basic " + b64encode(name + b":" + password).decode("ascii")),)
