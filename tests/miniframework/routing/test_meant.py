"""Which route people mean by a path that none takes: most of a list that was written by hand is found out."""

import re
from pathlib import Path
from urllib.parse import unquote

from inspector.panels.answer_routing import answer_routing
from miniframework import App

CASES = Path(__file__).parents[2] / "cases" / "meant.txt"
# A person would say otherwise of three; more would be a step back.
MOST_OTHERWISE = 3


def read_cases() -> list[tuple[list[list[str]], list[list[str]]]]:
    """Each table with its (method and path, what is meant, ...)."""
    found: list[tuple[list[list[str]], list[list[str]]]] = []
    for line in CASES.read_text().splitlines():
        if line.startswith("table "):
            found.append(([], []))
        elif " | " in line and not line.startswith("#"):
            found[-1][1].append([text.strip() for text in line.split("|")])
        elif line.startswith("  "):
            found[-1][0].append(line.split())
    return found


def name_first(said: str) -> int:
    """The number of the route that a sentence names first, 0 for none."""
    found = re.search(r"route (\d+)\b", said)
    return int(found[1]) if found else 0


def test_the_route_that_is_meant_is_named_first() -> None:
    otherwise, asked = [], 0
    for routes, cases in read_cases():
        app = App(openapi_url=None)
        for method, template in routes:
            app.add_api_route(template, lambda: None, methods=[method])
        snapshot, names = app.table.snapshot(), ["-", *(" ".join(one) for one in routes)]
        for request, meant, *_ in cases:
            method, _, path = request.partition(" ")
            said = answer_routing(app.table.explain("http", method, unquote(path)), snapshot)
            asked += 1
            if names[name_first(said)] not in meant.split(" or "):
                otherwise.append((request, meant, said))
    assert asked > 300
    assert len(otherwise) <= MOST_OTHERWISE, "\n".join(map(str, otherwise))
