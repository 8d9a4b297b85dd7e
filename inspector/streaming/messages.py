"""What page and server say to each other over the stream, as values and as the JSON text on the wire."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from inspector.errors import InspectorError
from miniframework.records import dataclass

VERSION = 1
MAX_INCOMING_CHARACTERS = 64 * 1024

GapReason = Literal["slow_viewer", "retention", "recorder_overflow", "process_killed"]


class MessageError(InspectorError):
    """The page sent something the stream does not speak; `found` is the beginning of it."""

    def __init__(self, problem: str, found: object) -> None:
        super().__init__(f"stream message {problem}: {repr(found)[:200]}")
        self.found = found


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """The page's first message; with a `log` and a `cursor` it asks to go on after that number."""

    log: str | None = None
    cursor: int | None = None


@dataclass(frozen=True, slots=True)
class Ack:
    """The page has dealt with everything up to and including this number."""

    to: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """What happened from number `first` to `last`: encoded rows to put in place by id, and ids removed."""

    first: int
    last: int
    rows: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """`count` changes between the numbers `first` and `last` will not come."""

    first: int
    last: int
    count: int
    reason: GapReason

    @property
    def recoverable(self) -> bool:
        """Tell whether asking the journal again brings them back."""
        return self.reason == "slow_viewer"


@dataclass(frozen=True, slots=True)
class AppChanged:
    """The state of the application or its route table is another one now."""


Outgoing = Delta | Gap | AppChanged


def parse_page_message(text: str) -> Hello | Ack:
    """Return what the page said. Raises MessageError for anything but a well-formed hello or ack."""
    if len(text) > MAX_INCOMING_CHARACTERS:
        raise MessageError(f"is longer than {MAX_INCOMING_CHARACTERS} characters", text)
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise MessageError("is not JSON", text) from None
    match message:
        case {"type": "hello", "v": 1}:
            return Hello(log=_optional(message, "log", str), cursor=_optional(message, "cursor", int))
        case {"type": "hello", "v": version}:
            raise MessageError(f"has a version other than {VERSION}", version)
        case {"type": "ack", "to": int(to)} if not isinstance(to, bool):
            return Ack(to)
        case _:
            raise MessageError("is neither hello nor ack", message)


def _optional(message: Mapping[str, Any], name: str, kind: type[Any]) -> Any:
    value = message.get(name)
    if value is None or (isinstance(value, kind) and not isinstance(value, bool)):
        return value
    raise MessageError(f"has a {name} that is no {kind.__name__}", value)


def to_json(value: object) -> str:
    """Return compact JSON. Text stays as it is, but a lone surrogate is escaped, since it has no UTF-8."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return text


def encode_welcome(*, log: str, head: int, tail: int, now: int, app: Mapping[str, Any]) -> str:
    """Return the server's first message; `now` is its time in unix ms."""
    welcome = {
        "type": "welcome",
        "v": VERSION,
        "log": log,
        "head": head,
        "tail": tail,
        "now": now,
        "app": app,
    }
    return to_json(welcome)


def encode_snapshot(seq: int, rows: Sequence[str], *, total: int) -> str:
    """Return the newest rows (encoded), true at number `seq`, of `total` exchanges in the journal."""
    return f'{{"type":"snapshot","seq":{seq},"rows":[{",".join(rows)}],"total":{total}}}'


def encode_reset(log: str, reason: str) -> str:
    """Return the message that another log has begun; a snapshot of it follows."""
    return to_json({"type": "reset", "log": log, "reason": reason})


def encode_app(app: Mapping[str, Any]) -> str:
    """Return the message that the application's state changed."""
    return to_json({"type": "app", "app": app})


def encode_pulse(*, head: int, now: int, lost: int, recorder_us_p50: float | None) -> str:
    """Return the sign of life that comes every two seconds; `now` is the server's time in unix ms."""
    pulse = {"type": "pulse", "head": head, "now": now, "lost": lost, "recorder_us_p50": recorder_us_p50}
    return to_json(pulse)


def encode_delta(delta: Delta) -> str:
    """Return a delta; its rows are encoded already."""
    removed = to_json(delta.removed)
    rows = ",".join(delta.rows)
    return f'{{"type":"delta","from":{delta.first},"to":{delta.last},"rows":[{rows}],"removed":{removed}}}'


def encode_gap(gap: Gap) -> str:
    """Return a gap."""
    return to_json(
        {
            "type": "gap",
            "from": gap.first,
            "to": gap.last,
            "count": gap.count,
            "reason": gap.reason,
            "recoverable": gap.recoverable,
        }
    )
