"""The outcomes of `inspector replay` as lines for people."""

from collections.abc import Iterator, Sequence

import click

from inspector.cli.terminal import escape_controls
from inspector.replay.regression.outcome import Outcome

_MARKS = {"same": ("=", "green"), "changed": ("!", "red"), "refused": ("-", "yellow")}
_MOST_ENTRIES = 8  # of one request; --json has all


def outcomes_text(outcomes: Sequence[Outcome]) -> str:
    """One line a request, below it what differs, or why it was not sent."""
    return "\n".join(line for outcome in outcomes for line in _lines(outcome))


def _lines(outcome: Outcome) -> Iterator[str]:
    mark, colour = _MARKS[outcome.verdict]
    before = outcome.recorded.status
    after = outcome.replayed.status if outcome.replayed is not None else None
    status = f"{before}" if after in (None, before) else f"{before} -> {after}"
    said = f"{click.style(mark, fg=colour)} {escape_controls(outcome.title)}  {status}"
    yield said if outcome.verdict == "same" else f"{said}  {escape_controls(outcome.say())}"
    if outcome.rebound:
        yield f"    new values in {', '.join(outcome.rebound)}"
    if outcome.verdict == "changed":
        yield from _differences(outcome)
    if outcome.verdict == "refused" and outcome.refusal is not None:
        yield f"    {escape_controls(outcome.refusal.hint)}"


def _differences(outcome: Outcome) -> Iterator[str]:
    assert outcome.difference is not None
    entries = [
        f"    {layer.name} {entry.what}: {entry.left} -> {entry.right}"
        for layer in outcome.difference.layers
        for entry in layer.entries
        if not entry.volatile
    ]
    yield from map(escape_controls, entries[:_MOST_ENTRIES])
    if len(entries) > _MOST_ENTRIES:
        yield f"    and {len(entries) - _MOST_ENTRIES} more; --json has all"
    for rule in outcome.proposed:
        yield f"    differs by its nature? --ignore {escape_controls(repr(rule))}"
