"""`inspector demo` shows a live application at once, of every kind of outcome."""

import sys
from pathlib import Path
from typing import Any

from tests.live.running import start_anew

WANTED_STATUSES = {200, 201, 204, 301, 303, 307, 401, 404, 405, 422, 500}


def test_the_first_screen_fills_itself_with_every_kind_of_outcome(tmp_path: Path) -> None:
    arguments = ["demo", "--no-open", "--port", "0", "--dashboard-port", "0"]
    with start_anew(arguments, tmp_path, python=sys.executable) as running:
        running.wait_until_announced()
        statuses: set[int] = set()
        kinds: set[str] = set()

        def is_full(message: dict[str, Any]) -> bool:
            for row in message.get("rows", []):
                statuses.add(row["status"])
                kinds.add(row["kind"])
            return statuses >= WANTED_STATUSES and kinds == {"http", "websocket"}

        with running.open_tab() as tab:
            tab.wait_for(is_full, within_s=45)
        assert running.stop() == 0
    assert list(tmp_path.iterdir()) == [], "the demo leaves nothing where it was started"
