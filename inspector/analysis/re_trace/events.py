"""The steps of a traced run: what the engine did, with which node, at which characters."""

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What one step is. `at` and `to` are positions in the text, `number` is what the kind says."""

    START = "start"  # begins at `at`
    EAT = "eat"  # the node took text[at:to]; `number`: in which round of a loop over one character, else 0
    REFUSE = "refuse"  # the node does not take what stands at `to`; it had compared text[at:to] before
    HOLD = "hold"  # the anchor or condition holds here
    ROUND = "round"  # a loop begins its round `number`
    OPTION = "option"  # a choice tries its option `number`, counted from 1
    CAPTURE = "capture"  # the group now holds text[at:to]
    LOOK = "look"  # a look-ahead or look-behind begins at `to`
    SEEN = "seen"  # it is content: the engine is back at `to`, what was read inside is not taken
    LOCK = "lock"  # the engine will not come back into the node, which took text[at:to]
    BACK = "back"  # from `at` back to a decision of the node at `to`, as all stood after `number` steps
    LEFT = "left"  # the regex is through at `at`, but text is left over
    MATCH = "match"  # it matches text[at:to]
    FAIL = "fail"  # nothing is left to try


class Event(NamedTuple):
    """One step. A tuple, as a run may have thousands: made in a third of a frozen dataclass's time."""

    kind: Kind
    node: int
    at: int
    to: int
    number: int = 0
