"""Recordings made for a test, and the command called in this process."""

import contextlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from inspector.cli.main import main
from inspector.journal.protocol import AppStatus, Record, Saved, StatusSaved
from inspector.journal.sqlite import SqliteJournal
from inspector.model import Exchange, HttpExchange, RouteStep, Routing, Worker
from tests.inspector.web.serving import make_exchange


def run(*arguments: str, given: str | None = None) -> Result:
    """Call `inspector`; an exception that is no exit is raised here."""
    result = CliRunner().invoke(main, arguments, input=given, catch_exceptions=False)
    assert "Traceback" not in result.stderr
    return result


def record(file: Path, exchanges: Iterable[Exchange], *, target: str | None = None) -> Path:
    records: list[Record] = [Saved(exchange) for exchange in exchanges]
    if target is not None:
        status = AppStatus(worker=Worker(host="test", pid=1), state="running", target=target)
        records.append(StatusSaved(status))
    with contextlib.closing(SqliteJournal(file)) as journal:
        journal.append(records)
    return file


def taken_by(
    number: int, table: str, index: int, template: str, name: str, method: str = "GET"
) -> HttpExchange:
    """An exchange that this route of this table took."""
    step = RouteStep(
        table=table,
        index=index,
        template=template,
        name=name,
        endpoint="x:y",
        path="/",
        raw_params=(),
        took_ns=1,
    )
    exchange: Any = make_exchange(number, routing=Routing.MATCHED, steps=(step,))
    found: HttpExchange = replace(exchange, scope=replace(exchange.scope, method=method))
    return found
