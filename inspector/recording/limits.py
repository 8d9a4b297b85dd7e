"""How much the recorder keeps of one exchange, and of all that waits to be stored."""

from miniframework.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingLimits:
    """Sizes are bytes.

    `body_bytes` of each body and `frame_bytes` of each frame are kept, of `frames` frames and `messages`
    lines of the message list; of those the first half and the newest half. `pending_*` bounds what the
    listener has taken and the drain has not: beyond the bytes, body data is let go (its size stays known);
    beyond the count, whole new exchanges, and both are counted. `vault_bytes` bounds the unredacted requests
    that are held in memory for replay.
    """

    body_bytes: int = 64 * 1024
    frames: int = 200
    frame_bytes: int = 4 * 1024
    messages: int = 500
    chunks: int = 256
    value_characters: int = 1024
    pending_bytes: int = 16 * 1024 * 1024
    pending_events: int = 50_000
    vault_bytes: int = 16 * 1024 * 1024
