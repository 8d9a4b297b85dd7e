"""One run of a regex through a text: which leaf of its tree took which character, and where it got stuck.

The run is the one `re` prefers (the first option first, greedy loops longest), found with every place and
position visited at most once, so that no regex takes exponential time here.
"""

from collections.abc import Iterator

from miniframework.records import dataclass
from miniframework.routing.regex.program import Program, compile_program
from miniframework.routing.regex.tree import Node, regex_tree
from miniframework.routing.regex.words import anchor_sentence

# Places times positions looked at; a template and a long path need some thousands.
_MOST_VISITS = 200_000

_Spot = tuple[int, int]  # place in the program, position in the text


@dataclass(frozen=True, slots=True, kw_only=True)
class RegexRun:
    """The run that matched, or the one that came farthest.

    `took` are the leaves with the position of the character each took, in order; `stuck` the leaves that
    could have gone on at `reached`, and `may_end` says whether the regex could have ended there.
    """

    accepted: bool
    reached: int
    took: tuple[tuple[Node, int], ...]
    stuck: tuple[Node, ...]
    expected: tuple[str, ...]
    may_end: bool


def run_regex(regex: str, text: str, flags: int = 0) -> RegexRun | str:
    """Lead `text` through `regex` (in full), or name what keeps it from being followed. Raises re.error."""
    program = compile_program(regex_tree(regex, flags), anchors=True)
    if isinstance(program, str):
        return program
    search = _Search(program, text)
    return search.result() if search.run() else "text that is too long to follow"


class _Search:
    """Depth first, preferred places first, every spot once."""

    def __init__(self, program: Program, text: str) -> None:
        self.program = program
        self.text = text
        self.parents: dict[_Spot, _Spot | None] = {}
        self.best: _Spot = (0, 0)
        self.accepted = False

    def run(self) -> bool:
        """False when the budget ran out."""
        goal = (self.program.accept, len(self.text))
        stack: list[tuple[_Spot, _Spot | None]] = [((0, 0), None)]
        while stack:
            spot, parent = stack.pop()
            if spot in self.parents:
                continue
            if len(self.parents) >= _MOST_VISITS:
                return False
            self.parents[spot] = parent
            if spot[1] > self.best[1]:
                self.best = spot
            if spot == goal:
                self.best, self.accepted = spot, True
                return True
            stack.extend((after, spot) for after in reversed(list(self.after(spot))))
        return True

    def after(self, spot: _Spot) -> Iterator[_Spot]:
        place, at = spot
        program = self.program
        if place in program.splits:
            yield from ((target, at) for target in program.splits[place])
        elif place in program.checks:
            if program.checks[place].holds(self.text, at):
                yield place + 1, at
        elif place in program.sets and at < len(self.text) and program.sets[place].accepts(self.text[at]):
            yield place + 1, at + 1

    def result(self) -> RegexRun:
        reached = self.best[1]
        took = tuple(self.trail())
        waiting = sorted(place for place, at in self.parents if at == reached)
        sets, checks = self.program.sets, self.program.checks
        stuck = [] if self.accepted else [place for place in waiting if self.refuses(place, reached)]
        return RegexRun(
            accepted=self.accepted,
            reached=reached,
            took=took,
            stuck=tuple(dict.fromkeys(self.program.owners[place] for place in stuck)),
            expected=tuple(
                dict.fromkeys(
                    sets[place].sentence if place in sets else anchor_sentence(checks[place].label)
                    for place in stuck
                )
            ),
            may_end=self.program.accept in waiting,
        )

    def refuses(self, place: int, at: int) -> bool:
        """Whether a place that the run came to does not go on there."""
        check = self.program.checks.get(place)
        return place in self.program.sets if check is None else not check.holds(self.text, at)

    def trail(self) -> list[tuple[Node, int]]:
        """The leaves on the way to the best spot."""
        trail: list[tuple[Node, int]] = []
        spot: _Spot | None = self.best
        while spot is not None:
            parent = self.parents[spot]
            if parent is not None and parent[1] < spot[1]:
                trail.append((self.program.owners[parent[0]], parent[1]))
            spot = parent
        trail.reverse()
        return trail
