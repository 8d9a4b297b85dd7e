"""What a request carries, as small read-only views: headers, query, address, state.

The names that FastAPI keeps here and this framework elsewhere (`URL`, `URLPath`, `FormData`, `UploadFile`)
are found too.
"""

import importlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar
from urllib.parse import parse_qsl, urlencode

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

# RFC 9110 section 5.6.2, tchar.
_TOKEN = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
# RFC 9110 section 5.5: a field value has visible characters, space and tab. Servers refuse the others.
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")

# RFC 3986 section 3.3: what may stand in a path unencoded, pchar without "%", and "/".
PATH_SAFE = "/!$&'()*+,;=:@-._~"


class Address(NamedTuple):
    """A host and a port, of the client or the server."""

    host: str
    port: int | None


def encode_header(name: str, value: str) -> tuple[bytes, bytes]:
    """Give one header as ASGI wants it, the name in lower case.

    Raises ValueError for a name that is no token, and for a value with a control character (CR, LF or NUL
    would split the response) or one outside Latin-1, TypeError for one that is no text. Source: RFC 9110
    section 5.5.
    """
    encoded_name = _NAMES[name]
    try:
        # What is printable holds none, and is soon told.
        if not value.isprintable() and _CONTROL.search(value):
            raise ValueError(
                f"header {name!r}: value {value!r} holds CR, LF or NUL, or another control character, which "
                "no header may have; remove or percent-encode them"
            )
        # The name of an encoding is read anew each time, and what is ASCII is the same in UTF-8.
        return encoded_name, value.encode() if value.isascii() else value.encode("latin-1")
    except AttributeError:
        raise TypeError(f"header {name!r}: value {value!r} is no text; write it as str") from None
    except UnicodeEncodeError:
        raise ValueError(
            f"header {name!r}: value {value!r} holds characters outside Latin-1; percent-encode them"
        ) from None


class _EncodedNames(dict[str, bytes]):
    """A memo of a pure function: an application has few names, and sets them in each of its responses. To ask
    an lru_cache takes four times as long.
    """

    __slots__ = ()

    def __missing__(self, name: str) -> bytes:
        if not name or not _TOKEN.issuperset(name):
            raise ValueError(
                f"header name {name!r} is no token; use letters, digits and '-' (RFC 9110 section 5.1)"
            )
        encoded = name.lower().encode("ascii")
        if len(self) < _MOST_NAMES:
            self[name] = encoded
        return encoded


_MOST_NAMES = 512
_NAMES: Final = _EncodedNames()


class Headers(Mapping[str, str]):
    """Headers by name in any case; a repeated one gives its first value, `get_list` all of them.

    `raw` is the list of byte pairs as ASGI has it; text is Latin-1, which loses nothing. Made from these
    pairs, from a mapping of text, or from an ASGI scope.
    """

    __slots__ = ("raw",)

    def __init__(
        self,
        headers: Mapping[str, str] | Iterable[tuple[bytes, bytes]] = (),
        raw: Iterable[tuple[bytes, bytes]] | None = None,
        scope: Scope | None = None,
    ) -> None:
        if scope is not None:
            raw = scope["headers"]
        elif raw is None:
            raw = _encode(headers) if isinstance(headers, Mapping) else headers
        self.raw: RawHeaders = raw if isinstance(raw, list) else list(raw)

    @classmethod
    def from_pairs(cls, pairs: Iterable[tuple[str, str]]) -> "Headers":
        """Make headers from text, checked by `encode_header`."""
        return cls([encode_header(name, value) for name, value in pairs])

    def __getitem__(self, name: str) -> str:
        wanted = name.lower().encode("latin-1")
        for key, value in self.raw:
            if key.lower() == wanted:
                return value.decode("latin-1")
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        wanted = name.lower().encode("latin-1") if isinstance(name, str) else None
        return any(key.lower() == wanted for key, _ in self.raw)

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

    def get_list(self, name: str) -> list[str]:
        """Give every value of a repeated header, in order."""
        wanted = name.lower().encode("latin-1")
        return [value.decode("latin-1") for key, value in self.raw if key.lower() == wanted]

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


