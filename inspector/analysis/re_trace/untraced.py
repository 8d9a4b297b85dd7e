"""What the replica does not follow, found before a run: it is named, never guessed."""

from miniframework.routing.regex.constructs import Condition, Possessive
from miniframework.routing.regex.tree import Group, Node, Opaque, children, descend


def find_untraced(tree: Node, inside: frozenset[int] = frozenset()) -> str | None:
    """The name of the first construct of a tree that is not traced, None when all of it is.

    `inside` are the numbers of the groups around the tree.
    """
    what = _name_untraced(tree, inside) if isinstance(tree, Opaque) else None
    if what is not None:
        return what
    if isinstance(tree, Group):
        inside |= {tree.number}
    return next((found for child in children(tree) if (found := find_untraced(child, inside))), None)


def _name_untraced(node: Opaque, inside: frozenset[int]) -> str | None:
    match node.construct:
        case Possessive() if any(isinstance(below, Group) for below in descend(node)):
            # CPython 3.11 keeps spans of rounds that failed there, and may raise SystemError.
            return "possessive repeat around a group"
        case Condition(number=number) if number in inside:
            # sre then compares the new start of the group with the end of its round before.
            return "conditional that asks about the group it stands in"
        case None:
            return node.what
        case _:
            return None
