"""How slow a router gets on paths that are made for it: the framework's own, asked with growing ones."""

from collections.abc import Iterator, Sequence
from functools import partial

from inspector.adapters.adapter import Adapter
from inspector.analysis.finding import Finding
from inspector.analysis.redos.report import SlowRun, report_suspects
from inspector.analysis.redos.suspects import Suspect, Suspects
from inspector.analysis.spots import Spot
from inspector.checking.child import grow
from inspector.checking.measuring import Runs
from inspector.inspection.questions import Questions


def find_slow(
    spots: Sequence[Spot], suspects: Suspects, runs: Runs, questions: Questions, adapter: Adapter
) -> Iterator[Finding]:
    """A finding for every suspect that is slow in our picture and in the router itself.

    The router is asked in this process, with paths that grow until one holds it for a tenth of a second. A
    pattern that it does not match as `re` does, or that we could not follow, is not spoken of.
    """
    slow = tuple(suspect for place, suspect in enumerate(suspects.found) if runs.get(place) is not None)
    measured: dict[int, SlowRun | None] = {
        place: _measure(suspect, questions, adapter) for place, suspect in enumerate(slow)
    }
    yield from report_suspects(spots, Suspects(found=slow, unknown={}), measured)


def _measure(suspect: Suspect, questions: Questions, adapter: Adapter) -> SlowRun | None:
    """The time of the router on the first target and path that makes it slow."""
    for target in suspect.targets:
        look_up = partial(_ask, adapter, questions, target.method)
        for attack in target.attacks:
            took = grow(look_up, attack)
            if took is not None:
                rows = tuple((len(attack.path(repeats)), seconds) for repeats, seconds in took)
                return SlowRun(number=target.number, path=attack.path(took[-1][0]), took=rows)
    return None


def _ask(adapter: Adapter, questions: Questions, method: str, path: str) -> None:
    adapter.ask(questions.actual(method), questions.raw(path))
