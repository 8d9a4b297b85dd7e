"""The ends of the search: for the few entries that are left, a function that asks the rest.

Such a function is written as Python text and compiled, because a chain of tests and one display of a dict is
the fastest thing CPython runs: about half of what the regex of the whole path and its `groupdict` cost. One
text serves all leaves of the same shape: literals, names and entries come in as arguments, never as text, so
nothing of a template or a path is ever compiled.
"""

import functools
import operator
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from miniframework.routing.match import Found, make_found
from miniframework.routing.route import Mount
from miniframework.routing.segments import Candidate, Hole, fullmatch_of

# A leaf is given the path cut at its slashes, the path, and the method.
Leaf = Callable[[list[str], str, str | None], Found | int]
Known = frozenset[int]

# More paths than this are asked in a loop: the text would cost more to compile than it saves.
_MOST_WRITTEN = 12

# What these take can be told without a regex, several times faster.
_QUICK_TESTS = {"[^/]+": "p[{0}]", "[0-9]+": "(t := p[{0}]).isdigit() and t.isascii()"}


def write_leaf(candidates: Sequence[Candidate], known: Known) -> Leaf:
    """Ask `candidates` in their order; it is certain that each of them takes the positions in `known`.

    The leaf gives the first that takes path and method, else the joined bits of all that have the path: 0
    when nobody has.
    """
    paths = _runs_of_one_path(candidates)
    if len(paths) > _MOST_WRITTEN:
        return _loop(candidates)
    text = _Text()
    text.lines.append("bits = 0")
    for run in paths:
        text.ask(run, known)
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
    """The text of one leaf while it is written, and the values its names stand for."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._values: list[Any] = []

    def name(self, value: Any) -> str:
        """A name for a value that comes in as an argument."""
        self._values.append(value)
        return f"v{len(self._values) - 1}"

    def ask(self, run: Sequence[Candidate], known: Known) -> None:
        """Add the question whether the path is that of `run`, and which of its entries takes the method."""
        condition, params, prefix_length = self._path_test(run[0], known)
        self.lines.append(f"if {condition}:" if condition else "if True:")
        for candidate in run:
            index, entry = self.name(candidate.index), self.name(candidate.entry)
            found = [
                "f = Found()",
                f"f.index = {index}",
                f"f.entry = {entry}",
                f"f.params = {params}",
                f"f.prefix_length = {prefix_length}",
                "return f",
            ]
            if candidate.methods is None:
                self.lines += [f"    {line}" for line in found]
                return
            self.lines.append(f"    if method in {self.name(candidate.methods)}:")
            self.lines += [f"        {line}" for line in found]
        self.lines.append(
            f"    bits |= {self.name(functools.reduce(operator.or_, (one.bits for one in run)))}"
        )

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

    def compile(self) -> Leaf:
        """The function."""
        return _make_maker("\n        ".join(self.lines), len(self._values))(*self._values)


@lru_cache(maxsize=2048)  # a memo of a pure function; tables of thousands of routes have some hundred shapes
def _make_maker(body: str, arity: int) -> Callable[..., Leaf]:
    """What makes leaves of one shape out of their values."""
    values = ", ".join(f"v{number}" for number in range(arity))
    text = f"def make({values}):\n    def leaf(p, path, method):\n        {body}\n    return leaf\n"
    names: dict[str, Any] = {"Found": Found}
    exec(text, names)
    maker: Callable[..., Leaf] = names["make"]
    return maker


def _loop(candidates: Sequence[Candidate]) -> Leaf:
    asked = tuple((one.entry.pattern.regex.fullmatch, one) for one in candidates)

    def leaf(parts: list[str], path: str, method: str | None) -> Found | int:
        bits = 0
        for fullmatch, one in asked:
            found = fullmatch(path)
            if found is None:
                continue
            if one.methods is None or method in one.methods:
                prefix_length = found.end(1) if isinstance(one.entry, Mount) else 0
                return make_found(one.index, one.entry, found.groupdict(), prefix_length)
            bits |= one.bits
        return bits

    return leaf
