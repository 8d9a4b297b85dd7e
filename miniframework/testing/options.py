"""What one call of a test client may be given."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any, TypedDict
from urllib.parse import unquote, urlsplit

from miniframework.testing.multipart import Files
from miniframework.testing.request import Content, HeaderArgument, Params

# A user name and a password, sent by the Basic scheme.
Auth = tuple[str | bytes, str | bytes]


class RequestOptions(TypedDict, total=False):
    """What a request may carry. One of `json`, `data` (a form, or bytes) and `content` is the body; `files`
    make the form a multipart one.

    `auth` is a user name and a password. `timeout` takes the place of the client's `timeout_s`.
    `disconnect_after`: the client leaves after so many body messages, for responses that never end.
    """

    params: Params | None
    headers: HeaderArgument | None
    cookies: Mapping[str, str] | None
    auth: Auth | None
    json: Any
    data: bytes | str | Mapping[str, Any] | None
    content: Content | None
    files: Files | None
    follow_redirects: bool
    timeout: float | None
    disconnect_after: int | None


def check_options(options: RequestOptions) -> None:
    """Raise TypeError for an option there is none of, which would be ignored unnoticed."""
    known = RequestOptions.__annotations__
    for name in options:
        if name not in known:
            raise TypeError(f"a request has no option {name!r} (known: {', '.join(sorted(known))})")


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
