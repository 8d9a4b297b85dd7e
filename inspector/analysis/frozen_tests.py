"""Today's routing as a pytest file: one request for each kind of path that a table tells apart."""

from collections.abc import Iterator

from inspector.analysis.confirm import find_taker, stand_in
from inspector.analysis.regions import map_space
from inspector.analysis.spots import ANY_METHOD, WEBSOCKET, lay_flat
from inspector.analysis.standings import outcomes
from miniframework.routing.table import RouteTable

_HEAD = '''"""The routing of {target}, frozen: one request for each kind of path that its table tells apart.

Made by `inspector tests {target}`; make it anew when the routing is meant to change.
"""

import pytest

from inspector.analysis.confirm import find_taker
from inspector.analysis.spots import lay_flat
from inspector.wiring import find_table
from {module} import {attribute} as target

# (method, decoded path, the path of the route that takes it or None); WEBSOCKET is a handshake.
CASES: list[tuple[str, str, str | None]] = [
'''
_TAIL = """]


@pytest.mark.parametrize(("method", "path", "expected"), CASES)
def test_the_request_goes_where_it_went(method: str, path: str, expected: str | None) -> None:
    table = find_table({target})
    assert table is not None
    takers = {{spot.address: spot.path for spot in lay_flat(table)}}
    assert takers.get(find_taker(table, method, path)) == expected
"""


def frozen_tests(table: RouteTable, target: str, *, is_factory: bool = False) -> str:
    """The text of a test module for `module:attribute`. Raises TooLargeError as the check does."""
    module, _, attribute = target.partition(":")
    first, *rest = attribute.split(".")
    called = ".".join(("target", *rest)) + ("()" if is_factory else "")
    head = _HEAD.format(target=target, module=module, attribute=first)
    lines = [f"    ({method!r}, {path!r}, {taker!r}),\n" for method, path, taker in _cases(table)]
    return head + "".join(lines) + _TAIL.format(target=called)


def _cases(table: RouteTable) -> Iterator[tuple[str, str, str | None]]:
    """Every region with every method that its routes name, and with one that none of them does."""
    spots = lay_flat(table)
    space = map_space(spots)
    takers = {spot.address: spot.path for spot in spots}
    named = frozenset(method for spot in spots for method in spot.methods)
    for region in sorted(space.regions, key=lambda region: (region.witness.count("/"), region.witness)):
        found = outcomes(spots, region.spots, space.beyond)
        for method in sorted(found, key=lambda method: (method == ANY_METHOD, method == WEBSOCKET, method)):
            tried = stand_in(method, named)
            yield tried, region.witness, takers.get(find_taker(table, tried, region.witness))
