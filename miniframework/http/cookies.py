"""Cookies: the request's header read, the response's header written."""

import re
import sys
from datetime import datetime
from typing import Final, Literal

from miniframework.errors import OptionError

SameSite = Literal["lax", "strict", "none"]

# What `http.cookies` writes for a character that a cookie must not hold. It reads it in quadratic time below
# Python 3.11.10: 16 s for 64 KB of backslashes. Source: CVE-2024-7592.
_ESCAPED: Final = re.compile(r"\\(?:([0-3][0-7][0-7])|(.))")


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
    if len(value) < 2 or not value.endswith('"'):
        return value
    return _ESCAPED.sub(_unescape, value[1:-1])


def _unescape(found: re.Match[str]) -> str:
    return chr(int(found[1], 8)) if found[1] else found[2]


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

    Raises CookieError for a name that is no token, ValueError for a path or domain that would break out of
    the header, and for `partitioned` below Python 3.14, as Starlette. Source: RFC 6265bis section 4.1.
    """
    from http.cookies import SimpleCookie  # dear to import, and wanted by few

    for word, text in (("path", path), ("domain", domain)):
        if text is not None and (";" in text or not text.isprintable()):
            raise ValueError(f"cookie {name!r}: {word} {text!r} holds ';' or a control character; remove it")
    if samesite is not None and samesite.lower() not in ("strict", "lax", "none"):
        raise OptionError(f"cookie {name!r}: samesite {samesite!r} must be 'strict', 'lax' or 'none'")
    if partitioned and sys.version_info < (3, 14):
        raise ValueError("Partitioned cookies are only supported in Python 3.14 and above.")
    jar: SimpleCookie = SimpleCookie()
    jar[name] = value
    morsel = jar[name]
    if max_age is not None:
        morsel["max-age"] = max_age
    if expires is not None:
        morsel["expires"] = _format_date(expires) if isinstance(expires, datetime) else expires
    attributes = {"path": path, "domain": domain, "samesite": samesite}
    morsel.update({key: text for key, text in attributes.items() if text is not None})
    morsel["secure"] = secure
    morsel["httponly"] = httponly
    if partitioned:
        morsel["partitioned"] = True
    return jar.output(header="").strip()


def _format_date(moment: datetime) -> str:
    from email.utils import format_datetime  # dear to import, and wanted by few

    return format_datetime(moment, usegmt=True)
