"""One exchange as the journal in memory holds it."""

from inspector.apart import Apart
from inspector.folded import Folded
from inspector.journal.held import pack, pack_row, unpack, unpack_row
from inspector.journal.protocol import Change
from inspector.journal.rows import exchange_row

# What is held beside the packed exchange: its row, once somebody has read it, and its places in the indexes.
_BESIDE_BYTES = 2048


class HeldExchange:
    """One exchange in the journal. `stored_s` is the monotonic time of its first change."""

    __slots__ = ("_packed", "_row", "_unpack", "id", "process", "seq", "size", "state", "stored_s")

    def __init__(self, exchange: Apart | Folded, stored_s: float) -> None:
        if isinstance(exchange, Folded):
            self._packed, self._unpack = exchange.packed, exchange.unfold
            self.id, self.process, self.state = exchange.id, exchange.process, exchange.state
        else:
            self._packed, self._unpack = pack(exchange), unpack
            self.id, self.process, self.state = exchange["id"], exchange["worker"][:2], exchange["state"]
        self._row: bytes | None = None  # most rows are never looked at
        self.size = _BESIDE_BYTES + len(self._packed)
        self.seq = 0
        self.stored_s = stored_s

    def exchange(self) -> Apart:
        """Give it as it was stored."""
        return self._unpack(self._packed)

    def change(self, *, pinned: bool) -> Change:
        """Give its newest change."""
        if self._row is None:
            self._row = pack_row(exchange_row(self.exchange(), 0))
        row = unpack_row(self._row) | {"seq": self.seq, "pinned": pinned}
        return Change(seq=self.seq, kind="saved", exchange_id=self.id, row=row)
