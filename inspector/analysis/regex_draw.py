"""A compiled regex as a tree to draw, as JSON-able values.

The tree is CPython's own (`miniframework.routing.regex.tree`), so what is drawn is what runs.
"""

from typing import Any, assert_never

from miniframework.routing.regex.constructs import Atomic, Condition, Look, Never, Possessive, Reference
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
    children,
    regex_tree,
)


def draw_regex(regex: str, flags: int = 0) -> dict[str, Any]:
    """The tree of `regex`: id, op, text, label, min, max, greedy, name, children. Raises re.error.

    `op` is sequence, choice, repeat, group, literal, class, any, at or other; `max` is None without a limit;
    what does not apply to an op is None.
    """
    return _view(regex_tree(regex, flags))


def _view(node: Node) -> dict[str, Any]:
    return {
        "id": str(node.id),
        "op": _op(node),
        "text": source_text(node),
        "label": _label(node),
        "min": node.least if isinstance(node, Repeat) else None,
        "max": node.most if isinstance(node, Repeat) else None,
        "greedy": node.greedy if isinstance(node, Repeat) else None,
        "name": node.name if isinstance(node, Group) else None,
        "number": node.number if isinstance(node, Group) else None,
        "children": [_view(child) for child in children(node)],
    }


def _op(node: Node) -> str:
    match node:
        case CharSet(kind=kind):
            return kind
        case Run():
            return "literal"
        case Anchor():
            return "at"
        case Opaque():
            return "other"
        case Sequence() | Choice() | Repeat() | Group():
            return type(node).__name__.lower()


def source_text(node: Node) -> str:
    """The node as it is written in a regex: canonical, so not always as its author wrote it."""
    match node:
        case CharSet() | Run() | Anchor():
            return node.text
        case Opaque():
            return _construct_text(node)
        case Sequence(items=items):
            return "".join(map(_item_text, items))
        case Choice(options=options):
            return "|".join(map(source_text, options))
        case Group(name=name, item=item):
            return f"({f'?P<{name}>' if name else ''}{source_text(item)})"
        case Repeat(item=item):
            inner = source_text(item)
            single = isinstance(item, CharSet | Group) or (isinstance(item, Run) and len(item.chars) == 1)
            return (inner if single else f"(?:{inner})") + _times_text(node)


def _item_text(node: Node) -> str:
    """A part as it stands beside others: a choice, or a number that a digit may follow, needs a fence."""
    text = source_text(node)
    fenced = isinstance(node, Choice) or (isinstance(node, Opaque) and isinstance(node.construct, Reference))
    return f"(?:{text})" if fenced else text


def _construct_text(node: Opaque) -> str:
    below = [_item_text(child) for child in node.children]
    match node.construct:
        case Look(back=0, negative=negative):
            return f"(?{'!' if negative else '='}{below[0]})"
        case Look(negative=negative):
            return f"(?<{'!' if negative else '='}{below[0]})"
        case Reference(number=number):
            return f"\\{number}"
        case Condition(number=number):
            return f"(?({number}){'|'.join(below)})"
        case Atomic():
            return f"(?>{below[0]})"
        case Possessive():
            return f"{below[0]}+"
        case Never():
            return "(?!)"
        case None:
            return f"({node.what})"
        case _ as never:
            assert_never(never)


def _label(node: Node) -> str:
    match node:
        case CharSet() | Run() | Anchor():
            return node.label
        case Opaque(construct=Reference(number=number)):
            return f"again what group {number} took"
        case Opaque(construct=Condition(number=number)):
            return f"depends on group {number}"
        case Opaque():
            return node.what
        case Group(name=name, number=number):
            return name or f"group {number}"
        case Choice():
            return "one of"
        case Repeat():
            return _times_label(node)
        case Sequence():
            return ""


def _times_text(node: Repeat) -> str:
    known = {(0, None): "*", (1, None): "+", (0, 1): "?"}
    least, most = node.least, node.most
    bounds = str(least) if least == most else f"{least},{'' if most is None else most}"
    return known.get((least, most), f"{{{bounds}}}") + ("" if node.greedy else "?")


def _times_label(node: Repeat) -> str:
    least, most = node.least, node.most
    if (least, most) == (0, 1):
        return "optional"
    if most is None:
        return "any number" if least == 0 else f"{least} or more"
    return f"{least} times" if least == most else f"{least} to {most} times"
