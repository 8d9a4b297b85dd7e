"""What a request carries, as small read-only views: headers, query, address, state.

The names that FastAPI keeps here and this framework elsewhere (`URL`, `URLPath`, `FormData`, `UploadFile`)
are found too.
"""

import importlib
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import parse_qsl, urlencode

from miniframework.header_text import FIRST, NAMES, UNSET, encode_first
from miniframework.header_text import encode_header as encode_header
from miniframework.types import RawHeaders, Scope

if TYPE_CHECKING:
    from miniframework.http.form import FormData as FormData
    from miniframework.http.upload import UploadFile as UploadFile
    from miniframework.http.url import URL as URL
    from miniframework.http.url import URLPath as URLPath

__all__ = [
    "URL",
    "Address",
    "FormData",
    "Headers",
    "ImmutableMultiDict",
    "MutableHeaders",
    "QueryParams",
    "State",
    "URLPath",
    "UploadFile",
]

Value = TypeVar("Value")

_ELSEWHERE = {"FormData": "http.form", "UploadFile": "http.upload", "URL": "http.url", "URLPath": "http.url"}

# RFC 3986 section 3.3: what may stand in a path unencoded, pchar without "%", and "/".
PATH_SAFE = "/!$&'()*+,;=:@-._~"


class Address(NamedTuple):
    """A host and a port, of the client or the server."""

    host: str
    port: int | None


class Headers(Mapping[str, str]):
    """Headers by name in any case; a repeated one gives its first value, `get_list` all of them.

    `raw` is the list of byte pairs as ASGI has it; text is Latin-1, which loses nothing. Made from these
    pairs, from a mapping of text, or from an ASGI scope.
    """

    __slots__ = ("raw",)

    def __init__(
        self,
        headers: Mapping[str, str] | Iterable[tuple[bytes, bytes]] | None = None,
        raw: Iterable[tuple[bytes, bytes]] | None = None,
        scope: Scope | None = None,
    ) -> None:
        if scope is not None:
            raw = scope["headers"]
        elif raw is None:
            raw = _encode(headers) if isinstance(headers, Mapping) else headers
        # An empty list is kept too: what is set goes through to it.
        self.raw: RawHeaders = raw if isinstance(raw, list) else list(raw or ())

    def __getitem__(self, name: str) -> str:
        value = self._find(name)
        if value is None:
            raise KeyError(name)
        return value

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self._find(key) is not None

    def _find(self, name: str) -> str | None:
        try:
            wanted = NAMES[name]
        except ValueError:  # no header has such a name, but who knows what a server lets pass
            wanted = name.lower().encode("latin-1")
        size = len(wanted)
        for key, value in self.raw:
            if len(key) == size and key.lower() == wanted:
                return value.decode("latin-1")
        return None

    # As in Starlette a repeated header comes as often as it stands there.
    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __len__(self) -> int:
        return len(self.raw)

    def keys(self) -> list[str]:  # type: ignore[override]
        """Give every name, in lower case, in order."""
        return [key.decode("latin-1").lower() for key, _ in self.raw]

    def values(self) -> list[str]:  # type: ignore[override]
        """Give every value, in order."""
        return [value.decode("latin-1") for _, value in self.raw]

    def items(self) -> list[tuple[str, str]]:  # type: ignore[override]
        """Give all pairs as text, names in lower case, in order, with repetitions."""
        return list(zip(self.keys(), self.values(), strict=True))

    def get_list(self, key: str) -> list[str]:
        """Give every value of a repeated header, in order."""
        wanted = key.lower().encode("latin-1")
        return [value.decode("latin-1") for name, value in self.raw if name.lower() == wanted]

    getlist = get_list

    def multi_items(self) -> list[tuple[str, str]]:
        """Give all pairs as text, in order, with repetitions."""
        return [(key.decode("latin-1"), value.decode("latin-1")) for key, value in self.raw]

    def mutablecopy(self) -> "MutableHeaders":
        """Give a copy that can be changed."""
        return MutableHeaders(list(self.raw))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Headers) and sorted(self.raw) == sorted(other.raw)

    __hash__ = None  # type: ignore[assignment]  # views on a list that may change

    def __repr__(self) -> str:
        name, shown = type(self).__name__.removesuffix("View"), dict(self.items())
        return f"{name}({shown!r})" if len(shown) == len(self.raw) else f"{name}(raw={self.raw!r})"


