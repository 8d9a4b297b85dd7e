"""Route tables over so small an alphabet that they collide all the time, and every short path over it."""

from collections.abc import Mapping
from itertools import product

from hypothesis import strategies as st

from miniframework.routing.converters import BUILT_IN, Converter
from miniframework.routing.pattern import parse_pattern
from miniframework.routing.route import Entry, Mount, Route, SocketRoute, Source
from miniframework.routing.table import RouteTable

_REGEXES = {
    "either": "a|b",
    "as": "a*",
    "two": "[ab]{2}",
    "word": r"\w+",
    "lazy": "(?:ab??)+?",
    "anycase": "(?i:A)b?",
    "not_a": r"(?!a\Z)[^/]+",
    "not_a_next": "(?!a)[^/]+",
    "dotted": r".+(?=1)1",
    "to_end": "[ab]+$",
    "lines": r"[\s\S]*",
    "plain": r"[^/\n]+",
    "atomic": "(?>a|ab)b?",
    "behind": "[ab]+(?<=a)",
    "edge": r"a+\b",
    "never": "a(?!b)b",
}


class TextConverter(Converter):
    """A converter that is only a regex."""

    def __init__(self, name: str, regex: str) -> None:
        self.name = name
        self.regex = regex


CONVERTERS: Mapping[str, Converter] = {
    **BUILT_IN,
    **{name: TextConverter(name, regex) for name, regex in _REGEXES.items()},
}
SEGMENTS = (
    "a", "b", "1", "", "ab", "{0}", "{0}", "{0:int}", "{0:path}", "{0:either}", "{0:as}", "{0:two}", "a{0}",
    "{0:word}", "{0:lazy}", "{0:anycase}", "{0:path}b", "a{0:int}", "{0:either}{1}", "{0:path}1{1:as}",
)  # fmt: skip
BEYOND_SEGMENTS = ("{0:atomic}", "{0:not_a}", "{0:not_a_next}", "{0:dotted}", "{0:to_end}", "{0:lines}")
UNFOLLOWED = ("{0:behind}", "{0:edge}")
CHARS = "ab1/"
METHODS = ("GET", "POST")


def short_paths(longest: int = 4) -> list[str]:
    """Every path over the alphabet up to a length, and some stranger ones."""
    plain = ["/" + "".join(rest) for length in range(longest) for rest in product(CHARS, repeat=length)]
    return [
        *plain,
        "",
        "a",
        "/\n",
        "/a\n",
        "/é",
        "/A",
        "/٣",
        "/a/é",
        "/b/c/d",
        "/aaaa",
        "/1111",
        "/ab/ab",
        "/a/b/a/b/1",
    ]


def endpoint() -> None:
    """What every route of these tests calls."""


def route(template: str, *methods: str, line: int = 1) -> Route:
    return Route(
        pattern=parse_pattern(template, CONVERTERS),
        methods=frozenset(methods or ("GET",)),
        endpoint=endpoint,
        name=f"route{line}",
        source=Source(file="app.py", line=line),
    )


def socket(template: str, line: int = 1) -> SocketRoute:
    return SocketRoute(
        pattern=parse_pattern(template, CONVERTERS),
        endpoint=endpoint,
        name=f"socket{line}",
        source=Source(file="app.py", line=line),
    )


def mount(prefix: str, table: RouteTable | None = None, line: int = 1) -> Mount:
    return Mount(
        pattern=parse_pattern(prefix, CONVERTERS, open_ended=True),
        app=endpoint,
        name=f"mount{line}",
        source=Source(file="app.py", line=line),
        table=lambda: table,
    )


def table_of(*entries: Entry) -> RouteTable:
    """A table with these entries, which may repeat themselves."""
    return RouteTable(entries)


@st.composite
def templates(draw: st.DrawFn, segments: tuple[str, ...] = SEGMENTS) -> str:
    drawn = draw(st.lists(st.sampled_from(segments), min_size=1, max_size=3))
    text = ""
    for number, segment in enumerate(drawn):
        text += "/" + segment.replace("{0", f"{{n{number}x").replace("{1", f"{{n{number}y")
    return text


@st.composite
def tables(
    draw: st.DrawFn, segments: tuple[str, ...] = SEGMENTS, *, depth: int = 1, largest: int = 6
) -> RouteTable:
    entries: list[Entry] = []
    for line in range(1, draw(st.integers(1, largest)) + 1):
        kind = draw(st.integers(0, 9))
        template = draw(templates(segments))
        if kind == 0:
            entries.append(socket(template, line))
        elif kind <= 2 and depth:
            inner = draw(st.none() | tables(segments, depth=depth - 1, largest=3))
            entries.append(mount(draw(st.sampled_from((template, "", "/a"))), inner, line))
        else:
            methods = draw(st.frozensets(st.sampled_from(METHODS), min_size=1))
            entries.append(route(template, *methods, line=line))
    return RouteTable(entries)
