"""The one judge: why an entry takes or refuses a single request.

Whoever is said to take a path has been asked by its own compiled regex; all the rest only says why. Entries
with one pattern, such as GET and POST of one path, have their path judged once.
"""

from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate, repeat
from operator import add

from miniframework.routing.judging import reasons
from miniframework.routing.judging.asked import Asked
from miniframework.routing.judging.judgement import Judgement, Reason, read_spans
from miniframework.routing.judging.levels import Levels, Pick, make_pick
from miniframework.routing.judging.stems import Stems
from miniframework.routing.judging.trial import Trials
from miniframework.routing.match import Protocol_
from miniframework.routing.pattern import PathPattern
from miniframework.routing.route import Entry, Mount, Route, SocketRoute

# All of an entry but its path that can be against a request: its kind, its methods, whether HEAD is implied,
# whether they are every one, its condition.
_Terms = tuple[type, frozenset[str], bool, bool, str | None]


class Judge:
    """Judges the entries of one table, which never changes.

    `patterns` are the table's different ones, `stems` the tree of their blocks; `entries_with[n]` are the
    entries with pattern n, in order.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        numbers: dict[tuple[str, str, bool], int] = {}  # to hash a pattern takes as long as all the rest
        terms: dict[_Terms, tuple[int, Entry]] = {}
        patterns: list[PathPattern] = []
        self.entries = entries
        self.entries_with: list[list[int]] = []
        self.rows: list[tuple[int, int]] = []
        for index, entry in enumerate(entries):
            pattern = entry.pattern
            number = numbers.setdefault(
                (pattern.template, pattern.regex_text, pattern.open_ended), len(patterns)
            )
            if number == len(patterns):
                patterns.append(pattern)
                self.entries_with.append([])
            self.entries_with[number].append(index)
            self.rows.append((number, terms.setdefault(_terms_of(entry), (len(terms), entry))[0]))
        self.patterns = tuple(patterns)
        self.stems = Stems(self.patterns)
        self.examples = [entry for _, entry in terms.values()]

    def judge(self, asked: Asked) -> "Judgements":
        """What each entry alone says to the request, with every reason against it at once."""
        return Judgements(self, asked)

    def place_of(self, index: int) -> int:
        """Where the pattern of the entry at `index` stands in the tree's order."""
        return self.stems.places[self.rows[index][0]]

    def count_up(self, protocol: Protocol_, method: str | None) -> list[int]:
        """At n how many entries that take this protocol and method, with any path, have one of the first n
        patterns of the tree's order; a method of None is any."""
        fits = [_fits(entry, protocol, method) for entry in self.examples]
        return self._sums(fits)

    @cached_property
    def kinds(self) -> dict[type, list[int]]:
        """The same sums for all the entries of each kind."""
        return {
            kind: self._sums([isinstance(entry, kind) for entry in self.examples])
            for kind in (Route, SocketRoute, Mount)
        }

    @cached_property
    def levels(self) -> Levels:
        """The tree as it is asked about all patterns at once."""
        return Levels(self.stems)

    @cached_property
    def pick_paths(self) -> Pick:
        """What gives each entry what its pattern has been given, by the places in the tree."""
        return make_pick([self.stems.places[number] for number, _ in self.rows])

    @cached_property
    def pick_terms(self) -> Pick:
        """What gives each entry what its terms have been given."""
        return make_pick([terms for _, terms in self.rows])

    def _sums(self, counted: Sequence[bool]) -> list[int]:
        counts = [0] * len(self.patterns)
        for path, terms in self.rows:
            counts[path] += counted[terms]
        return [0, *accumulate(counts[number] for number in self.stems.order)]


class Judgements:
    """What the entries of a table say to one request: each when it is asked, or all of them together."""

    def __init__(self, judge: Judge, asked: Asked) -> None:
        self._judge = judge
        self._path = asked.path
        self._trials = Trials(judge.stems, asked)
        self._beside = [_Beside(entry, asked) for entry in judge.examples]

    def __len__(self) -> int:
        """The number of entries."""
        return len(self._judge.rows)

    def one(self, index: int) -> Judgement:
        """What the entry at `index` says."""
        path, terms = self._judge.rows[index]
        return self._beside[terms].add(self._confirm(path, self._trials.one(path)))

    def has_only_path(self, index: int) -> bool:
        """Whether there is nothing but the path that could be against the request."""
        beside = self._beside[self._judge.rows[index][1]]
        return not beside.first and not beside.behind

    def every(self) -> list[Judgement]:
        """What all entries say, in order: far cheaper than each by itself."""
        if self._trials.is_relative:
            return [self.one(index) for index in range(len(self))]
        judge, new = self._judge, tuple.__new__
        together = self._trials.every(judge.levels)
        first = judge.pick_terms([one.first for one in self._beside])
        behind = judge.pick_terms([one.behind for one in self._beside])
        against = map(add, map(add, first, judge.pick_paths(together.against)), behind)
        # As Judgement(*head, reasons) for each, but without a step of Python.
        whole = map(add, judge.pick_paths(together.heads), zip(against))
        judgements: list[Judgement] = list(map(new, repeat(Judgement), whole))
        for place in together.takers:
            number = judge.stems.order[place]
            of_path = self._confirm(number, Judgement(*together.heads[place], ()))
            for index in judge.entries_with[number]:
                judgements[index] = self._beside[judge.rows[index][1]].add(of_path)
        return judgements

    def _confirm(self, number: int, trial: Judgement) -> Judgement:
        """Have the regex of a pattern say what its blocks have said."""
        if not trial.path_matches:
            return trial
        pattern = self._judge.patterns[number]
        found = pattern.regex.fullmatch(self._path)
        if found is None:
            raise AssertionError(f"{pattern.regex.pattern!r} refuses {self._path!r}, but no block of it does")
        return trial._replace(parameters=read_spans(pattern.parameters, found))


def _fits(entry: Entry, protocol: Protocol_, method: str | None) -> bool:
    if isinstance(entry, Route):
        return protocol == "http" and (method is None or _takes(entry, method))
    return isinstance(entry, Mount) or protocol == "websocket"


def _takes(route: Route, method: str) -> bool:
    return method in route.methods or route.every_method


def _terms_of(entry: Entry) -> _Terms:
    if isinstance(entry, Route):
        return Route, entry.methods, entry.implied_head, entry.every_method, entry.condition
    return type(entry), frozenset(), False, False, entry.condition


class _Beside:
    """What entries on the same terms have against a request beside its path."""

    __slots__ = ("_behind_path", "behind", "first")

    def __init__(self, entry: Entry, asked: Asked) -> None:
        other = SocketRoute if asked.protocol == "http" else Route
        self.first: tuple[Reason, ...] = ()
        if isinstance(entry, other):
            self.first = (reasons.wrong_protocol(asked.protocol),)
        if entry.condition is not None:
            is_refusal = entry.condition == entry.doubt
            say = reasons.own_refusal if is_refusal else reasons.other_condition
            self.first += (say(entry.condition),)
        self.behind: tuple[Reason, ...] = ()
        self._behind_path: tuple[Reason, ...] = ()
        if isinstance(entry, Route) and asked.protocol == "http" and not _takes(entry, asked.method):
            self.behind = (reasons.wrong_method(entry, asked.method, path_matches=False),)
            self._behind_path = (reasons.wrong_method(entry, asked.method, path_matches=True),)

    def add(self, of_path: Judgement) -> Judgement:
        """Add that to what they have against the path."""
        behind = self._behind_path if of_path[0] else self.behind
        return of_path._replace(reasons=self.first + of_path.reasons + behind)
