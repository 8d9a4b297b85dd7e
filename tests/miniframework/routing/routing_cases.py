"""Generated route tables and hostile requests, and short ways to write them by hand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from hypothesis import strategies as st

from miniframework.routing.converters import BUILT_IN, Converter
from miniframework.routing.pattern import parse_pattern
from miniframework.routing.route import Entry, Mount, Route, SocketRoute, Source
from miniframework.routing.table import RouteTable


class WordConverter(Converter):
    """Unicode: `\\w` takes letters and digits of every script."""

    name = "word"
    regex = r"\w+"


class NotMeConverter(Converter):
    """Looks ahead to the end of the path, so nobody can follow it character by character."""

    name = "notme"
    regex = r"(?!me\Z)[^/]+"


class ChoiceConverter(Converter):
    """A choice at the top, and nothing is enough."""

    name = "choice"
    regex = r"|ab|a[0-9]?|(b)(c)*"


CONVERTERS: Mapping[str, Converter] = {
    **BUILT_IN,
    "word": WordConverter(),
    "notme": NotMeConverter(),
    "choice": ChoiceConverter(),
}

LITERALS = (
    "a",
    "b",
    "me",
    "items",
    "v1.0",
    "a+b",
    "q?x",
    "x(1)",
    "c[ab]",
    "p|q",
    "^a$",
    "*",
    "%2F",
    "é",
    r"\d",
    "A",
    "x.y",
    "",
)
SHAPES = (
    "{0}",
    "{0:int}",
    "{0:float}",
    "{0:uuid}",
    "{0:path}",
    "{0:word}",
    "{0:notme}",
    "{0:choice}",
    "{0}@{1}x.{2}",
    "pre{0:int}suf",
    "{0:int}.json",
    "{0:path}.json",
    "{0:int}{1}",
    "{0:choice}-{1:int}",
    "v{0:float}",
)
HOSTILE = (
    "",
    "*",
    "/",
    "//",
    "///",
    "a",
    "items/1",
    "/a\n",
    "/items/1\n",
    "/items/٤٢",
    "/a//b",
    "/%2F",
    "/a%0A",
    "/.",
    "/..",
    "/\x00",
    "/é",
    "/A",
    "/a/",
    "//a",
    "/items/" + "9" * 30,
    "/a\nb/c",
    "/p|q",
    "/x(1)",
    "/v1X0",
    "/aab",
    "?",
    "/?",
)
TEXTS = (
    "a",
    "b",
    "ab",
    "abc",
    "me",
    "items",
    "1",
    "42",
    "4.5",
    "4.",
    "٤",
    "1@2x.png",
    "pre7suf",
    "presuf",
    "7.json",
    "x.json",
    "123e4567-e89b-12d3-a456-426614174000",
    "123E4567e89b12d3a456426614174000",
    "123e4567",
    "a5-9",
    "-9",
    "v1.0",
    "v2",
    "",
    "a+b",
    "q?x",
    "\n",
    "é",
)
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")


@dataclass(frozen=True)
class Declared:
    """An entry before it is one: what the naive scan of the laws reads."""

    kind: Literal["http", "websocket", "mount"]
    template: str
    methods: frozenset[str] = frozenset()


def endpoint(item_id: int) -> int:
    """What every route of these tests calls."""
    return item_id


def route(
    template: str, *methods: str, line: int = 1, converters: Mapping[str, Converter] = CONVERTERS
) -> Route:
    return Route(
        pattern=parse_pattern(template, converters),
        methods=frozenset(methods or ("GET",)),
        endpoint=endpoint,
        name="endpoint",
        source=Source(file="app.py", line=line),
    )


def socket(template: str, line: int = 1) -> SocketRoute:
    return SocketRoute(
        pattern=parse_pattern(template, CONVERTERS),
        endpoint=endpoint,
        name="socket",
        source=Source(file="app.py", line=line),
    )


def mount(prefix: str, table: Callable[[], RouteTable | None] = lambda: None, line: int = 1) -> Mount:
    return Mount(
        pattern=parse_pattern(prefix, CONVERTERS, open_ended=True),
        app=endpoint,
        name="mounted",
        source=Source(file="app.py", line=line),
        table=table,
    )


def entry_of(declared: Declared) -> Entry:
    if declared.kind == "mount":
        return mount(declared.template)
    return (
        socket(declared.template)
        if declared.kind == "websocket"
        else route(declared.template, *declared.methods)
    )


@st.composite
def templates(draw: st.DrawFn) -> str:
    parts: list[str] = []
    used = 0
    for segment in draw(st.lists(st.sampled_from(LITERALS + SHAPES), min_size=1, max_size=4)):
        text = segment
        for slot in range(3):
            if f"{{{slot}" in text:
                text = text.replace(f"{{{slot}", f"{{n{used}")
                used += 1
        parts.append(text)
    return "/" + "/".join(parts) + draw(st.sampled_from(("", "", "", "/")))


@st.composite
def declarations(draw: st.DrawFn) -> Declared:
    kind: Any = draw(st.sampled_from(("http", "http", "http", "http", "websocket", "mount")))
    template = draw(templates())
    if kind == "mount":
        return Declared(kind, draw(st.sampled_from((template.rstrip("/"), "", "/"))).rstrip("/"))
    methods = (
        draw(st.frozensets(st.sampled_from(METHODS), min_size=1, max_size=3))
        if kind == "http"
        else frozenset()
    )
    return Declared(kind, template, methods)


@st.composite
def paths_like(draw: st.DrawFn, declared: list[Declared]) -> str:
    """A path that comes close to one of the templates, or a hostile one."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.sampled_from(HOSTILE))
    template = draw(st.sampled_from(declared)).template if declared else "/a/{x}"
    path = ""
    for part in parse_pattern(template, CONVERTERS).parts:
        path += getattr(part, "text", None) or draw(st.sampled_from(TEXTS))
    end = draw(st.sampled_from(("", "", "", "/", "/x", "\n", "//", "-")))
    cut = draw(st.sampled_from((0, 0, 0, 1, 2)))
    return path[: len(path) - cut] + end
