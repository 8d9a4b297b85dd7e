"""What a traced run still has to do: a linked list, so that going back is taking up an older one."""

from typing import NamedTuple

from miniframework.routing.regex.tree import Choice, Group, Node, Opaque, Repeat


class Option(NamedTuple):
    """Try option `number` of a choice, counted from 0."""

    choice: Choice
    number: int


class Close(NamedTuple):
    """The group that began at `start` is through."""

    group: Group
    start: int


class Round(NamedTuple):
    """A loop has `done` rounds behind it, the last of which began at `last`; None: no such limit yet."""

    loop: Repeat
    done: int
    last: int | None


class More(NamedTuple):
    """What follows a lazy loop has failed: one more round after `done`."""

    loop: Repeat
    done: int


class Keep(NamedTuple):
    """As Round, for a loop that gives nothing back; `height` decisions were open before its last round."""

    loop: Repeat
    done: int
    last: int | None
    height: int


class Seen(NamedTuple):
    """A look-around that looked from `start` has found its text; `after` is what follows it."""

    look: Opaque
    start: int
    height: int
    after: "Tasks"


class Absent(NamedTuple):
    """A look-around has not found its text."""

    look: Opaque


class Lock(NamedTuple):
    """An atomic group that began at `start` is through."""

    group: Opaque
    start: int
    height: int


Task = Node | Option | Close | Round | More | Keep | Seen | Absent | Lock
Tasks = tuple[Task, "Tasks"] | None
Next = tuple[int, Tasks] | None  # where to go on with what; None: refused
