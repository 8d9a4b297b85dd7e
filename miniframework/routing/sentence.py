"""One plain sentence that says what a table did with a request, from routing alone."""

from collections.abc import Sequence

from miniframework.routing.explanation import Matched, Protocol_, Refused, Shadowed, Verdict
from miniframework.routing.match import Found, Match, MethodNotAllowed, NotFound, Redirected
from miniframework.routing.regex_words import quoted
from miniframework.routing.route import Entry, Mount, SocketRoute


def say(
    match: Match, request: tuple[Protocol_, str, str], entries: Sequence[Entry], verdicts: Sequence[Verdict]
) -> str:
    """The sentence for `match`; `request` is protocol, method and path."""
    protocol, method, path = request
    asked = f"{'WebSocket' if protocol == 'websocket' else method} {quoted(path, 120)}"
    match match:
        case Found(index=index):
            told = f"{asked} goes to {_entry(entries, index)}{_shadowed(entries, verdicts)}."
            return told + _inside(verdicts[index])
        case MethodNotAllowed(allow=allow):
            return f"{asked}: {_with_path(entries, verdicts)} this path, but only for {', '.join(allow)}."
        case Redirected(path=target):
            taker = next(n for n, entry in enumerate(entries) if _takes_path(entry, target))
            return f"{asked} is redirected to {quoted(target, 120)}, the path of {_entry(entries, taker)}."
        case NotFound():
            return f"{asked}: no {_kind(protocol)} has this path{_closest(entries, verdicts)}."


def _takes_path(entry: Entry, path: str) -> bool:
    return not isinstance(entry, SocketRoute) and entry.pattern.regex.fullmatch(path) is not None


def _kind(protocol: Protocol_) -> str:
    return "WebSocket route" if protocol == "websocket" else "route"


def _entry(entries: Sequence[Entry], index: int) -> str:
    entry = entries[index]
    where = f" ({entry.source.short})" if entry.source is not None else ""
    kind = "the mount" if isinstance(entry, Mount) else "route"
    return f"{kind} {index + 1} {quoted(entry.pattern.template or '/')} → {entry.name}{where}"


def _shadowed(entries: Sequence[Entry], verdicts: Sequence[Verdict]) -> str:
    also = [verdict.index for verdict in verdicts if isinstance(verdict, Shadowed)]
    if not also:
        return ""
    if len(also) == 1:
        return f"; {_entry(entries, also[0])} would match too, but stands later"
    return f"; {len(also)} later ones would match too, the first is {_entry(entries, also[0])}"


def _inside(verdict: Verdict) -> str:
    inner = verdict.inner if isinstance(verdict, Matched) else None
    return "" if inner is None else f" Inside, {inner.sentence}"


def _with_path(entries: Sequence[Entry], verdicts: Sequence[Verdict]) -> str:
    has = [
        verdict.index
        for verdict in verdicts
        if isinstance(verdict, Refused)
        and verdict.judgement.path_matches
        and not isinstance(entries[verdict.index], SocketRoute)
    ]
    return f"{_entry(entries, has[0])} has" if len(has) == 1 else f"{len(has)} routes have"


def _closest(entries: Sequence[Entry], verdicts: Sequence[Verdict]) -> str:
    """The entry that came farthest, unless none came farther than the first slash."""
    best = max(verdicts, key=_closeness, default=None)
    if best is None:
        return "; the table is empty"
    if best.judgement.reached < 2:
        return ""
    said = " · ".join(reason.message for reason in best.judgement.reasons)
    return f"; {_entry(entries, best.index)} comes closest: {said}"


def _closeness(verdict: Verdict) -> tuple[int, int]:
    return verdict.judgement.reached, -len(verdict.judgement.reasons)
