"""The cookies a test client keeps, as a browser with a single host would."""

import time
from collections.abc import Iterable, Iterator, MutableMapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cookie:
    name: str
    value: str
    path: str
    is_gone: bool


class CookieJar(MutableMapping[str, str]):
    """Cookies by name; what a response sets is kept until it expires or is deleted.

    Paths are kept apart as browsers do; Secure, HttpOnly, SameSite and Domain are not looked at, for there
    is one host and no network. Source: RFC 6265 section 5.
    """

    def __init__(self, cookies: Iterable[tuple[str, str]] = ()) -> None:
        self._kept: dict[tuple[str, str], str] = {(name, "/"): value for name, value in cookies}

    def __getitem__(self, name: str) -> str:
        for (kept, _), value in reversed(self._kept.items()):
            if kept == name:
                return value
        raise KeyError(name)

    def __setitem__(self, name: str, value: str) -> None:
        self._kept[name, "/"] = value

    def __delitem__(self, name: str) -> None:
        keys = [key for key in self._kept if key[0] == name]
        if not keys:
            raise KeyError(name)
        for key in keys:
            del self._kept[key]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name for name, _ in self._kept))

    def __len__(self) -> int:
        return len({name for name, _ in self._kept})

    def header_for(self, path: str) -> str:
        """Give the Cookie header for `path`, longest cookie path first; "" when there is none."""
        fitting = [(kept, value) for kept, value in self._kept.items() if _covers(kept[1], path)]
        fitting.sort(key=lambda one: len(one[0][1]), reverse=True)
        return "; ".join(f"{name}={value}" if name else value for (name, _), value in fitting)

    def take(self, lines: Iterable[str], path: str) -> None:
        """Keep what the Set-Cookie lines of a response to `path` say; expired ones go."""
        for line in lines:
            cookie = _parse_set_cookie(line, path)
            if cookie.is_gone:
                self._kept.pop((cookie.name, cookie.path), None)
            else:
                self._kept[cookie.name, cookie.path] = cookie.value

    def __repr__(self) -> str:
        return f"CookieJar({dict(self)!r})"


def _covers(cookie_path: str, path: str) -> bool:
    if path == cookie_path:
        return True
    return path.startswith(cookie_path if cookie_path.endswith("/") else cookie_path + "/")


def _parse_set_cookie(line: str, path: str) -> _Cookie:
    pair, *rest = line.split(";")
    name, _, value = pair.partition("=")
    attributes = {key.strip().lower(): text.strip() for key, _, text in (one.partition("=") for one in rest)}
    given = attributes.get("path", "")
    default = path.rpartition("/")[0] or "/"
    return _Cookie(
        name=name.strip(),
        value=value.strip(),
        path=given if given.startswith("/") else default,
        is_gone=_is_gone(attributes),
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
