"""What runs beside the application for as long as it lives; one that fails does not take the others along."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

_LOG = logging.getLogger("inspector")
_AGAIN_S = 1.0

Chore = Callable[[], Awaitable[None]]


async def run_chores(*chores: Chore) -> None:
    """Run all of them until cancelled, or until each has ended by itself."""
    async with asyncio.TaskGroup() as tasks:
        for chore in chores:
            tasks.create_task(_keep_up(chore))


async def _keep_up(chore: Chore) -> None:
    while True:
        try:
            return await chore()
        except Exception:  # noqa: BLE001 - named boundary: one chore; logged, and begun again
            _LOG.exception("%s failed; it begins again", chore.__qualname__)
            await asyncio.sleep(_AGAIN_S)
