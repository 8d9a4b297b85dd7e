"""What one call of a test client may be given."""

from collections.abc import Mapping
from typing import Any, TypedDict

from miniframework.testing.auth import Auth
from miniframework.testing.headers import HeaderArgument
from miniframework.testing.multipart import Files
from miniframework.testing.request import Content, Params


class BodylessOptions(TypedDict, total=False):
    """What a request may carry beside a body, which `get`, `head`, `options` and `delete` do not take.

    `auth` is a user name and a password, or a scheme of httpx. `timeout` takes the place of the client's
    `timeout_s`.
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
