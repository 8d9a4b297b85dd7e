"""Headers on the client's side: those it sends with each request, and those it got."""

import re
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from typing import Any

from miniframework.http.headers import Headers, MutableHeaders
from miniframework.types import RawHeaders

HeaderArgument = Mapping[str, str] | Iterable[tuple[str, str]]


class ClientHeaders(MutableMapping[str, str]):
    """What a client sends with each request, by name in any case; pairs may repeat a name, whose values are
    read with commas between them, as httpx does. What is set takes the place of them all.
    """

    def __init__(self, headers: HeaderArgument) -> None:
        self._lines: dict[str, list[str]] = {}
        self.replace(headers)

    def replace(self, headers: HeaderArgument) -> None:
        """Send these in the place of those of the same names."""
        pairs = list(headers.items()) if isinstance(headers, Mapping) else list(headers)
        for name, _ in pairs:
            self._lines[name.lower()] = []
        for name, value in pairs:
            self._lines[name.lower()].append(value)

    def __getitem__(self, name: str) -> str:
        return ", ".join(self._lines[name.lower()])

    def __setitem__(self, name: str, value: str) -> None:
        self._lines[name.lower()] = [value]

    def __delitem__(self, name: str) -> None:
        del self._lines[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def get_list(self, name: str, split_commas: bool = False) -> list[str]:
        """Give every value of a name; with `split_commas` each line cut at its commas, too."""
        values = list(self._lines.get(name.lower(), ()))
        return _split_commas(values) if split_commas else values

    def multi_items(self) -> list[tuple[str, str]]:
        """Give every line."""
        return [(name, value) for name, values in self._lines.items() for value in values]

    @property
    def raw(self) -> RawHeaders:
        """Every line as it is sent."""
        return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in self.multi_items()]

    def __repr__(self) -> str:
        return f"ClientHeaders({self.multi_items()!r})"


def read_raw(lines: RawHeaders) -> ClientHeaders:
    """Give the headers of lines as they are sent."""
    return ClientHeaders((name.decode("latin-1"), value.decode("latin-1")) for name, value in lines)


class ResponseHeaders(MutableHeaders):
    """What came; a repeated header gives all its values, with commas between, as httpx does. A test may
    change them, say take out what is never the same.

    Source: RFC 9110 section 5.3.
    """

    __slots__ = ()

    def __getitem__(self, name: str) -> str:
        values = self.get_list(name)
        if not values:
            raise KeyError(name)
        return ", ".join(values)

    def keys(self) -> list[str]:  # type: ignore[override]  # as any headers
        """Give every name once, in lower case, in order."""
        return list(dict.fromkeys(super().keys()))

    def values(self) -> list[str]:  # type: ignore[override]  # as any headers
        """Give what stands under each of the `keys`."""
        return [self[name] for name in self.keys()]

    def copy(self) -> "ResponseHeaders":
        """Give a copy."""
        return ResponseHeaders(list(self.raw))

    def pop(self, name: str, *default: Any) -> Any:
        """Take a header out and give its value, else `default`. Raises KeyError where neither is there."""
        if default and name not in self:
            return default[0]
        value = self[name]
        del self[name]
        return value

    def get_list(self, key: str, split_commas: bool = False) -> list[str]:
        """Give every value of a name; with `split_commas` each line cut at its commas, too."""
        values = super().get_list(key)
        return _split_commas(values) if split_commas else values

    def multi_items(self) -> list[tuple[str, str]]:
        """Give all pairs as text, names in lower case, in order, with repetitions."""
        return [(name.lower(), value) for name, value in super().multi_items()]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Mapping) and not isinstance(other, Headers):
            other = Headers(other)
        return super().__eq__(other)

    __hash__ = None  # type: ignore[assignment]  # as any headers


def _split_commas(values: list[str]) -> list[str]:
    return [part.strip() for value in values for part in value.split(",")]


def parse_links(text: str) -> dict[str | None, dict[str, str]]:
    """Give the links of a Link header by `rel` or else by URL, read as leniently as httpx does.

    Source: RFC 8288 section 3.
    """
    links: dict[str | None, dict[str, str]] = {}
    for one in re.split(", *<", text.strip(" '\"")) if text else ():
        url, *parameters = one.split(";")
        link = {"url": url.strip("<> '\"")}
        for parameter in parameters:
            name, equals, value = parameter.partition("=")
            if not equals:
                break
            link[name.strip(" '\"")] = value.strip(" '\"")
        links[link.get("rel") or link["url"]] = link
    return links
