"""The fidelity self-test: one path of each route, predicted by our picture, asked of the real router."""

import time
from collections.abc import Callable
from typing import Any

from inspector.adapters.adapter import Adapter, Asked
from inspector.adapters.picture.table import Address, Picture
from inspector.analysis.rematch import TableAnswer
from inspector.analysis.spots import Spot, lay_flat
from inspector.inspection.explained import say_asked
from inspector.inspection.hosts import ReadFor, find_host
from inspector.inspection.prediction import do_agree, number_of, predict
from inspector.inspection.questions import Questions
from inspector.inspection.reading import Reading
from inspector.inspection.routes import effective_route
from miniframework.records import dataclass
from miniframework.routing.match import MatchOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """One request about which our picture and the router differ; both answers in words."""

    method: str
    raw_path: str
    predicted: str
    asked: str

    def to_dict(self) -> dict[str, Any]:
        """JSON-able values."""
        return {
            "method": self.method,
            "raw_path": self.raw_path,
            "predicted": self.predicted,
            "asked": self.asked,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What the self-test found: of `asked` routes `agreed` go where our picture says.

    `unasked` are routes for which no path was found, whose turn did not come in time, or which want more than
    a host, a path and a method.
    """

    framework: str
    version: str | None
    asked: int
    agreed: int
    disagreements: tuple[Disagreement, ...] = ()
    unasked: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """`42 of 42 agree`, and how many were not asked."""
        text = f"{self.agreed} of {self.asked} agree"
        return f"{text} ({len(self.unasked)} not asked)" if self.unasked else text

    def to_dict(self) -> dict[str, Any]:
        """JSON-able values."""
        return {
            "framework": self.framework,
            "version": self.version,
            "asked": self.asked,
            "agreed": self.agreed,
            "sentence": self.sentence,
            "disagreements": [one.to_dict() for one in self.disagreements],
            "unasked": list(self.unasked),
        }


def diagnose(
    reading: Reading, adapter: Adapter, read_for: ReadFor, *, budget_s: float | None = None
) -> Diagnosis:
    """Ask about every effective route, for at most `budget_s` seconds.

    Routes for some hosts only are asked about with one of those; `read_for` reads the routes for a host.
    """
    test = _SelfTest(adapter, None if budget_s is None else time.monotonic() + budget_s)
    usual = read_for(adapter.rules.usual_host)
    by_host: dict[str, set[Address]] = {}
    for leaf in reading.picture.leaves:
        host = find_host(leaf)
        if host is not None:
            by_host.setdefault(host, set()).add(leaf.address)
        elif any(one.condition is not None for one in leaf.way):
            route = effective_route(leaf.way, leaf.address)
            test.conditional.append(f"{route.path} (only on a condition: {route.condition})")
    hosted = set().union(*by_host.values())
    test.ask(usual, None, lambda address: address not in hosted)
    for host, addresses in by_host.items():
        test.ask(read_for(host), host, addresses.__contains__)
    return test.diagnosis()


class _SelfTest:
    """What was asked so far; nothing is asked behind the deadline."""

    def __init__(self, adapter: Adapter, deadline: float | None) -> None:
        self.conditional: list[str] = []
        self._adapter = adapter
        self._deadline = deadline
        self._agreed = 0
        self._disagreements: list[Disagreement] = []
        self._unasked: list[str] = []

    def ask(self, reading: Reading, host: str | None, is_meant: Callable[[Address], bool]) -> None:
        """Ask about the routes of a reading whose addresses are meant."""
        spots = lay_flat(reading.table)
        questions = Questions(reading.table, spots, reading.picture.root_path)
        for spot in spots:
            if spot.has_table or not is_meant(spot.address):
                continue
            is_late = self._deadline is not None and time.monotonic() > self._deadline
            question = None if is_late else _choose(reading, questions, spot)
            if question is None:
                self._unasked.append(spot.path)
            elif spot.doubts and not self._is_taken(reading, question, host, spot):
                self.conditional.append(f"{spot.path} (only on a condition: {' and '.join(spot.doubts)})")
            else:
                self._compare(reading, question, host)

    def diagnosis(self) -> Diagnosis:
        """What came of it."""
        return Diagnosis(
            framework=self._adapter.framework,
            version=self._adapter.version,
            asked=self._agreed + len(self._disagreements),
            agreed=self._agreed,
            disagreements=tuple(self._disagreements),
            unasked=(*self._unasked, *self.conditional),
        )

    def _is_taken(self, reading: Reading, question: tuple[str, str], host: str | None, spot: Spot) -> bool:
        """Whether the router gives a path to a route that may refuse it."""
        asked = self._adapter.ask(*question, host=host)
        return asked.outcome == "match" and reading.picture.find_address(asked.way) == spot.address

    def _compare(self, reading: Reading, question: tuple[str, str], host: str | None) -> None:
        predicted = predict(reading.table, *question, reading.picture.root_path)
        asked = self._adapter.ask(*question, host=host)
        if do_agree(predicted, asked, reading.picture):
            self._agreed += 1
        else:
            self._disagreements.append(_disagreement(question, predicted, asked, reading.picture))


def _choose(reading: Reading, questions: Questions, spot: Spot) -> tuple[str, str] | None:
    """The first path that our picture gives to the route itself, else the first that fits it."""
    method = questions.usual_method(spot)
    first = None
    for raw_path in questions.paths(spot):
        first = first or (method, raw_path)
        predicted = predict(reading.table, method, raw_path, reading.picture.root_path)
        if predicted.number == spot.label:
            return method, raw_path
    return first


def _disagreement(
    question: tuple[str, str], predicted: TableAnswer, asked: Asked, picture: Picture
) -> Disagreement:
    method, raw_path = question
    address = picture.find_address(asked.way) if asked.way else None
    route = effective_route(asked.way, address or ()) if asked.way else None
    said = say_asked(asked, route)
    if asked.outcome == "match" and number_of(address) is None:
        said += ", which is not in the table that was read"
    return Disagreement(method=method, raw_path=raw_path, predicted=say_predicted(predicted), asked=said)


def say_predicted(answer: TableAnswer) -> str:
    """What a table said, in words."""
    match answer.outcome:
        case MatchOutcome.FOUND:
            return f"it goes to route {answer.number}"
        case MatchOutcome.METHOD_NOT_ALLOWED:
            return f"405, allowed: {', '.join(answer.allow)}"
        case MatchOutcome.REDIRECT:
            return f"a redirect to {answer.location}"
        case MatchOutcome.NOT_FOUND:
            return "404, no route" + (f" inside mount {answer.number}" if answer.number else "")
