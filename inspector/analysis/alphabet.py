"""All characters in as few classes as a table can tell apart, so that a set of characters is one integer."""

import string
from bisect import bisect_right
from collections.abc import Iterable

from inspector.analysis.charset import EVERY, Chars, single

# Which character stands for its class in a witness: the first of these that belongs to it.
_READABLE = f"axb1c0kdzA-_.~:@!$&'()*+,;={string.ascii_lowercase}{string.digits}{string.ascii_uppercase}"


class Alphabet:
    """A partition of the characters: every set of `sets` is a union of classes.

    A class is a bit, a set of characters a mask of bits. Source: minterms, as in L. D'Antoni and M. Veanes,
    "Minimization of Symbolic Automata" (POPL 2014).
    """

    def __init__(self, sets: Iterable[Chars]) -> None:
        known = list(dict.fromkeys([EVERY, single("/"), single("\n"), *sets]))
        turns: dict[int, int] = {}
        for number, chars in enumerate(known):
            for first, last in chars:
                turns[first] = turns.get(first, 0) ^ (1 << number)
                turns[last + 1] = turns.get(last + 1, 0) ^ (1 << number)
        self._starts = sorted(turns)
        self._bits: list[int] = []
        bits: dict[int, int] = {}
        samples: dict[int, list[str]] = {}
        signature = 0
        for start in self._starts:
            signature ^= turns[start]
            bit = bits.setdefault(signature, 1 << len(bits)) if signature else 0
            self._bits.append(bit)
            if bit:
                samples.setdefault(bit, []).append(chr(start))
        self._masks = {
            chars: sum(bit for signature, bit in bits.items() if signature >> number & 1)
            for number, chars in enumerate(known)
        }
        self._of_char: dict[str, int] = {}
        self.every = self._masks[EVERY]
        self.slash = self._masks[single("/")]
        self._ranks = sorted((rank, bit) for bit, rank in self._rank(samples).items())

    def mask(self, chars: Chars) -> int:
        """The classes of one of the sets it was made of. Raises KeyError for any other."""
        return self._masks[chars]

    def bit(self, char: str) -> int:
        """The class of a character; 0 for a lone surrogate."""
        bit = self._of_char.get(char)
        if bit is None:
            bit = self._of_char[char] = self._bits[bisect_right(self._starts, ord(char)) - 1]
        return bit

    def sample(self, mask: int) -> tuple[int, str]:
        """The most readable character of a non-empty set, behind its rank: less is more readable."""
        found = next((rank for rank, bit in self._ranks if bit & mask), None)
        assert found is not None, "an empty set of characters"
        return found

    def _rank(self, samples: dict[int, list[str]]) -> dict[int, tuple[int, str]]:
        ranks: dict[int, tuple[int, str]] = {}
        for rank, char in enumerate(_READABLE):
            ranks.setdefault(self.bit(char), (rank, char))
        for bit, chars in samples.items():
            ranks.setdefault(bit, min(map(_rank_unusual, chars)))
        return ranks


def _rank_unusual(char: str) -> tuple[int, str]:
    """A letter or digit of any script before a mark, a mark before what does not print, a newline last."""
    if char == "\n":
        return 9_000, char
    if char in "%?#":  # they mean something else in a URL that is typed in
        return 500, char
    return (100 if char.isalnum() else 200 if char.isprintable() and char != " " else 1_000), char
