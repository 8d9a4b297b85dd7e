"""What the engine does at each kind of node: take, refuse, choose, loop.

Each move is given how the run stands, its task, the position and what follows, and says where to go on.
Source: CPython Modules/_sre/sre_lib.h, SRE(match): BRANCH, MAX_UNTIL, MIN_UNTIL, MARK.
"""

from inspector.analysis.re_trace.events import Kind
from inspector.analysis.re_trace.state import State
from inspector.analysis.re_trace.tasks import Close, More, Next, Option, Round, Tasks
from miniframework.routing.regex.tree import Anchor, CharSet, Choice, Group, Repeat, Run, Sequence


def read_character(state: State, node: CharSet, at: int, rest: Tasks) -> Next:
    """Take one character, or refuse."""
    return _read(state, node, at, rest, 0)


def read_run(state: State, node: Run, at: int, rest: Tasks) -> Next:
    """Take literal characters in a row as one step; a refusal tells how many were right."""
    text, end = state.text, at
    for char in node.chars:
        if end >= len(text) or not char.accepts(text[end]):
            state.tell(Kind.REFUSE, node.id, at, end)
            return None
        end += 1
    state.tell(Kind.EAT, node.id, at, end)
    return end, rest


def stand(state: State, node: Anchor, at: int, rest: Tasks) -> Next:
    """Go on where an anchor holds."""
    holds = node.holds(state.text, at)
    state.tell(Kind.HOLD if holds else Kind.REFUSE, node.id, at, at)
    return (at, rest) if holds else None


def queue(state: State, node: Sequence, at: int, rest: Tasks) -> Next:
    """Do one item after the other."""
    for item in reversed(node.items):
        rest = (item, rest)
    return at, rest


def choose(state: State, node: Choice, at: int, rest: Tasks) -> Next:
    """Begin with the first option."""
    return try_option(state, Option(node, 0), at, rest)


def try_option(state: State, task: Option, at: int, rest: Tasks) -> Next:
    """Try an option, with the next one kept for coming back."""
    choice, number = task
    if number + 1 < len(choice.options):
        state.decide(choice.id, at, (Option(choice, number + 1), rest))
    state.tell(Kind.OPTION, choice.id, at, at, number + 1)
    return at, (choice.options[number], rest)


def open_group(state: State, node: Group, at: int, rest: Tasks) -> Next:
    """Go into a group, and close it after."""
    return at, (node.item, (Close(node, at), rest))


def close_group(state: State, task: Close, at: int, rest: Tasks) -> Next:
    """Let the group hold what it took."""
    state.capture(task.group.number, (task.start, at))
    state.tell(Kind.CAPTURE, task.group.id, task.start, at)
    return at, rest


def begin_loop(state: State, node: Repeat, at: int, rest: Tasks) -> Next:
    """Begin a loop with no round behind it."""
    return go_round(state, Round(node, 0, None), at, rest)


def go_round(state: State, task: Round, at: int, rest: Tasks) -> Next:
    """One round more while it is owed; then as many (greedy) or as few (lazy) as what follows allows.

    A round that took nothing is not followed by another one, as in sre.
    """
    loop, done, last = task
    if done < loop.least:
        return _enter(state, loop, done, at, rest, last)
    if (loop.most is not None and done >= loop.most) or at == last:
        return at, rest
    if not loop.greedy:
        state.decide(loop.id, at, (More(loop, done), rest))
        return at, rest
    if _is_single(loop) is not None:
        return _take_or_leave(state, task, at, rest)
    state.decide(loop.id, at, rest)
    return _enter(state, loop, done, at, rest, at)


def go_on(state: State, task: More, at: int, rest: Tasks) -> Next:
    """One more round of a lazy loop."""
    return _enter(state, task.loop, task.done, at, rest, at)


def _enter(state: State, loop: Repeat, done: int, at: int, rest: Tasks, last: int | None) -> Next:
    after = (Round(loop, done + 1, last), rest)
    single = _is_single(loop)
    if single is not None:
        return _read(state, single, at, after, done + 1)
    state.tell(Kind.ROUND, loop.id, at, at, done + 1)
    return at, (loop.item, after)


def _take_or_leave(state: State, task: Round, at: int, rest: Tasks) -> Next:
    """A loop over one character just ends where it refuses: that is no way taken in vain."""
    loop, done, _ = task
    decided = len(state.decisions)
    state.decide(loop.id, at, rest)
    taken = _enter(state, loop, done, at, rest, at)
    if taken is None:
        state.settle(decided)
        return at, rest
    return taken


def _is_single(loop: Repeat) -> CharSet | Run | None:
    match loop.item:
        case CharSet() as char:
            return char
        case Run(chars=(_,)) as run:
            return run
        case _:
            return None


def _read(state: State, node: CharSet | Run, at: int, rest: Tasks, number: int) -> Next:
    char = node if isinstance(node, CharSet) else node.chars[0]
    if at < len(state.text) and char.accepts(state.text[at]):
        state.tell(Kind.EAT, node.id, at, at + 1, number)
        return at + 1, rest
    state.tell(Kind.REFUSE, node.id, at, at, number)
    return None
