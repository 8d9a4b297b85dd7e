"""The one judge: why an entry takes or refuses a single request.

Yes or no is always the answer of the entry's own compiled regex, the one `RouteTable.match` asks too; all the
rest only says why. Entries with one pattern, such as GET and POST of one path, have their path judged once.
"""

import re
from collections.abc import Sequence

from miniframework.routing import reasons
from miniframework.routing.asked import Asked
from miniframework.routing.explanation import Judgement, ParameterSpan, Reason
from miniframework.routing.pattern import PathPattern
from miniframework.routing.route import Entry, Route, SocketRoute
from miniframework.routing.stems import grow_stems
from miniframework.routing.trial import try_paths

# All of an entry but its path that can be against a request: its kind, its methods, whether HEAD is implied.
_Terms = tuple[type, frozenset[str], bool]


class Judge:
    """Judges the entries of one table, which never changes.

    `patterns` are the table's different ones, `stems` the tree of their blocks; `first_with[n]` is the first
    entry with pattern n.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        patterns: dict[PathPattern, int] = {}
        terms: dict[_Terms, tuple[int, Entry]] = {}
        self._rows = [
            (
                patterns.setdefault(entry.pattern, len(patterns)),
                terms.setdefault(_terms_of(entry), (len(terms), entry))[0],
            )
            for entry in entries
        ]
        self.patterns = tuple(patterns)
        self.stems = grow_stems(self.patterns)
        first: dict[int, int] = {}
        for index, (number, _) in enumerate(self._rows):
            first.setdefault(number, index)
        self.first_with = tuple(first.values())  # numbers are given in this order
        self._examples = [entry for _, entry in terms.values()]

    def judge(self, asked: Asked) -> list[Judgement]:
        """What each entry alone says to the request, with every reason against it at once."""
        trials = try_paths(self.patterns, self.stems, asked)
        of_paths = [
            _judge_path(pattern, trial, asked.path)
            for pattern, trial in zip(self.patterns, trials, strict=True)
        ]
        beside = [_Beside(entry, asked) for entry in self._examples]
        return [
            of_paths[path] if beside[terms].is_nothing else beside[terms].add(of_paths[path])
            for path, terms in self._rows
        ]


def _terms_of(entry: Entry) -> _Terms:
    if isinstance(entry, Route):
        return Route, entry.methods, entry.implied_head
    return type(entry), frozenset(), False


class _Beside:
    """What entries on the same terms have against a request beside its path."""

    __slots__ = ("_behind", "_behind_path", "_first", "is_nothing")

    def __init__(self, entry: Entry, asked: Asked) -> None:
        other = SocketRoute if asked.protocol == "http" else Route
        self._first = (reasons.wrong_protocol(asked.protocol),) if isinstance(entry, other) else ()
        self._behind: tuple[Reason, ...] = ()
        self._behind_path: tuple[Reason, ...] = ()
        if isinstance(entry, Route) and asked.protocol == "http" and asked.method not in entry.methods:
            self._behind = (reasons.wrong_method(entry, asked.method, path_matches=False),)
            self._behind_path = (reasons.wrong_method(entry, asked.method, path_matches=True),)
        self.is_nothing = not self._first and not self._behind

    def add(self, of_path: Judgement) -> Judgement:
        path_matches, reached, template_reached, refused, parameters, against = of_path
        behind = self._behind_path if path_matches else self._behind
        against = self._first + against + behind
        return Judgement(path_matches, reached, template_reached, refused, parameters, against)


def _judge_path(pattern: PathPattern, trial: Judgement, path: str) -> Judgement:
    found = pattern.regex.fullmatch(path)
    if found is not None:
        return _takes_path(pattern, found)
    if not trial.reasons:
        raise AssertionError(f"{pattern.regex.pattern!r} refuses {path!r}, but no block of it does")
    return trial


def _takes_path(pattern: PathPattern, found: re.Match[str]) -> Judgement:
    spans = tuple(
        ParameterSpan(
            name=parameter.name,
            start=found.start(parameter.name),
            end=found.end(parameter.name),
            text=found[parameter.name],
            converter=parameter.converter_name,
        )
        for parameter in pattern.parameters
    )
    return Judgement(
        path_matches=True,
        reached=len(found.string),
        template_reached=len(pattern.template),
        template_refused=None,
        parameters=spans,
        reasons=(),
    )
