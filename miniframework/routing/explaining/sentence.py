"""One plain sentence that says what a table did with a request, from routing alone."""

from collections.abc import Sequence

from miniframework.routing.explanation import Matched, Verdict
from miniframework.routing.match import Found, Match, MethodNotAllowed, NotFound, Protocol_, Redirected
from miniframework.routing.outline import Outline
from miniframework.routing.regex.words import quoted
from miniframework.routing.route import Entry, Mount, SocketRoute

# Of very many entries that are equally close, only the first ones are weighed.
_MOST_WEIGHED = 64


def say(
    match: Match,
    request: tuple[Protocol_, str, str],
    outline: Outline,
    verdicts: Sequence[Verdict],
) -> str:
    """The sentence for `match`; `request` is protocol, method and path."""
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
            return f"{asked}: no {_kind(protocol)} has this path{_closest(entries, outline, verdicts)}."


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


def _closest(entries: Sequence[Entry], outline: Outline, verdicts: Sequence[Verdict]) -> str:
    """The entry that came farthest, unless none came farther than the first slash."""
    if not entries:
        return "; the table is empty"
    if outline.reached < 2:
        return ""
    best = _fewest_reasons(verdicts, outline.farthest[:_MOST_WEIGHED])
    said = " · ".join(reason.message for reason in best.judgement.reasons)
    return f"; {_entry(entries, best.index)} comes closest: {said}"


def _fewest_reasons(verdicts: Sequence[Verdict], indexes: Sequence[int]) -> Verdict:
    """The first of those that have the fewest reasons; none has fewer than one."""
    best = verdicts[indexes[0]]
    for index in indexes[1:]:
        if len(best.judgement.reasons) == 1:
            break
        if len(verdicts[index].judgement.reasons) < len(best.judgement.reasons):
            best = verdicts[index]
    return best
