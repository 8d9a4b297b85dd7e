import asyncio
import logging
from typing import Any

import pytest

from miniframework import EventBus
from miniframework.bus import FAILURES_IN_A_ROW_BEFORE_DROPPED
from miniframework.events import RequestFinished


def event(number: int = 0) -> RequestFinished:
    return RequestFinished(exchange_id="x", at_ns=number)


def test_listeners_hear_events_in_order_of_subscription() -> None:
    bus, heard = EventBus(), []
    bus.subscribe(lambda e: heard.append(("first", e.at_ns)))
    bus.subscribe(lambda e: heard.append(("second", e.at_ns)))
    bus.emit(event(1))
    bus.emit(event(2))
    assert heard == [("first", 1), ("second", 1), ("first", 2), ("second", 2)]


def test_a_bus_listens_only_while_somebody_is_subscribed() -> None:
    bus = EventBus()
    assert not bus.listening
    one, two = bus.subscribe(print), bus.subscribe(print)
    one.close()
    assert bus.listening
    two.close()
    two.close()
    assert not bus.listening


@pytest.mark.parametrize("error", [ValueError("x"), asyncio.CancelledError()], ids=["error", "cancelled"])
def test_a_listener_that_raises_harms_neither_the_emitter_nor_the_next_listener(
    error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    bus, heard = EventBus(), []

    def broken(_: Any) -> None:
        raise error

    bus.subscribe(broken)
    bus.subscribe(heard.append)
    with caplog.at_level(logging.ERROR, logger="miniframework.bus"):
        bus.emit(event())
    assert len(heard) == 1
    assert bus.failures == 1
    assert "RequestFinished" in caplog.text
    assert "Traceback" in caplog.text


def test_a_listener_is_dropped_after_failing_ten_times_in_a_row(caplog: pytest.LogCaptureFixture) -> None:
    bus, calls = EventBus(), []

    def broken(_: Any) -> None:
        calls.append(1)
        raise ValueError

    bus.subscribe(broken)
    for _ in range(FAILURES_IN_A_ROW_BEFORE_DROPPED + 5):
        bus.emit(event())
    assert len(calls) == FAILURES_IN_A_ROW_BEFORE_DROPPED
    assert bus.failures == FAILURES_IN_A_ROW_BEFORE_DROPPED
    assert not bus.listening
    assert "dropped after 10 failures" in caplog.text


def test_a_success_in_between_starts_the_count_anew() -> None:
    bus, calls = EventBus(), []

    def sometimes(e: Any) -> None:
        calls.append(1)
        if e.at_ns % 5:
            raise ValueError

    bus.subscribe(sometimes)
    for number in range(40):
        bus.emit(event(number))
    assert len(calls) == 40
    assert bus.failures == 32


def test_a_listener_may_close_its_subscription_while_it_is_called() -> None:
    bus, heard = EventBus(), []
    subscription = bus.subscribe(lambda e: (heard.append(e), subscription.close()))
    bus.subscribe(heard.append)
    bus.emit(event())
    bus.emit(event())
    assert len(heard) == 3
