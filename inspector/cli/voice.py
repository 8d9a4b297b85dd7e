"""Tells the command how this process's recorder fares, whatever becomes of the journal."""

import json
import os
import threading
from collections.abc import Callable, Mapping
from typing import Any

_EVERY_S = 1.0


def speak(lifeline: int, numbers: Callable[[], Mapping[str, Any]]) -> Callable[[], None]:
    """Begin to write the numbers to the lifeline, a line of JSON whenever they have changed.

    A thread of its own does it: a full disk or a busy event loop must not silence it. What is returned ends
    it; it ends by itself when the command is gone.
    """
    over = threading.Event()

    def run() -> None:
        told: Mapping[str, Any] = {}
        while not over.wait(_EVERY_S):
            now = numbers()
            if now == told:
                continue
            try:
                os.write(lifeline, json.dumps(now).encode() + b"\n")
            except OSError:  # the command is gone, and this process is about to be
                return
            told = now

    threading.Thread(target=run, name="inspector-voice", daemon=True).start()
    return over.set
