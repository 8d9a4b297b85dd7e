"""Refused requests in the words of a test's report: who refused each, and why every near route did."""

import click

from inspector.cli.ladder import explanation_text
from inspector.cli.terminal import escape_block, escape_controls
from inspector.inspection.explained import RouteExplanation
from inspector.pytest_plugin.asking import Routers, asked_path
from inspector.pytest_plugin.watching import SeenRequest

_MOST_EXPLAINED = 5  # the last ones: a test fails near its end
_MOST_ROUTES = 8  # of each table, the nearest
_BODY_CHARACTERS = 2000


def explain_refused(refused: list[SeenRequest]) -> str:
    """Return a paragraph for each different request, in the order in which they came; the last five."""
    different = {(one.method, one.path, one.status, id(one.app)): one for one in refused}
    chosen = list(different.values())[-_MOST_EXPLAINED:]
    routers = Routers()
    paragraphs = [_explain(request, routers) for request in chosen]
    if len(different) > len(chosen):
        paragraphs.insert(0, f"{len(different) - len(chosen)} earlier refusals are not shown.")
    return click.unstyle("\n\n".join(paragraphs))


def _explain(request: SeenRequest, routers: Routers) -> str:
    heading = f"{request.method} {escape_controls(request.path)} was answered {request.status}."
    try:
        attached = routers.attached(request.app)
        found = attached.explain(request.method, asked_path(request))
        ladder = found.ladder.to_dict(limit=_MOST_ROUTES)
        told = explanation_text(found.table.snapshot(), ladder)
    except Exception as error:  # noqa: BLE001 - named boundary: a test's report must not fail for our sake
        return f"{heading}\nIt could not be explained: {escape_controls(repr(error))}"
    return "\n".join([heading, *_whose_answer(request, found), "", told, *_left_out(ladder)])


def _whose_answer(request: SeenRequest, found: RouteExplanation) -> list[str]:
    """Whether routing gave the answer, or what the request was routed to."""
    if not found.agrees:
        return [escape_controls(found.sentence)]
    if found.outcome != "match":
        return []
    route = "a route" if found.route is None else f"{found.route.path} ({found.route.endpoint})"
    if request.status == 422:
        said = escape_block(request.body.decode("utf-8", "replace")[:_BODY_CHARACTERS])
        return [f"Routing found {escape_controls(route)}; its parameters or body were refused:", said]
    return [f"Routing found {escape_controls(route)}: the answer came from there, not from the router."]


def _left_out(ladder: dict[str, object]) -> list[str]:
    total, shown = ladder["verdicts_total"], ladder["verdicts"]
    count = total - len(shown) if isinstance(total, int) and isinstance(shown, list) else 0
    return [f"({count} routes that are further off are not shown)"] if count else []
