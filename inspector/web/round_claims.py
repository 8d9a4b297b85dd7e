"""Which of several dashboards on one journal replays the pinned requests: the first that claims the round.

A round is a command of the journal that no serving process may take. Its answer is what the round came to so
far, so those that did not get it show the same, and see when its maker has gone.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence

from inspector.journal.protocol import Answer, Command, Document, Journal
from inspector.model import Worker
from inspector.replay.pinned import PinnedResult
from miniframework.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A round by the ids of its commands; one that is not ours has the id at which its maker is heard."""

    ids: tuple[str, ...]
    is_ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundNews:
    """What a round came to so far, and the rules that its maker has learnt."""

    results: Mapping[str, PinnedResult]
    learnt: Mapping[str, tuple[str, ...]]
    is_over: bool


class RoundClaims:
    """The rounds of one dashboard as the journal knows them. The methods block as the journal does."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._met: Counter[str] = Counter()

    def claim(self, occasion: str, workers: Sequence[Worker]) -> Round:
        """The round for the time that these processes came up.

        Whoever has the claim on each of them makes it: processes come up one after the other, so dashboards
        may know of more of them or of fewer. An occasion that this dashboard meets again is another one.
        """
        name = f"{self._journal.bounds().log} {occasion} {self._met[occasion]}"
        self._met[occasion] += 1
        mine: list[str] = []
        for worker in sorted(workers, key=lambda one: (one.host, one.pid)):
            round_id = hashlib.sha256(f"{name} {worker.host} {worker.pid}".encode()).hexdigest()[:32]
            if not self._take(round_id):
                return Round(ids=(round_id,), is_ours=False)
            mine.append(round_id)
        return Round(ids=tuple(mine), is_ours=True)

    def tell(self, made: Round, news: RoundNews) -> None:
        """Say what a round came to so far; the last word says that it is over."""
        body: Document = {
            "results": [result.to_dict() for result in news.results.values()],
            "learnt": {name: list(rules) for name, rules in news.learnt.items()},
            "is_over": news.is_over,
        }
        for round_id in made.ids:
            self._journal.answer(round_id, Answer(ok=True, body=body))

    def hear(self, followed: Round) -> RoundNews | None:
        """What its maker told last; None when it has told nothing, or so long ago that it was forgotten."""
        answer = self._journal.answer_of(followed.ids[0])
        if answer is None:
            return None
        results = map(_read_result, answer.body["results"])
        return RoundNews(
            results={one.id: one for one in results},
            learnt={name: tuple(rules) for name, rules in answer.body["learnt"].items()},
            is_over=answer.body["is_over"],
        )

    def _take(self, round_id: str) -> bool:
        # Only what names the claimer: a question that waits for any process is for those that serve.
        claimer = Worker(host=f"round {round_id}", pid=0)
        self._journal.submit(Command(id=round_id, kind="round", body={}, worker=claimer))
        return self._journal.claim(claimer, addressed=True) is not None


def _read_result(told: Document) -> PinnedResult:
    lists: Mapping[str, Sequence[str]] = {
        name: tuple(told[name]) for name in ("rules", "learnt_rules", "proposed_rules")
    }
    return PinnedResult(**{**told, **lists})
