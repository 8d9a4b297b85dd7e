"""Everything the panels show of one exchange."""

from typing import Any

from inspector.model import Exchange
from inspector.panels.answer_host import Around
from inspector.panels.frames import frames_panel
from inspector.panels.known_route import Snapshot
from inspector.panels.messages import messages_panel
from inspector.panels.request import request_panel
from inspector.panels.response import response_panel
from inspector.panels.timeline import timeline_panel
from inspector.panels.why import why_panel
from miniframework.routing.explanation import Explanation


def build_panels(
    exchange: Exchange,
    explanation: Explanation | None,
    table: Snapshot | None,
    around: Around | None = None,
) -> dict[str, Any]:
    """Return every panel by its name.

    `explanation` is what the table that answered says to the path of the exchange's first step; `table` is
    that table's snapshot. Both are None when the routing of the application is not known. `around` is the
    application around it, where it is the table of a host.
    """
    return {
        "why": why_panel(exchange, explanation, table, around),
        "request": request_panel(exchange),
        "response": response_panel(exchange),
        "timeline": timeline_panel(exchange),
        "messages": messages_panel(exchange),
        "frames": frames_panel(exchange),
    }
