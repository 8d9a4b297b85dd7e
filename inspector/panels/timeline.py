"""What happened when: the events of a request, each with the time until the next."""

from typing import Any

from inspector.model import Exchange


def timeline_panel(exchange: Exchange) -> list[dict[str, Any]]:
    """Return the events in order; `took_ms` lasts to the next event, or to the end of the exchange."""
    moments = exchange.timeline
    ends = [moment.at_ns for moment in moments[1:]]
    views = []
    for number, moment in enumerate(moments):
        end = ends[number] if number < len(ends) else exchange.duration_ns
        views.append(
            {
                "at_ms": moment.at_ns / 1e6,
                "took_ms": None if end is None else max(end - moment.at_ns, 0) / 1e6,
                "kind": moment.kind,
                "label": moment.label,
                "direction": moment.direction,
                "size": moment.size,
            }
        )
    return views
