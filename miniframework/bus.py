"""Hands events to listeners, in order, and keeps a failing listener away from the application."""

import asyncio
import logging
import threading
from collections.abc import Callable
from typing import Protocol

from miniframework.events import Event
from miniframework.telling.story import Story

Listener = Callable[[Event], None]

# Enough to survive a hiccup, few enough that a broken listener does not fill the log of a busy server.
FAILURES_IN_A_ROW_BEFORE_DROPPED = 10

_log = logging.getLogger("miniframework.bus")


class Keeper(Protocol):
    """A listener that would rather read the notes of an exchange later than hear each event at once.

    As long as it is the only one on its bus it is given stories, else it hears events like any other.
    """

    def __call__(self, event: Event) -> None:
        """Hear an event."""

    def begin(self, story: Story) -> bool:
        """Take a story that begins, and say so; False leaves the exchange unrecorded."""

    def keep(self, story: Story, event: Event) -> None:
        """Put an event among the notes of a story, so that it holds nothing large and nothing that may
        change.
        """


class Subscription:
    """One listener's place on a bus; whoever subscribed owns it and closes it.

    `begin` is the keeper's, for a listener that is one; `lock` is for whoever shares its stories.
    """

    __slots__ = ("begin", "bus", "failures_in_a_row", "keeper", "listener", "lock")

    def __init__(self, bus: "EventBus", listener: Listener, keeper: Keeper | None = None) -> None:
        self.bus = bus
        self.listener = listener
        self.keeper = keeper
        self.begin: Callable[[Story], bool] = _refuse if keeper is None else keeper.begin
        self.failures_in_a_row = 0
        self.lock = threading.Lock()

    def close(self) -> None:
        """Stop listening; closing twice is no error."""
        self.bus._remove(self)

    def put(self, story: Story, event: Event) -> None:
        """Give the keeper an event of its story; never raises what that raises."""
        assert self.keeper is not None
        try:
            self.keeper.keep(story, event)
        except (Exception, asyncio.CancelledError):  # noqa: BLE001  # named boundary: a bus listener
            self.note_failure(type(event).__name__)

    def note_failure(self, name: str) -> None:
        """Count and log what the listener has just raised on `name`."""
        self.bus._note_failure(self, name)


def _refuse(story: Story) -> bool:
    return False


class EventBus:
    """Calls every listener with every event, at once, in the order of subscription.

    A listener runs inside the request's task: it returns quickly and does its work elsewhere. One that
    raises is logged with its traceback and counted in `failures`; after 10 failures in a row it is dropped.
    What a listener raises, a `CancelledError` included, never reaches the application. Safe to use from any
    thread.
    """

    def __init__(self) -> None:
        self.listening = False
        self.failures = 0
        # Who is given stories: a keeper that is alone. None while anybody hears events.
        self.keeping: Subscription | None = None
        self._subscriptions: tuple[Subscription, ...] = ()
        self._lock = threading.Lock()

    def subscribe(self, listener: Listener) -> Subscription:
        """Call `listener` with every event from now on, until the subscription is closed."""
        return self._add(Subscription(self, listener))

    def keep(self, keeper: Keeper) -> Subscription:
        """Give `keeper` the story of every exchange that begins from now on, until the subscription is
        closed.
        """
        return self._add(Subscription(self, keeper, keeper))

    def emit(self, event: Event) -> None:
        """Hand `event` to every listener; never raises what a listener raises."""
        for subscription in self._subscriptions:
            try:
                subscription.listener(event)
            except (Exception, asyncio.CancelledError):  # noqa: BLE001  # named boundary: a bus listener
                self._note_failure(subscription, type(event).__name__)
            else:
                subscription.failures_in_a_row = 0

    def _note_failure(self, subscription: Subscription, name: str) -> None:
        self.failures += 1
        subscription.failures_in_a_row += 1
        _log.exception("listener %r failed on %s; the application goes on", subscription.listener, name)
        if subscription.failures_in_a_row >= FAILURES_IN_A_ROW_BEFORE_DROPPED:
            self._remove(subscription)
            _log.error(
                "listener %r dropped after %d failures in a row; it hears nothing more",
                subscription.listener,
                subscription.failures_in_a_row,
            )

    def _add(self, subscription: Subscription) -> Subscription:
        with self._lock:
            self._set((*self._subscriptions, subscription))
        return subscription

    def _remove(self, subscription: Subscription) -> None:
        with self._lock:
            self._set(tuple(kept for kept in self._subscriptions if kept is not subscription))

    def _set(self, subscriptions: tuple[Subscription, ...]) -> None:
        self._subscriptions = subscriptions
        alone = subscriptions[0] if len(subscriptions) == 1 else None
        self.keeping = alone if alone is not None and alone.keeper is not None else None
        self.listening = bool(subscriptions)
