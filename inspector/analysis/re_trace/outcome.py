"""How far a traced run came, read from its steps: for regexes that only a back-tracking engine can follow."""

from collections.abc import Iterator, Sequence
from typing import assert_never

from inspector.analysis.re_trace.events import Event, Kind
from inspector.analysis.re_trace.trace import Trace
from inspector.analysis.regex_draw import source_text
from inspector.analysis.regex_run import RegexRun
from miniframework.routing.regex.constructs import Atomic, Condition, Look, Never, Possessive, Reference
from miniframework.routing.regex.tree import Anchor, CharSet, Node, Opaque, Run, descend
from miniframework.routing.regex.words import anchor_sentence, quoted


def read_outcome(trace: Trace, tree: Node) -> RegexRun:
    """The run as `inspector.analysis.regex_run` tells it. The trace came to its end.

    What a look-around read is not counted: how far it saw is not how far the text was taken.
    """
    leaves = {node.id: node for node in descend(tree)}
    best = _farthest(trace.events)
    reached = trace.span[1] if trace.span else trace.events[best].to
    stuck = {} if trace.span else dict.fromkeys(_refusals(trace.events, reached))
    return RegexRun(
        accepted=trace.span is not None,
        reached=reached,
        took=tuple(
            (leaves[event.node], at)
            for event in live_steps(trace.events, len(trace.events) if trace.span else best)
            if event.kind is Kind.EAT
            for at in range(event.at, event.to)
        ),
        stuck=tuple(leaves[event.node] for event in stuck if event.kind is Kind.REFUSE),
        expected=tuple(dict.fromkeys(_wanted(leaves[e.node], e) for e in stuck if e.kind is Kind.REFUSE)),
        may_end=any(event.kind is Kind.LEFT for event in stuck),
    )


def live_steps(events: Sequence[Event], upto: int) -> list[Event]:
    """The steps among the first `upto` that were not taken back, in order."""
    live: list[Event] = []
    while upto > 0:
        event = events[upto - 1]
        if event.kind is Kind.BACK:
            upto = event.number
            continue
        live.append(event)
        upto -= 1
    live.reverse()
    return live


def _looks(events: Sequence[Event]) -> Iterator[tuple[int, ...]]:
    """For each step the look-arounds it is inside of, from the outermost."""
    after: list[tuple[int, ...]] = [()]
    for event in events:
        inside = after[event.number] if event.kind is Kind.BACK else after[-1]
        if event.kind is Kind.SEEN or (event.kind is Kind.REFUSE and inside[-1:] == (event.node,)):
            inside = inside[:-1]
        yield inside
        after.append((*inside, event.node) if event.kind is Kind.LOOK else inside)


def _stops(events: Sequence[Event]) -> Iterator[tuple[int, Event]]:
    for index, (event, inside) in enumerate(zip(events, _looks(events), strict=True)):
        if not inside and event.kind in (Kind.START, Kind.EAT, Kind.REFUSE, Kind.LEFT):
            yield index, event


def _farthest(events: Sequence[Event]) -> int:
    """The first step at the farthest position."""
    return max(_stops(events), key=lambda stop: stop[1].to)[0]


def _refusals(events: Sequence[Event], reached: int) -> Iterator[Event]:
    for _, event in _stops(events):
        if event.kind in (Kind.REFUSE, Kind.LEFT) and event.to == reached:
            yield event


def _wanted(node: Node, event: Event) -> str:
    match node:
        case CharSet():
            return node.sentence
        case Run(chars=chars):
            return chars[event.to - event.at].sentence
        case Anchor():
            return anchor_sentence(node.label)
        case Opaque():
            return _wanted_construct(node)
        case _:
            raise AssertionError(f"a {type(node).__name__} never refuses")


def _wanted_construct(node: Opaque) -> str:
    match node.construct:
        case Look(negative=True):
            return f"anything but what {quoted(source_text(node))} forbids"
        case Look():
            return f"what {quoted(source_text(node))} looks for"
        case Reference(number=number):
            return f"again what group {number} took"
        case Never():
            return "nothing: this part never matches"
        case Condition() | Atomic() | Possessive() | None:
            raise AssertionError(f"a {node.what} never refuses by itself")
        case _ as never:
            assert_never(never)
