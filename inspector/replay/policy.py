"""May this exchange be replayed, and if not, why not and what would help. Pure."""

from typing import Literal

from inspector.model import Exchange, HttpExchange, State
from inspector.readable.headers import find_header
from inspector.recording.vault import Original
from inspector.replay.edit import RequestEdit
from inspector.replay.original import has_whole_body, recorded_original
from inspector.replay.plan import plan_replay
from inspector.replay.refusal import Refusal, ReplayRefused

ReplayMode = Literal["off", "safe", "confirm", "all"]

# Source: RFC 9110 section 9.2.1 (safe methods).
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

_WHY_INCOMPLETE = {
    "limit": "is longer than what is kept of a body",
    "unread_by_app": "was never read by the application, so it was never seen",
    "disconnect": "was cut off when the client left",
    "redacted": "holds secrets, and their originals are no longer in memory",
    "unfinished": "had not arrived completely",
    "evicted": "was dropped from the recording to make room",
}

_WAY_OUT = {
    "limit": "Give a body in the edit, or record it again with a higher keep_bytes.",
    "redacted": "Give a body in the edit, or send the request anew: the originals were in memory only.",
}

_WEBSOCKET = Refusal(
    code="websocket",
    message="A WebSocket conversation cannot be replayed: its frames answer each other.",
    hint="Open the page or client that made it again; the new connection is recorded.",
)


def judge_replay(
    exchange: Exchange,
    edit: RequestEdit,
    *,
    original: Original | None,
    confirmed: bool,
    mode: ReplayMode = "confirm",
) -> tuple[Refusal, ...]:
    """Return every reason against this replay, the gravest first; empty when it may be sent.

    `original` is the unredacted request when it is still held. `confirm` comes last: nobody is asked to agree
    to what will be refused anyway.
    """
    if not isinstance(exchange, HttpExchange):
        return (_WEBSOCKET,)
    found: list[Refusal] = []
    if edit.body is None:
        found.extend(_judge_body(exchange, original or recorded_original(exchange)))
    try:
        plan_replay(exchange, original, edit)
    except ReplayRefused as refused:
        found.append(refused.refusal)
    method = edit.method or exchange.scope.method
    found.extend(_judge_effect(method, exchange, confirmed=confirmed, mode=mode))
    return tuple(found)


def describe_replayable(exchange: Exchange) -> dict[str, object]:
    """Return the badge of an exchange: `exact`, `edited_only` (give it a body) or `no`, and the reasons.

    Judged from the record alone: what the serving process still holds in memory may make it exact after all.
    """
    if not isinstance(exchange, HttpExchange):
        return {"verdict": "no", "reasons": [_WEBSOCKET.to_dict()]}
    shown = recorded_original(exchange)
    held_back = shown.body.why_incomplete == "redacted"
    against = () if held_back else _judge_body(exchange, shown)
    effect = _judge_effect(exchange.scope.method, exchange, confirmed=False, mode="confirm")
    reasons = [refusal.to_dict() for refusal in (*against, *effect)]
    return {"verdict": "edited_only" if against else "exact", "reasons": reasons}


def _judge_body(exchange: HttpExchange, original: Original) -> tuple[Refusal, ...]:
    if has_whole_body(original):
        return ()
    if exchange.state is State.PENDING:
        return (
            Refusal(
                code="unfinished",
                message="The request is still arriving.",
                hint="Wait until it is complete, or edit the body.",
            ),
        )
    kept, size = len(original.body.data), original.body.size
    why = _WHY_INCOMPLETE.get(original.body.why_incomplete or "", "is not complete")
    held = f": {kept} of {size} bytes are held" if kept < size else ""  # a mark may be longer than a secret
    return (
        Refusal(
            code="incomplete_body",
            message=f"The request body {why}{held}.",
            hint=_WAY_OUT.get(original.body.why_incomplete or "", "Give a body in the edit."),
        ),
    )


def _judge_effect(
    method: str, exchange: HttpExchange, *, confirmed: bool, mode: ReplayMode
) -> tuple[Refusal, ...]:
    if mode == "off":
        return (
            Refusal(
                code="not_allowed",
                message="Replay is switched off here.",
                hint="Set the replay mode to confirm.",
            ),
        )
    if mode == "all" or method in SAFE_METHODS or (mode == "confirm" and confirmed):
        return ()
    if mode == "safe":
        allowed = ", ".join(sorted(SAFE_METHODS))
        return (
            Refusal(
                code="not_allowed",
                message=f"Only {allowed} may be replayed here, not {method}.",
                hint="Set the replay mode to confirm.",
            ),
        )
    message = f"{method} is not safe: replaying it may have its effect a second time."
    if find_header(exchange.scope.headers, "idempotency-key") is not None:
        message += " Its Idempotency-Key is sent again, so a careful server gives the stored answer."
    return (Refusal(code="confirm", message=message, hint="Confirm to send it."),)
