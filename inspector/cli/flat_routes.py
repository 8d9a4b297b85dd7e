"""A route table as one list: every entry with its number, its whole path, and the table it stands in."""

from collections.abc import Iterator

from inspector.cli.ladder import Document
from miniframework.records import dataclass
from miniframework.routing.route import EVERY_METHOD


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatRoute:
    """One entry of a table or of a mounted table below it.

    `number` is `7`, or `30.2` for the second entry inside mount 30. `path` begins with the prefixes of the
    mounts on the way to it. `fingerprint` names the table it stands in; `route` is its entry there.
    `condition` is what a request must have beside path and method to get to it, in words ("host
    api.example.org"), the mounts on the way included; "" for nothing.
    """

    number: str
    depth: int
    path: str
    fingerprint: str
    route: Document
    condition: str = ""

    @property
    def is_passage(self) -> bool:
        """Whether it is a mount whose own table is known: what it takes, an entry of that table takes."""
        return bool(self.route["kind"] == "mount" and self.route.get("table"))

    def takes(self, method: str) -> bool:
        """Whether the method, `WS` for a handshake, is one of its own; a mount has every one."""
        if self.route["kind"] == "mount":
            return True
        if method in ("WS", "WEBSOCKET"):
            return bool(self.route["kind"] == "websocket")
        return self.route["kind"] == "http" and not {method, EVERY_METHOD}.isdisjoint(self.route["methods"])

    def to_dict(self) -> Document:
        """What `--json` prints of it, without the entries inside."""
        told = ("kind", "methods", "name", "endpoint", "file", "line", "regex")
        given = {key: self.route.get(key) for key in told}
        return {"number": self.number, "path": self.path, **given, "condition": self.condition or None}


def flatten(snapshot: Document) -> list[FlatRoute]:
    """Give every entry in the order in which it is tried; those inside a mount follow it."""
    return list(_flatten(snapshot, None))


def _flatten(snapshot: Document, mount: FlatRoute | None) -> Iterator[FlatRoute]:
    number, prefix, depth, conditions = "", "", 0, []
    if mount is not None:
        number, prefix, depth = f"{mount.number}.", mount.path.rstrip("/"), mount.depth + 1
        conditions = [mount.condition]
    for route in snapshot["routes"]:
        own = FlatRoute(
            number=f"{number}{route['index'] + 1}",
            depth=depth,
            path=prefix + route["path"],
            fingerprint=snapshot["fingerprint"],
            route=route,
            condition=" and ".join(filter(None, [*conditions, route.get("condition")])),
        )
        yield own
        if route.get("table"):
            yield from _flatten(route["table"], own)
