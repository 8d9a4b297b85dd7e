"""Whether it matters that a router takes the first match of a prefix and never looks for another one."""

import re
from collections.abc import Sequence
from functools import lru_cache

from inspector.analysis.alphabet import Alphabet
from inspector.analysis.terms import Algebra, Term
from inspector.analysis.translation import Translator, char_sets, is_local
from miniframework.routing.parts import Literal, Parameter, Part

# States of a prefix that are followed; one of a program has some tens.
_MOST_STATES = 1_000
# One class of characters, as often as it can be.
_GREEDY = re.compile(r"(?P<chars>\.|\\[wWdDsS]|\[\^?(?:\\.|[^\]\\])(?:\\.|[^\]\\])*\])[+*]")


@lru_cache(maxsize=1024)  # a memo of a pure function: the prefixes of a program are few
def is_prefix_free(regex: str) -> bool:
    """Whether no text of the regex begins with another one, so that it matches at one place of any path only.

    False also when that is unknown. Raises re.error.
    """
    if not is_local(regex):
        return False
    algebra = Algebra(Alphabet(char_sets(regex)))
    term = Translator(algebra).term(regex, algebra.end)
    ends = [state for state in _below(algebra, [term]) or [] if state.has_end]
    longer = _below(algebra, [after for end in ends for after in _after(algebra, end)])
    return bool(ends) and longer is not None and not any(state.has_end for state in longer)


def find_longer(parts: Sequence[Part]) -> str | None:
    """What may not follow a prefix when its loop at the end takes as much as it can.

    None when there is no such loop, or when that is not all there is to it.

    Of `<path:a>/` the last slash counts, so no other may follow: `.*/`.
    """
    *before, loop = parts
    text = ""
    if isinstance(loop, Literal) and before and isinstance(before[-1], Parameter):
        text = loop.text
        *before, loop = before
    if not isinstance(loop, Parameter) or not (found := _GREEDY.fullmatch(loop.regex)):
        return None
    chars = found["chars"]
    # A text that ends as it begins could end once more within itself.
    has_border = any(text.startswith(text[at:]) for at in range(1, len(text)))
    if has_border or not re.fullmatch(f"{chars}*", text) or not is_prefix_free(joined_regex(before)):
        return None
    return f"{chars}*{re.escape(text)}" if text else chars


def joined_regex(parts: Sequence[Part]) -> str:
    """What the parts take in a row."""
    return "".join(
        re.escape(part.text) if isinstance(part, Literal) else f"(?:{part.regex})" for part in parts
    )


def _below(algebra: Algebra, starts: list[Term]) -> list[Term] | None:
    """Every state that can be reached, the first ones included; None when there are too many."""
    found = dict.fromkeys(starts)
    pending = list(found)
    while pending:
        for after in _after(algebra, pending.pop()):
            if after not in found:
                found[after] = None
                pending.append(after)
        if len(found) > _MOST_STATES:
            return None
    return list(found)


def _after(algebra: Algebra, state: Term) -> list[Term]:
    return [algebra.after(state, mask & -mask) for mask in algebra.classes(state)]
