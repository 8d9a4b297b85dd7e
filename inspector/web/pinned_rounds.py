"""Replays the pinned requests by themselves each time the application has come back.

One round follows another, never two at once, and sends one request at a time. It belongs to the dashboard and
not to a serving process, so several workers that come back together make one round; and of several dashboards
on one journal one makes it, whose results the others show.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Sequence
from dataclasses import field, replace
from typing import Literal

from inspector.errors import InspectorError, JournalError
from inspector.journal.outage import Outage
from inspector.journal.protocol import AppStatus, Document, Journal, Saved
from inspector.model import UNFINISHED, Exchange, HttpExchange, Worker
from inspector.replay.difference import Difference, compare_exchanges
from inspector.replay.pinned import (
    PinnedResult,
    compare_pinned,
    compared,
    find_objection,
    is_worth_learning,
    learn_from,
    not_compared,
)
from inspector.web.answers import ApiError
from inspector.web.api.commands import CommandDesk
from inspector.web.round_claims import Round, RoundClaims, RoundNews
from miniframework.records import dataclass

_LOG = logging.getLogger("inspector")
_LOOK_S = 0.5  # how often it is looked whether the application has come back
_RETRY_S = 5.0  # after a failure, which the journal may go on to have
_ENDS_WITHIN_S = 35.0  # a replay is ended by its process after 30 s
_SILENT_S = 3 * _ENDS_WITHIN_S  # a request is replayed twice at most, and then told
OFF = "not sent: replay is switched off here"
RECORDING = "not sent: this is a recording that was opened from a file"
_NOT_YET = "is replayed when the application comes back, or with “Replay all now”"


@dataclass(frozen=True, slots=True)
class Standing:
    """What serves: another one means that the application came back. `workers` are its known processes."""

    target: str
    generation: int
    table: str | None
    workers: tuple[Worker, ...] = field(default=(), compare=False)

    @property
    def occasion(self) -> str:
        """The same as one text."""
        return f"{self.target} {self.generation} {self.table}"


class PinnedRounds:
    """The rounds of one dashboard and the results of the newest one. `failures` counts rounds that broke off.

    Lives on one event loop; `run` is its task. Results and learnt rules are held in memory and made anew by
    the first round; the rules that a viewer set are kept in the journal, with the pinned exchange itself.
    """

    def __init__(
        self, journal: Journal, desk: CommandDesk, *, since_unix_ns: int, off: str | None = None
    ) -> None:
        """Rounds begin by themselves for what came up after `since_unix_ns`: a journal tells of earlier runs,
        too. Those are told apart once; a clock that is set back later changes nothing. `off` says why nothing
        is ever sent, None where it is.
        """
        self.failures = 0
        self._outage = Outage(_LOG, "the pinned requests")
        self._journal = journal
        self._desk = desk
        self._off = off
        self._since_unix_ns = since_unix_ns
        self._earlier: dict[Worker, int] | None = (
            None  # what earlier runs said last, and when by their clocks
        )
        self._claims = RoundClaims(journal)
        self._last: Standing | None = None
        self._results: dict[str, PinnedResult] = {}
        self._learnt: dict[str, tuple[str, ...]] = {}
        self._is_on = False
        self._wanted: asyncio.Event | None = None  # of the loop that runs now

    async def run(self) -> None:
        """Watch and replay until cancelled. Does nothing where nothing is sent."""
        if self._off is not None:
            return
        self._wanted = asyncio.Event()
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_S):
                    await self._wanted.wait()
            try:
                await self._look(is_wanted=self._wanted.is_set())
                self._outage.end()
            except JournalError as error:
                self.failures += 1
                self._outage.note(error)
                await asyncio.sleep(_RETRY_S)
            except Exception:  # noqa: BLE001  # named boundary: one round; logged and counted
                self.failures += 1
                _LOG.exception("a round of the pinned requests broke off (%d so far)", self.failures)
                await asyncio.sleep(_RETRY_S)

    def begin(self) -> None:
        """Begin a round as soon as none runs; a round that runs is the one that was asked for."""
        if self._wanted is not None and not self._is_on:
            self._wanted.set()

    def describe(self) -> Document:
        """Give the body of `api/pinned`. Blocks for as long as the journal's reads do."""
        standing = self._read_standing(is_wanted=True)
        is_due = self._off is None and self._is_news(self._read_standing(is_wanted=False))
        is_wanted = self._wanted is not None and self._wanted.is_set()
        found = (self._result_of(exchange_id, is_due=is_due) for exchange_id in self._read_pinned())
        results = [result.to_dict() for result in found if result is not None]
        return {
            "generation": None if standing is None else standing.generation,
            "running": self._is_on or is_wanted or is_due,
            "results": results,
        }

    def compare(self, left: Exchange, right: Exchange) -> Difference:
        """Compare two exchanges; where the left one is pinned and was replayed, as the results have it."""
        if left.id not in self._results:
            return compare_exchanges(left, right)
        return compare_pinned(left, right, self._learnt.get(left.id, ()))

    def keep_rules(self, exchange_id: str, rules: Sequence[str]) -> PinnedResult | None:
        """Keep rules with a pin in the place of those before, written as `parse_rule` reads them.

        Gives the result under them, None for what is not pinned.
        """
        pinned = self._journal.exchange(exchange_id) if exchange_id in self._read_pinned() else None
        if pinned is None:
            return None
        kept = replace(pinned, may_differ=tuple(dict.fromkeys(rules)))
        self._journal.append([Saved(kept)])
        before = self._results.get(exchange_id)
        replayed = self._journal.exchange(before.replay_id) if before and before.replay_id else None
        if replayed is not None and isinstance(kept, HttpExchange):
            self.take(kept, replayed)
        return self._result_of(exchange_id, is_due=False)

    def take(self, pinned: HttpExchange, replayed: Exchange, *, learnt: Sequence[str] = ()) -> None:
        """Note what the replay of a pinned request came to, and what was learnt from replaying it twice."""
        if learnt:
            self._learnt[pinned.id] = tuple(dict.fromkeys((*self._learnt.get(pinned.id, ()), *learnt)))
        self._results[pinned.id] = compared(pinned, replayed, self._learnt.get(pinned.id, ()))

    async def _look(self, *, is_wanted: bool) -> None:
        standing = await asyncio.to_thread(self._read_standing, is_wanted=is_wanted)
        if is_wanted:
            await self._replay_all(standing, None)
        elif standing is not None and self._is_news(standing):
            made = await asyncio.to_thread(self._claims.claim, standing.occasion, standing.workers)
            if made.is_ours or not await self._follow(made, standing):
                await self._replay_all(standing, made)

    async def _follow(self, followed: Round, standing: Standing) -> bool:
        """Show the results of a round that another dashboard makes; False when it has fallen silent."""
        self._is_on, self._last = True, standing
        heard: RoundNews | None = None
        deadline = time.monotonic() + _SILENT_S
        try:
            while time.monotonic() < deadline:
                if await asyncio.to_thread(self._read_standing, is_wanted=True) != standing:
                    self._last = None  # it is gone or came back again, which makes a round of its own
                    return True
                news = await asyncio.to_thread(self._claims.hear, followed)
                if news is not None and news != heard:
                    heard, deadline = news, time.monotonic() + _SILENT_S
                    self._results = dict(news.results)
                    self._learnt = dict(news.learnt)
                if news is not None and news.is_over:
                    return True
                await asyncio.sleep(_LOOK_S)
            return False
        finally:
            self._is_on = False

    async def _tell(self, made: Round | None, *, is_over: bool) -> None:
        if made is not None:
            news = RoundNews(results=self._results, learnt=self._learnt, is_over=is_over)
            await asyncio.to_thread(self._claims.tell, made, news)

    async def _replay_all(self, standing: Standing | None, made: Round | None) -> None:
        """Make a round; `made` is one that other dashboards follow."""
        self._is_on, self._last = True, standing
        if self._wanted is not None:
            self._wanted.clear()
        self._results = {}
        try:
            pinned = await asyncio.to_thread(self._read_pinned)
            self._learnt = {one: self._learnt[one] for one in pinned if one in self._learnt}
            for exchange_id in pinned:
                if await asyncio.to_thread(self._read_standing, is_wanted=True) != standing:
                    self._last = None  # it is gone or came back again, which makes a round of its own
                    return
                exchange = await asyncio.to_thread(self._journal.exchange, exchange_id)
                if exchange is not None:
                    await self._replay(exchange)
                    await self._tell(made, is_over=False)
        finally:
            self._is_on = False
            await self._tell(made, is_over=True)

    async def _replay(self, pinned: Exchange) -> None:
        if objection := find_objection(pinned):
            self._results[pinned.id] = not_compared(pinned, "refused", objection)
            return
        assert isinstance(pinned, HttpExchange)  # a WebSocket is objected to
        try:
            await self._replay_http(pinned)
        except _NotAnswered as reason:
            result = not_compared(pinned, reason.verdict, str(reason), replay_id=reason.replay_id)
            self._results[pinned.id] = result

    async def _replay_http(self, pinned: HttpExchange) -> None:
        """Replay it, and once more when something differs that may do so by itself. Raises _NotAnswered."""
        replayed = await self._play(pinned)
        learnt: Sequence[str] = ()
        if is_worth_learning(compare_pinned(pinned, replayed, self._learnt.get(pinned.id, ()))):
            learnt = learn_from(replayed, await self._play(pinned))
        self.take(pinned, replayed, learnt=learnt)

    async def _play(self, pinned: HttpExchange) -> Exchange:
        """Raises _NotAnswered."""
        order: Document = {"of": pinned.id, "edit": {}, "confirm": False}
        try:
            answer = await self._desk.order("replay", order, rather=pinned.worker)
        except ApiError as error:
            raise _NotAnswered("waiting", error.message) from error
        if not answer.ok:
            raise _NotAnswered("refused", f"not sent: {answer.body['message']}")
        replay_id: str = answer.body["id"]
        replayed = await self._wait_for(replay_id)
        if replayed is None:
            raise _NotAnswered("waiting", f"no answer within {_ENDS_WITHIN_S:g} s", replay_id)
        return replayed

    async def _wait_for(self, exchange_id: str) -> Exchange | None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_ENDS_WITHIN_S):
                while True:
                    head = (await asyncio.to_thread(self._journal.bounds)).head
                    exchange = await asyncio.to_thread(self._journal.exchange, exchange_id)
                    if exchange is not None and exchange.state not in UNFINISHED:
                        return exchange
                    await self._journal.wait_after(head, _ENDS_WITHIN_S)
        return None

    def _is_news(self, standing: Standing | None) -> bool:
        return standing is not None and standing != self._last

    def _read_standing(self, *, is_wanted: bool) -> Standing | None:
        """Find what serves: what came up under this dashboard's eyes; with `is_wanted` any other as well."""
        statuses = self._journal.status()
        if self._earlier is None:
            told = {one.worker: one.updated_unix_ns for one in statuses}
            self._earlier = {one: at_ns for one, at_ns in told.items() if at_ns < self._since_unix_ns}
        running = [status for status in statuses if status.state == "running"]
        since = [one for one in running if self._earlier.get(one.worker) != one.updated_unix_ns]
        return _newest(since or (running if is_wanted else []))

    def _read_pinned(self) -> list[str]:
        """Give the ids of the pinned exchanges, oldest first; the journal limits their number."""
        bounds = self._journal.bounds()
        if not bounds.pinned:
            return []
        _, rows = self._journal.rows(bounds.exchanges)
        return [row["id"] for row in rows if row["pinned"]]

    def _result_of(self, exchange_id: str, *, is_due: bool) -> PinnedResult | None:
        """Give the newest result; what it will be before the round has come to it; None when it is gone."""
        if not is_due and exchange_id in self._results:
            return self._results[exchange_id]
        exchange = self._journal.exchange(exchange_id)
        if exchange is None:
            return None
        objection = self._off or find_objection(exchange)
        if objection is not None:
            return not_compared(exchange, "refused", objection)
        return not_compared(exchange, "waiting", _NOT_YET)


class _NotAnswered(InspectorError):
    """A pinned request has no answer to compare; the message says why."""

    def __init__(
        self, verdict: Literal["refused", "waiting"], message: str, replay_id: str | None = None
    ) -> None:
        self.verdict = verdict
        self.replay_id = replay_id
        super().__init__(message)


def _newest(running: Sequence[AppStatus]) -> Standing | None:
    """What serves by the newest generation; `running` are in the order in which they were told."""
    if not running:
        return None
    status = max(reversed(running), key=lambda one: one.worker.generation)
    now = status.target, status.worker.generation
    workers = tuple(one.worker for one in running if (one.target, one.worker.generation) == now)
    return Standing(*now, status.table, workers)
