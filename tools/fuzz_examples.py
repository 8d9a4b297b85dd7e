"""Ask every example application what its own document allows and forbids, until one answers with a 500.

`python tools/fuzz_examples.py`, with schemathesis installed beside this project (`pip install schemathesis`):
each operation of each OpenAPI document gets generated requests, good and broken ones, over a real socket.
Ends with 1 when an answer has a status of 500 or above.
"""

import asyncio
import contextlib
import importlib
import itertools
import os
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable

ROOT = Path(__file__).parents[1]
# Each has `app`. `chat` and `events` speak WebSocket, and write what they do.
EXAMPLES = (
    "examples.background",
    "examples.bookshop.main",
    "examples.dependencies",
    "examples.middleware",
    "examples.parameters",
    "examples.responses",
    "examples.security",
    "examples.templates",
    "examples.uploads",
)
CASES = 30  # of each operation
STAFF_KEY = "a-key"


def main() -> int:
    """Fuzz every example; print one line each, and every request that was answered with a failure."""
    sys.path.insert(0, str(ROOT))
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BOOKSHOP_DATABASE"] = f"sqlite+aiosqlite:///{folder}/bookshop.db"
        os.environ["BOOKSHOP_STAFF_KEY"] = STAFF_KEY
        for name in EXAMPLES:
            with serve(importlib.import_module(name).app) as url:
                failures += fuzz(name, url)
    return 1 if failures else 0


def fuzz(name: str, url: str) -> int:
    """Send the generated requests; give how many operations failed."""
    import schemathesis

    sent = failed = 0
    found = schemathesis.openapi.from_url(f"{url}/openapi.json").get_all_operations()
    modes = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
    for operation, mode in itertools.product([one.ok() for one in found], modes):

        @settings(max_examples=CASES, deadline=None, database=None, derandomize=True,
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            nonlocal sent
            sent += 1
            answer = case.call(headers={"x-staff-key": STAFF_KEY})
            said = f"{case.as_curl_command()}\n{answer.status_code} {answer.text:.300}"
            assert answer.status_code < 500, said

        try:
            ask()
        except AssertionError as error:
            failed += 1
            sys.stdout.write(f"{name}: {operation.label}: {error}\n")
        except Unsatisfiable:
            continue  # nothing it takes can be wrong
    sys.stdout.write(f"{name}: {sent} requests, {failed} operations failed\n")
    return failed


@contextlib.contextmanager
def serve(app: Any) -> Iterator[str]:
    """Serve `app` by uvicorn on a free port, with its lifespan, and give its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


if __name__ == "__main__":
    sys.exit(main())
