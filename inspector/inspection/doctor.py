"""The fidelity self-test: one path of each route, predicted by our picture, asked of the real router."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from inspector.adapters.adapter import Adapter, Asked
from inspector.adapters.picture import Picture
from inspector.analysis.rematch import TableAnswer
from inspector.analysis.spots import Spot, lay_flat
from inspector.inspection.explained import say_asked
from inspector.inspection.prediction import do_agree, number_of, predict
from inspector.inspection.questions import Questions
from inspector.inspection.routes import effective_route
from miniframework.routing.explanation import MatchOutcome
from miniframework.routing.table import RouteTable


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
    a path and a method.
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
    table: RouteTable, picture: Picture, adapter: Adapter, *, budget_s: float | None = None
) -> Diagnosis:
    """Ask about every effective route, for at most `budget_s` seconds."""
    spots = lay_flat(table)
    questions = Questions(table, spots)
    deadline = None if budget_s is None else time.monotonic() + budget_s
    agreed, disagreements, unasked = 0, [], []
    for spot in spots:
        if spot.has_table:
            continue
        is_late = deadline is not None and time.monotonic() > deadline
        question = None if is_late else _choose(table, questions, spot)
        if question is None:
            unasked.append(spot.path)
            continue
        predicted, asked = predict(table, *question), adapter.ask(*question)
        if do_agree(predicted, asked, picture):
            agreed += 1
        else:
            disagreements.append(_disagreement(question, predicted, asked, picture))
    unasked += _conditional(picture)
    return Diagnosis(
        framework=adapter.framework,
        version=adapter.version,
        asked=agreed + len(disagreements),
        agreed=agreed,
        disagreements=tuple(disagreements),
        unasked=tuple(unasked),
    )


def _conditional(picture: Picture) -> Iterator[str]:
    """Routes that want more than a path and a method, which is all that is asked with."""
    for leaf in picture.leaves:
        route = effective_route(leaf.way, leaf.address)
        if route.condition is not None:
            yield f"{route.path} (only on a condition: {route.condition})"


def _choose(table: RouteTable, questions: Questions, spot: Spot) -> tuple[str, str] | None:
    """The first path that our picture gives to the route itself, else the first that fits it."""
    method = questions.usual_method(spot)
    first = None
    for raw_path in questions.paths(spot):
        first = first or (method, raw_path)
        if predict(table, method, raw_path).number == spot.label:
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
