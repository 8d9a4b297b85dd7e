"""Every call of ours that can fail is made to fail, one at a time: the application never notices."""

import logging
import sys
from collections.abc import Callable
from dataclasses import replace
from inspect import CO_GENERATOR
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import inspector
from inspector.recording import intake
from miniframework.types import ASGIApp
from tests.inspector.asgi_applications import ALL, CONVERSATIONS, Recording, plain
from tests.inspector.asgi_conversations import Account, Conversation, hold

_OURS = str(Path(inspector.__file__).parent)
# To let go of a lock that is held cannot fail.
_INFALLIBLE = ("__exit__", "release")
_ENTRANCES = ("__call__", "begin", "keep")
_FAULTS = (RuntimeError, OSError, MemoryError, RecursionError)


class Torturer:
    """Lets the n-th call inside the inspector's code, of Python or C, raise; only in this thread.

    `seen` counts the calls that came by, `has_struck` says whether the fault was raised, `struck` in what.
    """

    def __init__(self, strike_at: int, fault: type[Exception]) -> None:
        self._strike_at = strike_at
        self._fault = fault
        self.seen = 0
        self.has_struck = False
        self.struck = ("", "")

    def call(self, function: Callable[[], None]) -> None:
        """Call the function under torture."""
        sys.setprofile(self._look)
        try:
            function()
        finally:
            sys.setprofile(None)

    def hold(self, conversation: Conversation, recording: Recording, account: Account) -> Account:
        """Hold the conversation, under torture from where the application is wrapped."""

        def wrap(app: ASGIApp) -> ASGIApp:
            sys.setprofile(self._look)
            return recording.wrap(app)

        try:
            return hold(conversation, wrap, account)
        finally:
            sys.setprofile(None)

    def _look(self, frame: FrameType, event: str, argument: Any) -> None:
        if event not in ("call", "c_call") or not frame.f_code.co_filename.startswith(_OURS):
            return
        if event == "c_call" and argument.__name__ in _INFALLIBLE:
            return
        if frame.f_code.co_flags & CO_GENERATOR and event == "call":
            return  # perhaps only to be closed, where nobody can catch anything
        self.seen += 1
        if self.seen == self._strike_at and not self.has_struck:
            self.has_struck = True
            self.struck = frame.f_code.co_name, event
            sys.setprofile(None)
            raise self._fault("torture")


@pytest.fixture(autouse=True)
def in_silence(caplog: pytest.LogCaptureFixture) -> None:
    """Each fault is logged with its traceback: thousands of them, which nobody reads."""
    caplog.set_level(logging.CRITICAL, logger="inspector")


def calls_of(conversation: Conversation, account: Account, *, by_events: bool) -> int:
    """How many calls of the inspector's happen while the application runs."""
    torturer = Torturer(0, RuntimeError)
    recording = Recording(by_events=by_events)
    torturer.hold(conversation, recording, account)
    recording.leave()
    return torturer.seen


TORTURED = [
    "normal", "streamed", "fails after start", "cancelled while sending", "client gone while sending",
    "a buffer that is used again", "unknown messages", "websocket echo", "websocket denied",
    "shop: found", "shop: unreadable parameter", "shop: not found", "shop: fails", "shop: mounted",
]  # fmt: skip


BOTH_WAYS = pytest.mark.parametrize("by_events", [False, True], ids=["stories", "events"])


@BOTH_WAYS
@pytest.mark.parametrize("name", TORTURED)
def test_whatever_call_of_ours_fails_the_application_goes_on_and_it_is_counted(
    name: str, by_events: bool
) -> None:
    # Made once: nothing of ours makes it, and ours makes the same calls at its first and its last request.
    account: Account = []
    app = ALL[name].make_app(account)
    conversation = replace(ALL[name], make_app=lambda account: app)
    calls = calls_of(conversation, account, by_events=by_events)
    account.clear()
    undisturbed = list(hold(conversation, plain, account))
    assert calls_of(conversation, account, by_events=by_events) == calls
    # Of a story the framework takes the notes, and the recorder hears of its beginning and of what is rare.
    assert calls > (20 if by_events else 2)
    for strike_at in range(1, calls + 1):
        fault = _FAULTS[strike_at % len(_FAULTS)]
        recording = Recording(by_events=by_events)
        torturer = Torturer(strike_at, fault)
        account.clear()
        torturer.hold(conversation, recording, account)
        recording.leave()
        assert torturer.has_struck
        assert account == undisturbed, (strike_at, fault)
        assert recording.failures() == 1, (strike_at, fault)
        if recording.failures_on_bus():
            # The listener was not even entered: the bus has counted it, the recorder knows nothing of it.
            assert torturer.struck in [(entrance, "call") for entrance in _ENTRANCES], (strike_at, fault)
            if by_events:
                continue
            recording.recorder.flush()
            assert recording.recorder.stats()["open"] == 0, (strike_at, fault)
            continue
        recording.recorder.flush()
        stats = recording.recorder.stats()
        assert stats["open"] == 0, (strike_at, fault)
        assert stats["recorded"] + stats["dropped"] == 1, (strike_at, fault)


@pytest.mark.parametrize(
    ("name", "by_events"),
    [
        ("normal", False),
        ("fails after start", True),
        ("websocket echo", True),
        ("shop: unreadable parameter", False),
    ],
)
def test_whatever_call_of_the_drain_fails_it_is_counted_and_the_next_request_is_recorded(
    name: str, by_events: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # How often the drain tries what a note costs: the torturer would look at each time.
    monkeypatch.setattr(intake, "_PRICED_NOTES", 1)
    app = ALL[name].make_app([])
    conversation = replace(ALL[name], make_app=lambda account: app)
    for strike_at in range(1, 4000):
        recording = Recording(by_events=by_events)
        hold(conversation, recording.wrap)
        fault = _FAULTS[strike_at % len(_FAULTS)]
        torturer = Torturer(strike_at, fault)
        try:
            torturer.call(recording.recorder.flush)
        except fault:
            assert strike_at < 5  # flush itself, which is called from outside
            recording.leave()
            continue
        if not torturer.has_struck:
            break
        recording.recorder.flush()
        assert recording.failures() == 1, (strike_at, fault)
        stats = recording.recorder.stats()
        assert (stats["open"], stats["unsaved"]) == (0, 0), (strike_at, fault)
        hold(CONVERSATIONS["normal"], recording.wrap)
        recording.recorder.flush()
        assert recording.journal.rows(1)[1][0]["state"] == "complete", (strike_at, fault)
        recording.leave()
    else:
        pytest.fail("the drain makes more calls than were tried")
