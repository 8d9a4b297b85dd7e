"""Cookies: the request's header read, the response's header written."""

from datetime import datetime
from typing import Literal

SameSite = Literal["lax", "strict", "none"]


def parse_cookies(header: str) -> dict[str, str]:
    """Give name to value from a Cookie header; of a repeated name the last. Never raises: what is odd stays
    text.

    Source: RFC 6265bis section 5.7, and browsers, which send `name` for a cookie without a name.
    """
    cookies: dict[str, str] = {}
    for piece in header.split(";"):
        name, equals, value = piece.partition("=")
        if not equals:
            name, value = "", name
        name, value = name.strip(), value.strip()
        if name or value:
            cookies[name] = _unquote(value) if value.startswith('"') else value
    return cookies


def _unquote(value: str) -> str:
    from http.cookies import _unquote as unquote  # dear to import, and wanted by few

    return unquote(value)


def format_set_cookie(
    name: str,
    value: str = "",
    *,
    max_age: int | None = None,
    expires: datetime | int | str | None = None,
    path: str | None = "/",
    domain: str | None = None,
    secure: bool = False,
    httponly: bool = False,
    samesite: SameSite | None = "lax",
    partitioned: bool = False,
) -> str:
    """Give the value of one Set-Cookie header; `expires` in seconds from now when it is a number.

    `partitioned`: one for each site that embeds this one (CHIPS, draft-cutler-httpbis-partitioned-cookies).

    Raises ValueError for a name, path or domain that would break out of the header. Source: RFC 6265bis
    section 4.1.
    """
    from http.cookies import CookieError, SimpleCookie  # dear to import, as above

    for word, text in (("path", path), ("domain", domain)):
        if text is not None and (";" in text or not text.isprintable()):
            raise ValueError(f"cookie {name!r}: {word} {text!r} holds ';' or a control character; remove it")
    if samesite is not None and samesite.lower() not in ("strict", "lax", "none"):
        raise ValueError(f"cookie {name!r}: samesite {samesite!r} must be 'strict', 'lax' or 'none'")
    jar: SimpleCookie = SimpleCookie()
    try:
        jar[name] = value
    except CookieError as error:
        raise ValueError(
            f"cookie {name!r} cannot be set: {error}; names are tokens (RFC 6265 section 4.1.1)"
        ) from None
    morsel = jar[name]
    if max_age is not None:
        morsel["max-age"] = max_age
    if expires is not None:
        morsel["expires"] = _format_date(expires) if isinstance(expires, datetime) else expires
    attributes = {"path": path, "domain": domain, "samesite": samesite}
    morsel.update({key: text for key, text in attributes.items() if text is not None})
    morsel["secure"] = secure
    morsel["httponly"] = httponly
    # Written here, for http.cookies knows the word from Python 3.14 on.
    return jar.output(header="").strip() + ("; Partitioned" if partitioned else "")


def _format_date(moment: datetime) -> str:
    from email.utils import format_datetime  # dear to import, and wanted by few

    return format_datetime(moment, usegmt=True)
