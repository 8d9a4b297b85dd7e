"""How many bytes an exchange weighs in a bounded store."""

from inspector.model import Exchange, HttpExchange

# Dataclasses, tuples and row of an exchange without its variable parts; tracemalloc says 3.1 KiB, rounded up.
FIXED_BYTES = 4096
# A pair of short strings in a tuple, or one moment of the timeline.
ITEM_BYTES = 200


def exchange_bytes(exchange: Exchange) -> int:
    """Estimate the memory an exchange holds: its bodies exactly, all else generously."""
    scope = exchange.scope
    texts = len(scope.path) + len(scope.query_string) + len(scope.raw_path or "")
    for name, value in (*scope.headers, *exchange.response_headers):
        texts += len(name) + len(value) + ITEM_BYTES
    items = len(exchange.timeline) + len(exchange.messages) + len(exchange.steps) + len(exchange.redactions)
    for parameter in exchange.parameters:
        texts += len(parameter.value or "") + len(str(parameter.raw or "")) + ITEM_BYTES
    if exchange.failure is not None:
        texts += len(exchange.failure.traceback) + len(exchange.failure.message)
    if isinstance(exchange, HttpExchange):
        bodies = len(exchange.request_body.data)
    else:
        bodies = sum(len(frame.data) + ITEM_BYTES for frame in exchange.frames)
    bodies += len(exchange.response_body.data) + 2000 * len(exchange.problems)
    return FIXED_BYTES + texts + ITEM_BYTES * items + bodies
