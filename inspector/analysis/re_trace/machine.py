"""A replica of sre's back-tracking matcher that writes down every step.

It walks CPython's own parse tree and takes sre's decisions in sre's order. Nothing recurses, and a budget of
steps bounds its time and memory, whatever the regex.
"""

from collections.abc import Callable
from typing import Any, Literal

from inspector.analysis.re_trace import looks, moves, tasks
from inspector.analysis.re_trace.events import Kind
from inspector.analysis.re_trace.state import State
from inspector.analysis.re_trace.tasks import Next, Tasks
from miniframework.routing.regex.tree import (
    Anchor,
    CharSet,
    Choice,
    Group,
    Node,
    Opaque,
    Repeat,
    Run,
    Sequence,
)

How = Literal["fullmatch", "match", "search"]

# Any: each move takes the one kind of task it stands for.
_MOVES: dict[type, Callable[[State, Any, int, Tasks], Next]] = {
    CharSet: moves.read_character,
    Run: moves.read_run,
    Anchor: moves.stand,
    Sequence: moves.queue,
    Choice: moves.choose,
    Group: moves.open_group,
    Repeat: moves.begin_loop,
    Opaque: looks.go_into,
    tasks.Option: moves.try_option,
    tasks.Close: moves.close_group,
    tasks.Round: moves.go_round,
    tasks.More: moves.go_on,
    tasks.Seen: looks.end_look,
    tasks.Absent: looks.end_in_vain,
    tasks.Lock: looks.lock,
    tasks.Keep: looks.keep_round,
}


def run_machine(tree: Node, state: State, how: How) -> tuple[int, int] | None:
    """Lead the state's text through a tree as `re` would: the span of the match, or None.

    The tree has nothing that `find_untraced` finds. Raises BudgetError; the state then holds what was done.
    """
    starts = range(len(state.text) + 1) if how == "search" else range(1)
    for start in starts:
        state.start(tree.id, start)
        end = _run_from(tree, state, start, whole=how == "fullmatch")
        if end is not None:
            state.tell(Kind.MATCH, tree.id, start, end)
            return start, end
    state.tell(Kind.FAIL, tree.id, state.events[-1].to, state.events[-1].to)
    return None


def _run_from(tree: Node, state: State, start: int, *, whole: bool) -> int | None:
    step: Next = (start, (tree, None))
    while step is not None:
        at, todo = step
        if todo is not None:
            task, rest = todo
            step = _MOVES[type(task)](state, task, at, rest)
        elif whole and at < len(state.text):
            state.tell(Kind.LEFT, tree.id, at, at)
            step = None
        else:
            return at
        if step is None:
            step = state.go_back()
    return None
