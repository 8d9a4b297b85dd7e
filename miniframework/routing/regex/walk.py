"""Following a regex through a text one character at a time: where can it still end well, what may come next?

A regex tree becomes a small program in the manner of Thompson; sets of its places are the states of a
deterministic automaton that is made as far as texts ask for it.
Source: K. Thompson, "Regular Expression Search Algorithm" (CACM 11(6), 1968); R. Cox, "Regular Expression
Matching Can Be Simple And Fast" (2007).
"""

from functools import lru_cache

from miniframework.records import dataclass
from miniframework.routing.regex.program import Program, compile_program
from miniframework.routing.regex.tree import regex_tree

States = frozenset[int]

# What an example is made of, the most readable first; a class without any of these has no example.
_LIKELY = "1a-._x0A@+ ~é" + "".join(map(chr, range(33, 127)))

# Remembered steps of one automaton; a step costs about 0.2 kB. Beyond that, steps are worked out anew.
_KEEP_STEPS = 5_000

# Remembered walks of one automaton, and the longest text of one: at most about 0.2 MB.
_KEEP_WALKS = 200
_LONGEST_KEPT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """How far a regex came in a text.

    `ends` are the positions where it may end, in order; `reached` is the farthest position to which the text
    can still be continued into a match; `expected` says in words what may come there.
    """

    ends: tuple[int, ...]
    reached: int
    expected: tuple[str, ...]


class Automaton:
    """A regex that can be followed exactly. One is shared by all converters with the same regex."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._steps: dict[tuple[States, str], States] = {}
        self._walks: dict[str, Walk] = {}
        self.start: States = program.closure((0,))

    def step(self, states: States, char: str) -> States:
        """The places after one more character; empty when none is left."""
        after = self._steps.get((states, char))
        if after is None:
            sets = self._program.sets
            after = self._program.closure(at + 1 for at in states if at in sets and sets[at].accepts(char))
            if len(self._steps) < _KEEP_STEPS:
                self._steps[states, char] = after
        return after

    def may_end(self, states: States) -> bool:
        """Whether the text so far is a match."""
        return self._program.accept in states

    def fullmatch(self, text: str) -> bool:
        """Whether the whole text is a match: what re.fullmatch says, by another way."""
        states = self.start
        for char in text:
            states = self.step(states, char)
            if not states:
                return False
        return self.may_end(states)

    def expected(self, states: States) -> tuple[str, ...]:
        """The characters that may come next in words, in the order in which they stand in the regex."""
        sets = self._program.sets
        return tuple(dict.fromkeys(sets[at].sentence for at in sorted(states) if at in sets))

    def may_take(self, char: str) -> bool:
        """Whether the character can stand anywhere in a match."""
        return any(chars.accepts(char) for chars in self._program.sets.values())

    def samples(self, states: States) -> tuple[str, ...]:
        """For each class of characters that may come next one of them, where there is a usual one."""
        sets = self._program.sets
        found = (
            next((char for char in _LIKELY if sets[at].accepts(char)), "")
            for at in sorted(states)
            if at in sets
        )
        return tuple(dict.fromkeys(char for char in found if char))

    def walk(self, text: str, starts: tuple[int, ...]) -> Walk:
        """Follow the regex from every position of `starts` (at least one, ascending) at once."""
        if starts != (0,):
            return self._walk(text, starts)
        # The routes of a table ask the same regex about the same segment of a path again and again.
        walk = self._walks.get(text)
        if walk is None:
            walk = self._walk(text, starts)
            if len(text) <= _LONGEST_KEPT:
                if len(self._walks) >= _KEEP_WALKS:
                    self._walks.clear()
                self._walks[text] = walk
        return walk

    def _walk(self, text: str, starts: tuple[int, ...]) -> Walk:
        pending = list(reversed(starts))
        at = pending.pop()
        live = self.start
        ends: list[int] = []
        while True:
            if self.may_end(live):
                ends.append(at)
            after = self.step(live, text[at]) if at < len(text) else frozenset()
            if pending and pending[-1] == at + 1:
                after |= self.start
                pending.pop()
            if not after and not pending:
                return Walk(ends=tuple(ends), reached=at, expected=self.expected(live))
            at = at + 1 if after else pending.pop()
            live = after or self.start


@lru_cache(maxsize=512)  # a memo of a pure function; the automata hold bounded memos of their own
def automaton_of(regex: str) -> Automaton | str:
    """The automaton of `regex`, or the name of the construct because of which there is none."""
    program = compile_program(regex_tree(regex), anchors=False)
    return program if isinstance(program, str) else Automaton(program)
