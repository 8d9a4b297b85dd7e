"""What a journal is: numbered changes to read and wait for, and a small queue of commands to the application.

Every change has a sequence number, given when it is stored and never again. Of one exchange only the newest
change is kept, so a reader that lags behind reads less, not wrongly. A reader is up to date when it has read
everything after its number up to `Bounds.head`; when its number lies before `Bounds.tail - 1`, some notices
it never saw are gone, and it takes `rows` again.
"""

from collections.abc import Sequence
from dataclasses import field
from typing import Any, Literal, Protocol

from inspector.apart import Apart
from inspector.folded import Folded
from inspector.model import Exchange, Worker
from miniframework.records import dataclass

Document = dict[str, Any]
CommandKind = Literal["replay", "explain", "check", "plan", "round"]
ChangeKind = Literal["saved", "removed", "cleared", "table", "status", "loss"]

# How many exchanges a journal keeps unless it is told otherwise, and so how many are asked for at once.
MOST_EXCHANGES = 10_000


@dataclass(frozen=True, slots=True)
class Saved:
    """An exchange as it now stands, taken apart, folded or as it is; replaces what was held of it."""

    exchange: Exchange | Apart | Folded


@dataclass(frozen=True, slots=True)
class TableSaved:
    """A route table's snapshot, kept under its own `fingerprint`."""

    snapshot: Document


@dataclass(frozen=True, slots=True)
class LossNoted:
    """So many exchanges were never recorded, and why."""

    count: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppStatus:
    """One serving process as it last described itself.

    `table` is the fingerprint of its route table, `error` the traceback of an application that would not
    start. `recording` is `requests_only` when the routing of the application cannot be seen. `stats` are the
    numbers of its recorder, {} while there are none. `framework` is whose router it is, with its version,
    where that is not ours; `fidelity` what its self-test said, "42 of 42 agree".
    """

    worker: Worker
    state: Literal["starting", "running", "failed", "stopped"]
    target: str
    url: str | None = None
    table: str | None = None
    error: str | None = None
    python: str = ""
    updated_unix_ns: int = 0
    recording: Literal["full", "requests_only"] = "full"
    stats: Document = field(default_factory=dict)
    framework: str | None = None
    fidelity: str | None = None

    @property
    def has_ended(self) -> bool:
        """Whether the process serves nothing any more, or never has."""
        return self.state in ("stopped", "failed")


@dataclass(frozen=True, slots=True)
class StatusSaved:
    """A process describes itself; replaces what it said before."""

    status: AppStatus


@dataclass(frozen=True, slots=True)
class StatsSaved:
    """The newest `stats` for the status of a process; one without a status gets none.

    Numbered by nothing and announced to nobody: viewers look at the numbers with their pulse.
    """

    worker: Worker
    stats: Document


Record = Saved | TableSaved | LossNoted | StatusSaved | StatsSaved


@dataclass(frozen=True, slots=True, kw_only=True)
class TableServed:
    """From this moment on an application routed by this table; before it, by another one or not at all.

    Taken down from the statuses: one for each "running" whose `table` is not the one that its `target` last
    served, so several workers that come back with the same table are one.
    """

    at_unix_ns: int
    generation: int
    target: str
    table: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One numbered change.

    `row` is the exchange's head when `kind` is "saved". `detail` is, by kind: the fingerprint of a table,
    the status, the count and reason of a loss, the new log's id after "cleared".
    """

    seq: int
    kind: ChangeKind
    exchange_id: str | None = None
    row: Document | None = None
    detail: Document | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Where the journal begins and ends.

    `log` is this log's id, new after a clear. `head` is the newest number, 0 before the first change.
    `tail` is the first number from which nothing is missing. `trimmed` counts the exchanges that the limits
    have removed since the log began, `exchanges` those held now, `held_bytes` what they take, as the limits
    count it; both with the pinned ones, of which there are `pinned`. `lost` exchanges were never recorded, as
    the loss notices since the log began say.
    """

    log: str
    tail: int
    head: int
    trimmed: int = 0
    exchanges: int = 0
    held_bytes: int = 0
    pinned: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Something a viewer asks of a serving process.

    `worker` is the process that must carry it out, since it alone can; None when any may. Of a worker, host
    and pid are compared.
    """

    id: str
    body: Document
    kind: CommandKind = "replay"
    worker: Worker | None = None

    def is_for(self, worker: Worker | None, *, addressed: bool = False) -> bool:
        """Say whether this worker may claim it; with None, whether any may, with `addressed`, whether it
        names this worker.
        """
        wanted = self.worker
        if wanted is None or worker is None:
            return not addressed
        return (wanted.host, wanted.pid) == (worker.host, worker.pid)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the serving process said to a command."""

    ok: bool
    body: Document = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalLimits:
    """How much a journal keeps; whichever limit is met first removes the oldest finished exchanges.

    `notices` bounds the removal and loss notices kept for readers that lag behind; `commands` the commands
    and answers nobody has fetched; `tables` the route tables and, as many again, the times one was served.
    `pinned` bounds the pinned exchanges, which are not removed and not counted by the other limits.
    """

    max_bytes: int = 64 * 1024 * 1024
    max_exchanges: int = MOST_EXCHANGES
    max_age_s: float = 7 * 24 * 3600.0
    notices: int = 10_000
    tables: int = 64
    workers: int = 64
    commands: int = 256
    pinned: int = 500


