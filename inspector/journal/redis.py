"""The journal in Redis: several hosts write one recording, several dashboards read it.

Changes are entries of a stream, numbered by the id; a script gives the number, stores, keeps the limits and
wakes whoever waits, all at once. When Redis is away every call raises JournalError: the recorder keeps what
it has within its bound, and sends it when Redis is back.
"""

import asyncio
import dataclasses
import json
import logging
import socket
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import redis

from inspector.errors import JournalError, JournalFullError
from inspector.journal.packing import unpack_exchange
from inspector.journal.processes import is_alive
from inspector.journal.protocol import (
    Answer,
    AppStatus,
    Bounds,
    Change,
    Command,
    Document,
    JournalLimits,
    Record,
    Saved,
    StatsSaved,
    StatusSaved,
    TableServed,
)
from inspector.journal.redis_bell import RedisBell
from inspector.journal.redis_entries import (
    NOT_OURS,
    read_change,
    read_command,
    read_row,
    read_served,
    read_status,
)
from inspector.journal.redis_place import read_place
from inspector.journal.redis_records import limits_text, owner_of, record_arguments
from inspector.journal.redis_scripts import SCRIPTS
from inspector.model import Exchange, State, Worker

# Redis answers in a millisecond; what takes longer is away, and nobody shall wait for it.
CONNECT_TIMEOUT_S = 1.0
ANSWER_TIMEOUT_S = 3.0
LOOK_S = 1.0  # a waiter looks this often, should it not have been woken
# A process tells its numbers three times in it, however idle it is. Who does not has gone with its host.
SILENT_AFTER_S = 60.0
_LOG = logging.getLogger("inspector")
T = TypeVar("T")


