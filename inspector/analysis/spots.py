"""A route table laid flat: every entry of it and of the tables mounted in it, with its whole path."""

from collections.abc import Iterator, Sequence

from miniframework.records import dataclass
from miniframework.routing.parts import Literal, Part
from miniframework.routing.route import Entry, Mount, Route, SocketRoute
from miniframework.routing.source import Source
from miniframework.routing.table import ForeignTable, RouteTable

# The word for a handshake where methods stand, and for a method that no route names.
WEBSOCKET = "WEBSOCKET"
ANY_METHOD = "*"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spot:
    """One entry in its place.

    `number` is where it stands in the flat order, in which a mount comes before what is mounted; `address`
    are its indexes from the outermost table inwards; `parent` is the number of the mount it is in. `parts`
    are those of the prefixes and its own. `closed` is false for a mount: it takes everything below.
    `adds_options`: its router may have added OPTIONS to the methods that were written. `doubts` are the
    reasons why it, or a mount around it, may refuse what its parts take.
    """

    number: int
    address: tuple[int, ...]
    parent: int | None
    entry: Entry
    parts: tuple[Part, ...]
    path: str
    methods: frozenset[str]
    has_table: bool
    adds_options: bool = True
    doubts: tuple[str, ...] = ()

    @property
    def closed(self) -> bool:
        """Whether the path ends where its template does."""
        return not isinstance(self.entry, Mount)

    @property
    def label(self) -> str:
        """Its number as people read it: "30.2" is the second entry of what entry 30 mounts."""
        return ".".join(str(index + 1) for index in self.address)

    @property
    def source(self) -> Source | None:
        """Where it was declared."""
        return self.entry.source

    def is_twin_of(self, other: "Spot") -> bool:
        """Whether it takes the same paths although it may refuse some: the same parts and the same doubts."""
        return bool(self.doubts) and self.doubts == other.doubts and _kinds(self) == _kinds(other)

    def takes(self, method: str) -> bool:
        """Whether a request with this method is taken once the path matches; WEBSOCKET is a handshake."""
        if isinstance(self.entry, Mount) or method in self.methods:
            return True
        return ANY_METHOD in self.methods and method != WEBSOCKET


def lay_flat(table: RouteTable) -> tuple[Spot, ...]:
    """Every entry in the order of trial. A mount inside itself is followed once."""
    spots: list[Spot] = []
    _add(spots, table, (), None, ("", ()), (table,))
    return tuple(spots)


def ancestors(spots: Sequence[Spot], number: int) -> tuple[int, ...]:
    """The mounts around a spot and itself, outermost first."""
    chain = [number]
    while (parent := spots[chain[-1]].parent) is not None:
        chain.append(parent)
    return tuple(reversed(chain))


def methods_of(entry: Entry) -> frozenset[str]:
    """What an entry itself names: methods, or WEBSOCKET; nothing for a mount."""
    match entry:
        case Route():
            return entry.methods
        case SocketRoute():
            return frozenset({WEBSOCKET})
        case Mount():
            return frozenset()


def declared_methods(spots: Sequence[Spot]) -> list[tuple[str, ...]]:
    """For each spot the methods it was declared for, without an implied HEAD.

    A mount's are those of what is in it. One whose inside is not known is asked about GET, which most of
    them are there for, and about a method that nobody names.
    """
    declared: list[set[str]] = [_own_methods(spot) for spot in spots]
    for spot in spots:
        if spot.closed:
            for mount in ancestors(spots, spot.number)[:-1]:
                declared[mount] |= declared[spot.number]
    return [tuple(sorted(methods)) or (ANY_METHOD, "GET") for methods in declared]


def documented_path(spot: Spot) -> str:
    """Its path as OpenAPI has it: parameters without their converters."""
    texts = (part.text if isinstance(part, Literal) else f"{{{part.name}}}" for part in spot.parts)
    return "".join(texts) or "/"


def _own_methods(spot: Spot) -> set[str]:
    entry = spot.entry
    if not isinstance(entry, Route):
        return set(methods_of(entry))
    if not entry.exact:
        return set(entry.declared_methods)
    return _written_methods(entry.methods, adds_options=spot.adds_options)


def _written_methods(methods: frozenset[str], *, adds_options: bool) -> set[str]:
    """Without what frameworks add by themselves: HEAD to GET, some OPTIONS to any other."""
    written = methods - ({"HEAD"} if "GET" in methods else set())
    return set((written - {"OPTIONS"} if adds_options else written) or written)


def _add(
    spots: list[Spot],
    table: RouteTable,
    address: tuple[int, ...],
    parent: int | None,
    prefix: tuple[str, tuple[Part, ...]],
    around: tuple[RouteTable, ...],
) -> None:
    for index, entry in enumerate(table.entries):
        if entry.condition is not None:
            continue  # what it takes depends on more than method and path
        inner = table.inside(entry)
        if inner in around:
            inner = None
        parts = (*prefix[1], *entry.pattern.parts)
        path = (
            prefix[0] + entry.pattern.template if isinstance(table, ForeignTable) else "".join(_texts(parts))
        )
        number = len(spots)
        around_it = () if parent is None else spots[parent].doubts
        spots.append(
            Spot(
                number=number,
                address=(*address, index),
                parent=parent,
                entry=entry,
                parts=parts,
                path=path or "/",
                methods=methods_of(entry),
                has_table=inner is not None,
                adds_options=not isinstance(table, ForeignTable) or table.framework.adds_options,
                doubts=around_it if entry.doubt is None else (*around_it, entry.doubt),
            )
        )
        if inner is not None:
            _add(spots, inner, (*address, index), number, (path, parts), (*around, inner))


def _kinds(spot: Spot) -> list[tuple[str, str]]:
    """Its parts without the names of parameters."""
    return [
        (part.text, "") if isinstance(part, Literal) else (part.converter_name, part.regex)
        for part in spot.parts
    ]


def _texts(parts: tuple[Part, ...]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Literal):
            yield part.text
        else:
            yield "{" + part.name + ("" if part.converter_name == "str" else f":{part.converter_name}") + "}"
