"""What the engine does at constructs that are more than reading: look, refer, ask, keep.

Moves as in `inspector.analysis.re_trace.moves`.
Source: CPython Modules/_sre/sre_lib.h, SRE(match): ASSERT, ASSERT_NOT, GROUPREF, GROUPREF_EXISTS,
ATOMIC_GROUP, POSSESSIVE_REPEAT.
"""

from typing import assert_never

from inspector.analysis.re_trace.events import Kind
from inspector.analysis.re_trace.state import State
from inspector.analysis.re_trace.tasks import Absent, Keep, Lock, Next, Seen, Tasks
from miniframework.routing.regex.constructs import Atomic, Condition, Look, Never, Possessive, Reference
from miniframework.routing.regex.tree import Opaque, Repeat


def go_into(state: State, node: Opaque, at: int, rest: Tasks) -> Next:
    """Do what a construct does; the unknown ones were refused before the run."""
    match node.construct:
        case Look() as look:
            return _look(state, node, look, at, rest)
        case Reference() as reference:
            return _refer(state, node, reference, at, rest)
        case Condition(number=number):
            holds = number in state.captures
            state.tell(Kind.OPTION, node.id, at, at, 1 if holds else 2)
            return at, (node.children[0 if holds else 1], rest)
        case Atomic():
            lock = Lock(node, at, len(state.decisions))
            return at, (node.children[0], (lock, rest))
        case Possessive():
            (loop,) = node.children
            assert isinstance(loop, Repeat)
            return keep_round(state, Keep(loop, 0, None, len(state.decisions)), at, rest)
        case Never():
            return _hold(state, node, at, rest, holds=False)
        case None:
            raise AssertionError(f"an untraced construct: {node.what}")
        case _ as never:
            assert_never(never)


def end_look(state: State, task: Seen, at: int, rest: Tasks) -> Next:
    """What was looked for is here: good, or for a negative one just what must not be."""
    state.settle(task.height)
    construct = task.look.construct
    assert isinstance(construct, Look)
    if construct.negative:
        # `start` is where it looked from; the place it stands at is further on for a look-behind.
        return _hold(state, task.look, task.start + construct.back, rest, holds=False)
    stands = task.start + construct.back
    state.tell(Kind.SEEN, task.look.id, at, stands)
    return stands, task.after


def end_in_vain(state: State, task: Absent, at: int, rest: Tasks) -> Next:
    """What was looked for is not here, which is what a negative look-around wants."""
    construct = task.look.construct
    assert isinstance(construct, Look)
    return _hold(state, task.look, at, rest, holds=construct.negative)


def lock(state: State, task: Lock, at: int, rest: Tasks) -> Next:
    """Forget every decision inside an atomic group."""
    state.settle(task.height)
    state.tell(Kind.LOCK, task.group.id, task.start, at)
    return at, rest


def keep_round(state: State, task: Keep, at: int, rest: Tasks) -> Next:
    """One round more of a possessive loop; the decisions of the round before are forgotten."""
    loop, done, last, height = task
    state.settle(height)
    if done >= loop.least:
        if (loop.most is not None and done >= loop.most) or at == last:
            return at, rest
        state.decide(loop.id, at, rest)
    state.tell(Kind.ROUND, loop.id, at, at, done + 1)
    return at, (loop.item, (Keep(loop, done + 1, at, height), rest))


def _look(state: State, node: Opaque, look: Look, at: int, rest: Tasks) -> Next:
    begin = at - look.back
    if begin < 0:
        return _hold(state, node, at, rest, holds=look.negative)
    height = len(state.decisions)
    state.decide(node.id, at, (Absent(node), rest))
    state.tell(Kind.LOOK, node.id, at, begin)
    return begin, (node.children[0], (Seen(node, begin, height, rest), None))


def _hold(state: State, node: Opaque, at: int, rest: Tasks, *, holds: bool) -> Next:
    state.tell(Kind.HOLD if holds else Kind.REFUSE, node.id, at, at)
    return (at, rest) if holds else None


def _refer(state: State, node: Opaque, reference: Reference, at: int, rest: Tasks) -> Next:
    start, end = state.captures.get(reference.number, (0, -1))
    wanted, found = state.text[start:end], state.text[at : at + end - start]
    if end < start or not reference.same(wanted, found):
        return _hold(state, node, at, rest, holds=False)
    state.tell(Kind.EAT, node.id, at, at + len(wanted))
    return at + len(wanted), rest
