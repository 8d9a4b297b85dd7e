"""What the check of a table finds."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Self

from inspector.analysis.spots import Spot
from miniframework.records import dataclass
from miniframework.routing.route import Mount, SocketRoute
from miniframework.routing.source import Source


class Kind(StrEnum):
    """What is wrong; a comment `# inspector: ignore[kind]` accepts one kind at its place."""

    UNREACHABLE = "unreachable"
    DUPLICATE = "duplicate"
    SWALLOWED = "swallowed"
    NEWLINE_ONLY = "newline_only"
    PARTLY_SHADOWED = "partly_shadowed"
    LITERAL_BRACES = "literal_braces"
    OVERLAP = "overlap"
    SLOW_PATTERN = "slow_pattern"
    QUADRATIC_PATTERN = "quadratic_pattern"
    DOCS_DIFFER = "docs_differ"
    ALLOW_GAP = "allow_gap"
    UNDECIDED = "undecided"


class Severity(StrEnum):
    """An error never does what it says, a warning may surprise, a note is worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


SEVERITIES: dict[Kind, Severity] = {
    Kind.UNREACHABLE: Severity.ERROR,
    Kind.DUPLICATE: Severity.ERROR,
    Kind.SWALLOWED: Severity.ERROR,
    Kind.NEWLINE_ONLY: Severity.ERROR,
    Kind.PARTLY_SHADOWED: Severity.WARNING,
    Kind.LITERAL_BRACES: Severity.WARNING,
    Kind.SLOW_PATTERN: Severity.WARNING,
    Kind.DOCS_DIFFER: Severity.WARNING,
    Kind.OVERLAP: Severity.NOTE,
    Kind.ALLOW_GAP: Severity.NOTE,
    Kind.QUADRATIC_PATTERN: Severity.NOTE,
    Kind.UNDECIDED: Severity.NOTE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteName:
    """One entry as people find it again: "30.2" is the second route of what entry 30 mounts."""

    number: str
    kind: str
    path: str
    methods: tuple[str, ...]
    name: str
    source: Source | None

    @property
    def place(self) -> str:
        """`/path (file.py:12)`, or only the path."""
        return self.path if self.source is None else f"{self.path} ({self.source.short})"

    def to_dict(self) -> dict[str, Any]:
        """JSON-able values."""
        return {
            "number": self.number,
            "kind": self.kind,
            "path": self.path,
            "methods": list(self.methods),
            "name": self.name,
            "file": None if self.source is None else self.source.file,
            "line": None if self.source is None else self.source.line,
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """The name that `to_dict` wrote. Raises KeyError."""
        file, line = stored["file"], stored["line"]
        return cls(
            number=stored["number"],
            kind=stored["kind"],
            path=stored["path"],
            methods=tuple(stored["methods"]),
            name=stored["name"],
            source=None if file is None else Source(file=file, line=line),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found.

    `methods` are those it holds for, WEBSOCKET for a handshake, `*` for any; `implied` those that the
    framework adds to them by itself (HEAD, OPTIONS) and for which the same is true. `by` are the entries that
    take what `route` would take; `witness` is a decoded path that shows it, tried on the real router.
    `is_exact` is false where a construct could not be followed, so that nothing was decided.
    """

    kind: Kind
    methods: tuple[str, ...]
    route: RouteName
    by: tuple[RouteName, ...] = ()
    witness: str | None = None
    is_exact: bool = True
    message: str
    fix: str
    implied: tuple[str, ...] = ()

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return SEVERITIES[self.kind]

    def to_dict(self) -> dict[str, Any]:
        """JSON-able values."""
        return {
            "kind": self.kind.value,
            "severity": self.severity.value,
            "methods": list(self.methods),
            **({"implied": list(self.implied)} if self.implied else {}),
            "route": self.route.to_dict(),
            "by": [route.to_dict() for route in self.by],
            "witness": self.witness,
            "exactness": "exact" if self.is_exact else "unknown",
            "message": self.message,
            "fix": self.fix,
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """The finding that `to_dict` wrote. Raises KeyError, ValueError."""
        return cls(
            kind=Kind(stored["kind"]),
            methods=tuple(stored["methods"]),
            route=RouteName.from_dict(stored["route"]),
            by=tuple(map(RouteName.from_dict, stored["by"])),
            witness=stored["witness"],
            is_exact=stored["exactness"] == "exact",
            message=stored["message"],
            fix=stored["fix"],
            implied=tuple(stored.get("implied", ())),
        )


def name_route(spot: Spot) -> RouteName:
    """The name of a spot."""
    entry = spot.entry
    protocol = "websocket" if isinstance(entry, SocketRoute) else "http"
    return RouteName(
        number=spot.label,
        kind="mount" if isinstance(entry, Mount) else protocol,
        path=spot.path,
        methods=tuple(sorted(spot.methods)),
        name=entry.name,
        source=spot.source,
    )