class RedisJournal:
    """A `Journal` in a Redis server, found by its URL: `redis://[:password@]host[:port]/[database][?name=shop]`.

    `name` tells recordings in one database apart. Nothing is asked of the server until the first call. Raises
    JournalError for a URL of another kind; the password stands in no message. `unreadable` counts entries of
    others, which are passed over.
    """

    keeps_folded = False

    def __init__(self, url: str, limits: JournalLimits | None = None) -> None:
        self.unreadable = 0
        self._limits = limits or JournalLimits()
        bare_url, name, self.place = read_place(url)
        self._tag = "{" + name + "}"  # braces: all keys of a recording on one node of a cluster
        try:
            self._client: Any = redis.Redis.from_url(
                bare_url, socket_connect_timeout=CONNECT_TIMEOUT_S, socket_timeout=ANSWER_TIMEOUT_S
            )
        except (ValueError, redis.RedisError) as error:
            raise JournalError(f"{self.place}: {error}") from error
        self._scripts = {name: self._client.register_script(text) for name, text in SCRIPTS.items()}
        self._bell = RedisBell(self._client, f"{self._tag}:bell")

    def append(self, records: Sequence[Record]) -> None:
        """Store the records in their order, all or none."""
        records = [*self._lost(records), *records]
        arguments = [part for record in records for part in record_arguments(record)]
        self._run("append", limits_text(self._limits), *arguments)

    def bounds(self) -> Bounds:
        """Say what is held."""
        log, *numbers = self._run("bounds")
        tail, head, trimmed, exchanges, held_bytes, pinned, lost = map(int, numbers)
        return Bounds(
            log=log.decode(),
            tail=tail,
            head=head,
            trimmed=trimmed,
            exchanges=exchanges,
            held_bytes=held_bytes,
            pinned=pinned,
            lost=lost,
        )

    def read_after(self, seq: int, limit: int) -> list[Change]:
        """Give at most `limit` changes numbered above `seq`, in order of number."""
        if limit <= 0:
            return []
        return self._readable(read_change, self._run("changes", seq, limit))

    def rows(self, limit: int) -> tuple[int, list[Document]]:
        """Give the head number, and the newest `limit` rows by start, oldest first."""
        head, newest = self._run("rows", limit) if limit > 0 else (self.bounds().head, [])
        return int(head), self._readable(read_row, reversed(newest))

    async def wait_after(self, seq: int, timeout_s: float) -> bool:
        """Return True as soon as there is a change numbered above `seq`."""
        return await self._wait(lambda: self.bounds().head > seq, timeout_s)

    def exchange(self, exchange_id: str) -> Exchange | None:
        """Give the whole exchange as it last stood."""
        with self._asking():
            document, bodies = self._client.hmget(self._key(f"exchange:{exchange_id}"), "document", "bodies")
            return None if document is None else unpack_exchange(document, bodies)

    def table(self, fingerprint: str) -> Document | None:
        """Give the snapshot of the route table with this fingerprint."""
        with self._asking():
            text = self._client.hget(self._key("tables"), fingerprint)
            return None if text is None else dict(json.loads(text))

    def status(self) -> list[AppStatus]:
        """Give what each process last said of itself, the newest last.

        One that has not been heard of for `SILENT_AFTER_S` has stopped, until it is heard of again.
        """
        with self._asking():
            owners = self._client.zrange(self._key("statuses_order"), 0, -1)
            documents = self._client.hmget(self._key("statuses"), owners) if owners else []
            stats = self._client.hmget(self._key("stats"), owners) if owners else []
        silent = self._silent(owner.decode("utf-8", "replace") for owner in owners)
        told = [pair for pair in zip(documents, stats, strict=True) if pair[0] is not None]
        found = self._readable(read_status, told)
        return [_ended_silently(one) if owner_of(one.worker) in silent else one for one in found]

    def tables_served(self, limit: int) -> list[TableServed]:
        """Give the newest times at which an application came up with another table, the newest last."""
        if limit <= 0:
            return []
        with self._asking():
            texts = self._client.lrange(self._key("served"), -limit, -1)
        return self._readable(read_served, [(text,) for text in texts])

    def clear(self, *, history: bool = False) -> None:
        """Forget every exchange and begin a new log."""
        self._run("clear", int(history))

    def pin(self, exchange_id: str, *, pinned: bool) -> bool:
        """Exempt an exchange from the limits, or no longer; False when it is not held."""
        answer = int(self._run("pin", limits_text(self._limits), int(pinned), exchange_id))
        if answer > 1:
            raise JournalFullError(answer - 2)
        return answer >= 0

    def submit(self, command: Command) -> None:
        """Put a command in the queue."""
        owner = "" if command.worker is None else owner_of(command.worker)
        text = json.dumps(dataclasses.asdict(command))
        self._run("submit", self._limits.commands, command.id, owner, text)

    def claim(self, worker: Worker, *, addressed: bool = False) -> Command | None:
        """Take the oldest unclaimed command for this worker; with `addressed` of those that name it."""
        text = self._run("claim", owner_of(worker), 1, int(addressed))
        with self._asking():
            return None if text is None else read_command(text)

    def answer(self, command_id: str, answer: Answer) -> None:
        """Answer a claimed command."""
        self._run("answer", command_id, json.dumps({"ok": answer.ok, "body": answer.body}))

    def answer_of(self, command_id: str) -> Answer | None:
        """Give the answer of a command."""
        with self._asking():
            text = self._client.hget(self._key(f"command:{command_id}"), "answer")
            return None if text is None else Answer(**json.loads(text))

    async def wait_command(self, timeout_s: float, worker: Worker | None = None) -> bool:
        """Return True as soon as there is an unclaimed command."""
        owner = "" if worker is None else owner_of(worker)
        return await self._wait(lambda: self._run("claim", owner, 0, 0) is not None, timeout_s)

    async def wait_answer(self, command_id: str, timeout_s: float) -> Answer | None:
        """Return the answer of a command as soon as it is there."""
        await self._wait(lambda: self.answer_of(command_id) is not None, timeout_s)
        return await asyncio.to_thread(self.answer_of, command_id)

    def close(self) -> None:
        """Close the connections; closing twice is no error."""
        self._bell.close()
        self._client.close()

    async def _wait(self, is_so: Callable[[], bool], timeout_s: float) -> bool:
        """Ask in a thread, so that no event loop waits for a network; again at each ring.

        While Redis is away nothing is so, and the waiter goes on waiting.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_s
        await asyncio.to_thread(self._bell.listen)
        while True:
            rung = self._bell.rung
            if await asyncio.to_thread(_unless_away, is_so):
                return True
            remaining = deadline - loop.time()
            if remaining <= 0:
                return False
            await self._bell.wait(rung, min(remaining, LOOK_S))

    def _lost(self, records: Sequence[Record]) -> Iterator[Saved]:
        """What processes that are no more have left unfinished, as lost."""
        for record in records:
            if not isinstance(record, StatusSaved | StatsSaved):
                continue
            owners = self._members("owners")
            gone = _dead_owners(owners) | self._silent(owners)
            if isinstance(record, StatusSaved) and record.status.has_ended:
                gone.add(owner_of(record.status.worker))
            for owner in gone:
                for exchange_id in self._members(f"open:{owner}"):
                    exchange = self.exchange(exchange_id)
                    if exchange is not None:
                        yield Saved(dataclasses.replace(exchange, state=State.LOST))

    def _silent(self, owners: Iterable[str]) -> set[str]:
        """Those of which nothing was heard for so long that they are no more, by the server's own clock."""
        asked = list(owners)
        if not asked:
            return set()
        with self._asking():
            heard = self._client.hmget(self._key("heard"), asked)
            now_s, _ = self._client.time()
        since_us = (now_s - SILENT_AFTER_S) * 1e6
        return {one for one, at in zip(asked, heard, strict=True) if at is not None and float(at) < since_us}

    def _members(self, name: str) -> list[str]:
        with self._asking():
            return sorted(member.decode() for member in self._client.smembers(self._key(name)))

    def _key(self, name: str) -> str:
        return f"{self._tag}:{name}"

    def _run(self, name: str, *arguments: Any) -> Any:
        with self._asking():
            return self._scripts[name](keys=[self._tag], args=[uuid.uuid4().hex, *arguments])

    @contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            yield
        except redis.RedisError as error:
            raise JournalError(f"{self.place}: {error}") from error
        except NOT_OURS as error:
            raise JournalError(f"{self.place}: cannot be read: {error}") from error

    def _readable(self, read: Callable[..., T], entries: Iterable[Sequence[Any]]) -> list[T]:
        """Read each entry; what another program has put there costs itself only, and is counted."""
        found = []
        for entry in entries:
            try:
                found.append(read(*entry))
            except NOT_OURS as error:
                self.unreadable += 1
                if self.unreadable == 1:
                    _LOG.warning(
                        "%s: an entry is not ours and is passed over, as are more: %s", self.place, error
                    )
        return found


def _dead_owners(owners: Sequence[str]) -> set[str]:
    """Those of this host whose process is no more."""
    here = socket.gethostname()
    gone = set()
    for owner in owners:
        host, _, pid = owner.rpartition(" ")
        if host == here and not is_alive(int(pid)):
            gone.add(owner)
    return gone


def _ended_silently(status: AppStatus) -> AppStatus:
    if status.has_ended:
        return status
    return dataclasses.replace(status, state="stopped", error=f"not heard of for {SILENT_AFTER_S:g} s")


def _unless_away(is_so: Callable[[], bool]) -> bool:
    try:
        return is_so()
    except JournalError:
        return False
