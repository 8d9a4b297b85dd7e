"""The ends of the search: for the few entries that are left, a function that asks the rest.

Such a function is written as Python text and compiled, because a chain of tests and one display of a dict is
the fastest thing CPython runs: about half of what the regex of the whole path and its `groupdict` cost. One
function serves all leaves of one shape: literals, names and entries stand beside it in the leaf, never in
the text, so nothing of a template or a path is ever compiled. A leaf is one tuple: as a closure it would be
some twenty objects, and in a large table none of them is in the processor's caches.
"""

import functools
import operator
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from miniframework.routing.match import Found, make_found
from miniframework.routing.route import Mount
from miniframework.routing.segments import Candidate, Hole, fullmatch_of

# A node is first of all how to ask it, then whatever that needs. `node[0]` is given the node, the path cut at
# its slashes, the path, and the method.
Node = tuple[Any, ...]
Ask = Callable[[Node, list[str], str, str | None], Found | int]
Known = frozenset[int]

# More paths than this are asked in a loop: the text would cost more to compile than it saves.
_MOST_WRITTEN = 12

# What these take can be told without a regex, several times faster.
_QUICK_TESTS = {"[^/]+": "p[{0}]", "[0-9]+": "(t := p[{0}]).isdigit() and t.isascii()"}


def write_leaf(candidates: Sequence[Candidate], known: Known) -> Node:
    """Ask `candidates` in their order; it is certain that each of them takes the positions in `known`.

    The leaf gives the first that takes path and method, else the joined bits of all that have the path: 0
    when nobody has.
    """
    paths = _runs_of_one_path(candidates)
    if len(paths) > _MOST_WRITTEN:
        return _ask_in_turn, tuple((one.entry.pattern.regex.fullmatch, one) for one in candidates)
    text = _Text()
    if len(paths) == 1:
        text.ask(paths[0], known, "return {0}")
        text.lines.append("return 0")
        return text.compile()
    text.lines.append("bits = 0")
    for run in paths:
        text.ask(run, known, "bits |= {0}")
    text.lines.append("return bits")
    return text.compile()


def _runs_of_one_path(candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    """Neighbours with the same path share one test of it; between others the order must be kept."""
    runs: list[list[Candidate]] = []
    for candidate in candidates:
        if runs and runs[-1][0].entry.pattern.regex_text == candidate.entry.pattern.regex_text:
            runs[-1].append(candidate)
        else:
            runs.append([candidate])
    return runs


class _Text:
    """The text of one leaf while it is written, and the values that stand in the leaf behind the function."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._values: list[Any] = []

    def name(self, value: Any) -> str:
        """What stands in the text for a value, which stands in the leaf behind the function."""
        self._values.append(value)
        return f"v[{len(self._values)}]"

    def ask(self, run: Sequence[Candidate], known: Known, note_bits: str) -> None:
        """Add the question whether the path is that of `run`, and which of its entries takes the method."""
        condition, params, prefix_length = self._path_test(run[0], known)
        found = ["f = Found()", f"f.params = {params}", f"f.prefix_length = {prefix_length}"]
        self.lines.append(f"if {condition}:" if condition else "if True:")
        by_method: list[tuple[frozenset[str], int]] = []
        for candidate in run:
            index, entry = self.name(candidate.index), self.name(candidate.entry)
            if candidate.methods is None:
                lines = [*found, f"f.index = {index}", f"f.entry = {entry}", "return f"]
                break
            by_method.append((candidate.methods, len(self._values) - 1))
        else:
            lines = [note_bits.format(self.name(_joined_bits(*(one.bits for one in run))))]
        self.lines += [f"    {line}" for line in (*self._ask_method(by_method, found), *lines)]

    def _ask_method(self, by_method: list[tuple[frozenset[str], int]], found: list[str]) -> Iterator[str]:
        """The lines that look for the method; each set of methods has the place of its entry's index."""
        if not by_method:
            return
        if len(by_method) == 1:
            methods, place = by_method[0]
            yield f"if method in {self.name(methods)}:"
            index, entry = f"v[{place}]", f"v[{place + 1}]"
        else:
            yield f"at = {self.name(_places(*by_method))}(method)"
            yield "if at is not None:"
            index, entry = "v[at]", "v[at + 1]"
        yield from (f"    {line}" for line in found)
        yield from (f"    f.index = {index}", f"    f.entry = {entry}", "    return f")

    def _path_test(self, candidate: Candidate, known: Known) -> tuple[str, str, str]:
        """Expressions: what is still to be tested ("" for nothing), the parameters, the prefix length."""
        if not candidate.is_cut:
            fullmatch = self.name(candidate.entry.pattern.regex.fullmatch)
            prefix_length = "m.end(1)" if isinstance(candidate.entry, Mount) else "0"
            return f"(m := {fullmatch}(path)) is not None", "m.groupdict()", prefix_length
        params = [
            f"{self.name(segment.name)}: p[{position}]"
            for position, segment in enumerate(candidate.segments)
            if isinstance(segment, Hole)
        ]
        # Literals first, from the end: templates of one table tend to begin alike and to differ behind.
        unknown = [at for at in reversed(range(len(candidate.segments))) if at not in known]
        unknown.sort(key=lambda at: isinstance(candidate.segments[at], Hole))
        tests = [self._test(candidate.segments[at], at) for at in unknown]
        return " and ".join(tests), "{" + ", ".join(params) + "}", "0"

    def _test(self, segment: Any, position: int) -> str:
        if isinstance(segment, str):
            return f"p[{position}] == {self.name(segment)}"
        quick = _QUICK_TESTS.get(segment.regex)
        return quick.format(position) if quick else f"{self.name(fullmatch_of(segment.regex))}(p[{position}])"

    def compile(self) -> Node:
        """The leaf."""
        return compile_ask("\n    ".join(self.lines)), *self._values


@lru_cache(maxsize=2048)  # a memo of a pure function; tables of thousands of routes have some hundred shapes
def compile_ask(body: str) -> Ask:
    """The function of this text that asks every node of one shape: `v` is the node, `p` are the segments."""
    names: dict[str, Any] = {"Found": Found}
    exec(f"def ask(v, p, path, method):\n    {body}\n", names)
    ask: Ask = names["ask"]
    return ask


@lru_cache(maxsize=2048)  # a memo of a pure function: leaves of one shape share it
def _places(*by_method: tuple[frozenset[str], int]) -> Callable[[str | None], int | None]:
    """What gives the place of the first entry that takes a method; None where none does."""
    places: dict[str | None, int] = {}
    for methods, place in by_method:
        for method in methods:
            places.setdefault(method, place)
    return places.get


@lru_cache(maxsize=2048)  # a memo of a pure function: leaves of one shape share the number
def _joined_bits(*bits: int) -> int:
    return functools.reduce(operator.or_, bits)


def _ask_in_turn(node: Node, parts: list[str], path: str, method: str | None) -> Found | int:
    bits = 0
    for fullmatch, one in node[1]:
        found = fullmatch(path)
        if found is None:
            continue
        if one.methods is None or method in one.methods:
            prefix_length = found.end(1) if isinstance(one.entry, Mount) else 0
            return make_found(one.index, one.entry, found.groupdict(), prefix_length)
        bits |= one.bits
    return bits


def _take_nothing(node: Node, parts: list[str], path: str, method: str | None) -> int:
    return 0


NOBODY: Node = (_take_nothing,)
