"""How many bytes an exchange weighs in a bounded store."""

from inspector.apart import Apart

# The values and tuples of an exchange without its variable parts; tracemalloc says 3.1 KiB, rounded up.
FIXED_BYTES = 4096
# A pair of short strings in a tuple, or one moment of the timeline.
ITEM_BYTES = 200


def exchange_bytes(exchange: Apart) -> int:
    """Estimate the memory an exchange holds: its bodies exactly, all else generously."""
    _, _, _, _, path, raw_path, query, _, headers, *_ = exchange["scope"]
    size = FIXED_BYTES + len(path) + len(query) + len(raw_path or "") + len(exchange["response_body"][1])
    for name, value in (*headers, *exchange["response_headers"]):
        size += len(name) + len(value) + ITEM_BYTES
    lists = (exchange["timeline"], exchange["messages"], exchange["steps"], exchange["redactions"])
    size += ITEM_BYTES * sum(map(len, lists)) + 2000 * len(exchange["problems"])
    for parameter in exchange["parameters"]:
        size += len(parameter[6] or "") + len(str(parameter[3] or "")) + ITEM_BYTES
    if (failure := exchange["failure"]) is not None:
        size += len(failure[1]) + len(failure[2])
    if (body := exchange.get("request_body")) is not None:
        return size + len(body[1])
    return size + sum(len(frame[4]) + ITEM_BYTES for frame in exchange.get("frames", ()))
