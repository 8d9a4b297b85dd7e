"""The agent in the application's process: takes commands from the journal and carries them out there.

A replay is played through the front door of the application; a question goes to its router.
"""

import asyncio
import logging
import random
import time
from collections.abc import Mapping
from typing import Any, assert_never

from inspector.errors import InspectorError
from inspector.journal.protocol import Answer, Command, CommandKind, Document, Journal
from inspector.model import Exchange, HttpExchange, Replayed
from inspector.recording.recorder import Recorder
from inspector.recording.vault import Original
from inspector.replay.edit import RequestEdit, parse_edit
from inspector.replay.plan import PlannedRequest, plan_replay
from inspector.replay.player import play
from inspector.replay.policy import ReplayMode, judge_replay
from inspector.replay.question import question_scope
from inspector.replay.refusal import Refusal, ReplayRefused
from inspector.wiring.aside import aside
from inspector.wiring.asking import NotAsked, RouterQuestions
from inspector.wiring.route_plan import describe_route_plan
from miniframework.tap import make_exchange_id
from miniframework.types import ASGIApp

_LOG = logging.getLogger("inspector")
_WAIT_S = 30.0
_RETRY_S = 1.0  # after the journal could not be read, or did not take an answer
_ANSWERS = 10  # for so long whoever asked waits
_DEADLINE_S = 30.0  # for one replay
_AT_ONCE = 8  # replays that run; a further one waits
_SOON_S = 0.25  # most replays are over by then, and the page that asked finds them complete


