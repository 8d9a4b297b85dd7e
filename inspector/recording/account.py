"""How many exchanges began in this process, and of how many the journal knows.

The numbers may stand in memory that another process shares: when this one is killed, the difference is what
died with it, and nobody else could tell.
"""

STORIES, EVENTS, SETTLED = range(3)  # the cells: began as stories, began event by event, known to the journal
ACCOUNT_BYTES = 3 * 8


class Account:
    """The numbers of one recorder. Each cell has one writer, so none of them takes a lock.

    `memory` holds `ACCOUNT_BYTES`, zero at the beginning; the account keeps it open. Without it the numbers
    are this process's alone.
    """

    __slots__ = ("cells",)

    def __init__(self, memory: "bytearray | memoryview | None" = None) -> None:
        self.cells = memoryview(bytearray(ACCOUNT_BYTES) if memory is None else memory).cast("Q")

    @property
    def outstanding(self) -> int:
        """How many exchanges began that the journal knows neither as such nor as a counted loss."""
        # What is settled is read first: what begins meanwhile counts as outstanding then.
        settled = self.cells[SETTLED]
        return max(0, self.cells[STORIES] + self.cells[EVENTS] - settled)
