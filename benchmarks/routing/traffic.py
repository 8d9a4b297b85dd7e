"""Requests to a table, with the right answer to each from the plainest scan there is."""

import random
import re
from typing import NamedTuple

from routes import PARAMETER, Line

# What a day of an API looks like: mostly parameters, some fixed paths, a few mistakes.
MIX = {"parameters": 50, "fixed": 30, "not found": 15, "wrong method": 5}


class Asked(NamedTuple):
    """One request; `answer` is the index of the route that takes it, None for a miss."""

    method: str
    path: str
    answer: int | None


def make_traffic(table: list[Line], count: int) -> dict[str, list[Asked]]:
    """`count` requests of each kind, and `count` of all kinds mixed as in MIX."""
    chance = random.Random(len(table))
    oracle = _Oracle(table)
    with_parameters = [line for line in table if "{" in line.template]
    fixed = [line for line in table if "{" not in line.template]
    kinds = {
        "parameters": [_hit(line, chance) for line in chance.choices(with_parameters, k=count)],
        "fixed": [_hit(line, chance) for line in chance.choices(fixed, k=count)],
        "not found": [_miss(line, chance) for line in chance.choices(table, k=count)],
        "wrong method": [("TRACE", _hit(line, chance)[1]) for line in chance.choices(table, k=count)],
    }
    asked = {kind: oracle.answer(requests) for kind, requests in kinds.items()}
    mixed = [one for kind, share in MIX.items() for one in asked[kind][: count * share // 100]]
    chance.shuffle(mixed)
    return {"mixed": mixed, **asked}


def _hit(line: Line, chance: random.Random) -> tuple[str, str]:
    def fill(found: re.Match[str]) -> str:
        number = chance.randrange(10**6)
        return str(number) if found[2] == "int" else f"v{number}"

    return line.method, PARAMETER.sub(fill, line.template)


def _miss(line: Line, chance: random.Random) -> tuple[str, str]:
    path = _hit(line, chance)[1]
    return line.method, chance.choice(
        [f"{path}/missing/{chance.randrange(10**6)}", f"/x{path}", f"{path}.bak/9"]
    )


class _Oracle:
    def __init__(self, table: list[Line]) -> None:
        self._templates: dict[str, dict[str, int]] = {}
        for line in table:
            self._templates.setdefault(line.template, {})[line.method] = line.index
        self._scan = [(re.compile(_regex(template)), by) for template, by in self._templates.items()]

    def answer(self, requests: list[tuple[str, str]]) -> list[Asked]:
        """Those requests whose path fits one template at most: where more fit, the peers may differ."""
        asked: list[Asked] = []
        for method, path in requests:
            fitting = [by for regex, by in self._scan if regex.fullmatch(path)]
            if len(fitting) < 2:
                asked.append(Asked(method, path, fitting[0].get(method) if fitting else None))
        return asked


def _regex(template: str) -> str:
    ends = [0, *(found.end() for found in PARAMETER.finditer(template))]
    starts = [*(found.start() for found in PARAMETER.finditer(template)), len(template)]
    literals = [re.escape(template[end:start]) for end, start in zip(ends, starts, strict=True)]
    kinds = ["[0-9]+" if found[2] == "int" else "[^/]+" for found in PARAMETER.finditer(template)]
    return literals[0] + "".join(kind + text for kind, text in zip(kinds, literals[1:], strict=True))
