"""Hands events to listeners, in order, and keeps a failing listener away from the application."""

import asyncio
import logging
import threading
from collections.abc import Callable

from miniframework.events import Event

Listener = Callable[[Event], None]

# Enough to survive a hiccup, few enough that a broken listener does not fill the log of a busy server.
FAILURES_IN_A_ROW_BEFORE_DROPPED = 10

_log = logging.getLogger("miniframework.bus")


class Subscription:
    """One listener's place on a bus; whoever subscribed owns it and closes it."""

    __slots__ = ("_bus", "failures_in_a_row", "listener")

    def __init__(self, bus: "EventBus", listener: Listener) -> None:
        self._bus = bus
        self.listener = listener
        self.failures_in_a_row = 0

    def close(self) -> None:
        """Stop listening; closing twice is no error."""
        self._bus._remove(self)


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
        self._subscriptions: tuple[Subscription, ...] = ()
        self._lock = threading.Lock()

    def subscribe(self, listener: Listener) -> Subscription:
        """Call `listener` with every event from now on, until the subscription is closed."""
        subscription = Subscription(self, listener)
        with self._lock:
            self._subscriptions = (*self._subscriptions, subscription)
            self.listening = True
        return subscription

    def emit(self, event: Event) -> None:
        """Hand `event` to every listener; never raises what a listener raises."""
        for subscription in self._subscriptions:
            try:
                subscription.listener(event)
            except (Exception, asyncio.CancelledError):  # noqa: BLE001  # named boundary: a bus listener
                self._note_failure(subscription, event)
            else:
                subscription.failures_in_a_row = 0

    def _note_failure(self, subscription: Subscription, event: Event) -> None:
        self.failures += 1
        subscription.failures_in_a_row += 1
        name = type(event).__name__
        _log.exception("listener %r failed on %s; the application goes on", subscription.listener, name)
        if subscription.failures_in_a_row >= FAILURES_IN_A_ROW_BEFORE_DROPPED:
            self._remove(subscription)
            _log.error(
                "listener %r dropped after %d failures in a row; it hears nothing more",
                subscription.listener,
                subscription.failures_in_a_row,
            )

    def _remove(self, subscription: Subscription) -> None:
        with self._lock:
            self._subscriptions = tuple(kept for kept in self._subscriptions if kept is not subscription)
            self.listening = bool(self._subscriptions)
