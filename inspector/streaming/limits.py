"""How much and how long: the numbers of the stream."""

from dataclasses import field

from inspector.streaming.subscription import OutboxLimits
from miniframework.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamLimits:
    """Times in seconds, and how many watch and how many rows they begin with."""

    outbox: OutboxLimits = field(default_factory=OutboxLimits)
    viewers: int = 50
    snapshot_rows: int = 2_000
    coalesce_s: float = 0.033  # two frames at 60 Hz: a message a change costs the page 2.3 times the CPU
    pulse_s: float = 2.0
    hello_s: float = 5.0
    # A connection that takes no bytes is cut by us: keep-alive pings do not free one that never reads.
    send_s: float = 5.0
    ack_s: float = 15.0
    incoming_per_s: int = 200