class MutableHeaders(Headers):
    """Headers that can be changed; changes go through to `raw`."""

    __slots__ = ()

    def __setitem__(self, name: str, value: str) -> None:
        pair = encode_header(name, value)
        wanted = pair[0]
        size = len(wanted)
        for key, _ in self.raw:
            if len(key) == size and key.lower() == wanted:
                self._replace(pair)
                return
        self.raw.append(pair)

    def _replace(self, pair: tuple[bytes, bytes]) -> None:
        """Put a header into the place of the first of its name, and take out the others."""
        wanted, raw = pair[0], self.raw
        at = next(at for at, (key, _) in enumerate(raw) if key.lower() == wanted)
        raw[at:] = [pair, *(kept for kept in raw[at + 1 :] if kept[0].lower() != wanted)]

    def __delitem__(self, name: str) -> None:
        wanted = name.lower().encode("latin-1")
        self.raw[:] = [kept for kept in self.raw if kept[0].lower() != wanted]

    def append(self, name: str, value: str) -> None:
        """Add one more header beside those of the same name (as Set-Cookie needs)."""
        self.raw.append(encode_header(name, value))

    def setdefault(self, name: str, value: str) -> str:
        """Set the header unless it is there; give the value that holds."""
        if name not in self:
            self.append(name, value)
        return self[name]

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

    def add_vary(self, name: str) -> None:
        """Add `name` to Vary, behind what is there. Source: RFC 9110 section 12.5.5."""
        present = self.get_list("vary")
        self["vary"] = ", ".join([*present, name])

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

    def get_list(self, name: str) -> list[Value]:
        """Give every value of a repeated name, in order."""
        return [value for key, value in self._pairs if key == name]

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
        self, query: str | bytes | Mapping[str, Any] | Iterable[tuple[str, Any]] = "", /, **more: Any
    ) -> None:
        if isinstance(query, bytes):
            query = query.decode("latin-1")
        if isinstance(query, str):
            query = parse_qsl(query, keep_blank_values=True, errors="replace")
        pairs = (*_list_pairs(query), *more.items())
        self._pairs = tuple((str(name), str(value)) for name, value in pairs)

    def __str__(self) -> str:
        return urlencode(self._pairs)

    def __repr__(self) -> str:
        return f"QueryParams({str(self)!r})"


class State:
    """A bag of attributes around a dict; what the lifespan or a middleware leaves for handlers."""

    __slots__ = ("_values",)
    _values: dict[str, Any]

    def __init__(self, values: dict[str, Any] | None = None) -> None:
        object.__setattr__(self, "_values", {} if values is None else values)

    def __getattr__(self, name: str) -> Any:
        try:
            return self._values[name]
        except KeyError:
            known = ", ".join(sorted(self._values)) or "nothing"
            raise AttributeError(f"'State' object has no attribute {name!r} (it holds: {known})") from None

    def __setattr__(self, name: str, value: Any) -> None:
        self._values[name] = value

    def __delattr__(self, name: str) -> None:
        if name not in self._values:
            raise AttributeError(f"'State' object has no attribute {name!r}")
        del self._values[name]

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._values[name] = value

    def __delitem__(self, name: str) -> None:
        del self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __bool__(self) -> bool:
        return True


def _encode(headers: Mapping[str, str]) -> RawHeaders:
    pairs = headers.multi_items() if isinstance(headers, Headers) else headers.items()
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in pairs]


def __getattr__(name: str) -> Any:
    if name not in _ELSEWHERE:
        raise AttributeError(f"module 'miniframework.datastructures' has no attribute {name!r}")
    return getattr(importlib.import_module(f"miniframework.{_ELSEWHERE[name]}"), name)