class Journal(Protocol):
    """Append, read after a number, wait for more. Thread-safe; all but the waits are synchronous, short.

    One that `keeps_folded` holds a folded exchange as it is; others take it apart at once, so that to fold it
    is work for nothing.
    """

    @property
    def keeps_folded(self) -> bool:
        """Whether a folded exchange stays folded until somebody looks."""

    def append(self, records: Sequence[Record]) -> None:
        """Store the records in their order, all or none. Raises JournalError when they cannot be stored."""

    def bounds(self) -> Bounds:
        """Say what is held."""

    def read_after(self, seq: int, limit: int) -> list[Change]:
        """Give at most `limit` changes numbered above `seq`, in order of number."""

    def rows(self, limit: int) -> tuple[int, list[Document]]:
        """Give the number at which this is true, and the newest `limit` heads by start, oldest first."""

    async def wait_after(self, seq: int, timeout_s: float) -> bool:
        """Return True as soon as there is a change numbered above `seq`, False after `timeout_s`."""

    def exchange(self, exchange_id: str) -> Exchange | None:
        """Give the whole exchange as it last stood."""

    def table(self, fingerprint: str) -> Document | None:
        """Give the snapshot of the route table with this fingerprint."""

    def status(self) -> list[AppStatus]:
        """Give what each process last said of itself, the newest last."""

    def tables_served(self, limit: int) -> list[TableServed]:
        """Give at most `limit` times at which an application came up with another table, the newest last."""

    def clear(self, *, history: bool = False) -> None:
        """Forget every exchange and begin a new log; tables, statuses and numbering go on.

        With `history` it forgets, too, what ended processes said of themselves and which tables were served.
        """

    def pin(self, exchange_id: str, *, pinned: bool) -> bool:
        """Exempt an exchange from the limits, or no longer; False when it is not held.

        Its row says `pinned`, under a new number, and updates keep it. A clear forgets it all the same.
        Raises JournalFullError beyond `JournalLimits.pinned`.
        """

    def submit(self, command: Command) -> None:
        """Put a command in the queue; one whose id the queue knows changes nothing, claimed or not."""

    def claim(self, worker: Worker, *, addressed: bool = False) -> Command | None:
        """Take the oldest unclaimed command that is for this worker, which nobody else gets then.

        With `addressed` only one that names this worker, not one that any may carry out.
        """

    def answer(self, command_id: str, answer: Answer) -> None:
        """Answer a claimed command."""

    def answer_of(self, command_id: str) -> Answer | None:
        """Give the answer of a command, None while there is none."""

    async def wait_command(self, timeout_s: float, worker: Worker | None = None) -> bool:
        """Return True as soon as there is an unclaimed command, False after `timeout_s`.

        With a worker, only a command that it may claim counts.
        """

    async def wait_answer(self, command_id: str, timeout_s: float) -> Answer | None:
        """Return the answer of a command as soon as it is there, None after `timeout_s`."""

    def close(self) -> None:
        """Let go of files and wake nobody; closing twice is no error."""
