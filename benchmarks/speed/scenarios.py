"""What is asked of every framework, and what a right answer is."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

ASKED = 4_096  # different requests a scenario, so that no cache of a peer holds them all
ROUTES = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request, and the status and body that answer it; a body of None may be anything."""

    method: str = "GET"
    path: str
    query: bytes = b""
    body: bytes = b""
    status: tuple[int, ...] = (200,)
    answer: Any = None


def plaintext() -> Iterator[Asked]:
    return (Asked(path="/", answer="Hello, World!") for _ in range(ASKED))


def typed_get() -> Iterator[Asked]:
    for n in range(ASKED):
        yield Asked(path=f"/items/{n}", query=f"q=word{n}".encode(), answer={"item_id": n, "q": f"word{n}"})


def json_post() -> Iterator[Asked]:
    for n in range(ASKED):
        item = {"name": f"apple {n}", "price": n + 0.5}
        yield Asked(method="POST", path="/items", body=json.dumps(item).encode(), answer=item)


def not_found() -> Iterator[Asked]:
    return (Asked(path=f"/nothing/{n}", status=(404,)) for n in range(ASKED))


def bad_int() -> Iterator[Asked]:
    # Frameworks without typed parameters answer a word for a number with 404 or 400.
    return (Asked(path=f"/items/word{n}", query=b"q=x", status=(422, 404, 400)) for n in range(ASKED))


def many_routes() -> Iterator[Asked]:
    for n in range(ASKED):
        at = n * 389 % ROUTES
        yield Asked(path=f"/r{at}/{n}", query=f"q=w{n}".encode(), answer={"item_id": n, "q": f"w{n}"})


SCENARIOS: dict[str, Callable[[], Iterator[Asked]]] = {
    "plaintext": plaintext,
    "typed GET": typed_get,
    "JSON POST": json_post,
    "404": not_found,
    "422": bad_int,
    "1,000 routes": many_routes,
}
# What only miniframework is asked, to see what one more feature costs on top of "typed GET".
FEATURES = ("dependency", "header", "yield dependency", "http middleware", "recorded", "tutorial Request")
