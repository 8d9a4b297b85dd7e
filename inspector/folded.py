"""An exchange that is over, as the values of its notes in one piece of bytes: unfolded when somebody looks.

What the notes say of an exchange is many times what they are, and of most exchanges nobody asks for it. As
objects they are some thirty each, which the garbage collector looks through again and again while the
application stands still.
"""

from collections.abc import Callable

from inspector.apart import Apart, take_apart
from inspector.model import Exchange, HttpExchange, SocketExchange, State

Unfold = Callable[[bytes], Apart]


class Folded:
    """A whole exchange in which nothing had to be hidden; for the process that folded it alone."""

    __slots__ = ("id", "packed", "process", "unfold")

    # Only what was answered whole is folded.
    state = State.COMPLETE.value

    def __init__(self, exchange_id: str, process: tuple[str, int], packed: bytes, unfold: Unfold) -> None:
        self.id = exchange_id
        self.process = process
        self.packed = packed
        self.unfold = unfold

    def apart(self) -> Apart:
        """Give the exchange taken apart."""
        return self.unfold(self.packed)


def as_apart(one: Exchange | Apart | Folded) -> Apart:
    """Give an exchange taken apart, whichever way it comes."""
    if isinstance(one, dict):  # a union takes five times as long
        return one
    if isinstance(one, Folded):
        return one.apart()
    return take_apart(one) if isinstance(one, HttpExchange | SocketExchange) else one
