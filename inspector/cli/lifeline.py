"""What a serving process hangs on: when the command that started it is gone, it ends, too."""

import contextlib
import os
import signal
import sys
import threading
import time

from inspector.cli.plan import ServingPlan
from inspector.cli.terminal import escape_controls, say
from inspector.errors import JournalError
from inspector.journal.opening import open_journal
from inspector.journal.protocol import LossNoted
from inspector.recording.account import Account

EXIT_CUT_OFF = 1
_LEFT_TO_END_S = 3.0  # uvicorn gets a second of it to finish responses
_STORE_WITHIN_S = 6.0  # while there is something to store; as long as the command itself waits
_LOOK_S = 0.1


def descriptor_of(plan: ServingPlan) -> int:
    """Return our end of the lifeline."""
    return plan.lifeline_fd if plan.lifeline_fd is not None else sys.stdin.fileno()


def hang_on_lifeline(plan: ServingPlan, account: Account) -> None:
    """End this process when the command ends, however it does, and tell the journal what was lost by it."""
    descriptor = descriptor_of(plan)
    os.set_inheritable(descriptor, False)
    threading.Thread(
        target=_end_with, args=(descriptor, plan.journal, account), name="inspector-lifeline", daemon=True
    ).start()


def _end_with(descriptor: int, journal: str, account: Account) -> None:
    with contextlib.suppress(ConnectionError):  # reset: it was killed before it had read all that it was told
        while os.read(descriptor, 1):
            pass
    _ask_to_end()
    time.sleep(_LEFT_TO_END_S)
    deadline = time.monotonic() + _STORE_WITHIN_S - _LEFT_TO_END_S
    while account.outstanding and time.monotonic() < deadline:
        time.sleep(_LOOK_S)
    if lost := account.outstanding:
        _tell(lost, journal)
    os._exit(EXIT_CUT_OFF)


def _ask_to_end() -> None:
    """Raise SIGTERM where the server hears it; on Windows os.kill would end the process at once."""
    if os.name == "nt":
        signal.raise_signal(signal.SIGTERM)
    else:
        os.kill(os.getpid(), signal.SIGTERM)


def _tell(lost: int, journal: str) -> None:
    """Tell the journal, with a connection of its own: whoever uses the other one may hang."""
    said = f"inspector: the command is gone; {lost} exchanges that this process had yet to store are lost"
    try:
        with contextlib.closing(open_journal(journal, lazily=True)) as opened:
            opened.append([LossNoted(lost, "process_killed")])
    except JournalError as error:  # named boundary: the terminal is told, if it is still there
        said += f", and the journal does not take that: {escape_controls(str(error))}"
    with contextlib.suppress(OSError):
        say(said)
