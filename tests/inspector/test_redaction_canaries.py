"""Secrets planted everywhere, searched for in everything that leaves the process."""

import gzip
import json
import sys
import zlib
from pathlib import Path
from types import FrameType

from inspector.journal.codec import encode_exchange
from inspector.journal.memory import MemoryJournal
from inspector.journal.protocol import Saved
from inspector.journal.sqlite import SqliteJournal
from inspector.model import (
    Exchange,
)
from inspector.redaction import MARK, Redactor
from tests.inspector.redaction_samples import canary_exchanges, with_body


def everything_written(exchanges: list[Exchange], directory: Path) -> bytes:
    """All that may leave the process: rows, details, bodies, and the journal's files."""
    memory = MemoryJournal()
    file = SqliteJournal(directory / "journal.db")
    written: list[bytes] = []
    for exchange in exchanges:
        memory.append([Saved(exchange)])
        file.append([Saved(exchange)])
        bodies: list[bytes] = []
        document = encode_exchange(exchange, lambda data, bodies=bodies: bodies.append(data) or len(data))
        written += [json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogateescape"), *bodies]
        written += [gzip.decompress(body) for body in bodies if body[:2] == b"\x1f\x8b"]
        written += [zlib.decompress(body) for body in bodies if body[:2] == b"x\x9c"]
        written += [body.decode("utf-16").encode() for body in bodies if body[:2] == b"\xff\xfe"]
    for journal in (memory, file):
        written += [
            json.dumps(change.row, ensure_ascii=False).encode() for change in journal.read_after(0, 1000)
        ]
    written += [path.read_bytes() for path in directory.glob("journal.db*")]
    file.close()
    written += [path.read_bytes() for path in directory.glob("journal.db*")]
    return b"\n".join(written)


def test_no_canary_leaves_the_process(tmp_path: Path) -> None:
    exchanges, canaries = canary_exchanges()
    assert len(canaries) >= 60
    redactor = Redactor()
    written = everything_written([redactor.redact(exchange) for exchange in exchanges], tmp_path)
    assert [place for place, canary in canaries.items() if canary.encode() in written] == []
    # Not a part of one either: 12 characters are half of it.
    assert [place for place, canary in canaries.items() if canary[1:13].encode() in written] == []
    assert MARK.encode() in written


def test_without_redaction_every_canary_is_seen(tmp_path: Path) -> None:
    exchanges, canaries = canary_exchanges()
    written = everything_written(exchanges, tmp_path)
    assert [place for place, canary in canaries.items() if canary.encode() not in written] == []


def test_a_request_of_one_kib_without_a_secret_costs_little() -> None:
    items = [{"name": f"book {number}", "price": number / 4} for number in range(28)]
    exchange = with_body(json.dumps(items).encode(), "application/json")
    redactor = Redactor()
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        redactor.redact(exchange)
    finally:
        sys.setprofile(None)
    assert calls < 200
