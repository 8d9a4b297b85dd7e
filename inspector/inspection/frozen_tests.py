"""Today's routing of a framework's application as a pytest file that asks its own router."""

from collections.abc import Iterator

from inspector.analysis.regions import map_space
from inspector.analysis.spots import ANY_METHOD, WEBSOCKET, lay_flat
from inspector.analysis.standings import outcomes
from inspector.inspection.attached import Attached
from inspector.inspection.questions import Questions

_HEAD = '''"""The routing of {target}, frozen: one request for each kind of path that its routes tell apart.

Made by `inspector tests {target}`; make it anew when the routing is meant to change.
"""

import pytest

import inspector
from {module} import {attribute} as target

# (method, percent-encoded path, what {framework}'s router says, the path of the route that takes it or None);
# WEBSOCKET is a handshake.
CASES: list[tuple[str, str, str, str | None]] = [
'''
_TAIL = """]


@pytest.fixture(scope="module")
def attached() -> inspector.Attached:
    return inspector.attach({called})


@pytest.mark.parametrize(("method", "raw_path", "outcome", "route"), CASES)
def test_the_request_goes_where_it_went(
    attached: inspector.Attached, method: str, raw_path: str, outcome: str, route: str | None
) -> None:
    found = attached.explain(method, raw_path)
    assert (found.outcome, found.route and found.route.path) == (outcome, route)
"""


def frozen_tests(attached: Attached, target: str, *, is_factory: bool = False) -> str:
    """The text of a test module for `module:attribute`. Raises TooLargeError, RoutesUnknownError."""
    module, _, attribute = target.partition(":")
    first, *rest = attribute.split(".")
    called = ".".join(("target", *rest)) + ("()" if is_factory else "")
    head = _HEAD.format(target=target, module=module, attribute=first, framework=attached.framework)
    lines = [f"    {case!r},\n" for case in _cases(attached)]
    return head + "".join(lines) + _TAIL.format(called=called)


def _cases(attached: Attached) -> Iterator[tuple[str, str, str, str | None]]:
    """Every region with every method that its routes name, and with one that none of them does."""
    spots = lay_flat(attached.table)
    space = map_space(spots)
    questions = Questions(attached.table, spots, attached.picture.root_path)
    for region in sorted(space.regions, key=lambda region: (region.witness.count("/"), region.witness)):
        found = outcomes(spots, region.spots, space.beyond)
        raw_path = questions.raw(region.witness)
        for method in sorted(found, key=lambda method: (method == ANY_METHOD, method == WEBSOCKET, method)):
            tried = questions.actual(method)
            asked, route = attached.ask(tried, raw_path)
            yield tried, raw_path, asked.outcome, None if route is None else route.path
