"""What a comparison of two exchanges is made of."""

from typing import Any, Literal

from miniframework.records import dataclass

LayerName = Literal["status", "route", "parameters", "headers", "body", "time"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that differs; a side that lacks it is None. A `volatile` one does not count."""

    what: str
    left: str | None
    right: str | None
    volatile: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One aspect of two exchanges. `texts` are both sides written out, for a line by line view."""

    name: LayerName
    entries: tuple[Entry, ...] = ()
    texts: tuple[str, str] | None = None

    @property
    def same(self) -> bool:
        """Whether nothing differs but what is volatile."""
        return all(entry.volatile for entry in self.entries)

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON-able values."""
        return {
            "layer": self.name,
            "same": self.same,
            "entries": [
                {"what": e.what, "left": e.left, "right": e.right, "volatile": e.volatile}
                for e in self.entries
            ],
            "text": None if self.texts is None else {"left": self.texts[0], "right": self.texts[1]},
        }
