"""The cookies a test client keeps, as a browser would."""

import time
from collections.abc import Iterable, Iterator, MutableMapping
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from miniframework.records import dataclass

_SECURE_SCHEMES = ("https", "wss")


class _Key(NamedTuple):
    """What makes a cookie another one. A `domain` of "" means every host, one that begins with a dot the
    hosts below it too.
    """

    name: str
    path: str
    domain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cookie:
    key: _Key
    value: str
    is_gone: bool
    is_secure: bool


class CookieJar(MutableMapping[str, str]):
    """Cookies by name; what a response sets is kept until it expires or is deleted.

    A cookie goes to its path, its host (or the Domain it names) and, with Secure, to https only; one that was
    put here by hand goes to every host. HttpOnly and SameSite are not looked at. Source: RFC 6265 section 5.
    """

    def __init__(self, cookies: Iterable[tuple[str, str]] = ()) -> None:
        self._kept: dict[_Key, _Cookie] = {}
        for name, value in cookies:
            self.set(name, value)

    def __getitem__(self, name: str) -> str:
        for key, cookie in reversed(self._kept.items()):
            if key.name == name:
                return cookie.value
        raise KeyError(name)

    def __setitem__(self, name: str, value: str) -> None:
        self.set(name, value)

    def __delitem__(self, name: str) -> None:
        keys = [key for key in self._kept if key.name == name]
        if not keys:
            raise KeyError(name)
        for key in keys:
            del self._kept[key]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(key.name for key in self._kept))

    def __len__(self) -> int:
        return len({key.name for key in self._kept})

    def set(self, name: str, value: str, domain: str = "", path: str = "/") -> None:
        """Keep a cookie for the paths below `path`, for every host unless `domain` names one."""
        key = _Key(name, path, domain)
        self._kept[key] = _Cookie(key=key, value=value, is_gone=False, is_secure=False)

    def get(  # type: ignore[override]  # httpx's, beside any mapping's
        self, name: str, default: str | None = None, domain: str | None = None, path: str | None = None
    ) -> str | None:
        """Give a cookie, that of a domain and a path if they are said."""
        found = [self._kept[key].value for key in self._find(name, domain, path)]
        return found[-1] if found else default

    def delete(self, name: str, domain: str | None = None, path: str | None = None) -> None:
        """Forget a cookie, that of a domain and a path if they are said; if there is one."""
        for key in self._find(name, domain, path):
            del self._kept[key]

    def clear(self, domain: str | None = None, path: str | None = None) -> None:
        """Forget all cookies, those of a domain and a path if they are said."""
        for key in self._find(None, domain, path):
            del self._kept[key]

    def update(self, cookies: Any = (), /, **more: str) -> None:
        """Keep these, those of another jar for their domains and paths."""
        if isinstance(cookies, CookieJar):
            self._kept.update(cookies._kept)
            cookies = ()
        super().update(cookies, **more)

    def _find(self, name: str | None, domain: str | None, path: str | None) -> list[_Key]:
        return [
            key
            for key in self._kept
            if name in (None, key.name)
            and (domain is None or domain in (key.domain, _with_local(key.domain)))
            and path in (None, key.path)
        ]

    def header_for(self, url: str) -> str:
        """Give the Cookie header for `url`, longest cookie path first; "" when there is none."""
        parts = urlsplit(url)
        host, path = parts.hostname or "", unquote(parts.path)
        fitting = [
            one
            for one in self._kept.values()
            if _covers(one.key.path, path)
            and _is_sent_to(host, one.key.domain)
            and (not one.is_secure or parts.scheme in _SECURE_SCHEMES)
        ]
        fitting.sort(key=lambda one: len(one.key.path), reverse=True)
        return "; ".join(f"{one.key.name}={one.value}" if one.key.name else one.value for one in fitting)

    def take(self, lines: Iterable[str], url: str) -> None:
        """Keep what the Set-Cookie lines of a response to `url` say, but for other hosts; expired ones go."""
        parts = urlsplit(url)
        for line in lines:
            cookie = _parse_set_cookie(line, parts.hostname or "", unquote(parts.path))
            if not _is_within(parts.hostname or "", cookie.key.domain):
                continue  # another host's
            for key in (cookie.key, cookie.key._replace(domain="")):  # put here by hand: replaced as well
                self._kept.pop(key, None)
            if not cookie.is_gone:
                self._kept[cookie.key] = cookie

    def __repr__(self) -> str:
        return f"CookieJar({dict(self)!r})"


def _covers(cookie_path: str, path: str) -> bool:
    if path == cookie_path:
        return True
    return path.startswith(cookie_path if cookie_path.endswith("/") else cookie_path + "/")


def _is_within(host: str, domain: str) -> bool:
    return _is_sent_to(host, domain) or (domain.startswith(".") and f".{host}".endswith(domain))


def _is_sent_to(host: str, domain: str) -> bool:
    whole = _with_local(host)
    return domain in ("", host, whole) or (domain.startswith(".") and f".{whole}".endswith(domain))


def _with_local(host: str) -> str:
    """Give a host without a dot the name that httpx's jar has for it. Source: RFC 2965 section 1."""
    return host if "." in host or not host else f"{host}.local"


def _parse_set_cookie(line: str, host: str, path: str) -> _Cookie:
    pair, *rest = line.split(";")
    name, _, value = pair.partition("=")
    attributes = {key.strip().lower(): text.strip() for key, _, text in (one.partition("=") for one in rest)}
    given, domain = attributes.get("path", ""), attributes.get("domain", "").lstrip(".").lower()
    default = path.rpartition("/")[0] or "/"
    return _Cookie(
        key=_Key(
            name=name.strip(),
            path=given if given.startswith("/") else default,
            domain=f".{domain}" if domain else host,
        ),
        value=value.strip(),
        is_gone=_is_gone(attributes),
        is_secure="secure" in attributes,
    )


def _is_gone(attributes: dict[str, str]) -> bool:
    """Max-Age counts before Expires; what cannot be read is ignored. Source: RFC 6265 section 5.3."""
    try:
        if "max-age" in attributes:
            return int(attributes["max-age"]) <= 0
        if "expires" in attributes:
            return parsedate_to_datetime(attributes["expires"]).timestamp() <= time.time()
    except ValueError:
        return False
    return False
