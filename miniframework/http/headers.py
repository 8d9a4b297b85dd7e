"""The headers of a request or a response, as views on the list of byte pairs that ASGI has."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from miniframework.header_text import FIRST, NAMES, UNSET, encode_first, encode_header
from miniframework.types import RawHeaders, Scope


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

    def keys(self) -> list[str]:  # type: ignore[override]  # a list, as in Starlette: names may repeat
        """Give every name, in lower case, in order."""
        return [key.decode("latin-1").lower() for key, _ in self.raw]

    def values(self) -> list[str]:  # type: ignore[override]  # as above
        """Give every value, in order."""
        return [value.decode("latin-1") for _, value in self.raw]

    def items(self) -> list[tuple[str, str]]:  # type: ignore[override]  # as above
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


def _encode(headers: Mapping[str, str]) -> RawHeaders:
    pairs = headers.multi_items() if isinstance(headers, Headers) else headers.items()
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in pairs]