class HeadersView(Headers):
    """The same around the list of a scope: made bare, and given its `raw`."""

    __slots__ = ()

    def __init__(self) -> None:
        """Give a bare one."""

    if not TYPE_CHECKING:
        __init__ = object.__init__  # the same in a fourth of the time

        def get(self, key: str, default: Any = None) -> Any:
            """Do what any mapping does, without an exception for what is missing."""
            value = self._find(key)
            return default if value is None else value


def view_headers(scope: Scope) -> Headers:
    """Give the headers of a request; a scope may have none."""
    headers, raw = HeadersView(), scope.get("headers")
    headers.raw = raw if type(raw) is list else list(raw or ())
    return headers


class MutableHeaders(Headers):
    """Headers that can be changed; changes go through to `raw`."""

    __slots__ = ()

    def __setitem__(self, name: str, value: str) -> None:
        first, pair = FIRST[name]
        if value is not first:
            # As `encode_header` does it, without a call for what is usual.
            is_text = first is not UNSET and value.__class__ is str
            is_plain = is_text and value.isascii() and value.isprintable()
            pair = (pair[0], value.encode()) if is_plain else encode_first(name, value)
        wanted, raw = pair[0], self.raw
        size = len(wanted)
        for key, _ in raw:
            if len(key) == size and key.lower() == wanted:
                self._replace(pair)
                return
        raw.append(pair)

    def _replace(self, pair: tuple[bytes, bytes]) -> None:
        """Put a header into the place of the first of its name, and take out the others."""
        wanted, raw = pair[0], self.raw
        names = [key.lower() for key, _ in raw]
        at = names.index(wanted)
        raw[at] = pair
        if names.count(wanted) > 1:
            raw[at + 1 :] = [kept for kept in raw[at + 1 :] if kept[0].lower() != wanted]

    def __delitem__(self, name: str) -> None:
        wanted = name.lower().encode("latin-1")
        self.raw[:] = [kept for kept in self.raw if kept[0].lower() != wanted]

    def append(self, key: str, value: str) -> None:
        """Add one more header beside those of the same name (as Set-Cookie needs)."""
        self.raw.append(encode_header(key, value))

    def setdefault(self, key: str, value: str) -> str:
        """Set the header unless it is there; give the value that holds."""
        if key not in self:
            self.append(key, value)
        return self[key]

    def update(self, other: Mapping[str, str]) -> None:
        """Set each of these headers."""
        for name, value in other.items():
            self[name] = value

    def __ior__(self, other: Mapping[str, str]) -> "MutableHeaders":
        if not isinstance(other, Mapping):
            return NotImplemented
        self.update(other)
        return self

    def __or__(self, other: Mapping[str, str]) -> "MutableHeaders":
        if not isinstance(other, Mapping):
            return NotImplemented
        both = self.mutablecopy()
        both.update(other)
        return both

    def add_vary(self, vary: str) -> None:
        """Add the name of a header to Vary, behind what is there. Source: RFC 9110 section 12.5.5."""
        present = self.get_list("vary")
        self["vary"] = ", ".join([*present, vary])

    add_vary_header = add_vary


class MutableHeadersView(MutableHeaders):
    """The same around a list that is a response's own: made bare, and given its `raw`."""

    __slots__ = ()

    def __init__(self) -> None:
        """Give a bare one."""

    if not TYPE_CHECKING:
        __init__ = object.__init__  # the same in half the time


