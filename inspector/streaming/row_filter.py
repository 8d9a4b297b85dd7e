"""The filter language of the list, for rows outside the page: the twin of `static/js/core/filter.js`. Pure.

Both are held to `tests/contract/filter-cases.json`. Terms are joined with "and", values inside a term with a
comma mean "or", a leading `-` turns a term round.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from inspector.streaming.row_filter_keys import KEYS, FilterProblem, RowTest, bare_test
from miniframework.records import dataclass

Row = Mapping[str, Any]

_TERM = re.compile(r'-?(?:([a-z]+)(:|>=|<=|>|<))?(?:"(?:[^"\\]|\\.)*"?|[^\s"]+)+|-', re.IGNORECASE | re.ASCII)
_KEYED = re.compile(r"([a-z]+)(:|>=|<=|>|<)(.*)", re.IGNORECASE | re.ASCII | re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"?')
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterMistake:
    """A term that cannot be read, `text[start:end]`, and what is wrong with it."""

    start: int
    end: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFilter:
    """What a filter says. A term with a mistake is left out of `passes`."""

    text: str
    mistakes: tuple[FilterMistake, ...]
    tests: tuple[tuple[RowTest, bool], ...]

    def passes(self, row: Row) -> bool:
        """Whether a row of the list is one to show."""
        return all(test(row) is not negated for test, negated in self.tests)


def parse_filter(text: str) -> RowFilter:
    """Read a filter; never raises."""
    tests: list[tuple[RowTest, bool]] = []
    mistakes: list[FilterMistake] = []
    for found in _TERM.finditer(text):
        try:
            tests.append(_parse_term(found[0]))
        except FilterProblem as problem:
            mistakes.append(FilterMistake(start=found.start(), end=found.end(), message=str(problem)))
    return RowFilter(text=text, mistakes=tuple(mistakes), tests=tuple(tests))


def _parse_term(source: str) -> tuple[RowTest, bool]:
    negated = source.startswith("-") and len(source) > 1
    body = source[1:] if negated else source
    found = _KEYED.fullmatch(body)
    if found is None:
        return bare_test(_unquoted(body).lower()), negated
    word, operator, raw_value = found.groups()
    key = KEYS.get(word.lower())
    if key is None:
        raise FilterProblem(f"no key “{word}”{_nearest(word.lower())}")
    if operator != ":" and not key.compares:
        raise FilterProblem(f"{word.lower()} is text: write {word.lower()}:value")
    value = _unquoted(raw_value).lower()
    if not value:
        raise FilterProblem(f"{word.lower()}{operator} wants a value")
    is_list = operator == ":" and not raw_value.startswith('"')
    parts = [part for part in value.split(",") if part] if is_list else [value]
    return _any_of([key.make(part, operator) for part in parts]), negated


def _any_of(tests: list[Callable[[Row], bool]]) -> RowTest:
    if len(tests) == 1:
        return tests[0]
    return lambda row: any(test(row) for test in tests)


def _unquoted(text: str) -> str:
    return _QUOTED.sub(lambda found: _ESCAPED.sub(r"\1", found[1]), text)


def _nearest(word: str) -> str:
    close = [one for one in KEYS if one.startswith(word[:2]) or word in one or one in word]
    return f"; did you mean {' or '.join(close[:2])}?" if close else f"; there are {', '.join(KEYS)}"
