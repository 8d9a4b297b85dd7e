"""One plain sentence that says what a table did with a request, from routing alone."""

from collections.abc import Callable, Sequence

from miniframework.routing.explanation import Matched, Verdict
from miniframework.routing.match import Found, Match, MethodNotAllowed, NotFound, Protocol_, Redirected
from miniframework.routing.outline import Outline
from miniframework.routing.regex.words import quoted
from miniframework.routing.route import Entry, Mount, SocketRoute


def say(
    match: Match,
    request: tuple[Protocol_, str, str],
    outline: Outline,
    verdicts: Sequence[Verdict],
    mean: Callable[[], Sequence[int]],
) -> str:
    """The sentence for `match`; `request` is protocol, method and path, `mean` gives the entries it was meant
    for.
    """
    protocol, method, path = request
    entries = outline.entries
    asked = f"{'WebSocket' if protocol == 'websocket' else method} {quoted(path, 120)}"
    match match:
        case Found(index=index):
            told = f"{asked} goes to {_entry(entries, index)}{_shadowed(entries, outline.takers[1:])}."
            return told + _inside(verdicts[index])
        case MethodNotAllowed(allow=allow):
            over_http = (
                index for index in outline.having_path if not isinstance(entries[index], SocketRoute)
            )
            has = [index for index in over_http if index not in outline.takers]  # those nobody came to ask
            who = f"{_entry(entries, has[0])} has" if len(has) == 1 else f"{len(has)} routes have"
            if not has:  # of a router that asks for the method before it looks at the text of a parameter
                who = "what is left has"
            return f"{asked}: {who} this path, but only for {', '.join(allow)}."
        case Redirected(path=target):
            slashed = (index for index in outline.slashed if not isinstance(entries[index], SocketRoute))
            taker = next(slashed, None)
            whose = "" if taker is None else f", the path of {_entry(entries, taker)}"
            return f"{asked} is redirected to {quoted(target, 120)}{whose}."
        case NotFound():
            closest = _closest(entries, verdicts, mean() or outline.having_path)
            return f"{asked}: no {_kind(protocol)} has this path{closest}."


def _kind(protocol: Protocol_) -> str:
    return "WebSocket route" if protocol == "websocket" else "route"


def _entry(entries: Sequence[Entry], index: int) -> str:
    entry = entries[index]
    where = f" ({entry.source.short})" if entry.source is not None else ""
    kind = "the mount" if isinstance(entry, Mount) else "route"
    return f"{kind} {index + 1} {quoted(entry.pattern.template or '/')} → {entry.name}{where}"


def _shadowed(entries: Sequence[Entry], also: Sequence[int]) -> str:
    if not also:
        return ""
    if len(also) == 1:
        return f"; {_entry(entries, also[0])} would match too, but stands later"
    return f"; {len(also)} later ones would match too, the first is {_entry(entries, also[0])}"


def _inside(verdict: Verdict) -> str:
    inner = verdict.inner if isinstance(verdict, Matched) else None
    return "" if inner is None else f" Inside, {inner.sentence}"


def _closest(entries: Sequence[Entry], verdicts: Sequence[Verdict], meant: Sequence[int]) -> str:
    """The entry that the path was meant for."""
    if not entries:
        return "; the table is empty"
    if not meant:
        return ""
    best = verdicts[meant[0]]
    said = " · ".join(reason.message for reason in best.judgement.reasons)
    return f"; {_entry(entries, best.index)} comes closest: {said}"