class ImmutableMultiDict(Mapping[str, Value]):
    """Pairs by name; a repeated name gives its last value, `getlist` all of them.

    Made from pairs, a mapping, another of these, and keywords. Two are equal when they are of one class and
    each name has the same values in the same order.
    """

    __slots__ = ("_pairs",)
    _pairs: tuple[tuple[str, Value], ...]

    def __init__(
        self, pairs: Mapping[str, Value] | Iterable[tuple[str, Value]] = (), /, **more: Value
    ) -> None:
        self._pairs = (*_list_pairs(pairs), *more.items())

    def __getitem__(self, name: str) -> Value:
        for key, value in reversed(self._pairs):
            if key == name:
                return value
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(key for key, _ in self._pairs))

    def __len__(self) -> int:
        return len({key for key, _ in self._pairs})

    def get_list(self, key: str) -> list[Value]:
        """Give every value of a repeated name, in order."""
        return [value for name, value in self._pairs if name == key]

    getlist = get_list

    def multi_items(self) -> list[tuple[str, Value]]:
        """Give all pairs, in order, with repetitions."""
        return list(self._pairs)

    def __eq__(self, other: object) -> bool:
        # The order of different names says nothing, that of one name's values does.
        return isinstance(other, type(self)) and _by_name(self._pairs) == _by_name(other._pairs)

    __hash__ = None  # type: ignore[assignment]  # as any mapping

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.multi_items()!r})"


def _list_pairs(pairs: Mapping[str, Value] | Iterable[tuple[str, Value]]) -> Iterable[tuple[str, Value]]:
    if isinstance(pairs, ImmutableMultiDict):
        return pairs.multi_items()
    return pairs.items() if isinstance(pairs, Mapping) else pairs


def _by_name(pairs: Iterable[tuple[str, Value]]) -> list[tuple[str, Value]]:
    return sorted(pairs, key=lambda pair: pair[0])


class QueryParams(ImmutableMultiDict[str]):
    """A parsed query string; what is no text becomes it.

    Invalid UTF-8 becomes U+FFFD. Source: WHATWG URL, application/x-www-form-urlencoded parsing.
    """

    __slots__ = ()

    def __init__(
        self, query: str | bytes | Mapping[str, Any] | Iterable[tuple[str, Any]] | None = "", /, **more: Any
    ) -> None:
        if isinstance(query, bytes):
            query = query.decode("latin-1")
        if isinstance(query, str) and not more:
            self._pairs = tuple(split_query(query))
            return
        pairs = split_query(query) if isinstance(query, str) else _list_pairs(query or ())
        self._pairs = tuple((str(name), str(value)) for name, value in (*pairs, *more.items()))

    def __str__(self) -> str:
        return urlencode(self._pairs)

    def __repr__(self) -> str:
        return f"QueryParams({str(self)!r})"


def split_query(text: str) -> list[tuple[str, str]]:
    """Give the pairs of a query string, decoded. Source: WHATWG URL section 5.1; invalid UTF-8 becomes
    U+FFFD.
    """
    # Nothing to decode is the common case, and parse_qsl is five times slower (measured); a test holds them
    # alike.
    if "%" in text or "+" in text:
        return parse_qsl(text, keep_blank_values=True)
    return [(name, value) for name, _, value in (part.partition("=") for part in text.split("&") if part)]


class State:
    """A bag of attributes around a dict; what the lifespan or a middleware leaves for handlers."""

    __slots__ = ("_state",)
    _state: dict[str, Any]

    def __init__(self, state: dict[str, Any] | None = None) -> None:
        object.__setattr__(self, "_state", {} if state is None else state)

    def __getattr__(self, name: str) -> Any:
        try:
            return self._state[name]
        except KeyError:
            known = ", ".join(sorted(self._state)) or "nothing"
            raise AttributeError(f"'State' object has no attribute {name!r} (it holds: {known})") from None

    def __setattr__(self, name: str, value: Any) -> None:
        self._state[name] = value

    def __delattr__(self, name: str) -> None:
        del self._state[name]

    def __contains__(self, name: str) -> bool:
        return name in self._state

    def __getitem__(self, name: str) -> Any:
        return self._state[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._state[name] = value

    def __delitem__(self, name: str) -> None:
        del self._state[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._state)

    def __len__(self) -> int:
        return len(self._state)


def _encode(headers: Mapping[str, str]) -> RawHeaders:
    pairs = headers.multi_items() if isinstance(headers, Headers) else headers.items()
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in pairs]


def __getattr__(name: str) -> Any:
    if name not in _ELSEWHERE:
        raise AttributeError(f"module 'miniframework.datastructures' has no attribute {name!r}")
    return getattr(importlib.import_module(f"miniframework.{_ELSEWHERE[name]}"), name)
