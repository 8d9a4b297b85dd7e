"""Many requests, one verdict a line: `inspector explain --batch`."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable

from inspector.adapters.adapter import Asked
from inspector.cli.apps import AppTarget
from inspector.cli.batch_lines import AskedRequest, BadLine, parse_line
from inspector.cli.tables import load_attached
from inspector.cli.terminal import escape_controls, say
from inspector.inspection.routes import EffectiveRoute

Answer = tuple[Asked, EffectiveRoute | None]
Ask = Callable[[AskedRequest], Answer]

_MOST_TOLD = 20  # bad lines that are told one by one; all are counted
_KEPT_VERDICTS = 50_000  # logs repeat themselves; some 30 MB at most


def judge_lines(target: AppTarget, lines: Iterable[str], *, as_json: bool, host: str | None = None) -> int:
    """Write a verdict a line to stdout, in the order of the lines; return the exit code.

    `host` is for lines that name none. Empty lines are passed over. A line that is no request is told on
    stderr with its number, the first 20 of them, and counted in the summary; the exit code is 1 then. Raises
    StartRefused for what is no application.
    """
    attached = load_attached(target)
    ask = _remembering(lambda one: attached.ask(one.method, one.raw_path, host=one.host or host))
    write = sys.stdout.write
    outcomes: Counter[str] = Counter()
    bad = 0
    for number, line in enumerate(lines, 1):
        text = line.rstrip("\r\n")
        if not text.strip():
            continue
        try:
            request = parse_line(text)
        except BadLine as error:
            bad += 1
            if bad <= _MOST_TOLD:
                say(f"inspector: line {number} {escape_controls(str(error))}")
            continue
        answer = ask(request)
        outcomes[answer[0].outcome] += 1
        write((_as_json(number, request, answer) if as_json else _as_text(request, answer)) + "\n")
    sys.stdout.flush()
    say(_summary(outcomes, bad))
    return 1 if bad else 0


def _remembering(ask: Ask) -> Ask:
    """The same, asking each question once, as long as there are not too many different ones."""
    known: dict[AskedRequest, Answer] = {}

    def ask_once(request: AskedRequest) -> Answer:
        verdict = known.get(request)
        if verdict is None:
            verdict = ask(request)
            if len(known) < _KEPT_VERDICTS:
                known[request] = verdict
        return verdict

    return ask_once


def _as_json(number: int, request: AskedRequest, answer: Answer) -> str:
    asked, route = answer
    told = {
        "line": number,
        "method": request.method,
        "path": request.raw_path,
        "outcome": asked.outcome,
        "route": None if route is None else route.to_dict(),
        "params": dict(asked.params),
        "allow": list(asked.allow),
        "location": asked.location,
        "status": asked.status,
    }
    return json.dumps(told, separators=(",", ":"))  # ASCII, whatever bytes the line held


def _as_text(request: AskedRequest, answer: Answer) -> str:
    """Five columns, a tab between them: method, path, outcome, number of the route, and what it comes to."""
    asked, route = answer
    told = ",".join(asked.allow) or asked.location or ""
    if route is not None:
        told = f"{route.path} {route.name}" if route.name else route.path
    columns = (request.method, request.raw_path, asked.outcome, route.number if route else "", told)
    return "\t".join(escape_controls(column) or "-" for column in columns)


def _summary(outcomes: Counter[str], bad: int) -> str:
    told = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common())
    lines = f"inspector: {outcomes.total()} requests" + (f": {told}" if told else "")
    if bad:
        unlisted = f", of which the last {bad - _MOST_TOLD} are not listed" if bad > _MOST_TOLD else ""
        lines += f"; {bad} lines could not be read{unlisted}"
    return lines
