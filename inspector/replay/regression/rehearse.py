"""Runs recorded requests again in their order, and says of each what became of it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import field, replace

from inspector.model import Exchange, Header, HttpExchange
from inspector.replay.difference import Difference, compare_exchanges
from inspector.replay.edit import RequestEdit
from inspector.replay.plan import PlannedRequest, plan_replay
from inspector.replay.policy import SAFE_METHODS, ReplayMode, judge_replay
from inspector.replay.refusal import Refusal, ReplayRefused
from inspector.replay.regression.learning import learn_rules, propose_rules
from inspector.replay.regression.outcome import Outcome
from inspector.replay.regression.rebinding import Heard, Rebinder
from inspector.replay.regression.rules import IgnoreRule, parse_rule, set_aside
from miniframework.records import dataclass

# It says of the body what the comparison of the bodies says better.
_CONTENT_LENGTH = parse_rule("headers:content-length")

Play = Callable[[HttpExchange, PlannedRequest], Awaitable[tuple[HttpExchange, Heard]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """How to run: `unsafe` sends methods that may have an effect, `learn` runs safe requests twice.

    `rules` are set aside; `headers` are sent in the place of recorded ones of the same name; `rebinds` puts
    new ids and tokens into later requests. `edit` is made to every request.
    """

    edit: RequestEdit = field(default_factory=RequestEdit)
    rules: tuple[IgnoreRule, ...] = ()
    headers: tuple[Header, ...] = ()
    unsafe: bool = False
    learn: bool = False
    rebinds: bool = True


async def rehearse(exchanges: Sequence[Exchange], play: Play, choices: Choices) -> list[Outcome]:
    """Replay the HTTP requests among `exchanges`, oldest first; `play` sends one and gives what came."""
    rebinder = Rebinder()
    outcomes: list[Outcome] = []
    for exchange in exchanges:
        if isinstance(exchange, HttpExchange):
            outcomes.append(await _run(exchange, play, choices, rebinder))
    return outcomes


async def _run(recorded: HttpExchange, play: Play, choices: Choices, rebinder: Rebinder) -> Outcome:
    edit, rebound = rebinder.rebind(recorded) if choices.rebinds else (RequestEdit(), ())
    edit = _with_headers(_over(edit, choices.edit), recorded, choices.headers)
    try:
        planned = _plan(recorded, edit, choices)
    except ReplayRefused as refused:
        return Outcome(recorded=recorded, refusal=refused.refusal)
    replayed, heard = await play(recorded, planned)
    rebinder.note(recorded, heard)
    difference = compare_exchanges(recorded, replayed)
    learnt: tuple[str, ...] = ()
    if choices.learn and not difference.same and recorded.scope.method in SAFE_METHODS:
        again, _ = await play(recorded, planned)
        learnt = learn_rules(compare_exchanges(replayed, again))
    settled = set_aside(difference, [_CONTENT_LENGTH, *choices.rules, *map(parse_rule, learnt)])
    return Outcome(
        recorded=recorded,
        replayed=replayed,
        difference=_without_modules(_without_rebound(settled, rebinder)),
        rebound=rebound,
        proposed=(*learnt, *propose_rules(settled)),
    )


def _plan(recorded: HttpExchange, edit: RequestEdit, choices: Choices) -> PlannedRequest:
    """Raises ReplayRefused."""
    mode: ReplayMode = "all" if choices.unsafe else "safe"
    against = judge_replay(recorded, edit, original=None, confirmed=choices.unsafe, mode=mode)
    if not choices.unsafe and any(one.code == "not_allowed" for one in against):
        raise ReplayRefused(
            Refusal(
                code="confirm",
                message=f"{recorded.scope.method} may have an effect.",
                hint="--unsafe sends it all the same.",
            )
        )
    if against:
        raise ReplayRefused(against[0])
    return plan_replay(recorded, None, edit)


def _over(edit: RequestEdit, wanted: RequestEdit) -> RequestEdit:
    """What is wanted where it says something, else the edit."""
    return RequestEdit(
        method=wanted.method or edit.method,
        target=wanted.target or edit.target,
        headers=edit.headers if wanted.headers is None else wanted.headers,
        body=edit.body if wanted.body is None else wanted.body,
    )


def _with_headers(edit: RequestEdit, recorded: HttpExchange, wanted: Sequence[Header]) -> RequestEdit:
    if not wanted:
        return edit
    names = {name.lower() for name, _ in wanted}
    kept = [header for header in edit.headers or recorded.scope.headers if header[0].lower() not in names]
    return replace(edit, headers=(*kept, *wanted))


def _without_modules(difference: Difference) -> Difference:
    """Set aside that the same function stands in another module: another version of it was asked for."""
    same = {
        entry
        for layer in difference.layers
        for entry in layer.entries
        if entry.what == "endpoint" and _function(entry.left) == _function(entry.right)
    }
    rules = [IgnoreRule(text="endpoint", layer="route", name="endpoint")] if same else []
    return set_aside(difference, rules)


def _function(endpoint: str | None) -> str:
    return (endpoint or "").rpartition(":")[2]


def _without_rebound(difference: Difference, rebinder: Rebinder) -> Difference:
    """Set aside what differs only because another id, cookie or token was given out this time."""
    rules = []
    for layer in difference.layers:
        for entry in layer.entries:
            old, new = (entry.left or "").strip('"'), (entry.right or "").strip('"')
            if rebinder.values.get(old) == new and layer.name in ("headers", "body", "parameters"):
                is_path = entry.what.startswith("$")
                rules.append(
                    parse_rule(f"{layer.name}:{entry.what}")
                    if is_path or layer.name == "headers"
                    else IgnoreRule(text=entry.what, layer=layer.name, name=entry.what)
                )
    return set_aside(difference, rules)
