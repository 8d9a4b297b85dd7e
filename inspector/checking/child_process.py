"""A process of our own beside this one, which may hang in a pattern and is ended then: its two ends."""

import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inspector.checking.errors import CheckFailedError

# Ours comes behind the standard library: in site-packages there may be older modules of the same names.
_BOOTSTRAP = "import sys; sys.path.append(sys.argv.pop(1)); from {module} import main; main()"
# The child needs the standard library and us. What else starts with an interpreter here (agents that trace,
# measure or debug it, by PYTHONPATH or .pth) would cost time, and its words would stand among the child's.
_ALONE = ("-I", "-S")
_LAST_WORDS = 300


def run_child(module: str, order: Mapping[str, Any], deadline_s: float) -> subprocess.CompletedProcess[bytes]:
    """Call `main` of one of our modules in a process with `order` as its stdin, and give what it said.

    Its one argument is the deadline. Raises TimeoutExpired, with what had been said, and CheckFailedError
    when no process can be started.
    """
    root = str(Path(__file__).parents[2])
    bootstrap = _BOOTSTRAP.format(module=module)
    alone = (*_ALONE, "-B") if sys.dont_write_bytecode else _ALONE  # it does not read the variable
    try:
        return subprocess.run(
            [sys.executable, *alone, "-c", bootstrap, root, f"{deadline_s:g}"],
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=deadline_s,
            check=False,
        )
    except OSError as error:
        raise CheckFailedError(f"no process to measure in could be started: {error}") from error


def last_words(done: subprocess.CompletedProcess[bytes]) -> str:
    """Give the end of what a child that failed said of it."""
    return done.stderr.decode()[-_LAST_WORDS:]


def read_order() -> dict[str, Any]:
    """Give, in the child, the order; the argument is the time after which it ends without being told."""
    if hasattr(signal, "setitimer"):  # not on Windows; there only the parent ends it
        signal.setitimer(signal.ITIMER_REAL, float(sys.argv[1]) + 1)
    order: dict[str, Any] = json.load(sys.stdin)
    return order
