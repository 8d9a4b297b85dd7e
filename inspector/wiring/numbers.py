"""Carries the recorder's numbers into the journal, for a dashboard in another process."""

import asyncio
import logging
import time

from inspector.errors import InspectorError
from inspector.journal.protocol import Document, Journal, StatsSaved
from inspector.recording.recorder import Recorder
from inspector.wiring.aside import aside

_LOG = logging.getLogger("inspector")
_EVERY_S = 2.0  # as often as a page gets its pulse
_AT_LEAST_EVERY_S = 20.0  # so that others see that this process is still there, with its host


async def tell_numbers(journal: Journal, recorder: Recorder) -> None:
    """Store the numbers with this process's status when they have changed, else now and then; never ends."""
    told: Document = {}
    told_s = -_AT_LEAST_EVERY_S
    was_refused = False
    while True:
        await asyncio.sleep(_EVERY_S)
        numbers = recorder.stats()
        if numbers == told and time.monotonic() - told_s < _AT_LEAST_EVERY_S:
            continue
        try:
            await aside(journal.append, [StatsSaved(recorder.worker, numbers)])
        except InspectorError as error:  # named boundary: the recorder tells of the journal's trouble already
            if not was_refused:
                _LOG.warning("the journal does not take the recorder's numbers: %s", error)
            was_refused = True
        else:
            told, told_s, was_refused = numbers, time.monotonic(), False
