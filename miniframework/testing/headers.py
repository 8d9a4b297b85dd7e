"""Headers on the client's side: those it sends with each request, and those it got."""

import re
from collections.abc import Iterator, Mapping, MutableMapping

from miniframework.datastructures import Headers


class ClientHeaders(MutableMapping[str, str]):
    """What a client sends with each request, by name in any case; one value a name."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._lines: dict[str, str] = {}
        self.update(headers)

    def __getitem__(self, name: str) -> str:
        return self._lines[name.lower()]

    def __setitem__(self, name: str, value: str) -> None:
        self._lines[name.lower()] = value

    def __delitem__(self, name: str) -> None:
        del self._lines[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def __repr__(self) -> str:
        return f"ClientHeaders({self._lines!r})"


class ResponseHeaders(Headers):
    """What came; a repeated header gives all its values, with commas between, as httpx does.

    Source: RFC 9110 section 5.3.
    """

    __slots__ = ()

    def __getitem__(self, name: str) -> str:
        values = self.get_list(name)
        if not values:
            raise KeyError(name)
        return ", ".join(values)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Mapping) and not isinstance(other, Headers):
            other = Headers(other)
        return super().__eq__(other)

    __hash__ = None  # as any headers


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
