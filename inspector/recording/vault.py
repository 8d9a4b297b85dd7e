"""The requests as they came, secrets and all, for replay; in this process's memory only, and bounded."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from inspector.model import Body, Exchange, HttpExchange, RequestScope

# A scope's dataclass and its header tuples, beside their text.
_FIXED_BYTES = 2048


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
        self._held: OrderedDict[str, tuple[Original, int]] = OrderedDict()
        self._bytes = 0

    def keep(self, exchange: Exchange) -> None:
        """Keep the request of an exchange; replaces what was kept of it before."""
        body = exchange.request_body if isinstance(exchange, HttpExchange) else Body()
        size = _FIXED_BYTES + len(body.data) + _scope_bytes(exchange.scope)
        with self._lock:
            self._drop(exchange.id)
            self._held[exchange.id] = (Original(scope=exchange.scope, body=body), size)
            self._bytes += size
            while self._bytes > self._max_bytes:
                self._drop(next(iter(self._held)))

    def get(self, exchange_id: str) -> Original | None:
        """Give the original of an exchange, None when it is gone or came from another process."""
        with self._lock:
            held = self._held.get(exchange_id)
            if held is None:
                return None
            self._held.move_to_end(exchange_id)
            return held[0]

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
            self._bytes -= held[1]


def _scope_bytes(scope: RequestScope) -> int:
    texts = len(scope.path) + len(scope.raw_path or "") + len(scope.query_string)
    return texts + sum(len(name) + len(value) + 200 for name, value in scope.headers)
