"""What a table's snapshot says of one of its routes."""

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from miniframework.records import dataclass

Snapshot = Mapping[str, Any]

# How much a converter lets through, the most open last; one of the user's own is narrower than plain text.
_BREADTH = {"int": 1, "uuid": 1, "float": 2, "str": 4, "path": 5}
_BREADTH_OF_OWN = 3
# Parts that stand for what nobody named: a slash at the end that does not count, the nth group of a regex.
_UNNAMED = re.compile(r"_slash|_[0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPart:
    """A parameter of a template: what routing sees (`converter`, `regex`) and what validation wants."""

    name: str
    converter: str
    regex: str
    declared_type: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRoute:
    """One entry of a snapshot; `number` counts from 1 within its table, and `above` is what stands in front
    of it inside a mount: "30." of what entry 30 mounts.

    `literals` are the texts of its template between the parameters. `host` is set in what was asked for a
    host that this entry is for; `condition` says when else than by its path it takes a request.
    """

    number: int
    kind: str
    path: str
    methods: tuple[str, ...]
    name: str
    endpoint: str | None
    file: str | None
    line: int | None
    parameters: tuple[KnownPart, ...]
    literals: tuple[str, ...]
    inner: Snapshot | None
    above: str = ""
    host: str | None = None
    condition: str | None = None

    @property
    def ordinal(self) -> str:
        """`4`, or `30.2` for the second entry of what entry 30 mounts: what the route table calls it."""
        return f"{self.above}{self.number}"

    @property
    def place(self) -> str | None:
        """`app.py:12`, None when it is not known."""
        return None if self.file is None else f"{PurePath(self.file).name}:{self.line}"

    @property
    def function(self) -> str:
        """The endpoint's own name, without its module and the function it was defined in; of a lambda, which
        has none, the route's.
        """
        own = (self.endpoint or self.name).rpartition(":")[2].rpartition("<locals>.")[2]
        return self.name if own == "<lambda>" else own

    @property
    def label(self) -> str:
        """`route 4, /books/{book_id:int}`; of what is served for a host `mount 1, host api.example.org`."""
        kind = "mount" if self.kind == "mount" else "route"
        what = f"host {self.host}" if self.host and not self.path.strip("/") else self.path or "/"
        return f"{kind} {self.ordinal}, {what}"

    def is_narrower_than(self, other: "KnownRoute") -> bool:
        """Whether it asks for more text as it stands, or for narrower parameters: then it belongs above."""
        if other.kind == "mount" and (self.path == other.path or other.host != self.host):
            return False
        return self._narrowness() > other._narrowness()

    def _narrowness(self) -> tuple[int, int]:
        breadth = sum(_BREADTH.get(part.converter, _BREADTH_OF_OWN) for part in self.parameters)
        text = "".join(self.literals)
        if self.kind == "mount":  # it takes its prefix, a slash, and anything behind
            return len(text.rstrip("/")) + 1, -breadth - _BREADTH["path"]
        return len(text), -breadth

    def takes_as(self, other: "KnownRoute") -> bool:
        """Whether it takes the very paths that another one takes, for the same hosts."""
        return (self.kind, self.path, self.host) == (other.kind, other.path, other.host)

    def find_parameter(self, name: str) -> KnownPart | None:
        """Return a parameter of the template by its name."""
        return next((part for part in self.parameters if part.name == name), None)


def is_named(parameter: str) -> bool:
    """Whether an author named this parameter, and not the adapter that read a template."""
    return _UNNAMED.fullmatch(parameter) is None


def find_route(table: Snapshot | None, index: int | None) -> KnownRoute | None:
    """Return the route at `index` of a snapshot, None when there is no such thing."""
    if table is None or index is None or not 0 <= index < len(table["routes"]):
        return None
    return read_route(table["routes"][index], above=table.get("above", ""))


def table_below(mount: KnownRoute) -> Snapshot | None:
    """Return the table of what is mounted, which then knows under which number its entries stand."""
    return None if mount.inner is None else {**mount.inner, "above": f"{mount.ordinal}."}


def read_route(document: Mapping[str, Any], *, above: str = "") -> KnownRoute:
    """Read one route of a snapshot; `above` is the number of the mount it stands in, with a dot behind."""
    return KnownRoute(
        number=document["index"] + 1,
        kind=document["kind"],
        path=document["path"],
        methods=tuple(document["methods"]),
        name=document["name"],
        endpoint=document.get("endpoint"),
        file=document.get("file"),
        line=document.get("line"),
        parameters=tuple(_read_part(part) for part in document["parts"] if part["kind"] == "parameter"),
        literals=tuple(part["text"] for part in document["parts"] if part["kind"] == "literal"),
        inner=document.get("table"),
        above=above,
        host=document.get("host"),
        condition=document.get("condition"),
    )


def _read_part(part: Mapping[str, Any]) -> KnownPart:
    return KnownPart(
        name=part["name"],
        converter=part["converter"],
        regex=part["regex"],
        declared_type=part.get("declared_type"),
    )
