"""Run as a process of its own: records into a journal whose files may not grow, then may again.

RLIMIT_FSIZE stands for the full disk: every write beyond it fails. Prints what it saw as JSON.
"""

import asyncio
import json
import logging
import resource
import sys
import time

from inspector.journal.sqlite import SqliteJournal
from inspector.recording.outbox import MAX_WAITING_BYTES
from inspector.recording.recorder import Recorder
from miniframework import App, PlainTextResponse
from miniframework.testing import TestClient

ROOM = 400_000  # for the file and its log, each; soon used up
BODY = "x" * 60_000
DEADLINE_S = 60.0


def main() -> None:
    logging.disable(logging.CRITICAL)
    journal = SqliteJournal(sys.argv[1])
    recorder = Recorder(journal)
    app = App(openapi_url=None)
    app.bus.subscribe(recorder)

    @app.get("/{number:int}")
    async def answer(number: int) -> PlainTextResponse:
        return PlainTextResponse(BODY)

    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, most))
    client = TestClient(app)
    sent = 2 * MAX_WAITING_BYTES // len(BODY)
    answered = sum(client.get(f"/{number}").status_code == 200 for number in range(sent))
    recorder.flush()
    starved = recorder.stats()
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    until = time.monotonic() + DEADLINE_S
    while recorder.stats()["unsaved"] and time.monotonic() < until:
        recorder.flush()
    changes = journal.read_after(0, 100_000)
    lost = sum(change.detail["count"] for change in changes if change.kind == "loss" and change.detail)
    last = journal.rows(1)[1][-1]["path"]
    print(
        json.dumps(
            {
                "sent": sent,
                "answered": answered,
                "starved": starved,
                "after": recorder.stats(),
                "held": journal.bounds().exchanges,
                "lost": lost,
                "last": last,
                "reads": asyncio.run(journal.wait_after(0, 1)),
            }
        )
    )
    recorder.close()
    journal.close()


if __name__ == "__main__":
    main()
