"""The requests as they came, secrets and all, for replay; in this process's memory only, and bounded.

Those alone of which something was hidden: of most requests the journal holds all there is.
"""

import threading
from collections import OrderedDict
from itertools import chain

from inspector.apart import Apart, BodyApart, ScopeApart, put_together_body, put_together_scope
from inspector.model import Body, RequestScope
from miniframework.records import dataclass

# A scope's values and its header tuples, beside their text.
_FIXED_BYTES = 2048
_NO_BODY: BodyApart = (0, b"", True, None, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """What the client really sent. Never stored, streamed, shown or logged."""

    scope: RequestScope
    body: Body


class Vault:
    """Originals by exchange id, the least recently used ones gone when there are more than `max_bytes`.

    Thread-safe.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._held: OrderedDict[str, tuple[ScopeApart, BodyApart, int]] = OrderedDict()
        self._bytes = 0

    def keep(self, exchange: Apart) -> None:
        """Keep the request of an exchange; replaces what was kept of it before."""
        scope, body = exchange["scope"], exchange.get("request_body", _NO_BODY)
        size = _FIXED_BYTES + len(body[1]) + _scope_bytes(scope)
        with self._lock:
            self._drop(exchange["id"])
            self._held[exchange["id"]] = scope, body, size
            self._bytes += size
            while self._bytes > self._max_bytes:
                self._drop(next(iter(self._held)))

    def let_go(self, exchange_id: str) -> None:
        """Forget the original of an exchange, if it is held: nothing of it is hidden (any more)."""
        if exchange_id in self._held:
            with self._lock:
                self._drop(exchange_id)

    def get(self, exchange_id: str) -> Original | None:
        """Give the original of an exchange.

        None when nothing of it was hidden, when it is gone, or came from another process.
        """
        with self._lock:
            held = self._held.get(exchange_id)
            if held is None:
                return None
            self._held.move_to_end(exchange_id)
        scope, body, _ = held
        return Original(scope=put_together_scope(scope), body=put_together_body(body))

    def clear(self) -> None:
        """Forget every original."""
        with self._lock:
            self._held.clear()
            self._bytes = 0

    def held_bytes(self) -> int:
        """Give the bytes held, by the vault's own accounting."""
        with self._lock:
            return self._bytes

    def _drop(self, exchange_id: str) -> None:
        held = self._held.pop(exchange_id, None)
        if held is not None:
            self._bytes -= held[2]


def _scope_bytes(scope: ScopeApart) -> int:
    _, _, _, _, path, raw_path, query_string, _, headers, *_ = scope
    texts = len(path) + len(raw_path or "") + len(query_string)
    return texts + sum(map(len, chain.from_iterable(headers))) + 200 * len(headers)
