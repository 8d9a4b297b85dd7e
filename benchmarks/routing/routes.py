"""Route tables to measure: synthetic ones of any size, and the routes of a real API.

Names of parameters follow their position, and no two routes differ only in a converter: several peers refuse
or reorder such tables, and all are to answer alike here.
"""

import random
import re
from pathlib import Path
from typing import NamedTuple

PARAMETER = re.compile(r"\{([^}:]*)(?::(\w+))?\}")

NOUNS = (
    *(
        "users",
        "items",
        "teams",
        "orders",
        "reports",
        "files",
        "projects",
        "tags",
        "jobs",
        "events",
        "groups",
    ),
    *("roles", "keys", "sessions", "comments", "invoices", "hooks", "labels"),
)
RESOURCES = tuple(f"{noun}:{'str' if at % 3 else 'int'}" for at, noun in enumerate(NOUNS))
ACTIONS = ("latest", "search", "export", "archive", "restore", "status", "settings", "activity", "batch")


class Line(NamedTuple):
    """One route: `method` and `template`, whose place in the table is `index`."""

    index: int
    method: str
    template: str


def synthetic(size: int) -> list[Line]:
    """A REST API of `size` routes, some two fifths of them without parameters; the same on every run."""
    chance = random.Random(size)
    drawn: list[tuple[str, str]] = []
    service = 0
    while len(drawn) < size:
        base = f"/api/v{service % 3 + 1}/service{service}"
        for resource in chance.sample(RESOURCES, 4):
            drawn += _resource(base, resource, chance)
        service += 1
    return _lines(drawn[:size])


def _resource(base: str, resource: str, chance: random.Random) -> list[tuple[str, str]]:
    noun, _, kind = resource.partition(":")
    inner = chance.choice([r for r in RESOURCES if r != resource]).partition(":")[0]
    many = f"{base}/{noun}"
    one = f"{many}/{{id:{kind}}}"
    first, second = chance.sample(ACTIONS, 2)
    return [
        ("GET", many),
        ("POST", many),
        ("GET", f"{many}/{first}"),
        ("POST", f"{many}/{second}"),
        ("GET", one),
        ("PUT", one),
        ("DELETE", one),
        ("GET", f"{one}/{first}"),
        ("GET", f"{one}/{inner}"),
        ("GET", f"{one}/{inner}/{{inner}}"),
    ]


def github() -> list[Line]:
    """The routes of GitHub's public REST API, in the order of its description."""
    text = Path(__file__).with_name("github_rest.txt").read_text(encoding="utf-8")
    rows = [line.split() for line in text.splitlines() if not line.startswith("#")]
    return _lines([(method, template) for method, template in rows])


def _lines(drawn: list[tuple[str, str]]) -> list[Line]:
    seen: dict[tuple[str, str], None] = {}
    for method, template in drawn:
        segments = [
            PARAMETER.sub(lambda found, at=at: f"{{p{at}{':' + found[2] if found[2] else ''}}}", segment)  # type: ignore[misc]
            for at, segment in enumerate(template.split("/"))
        ]
        seen[method, "/".join(segments)] = None
    return [Line(index, method, template) for index, (method, template) in enumerate(seen)]
