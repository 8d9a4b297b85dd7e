"""What a stream left out, fetched again from the journal behind the dashboard."""

from typing import Any

from inspector.cli.dashboard_url import DashboardUrl, ask_dashboard

_AT_ONCE = 2_000  # rows of one answer, as many as the API gives


def fetch_gap(dashboard: DashboardUrl, first: int, last: int) -> list[dict[str, Any]]:
    """The rows that changed from number `first` on up to `last`, as they are now; those of later numbers come
    over the stream.

    Blocks. Raises StartRefused when the dashboard cannot be asked.
    """
    rows: list[dict[str, Any]] = []
    after = first - 1
    while after < last:
        query = {"after": str(after), "limit": str(min(_AT_ONCE, last - after))}
        answer = ask_dashboard(dashboard, "api/exchanges", query)
        rows += answer["rows"]
        if answer["head"] <= after:
            break
        after = answer["head"]
    return rows
