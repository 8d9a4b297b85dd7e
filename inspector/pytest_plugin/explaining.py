"""Refused requests in the words of a test's report: who refused each, and why every near route did."""

import click

from inspector.cli.explained_text import redirect_status_of
from inspector.cli.ladder import explanation_text
from inspector.cli.terminal import escape_block, escape_controls
from inspector.inspection.explained import RouteExplanation
from inspector.pytest_plugin.asking import Routers, asked_path
from inspector.pytest_plugin.seen import SeenRequest

_MOST_EXPLAINED = 5  # the last ones: a test fails near its end
_MOST_ROUTES = 8  # of each table, the nearest
_BODY_CHARACTERS = 2000


def explain_refused(refused: list[SeenRequest]) -> str:
    """Return a paragraph for each different request, in the order in which they came; the last five.

    A redirect has one if a router led the request elsewhere, and not a handler. "" for nothing to say.
    """
    different = {(one.method, one.path, one.status, id(one.app)): one for one in refused}
    routers = Routers()
    paragraphs: list[str] = []
    earlier = 0
    for request in reversed(different.values()):
        if len(paragraphs) == _MOST_EXPLAINED:
            earlier += request.is_refused
        elif request.is_refused or _is_by_router(request, routers):
            paragraphs.append(_explain(request, routers))
    if earlier:
        paragraphs.append(f"{earlier} earlier refusals are not shown.")
    return click.unstyle("\n\n".join(reversed(paragraphs)))


def _is_by_router(request: SeenRequest, routers: Routers) -> bool:
    try:
        asked, _ = routers.attached(request.app).ask(request.method, asked_path(request))
    except Exception:  # noqa: BLE001 - named boundary: as in `_explain`, and of a redirect there is nothing to tell
        return False
    return asked.outcome == "redirect"


def _explain(request: SeenRequest, routers: Routers) -> str:
    heading = f"{request.method} {escape_controls(request.path)} was answered {request.status}."
    try:
        attached = routers.attached(request.app)
        found = attached.explain(request.method, asked_path(request))
        ladder = found.ladder.to_dict(limit=_MOST_ROUTES)
        status = redirect_status_of(found)
        told = explanation_text(found.table.snapshot(), ladder, redirect_status=status)
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
