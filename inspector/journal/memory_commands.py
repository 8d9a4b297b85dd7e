"""The commands that wait in memory, and what became of them."""

from collections import OrderedDict

from inspector.journal.protocol import Answer, Command
from inspector.model import Worker
from miniframework.records import dataclass


@dataclass(slots=True)
class _Order:
    """One command and how far it has come."""

    command: Command
    claimed: bool = False
    answer: Answer | None = None


class CommandQueue:
    """Commands in the order in which they came, `limit` at most: beyond it the oldest go, answered or not.

    Not safe for threads: who has it holds a lock.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._orders: OrderedDict[str, _Order] = OrderedDict()

    def submit(self, command: Command) -> None:
        """Put a command in the queue, unless its id is known."""
        self._orders.setdefault(command.id, _Order(command))
        while len(self._orders) > self._limit:
            self._orders.popitem(last=False)

    def find(self, worker: Worker | None, *, addressed: bool = False) -> Command | None:
        """Give the oldest unclaimed command for this worker; with `addressed` of those that name it."""
        order = self._next(worker, addressed=addressed)
        return None if order is None else order.command

    def claim(self, worker: Worker, *, addressed: bool = False) -> Command | None:
        """Do the same, and let nobody else have it."""
        order = self._next(worker, addressed=addressed)
        if order is None:
            return None
        order.claimed = True
        return order.command

    def answer(self, command_id: str, answer: Answer) -> None:
        """Keep the answer of a command that is known."""
        order = self._orders.get(command_id)
        if order is not None:
            order.answer = answer

    def answer_of(self, command_id: str) -> Answer | None:
        """Give the answer of a command, None while there is none."""
        order = self._orders.get(command_id)
        return None if order is None else order.answer

    def _next(self, worker: Worker | None, *, addressed: bool) -> _Order | None:
        unclaimed = (order for order in self._orders.values() if not order.claimed)
        return next((one for one in unclaimed if one.command.is_for(worker, addressed=addressed)), None)
