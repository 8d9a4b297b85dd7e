"""Follows the stream of a dashboard: comes back when it is cut off, and says what is missing."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from inspector import __version__
from inspector.cli.dashboard_url import DashboardUrl
from inspector.cli.tail_gap import fetch_gap
from inspector.cli.tail_rows import Row, TailRows, row_json, row_line
from inspector.cli.terminal import StartRefused, give, say
from inspector.streaming.connection import POLICY_VIOLATION
from inspector.streaming.messages import VERSION
from miniframework.records import dataclass

_FIRST_PAUSE_S = 0.25  # as the page does
_LONGEST_PAUSE_S = 5.0
_OPEN_TIMEOUT_S = 10.0
_REFUSED = (401, 403)


@dataclass(frozen=True, slots=True, kw_only=True)
class TailOptions:
    """Which rows, how many of the past, and in which form."""

    passes: Callable[[Row], bool]
    last: int
    as_json: bool


@dataclass(slots=True)
class _Place:
    """Where in which log of which dashboard this viewer is: what it asks to go on after."""

    dashboard: DashboardUrl
    log: str | None = None
    cursor: int | None = None


class ReaderGoneError(Exception):
    """Nobody reads standard output any more."""


async def follow(dashboard: DashboardUrl, options: TailOptions) -> None:
    """Print until cancelled. Raises StartRefused for a wrong token, and when nothing answers at first;
    ReaderGoneError.
    """
    rows = TailRows(options.passes, options.last)
    place = _Place(dashboard)
    pause_s = _FIRST_PAUSE_S
    was_there = False
    while True:
        try:
            async with _open(dashboard) as connection:
                if was_there:
                    say("inspector: connected again")
                was_there, pause_s = True, _FIRST_PAUSE_S
                await _listen(connection, place, rows, options)
        except InvalidStatus as error:
            if error.response.status_code in _REFUSED:
                raise StartRefused(
                    f"the dashboard at {dashboard.base} refused the token",
                    "each run has its own: copy the URL that it printed",
                ) from error
            reason = f"it answered {error.response.status_code}"
        except (OSError, TimeoutError, InvalidHandshake) as error:
            reason = str(error) or type(error).__name__
        except ConnectionClosed as error:
            _require_understood(error, dashboard)
            reason = str(error)
        else:
            reason = "it closed the connection"
        if not was_there:
            raise StartRefused(f"the dashboard at {dashboard.base} cannot be reached: {reason}")
        if pause_s == _FIRST_PAUSE_S:
            say(f"inspector: the dashboard is gone ({reason}); waiting for it")
        await asyncio.sleep(pause_s)
        pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)


def _require_understood(error: ConnectionClosed, dashboard: DashboardUrl) -> None:
    """Raise StartRefused where the dashboard does not take what we say: it would not the next time either."""
    if error.rcvd is not None and error.rcvd.code == POLICY_VIOLATION:
        raise StartRefused(
            f"the dashboard at {dashboard.base} does not understand this command: {error.rcvd.reason}",
            f"it may be of another version than this one, {__version__}: use the `inspector` that serves it",
        ) from error


def _open(dashboard: DashboardUrl) -> connect:
    return connect(
        dashboard.stream,
        additional_headers={"authorization": f"Bearer {dashboard.token}"},
        max_size=None,  # a snapshot is some megabytes
        open_timeout=_OPEN_TIMEOUT_S,
        proxy=None,  # the token is for this machine
    )


async def _listen(connection: ClientConnection, place: _Place, rows: TailRows, options: TailOptions) -> None:
    hello = {"type": "hello", "v": VERSION, "log": place.log, "cursor": place.cursor}
    await connection.send(json.dumps(hello))
    async for text in connection:
        await _apply(json.loads(text), connection, place, rows, options)


async def _apply(
    message: dict[str, Any],
    connection: ClientConnection,
    place: _Place,
    rows: TailRows,
    options: TailOptions,
) -> None:
    match message:
        case {"type": "welcome", "log": log}:
            place.log = log
        case {"type": "reset", "log": log, "reason": reason}:
            place.log, place.cursor = log, None
            say(f"inspector: another log begins: {reason}")
        case {"type": "snapshot", "seq": seq, "rows": told}:
            _print(list(rows.of_snapshot(told)), options)
            await _acknowledge(connection, place, seq)
        case {"type": "delta", "to": to, "rows": told}:
            _print(list(rows.of_delta(told)), options)
            await _acknowledge(connection, place, to)
        case {"type": "gap"}:
            await _close_gap(message, place.dashboard, rows, options)
        case _:  # app, pulse, and what later versions say
            pass


async def _close_gap(
    gap: dict[str, Any], dashboard: DashboardUrl, rows: TailRows, options: TailOptions
) -> None:
    """Print what was left out, where the journal still has it; say how much is lost, where it has not."""
    lost = f"{gap['count']} changes are lost here: {gap['reason']}"
    if not gap["recoverable"]:
        say(f"inspector: {lost}")
        return
    try:
        told = await asyncio.to_thread(fetch_gap, dashboard, gap["from"], gap["to"])
    except StartRefused as error:
        say(f"inspector: {lost}; they could not be fetched again: {error.message}")
        return
    _print(list(rows.of_delta(told)), options)
    say(f"inspector: {gap['count']} changes were left out ({gap['reason']}) and fetched again")


def _print(rows: list[Row], options: TailOptions) -> None:
    if not rows:
        return
    try:
        give("\n".join(row_json(row) if options.as_json else row_line(row) for row in rows))
    except BrokenPipeError as error:  # told apart from a connection that broke
        raise ReaderGoneError from error


async def _acknowledge(connection: ClientConnection, place: _Place, to: int) -> None:
    place.cursor = to
    await connection.send(json.dumps({"type": "ack", "to": to}))