class Agent:
    """Runs on the application's event loop, so that a replay meets the application as a request does.

    `state` is the lifespan state that servers hand to each request. `failures` counts the commands that could
    not be carried out for a reason of ours.
    """

    def __init__(
        self,
        app: ASGIApp,
        journal: Journal,
        recorder: Recorder,
        *,
        mode: ReplayMode,
        questions: RouterQuestions,
    ) -> None:
        self.state: Mapping[str, Any] | None = None
        self.failures = 0
        self._app = app
        self._journal = journal
        self._recorder = recorder
        self._mode = mode
        self._questions = questions

    async def run(self) -> None:
        """Claim and carry out commands until cancelled; replays that run are cancelled then, too."""
        turns = asyncio.Semaphore(_AT_ONCE)
        async with asyncio.TaskGroup() as running:
            while True:
                try:
                    await self._journal.wait_command(_WAIT_S, self._recorder.worker)
                    command = await aside(self._journal.claim, self._recorder.worker)
                except InspectorError:  # named boundary: a journal that cannot be read now
                    self._count_failure()
                    await asyncio.sleep(_RETRY_S)
                    continue
                if command is not None:
                    await turns.acquire()
                    task = running.create_task(self._carry_out(command))
                    task.add_done_callback(lambda _: turns.release())

    async def _carry_out(self, command: Command) -> None:
        try:
            match command.kind:
                case "replay":
                    await self._replay(command)
                case "explain":
                    await self._explain(command)
                case "check":
                    await self._check(command)
                case "plan":
                    await self._describe_plan(command)
                case "round":  # between dashboards; nobody sends one to a serving process
                    pass
                case _:
                    assert_never(command.kind)
        except (ReplayRefused, NotAsked) as refused:
            await self._answer(command, Answer(ok=False, body=refused.refusal.to_dict()))
        except Exception:  # noqa: BLE001  # named boundary: one command; logged and counted
            self._count_failure()
            await self._answer(command, Answer(ok=False, body=_FAILED[command.kind].to_dict()))

    async def _replay(self, command: Command) -> None:
        exchange_id, planned = await aside(self._plan, command.body)
        replaying = asyncio.ensure_future(self._play(exchange_id, planned))
        try:
            await asyncio.wait({replaying}, timeout=_SOON_S)
            await aside(self._recorder.flush)
            await self._answer(command, Answer(ok=True, body={"id": exchange_id}))
            await replaying
        finally:
            replaying.cancel()

    async def _explain(self, command: Command) -> None:
        asked = await asyncio.to_thread(self._ask, command.body)
        worker = self._recorder.worker
        by = {"worker": {"host": worker.host, "pid": worker.pid, "generation": worker.generation}}
        await self._answer(command, Answer(ok=True, body={**asked, **by}))

    async def _check(self, command: Command) -> None:
        found = await asyncio.to_thread(self._questions.check)
        await self._answer(command, Answer(ok=True, body=found))

    async def _describe_plan(self, command: Command) -> None:
        body = command.body
        described = await asyncio.to_thread(
            describe_route_plan, self._app, body["table"], body["mounts"], body["index"]
        )
        await self._answer(command, Answer(ok=True, body=described))

    def _ask(self, body: Mapping[str, Any]) -> Document:
        """Ask about a path, or about a recorded request. Raises NotAsked, and ReplayRefused."""
        if "of" not in body:
            question = body["method"], body["raw_path"], body.get("host")
            return self._questions.ask(*question, is_brief=bool(body.get("brief")))
        exchange = self._find(body["of"])
        original = self._recorder.vault.get(exchange.id)
        scope = question_scope(exchange, original, parse_edit(body["edit"]))
        return self._questions.ask_scope(scope, body.get("routed"))

    def _find(self, exchange_id: str) -> Exchange:
        exchange = self._journal.exchange(exchange_id)
        if exchange is None:
            raise ReplayRefused(_GONE)
        return exchange

    def _plan(self, body: Mapping[str, Any]) -> tuple[str, PlannedRequest]:
        """Return the new exchange's id and the request to send. Raises ReplayRefused."""
        exchange = self._find(body["of"])
        edit = parse_edit(body["edit"])
        original = self._recorder.vault.get(exchange.id)
        self._judge(exchange, edit, original, confirmed=body["confirm"])
        assert isinstance(exchange, HttpExchange)  # anything else is refused by the policy
        planned = plan_replay(exchange, original, edit)
        exchange_id = make_exchange_id(time.time_ns(), random.getrandbits(62))
        self._recorder.expect_replay(exchange_id, Replayed(of=exchange.id, edits=planned.edits))
        return exchange_id, planned

    def _judge(
        self, exchange: Exchange, edit: RequestEdit, original: Original | None, *, confirmed: bool
    ) -> None:
        against = judge_replay(exchange, edit, original=original, confirmed=confirmed, mode=self._mode)
        if against:
            raise ReplayRefused(against[0])

    async def _play(self, exchange_id: str, planned: PlannedRequest) -> None:
        played = await play(
            self._app, planned, exchange_id=exchange_id, deadline_s=_DEADLINE_S, state=self.state
        )
        if played.note:
            _LOG.info("replay %s: %s", exchange_id, played.note)

    async def _answer(self, command: Command, answer: Answer) -> None:
        for _ in range(_ANSWERS):
            try:
                await aside(self._journal.answer, command.id, answer)
            except InspectorError:  # named boundary: a journal that is busy; whoever asked still waits
                self._count_failure()
                await asyncio.sleep(_RETRY_S)
            else:
                break

    def _count_failure(self) -> None:
        self.failures += 1
        _LOG.exception(
            "a command of the dashboard failed (%d so far); the application goes on", self.failures
        )


_GONE = Refusal(
    code="unfinished",
    message="The exchange is no longer in the journal.",
    hint="Choose another one; retention removes the oldest.",
)
_HAS_TRACEBACK = "The application's log has the traceback; please report it."
_FAILED: dict[CommandKind, Refusal] = {
    "replay": Refusal(
        code="not_running", message="The replay failed inside the inspector.", hint=_HAS_TRACEBACK
    ),
    "explain": Refusal(
        code="ask_failed", message="The router failed when it was asked.", hint=_HAS_TRACEBACK
    ),
    "check": Refusal(code="ask_failed", message="The router failed when it was asked.", hint=_HAS_TRACEBACK),
    "plan": Refusal(
        code="ask_failed", message="The plan of the route could not be described.", hint=_HAS_TRACEBACK
    ),
}
