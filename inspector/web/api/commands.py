"""What the page asks of the process that serves the application, by way of the journal's command queue."""

import asyncio
import uuid
from collections.abc import Sequence

from inspector.journal.processes import as_it_is
from inspector.journal.protocol import Answer, AppStatus, Command, CommandKind, Document, Journal
from inspector.model import Worker
from inspector.web.answers import ApiError, answer_json, error_json
from miniframework import Response

# A serving process claims a command within 50 ms and answers a replay once it has begun.
ANSWER_WITHIN_S = 30.0  # on a machine that is busy with other things a first question takes its time


class CommandDesk:
    """Puts commands into the queue and waits for the answers of a serving process."""

    def __init__(
        self, journal: Journal, *, is_recording: bool = False, answer_within_s: float = ANSWER_WITHIN_S
    ) -> None:
        self._journal = journal
        self._is_recording = is_recording
        self._answer_within_s = answer_within_s

    async def order(self, kind: CommandKind, body: Document, *, rather: Worker | None = None) -> Answer:
        """Have a command carried out by `rather`, if that process still serves, else by any that does.

        Raises ApiError when none serves, or none answers in time.
        """
        if self._is_recording:
            raise ApiError(
                409,
                "read_only",
                "this is a recording that was opened from a file: no process serves its application",
                "Serve the application with `inspector run`; what it records can be replayed.",
            )
        statuses = await asyncio.to_thread(self._journal.status)
        worker = find_worker([as_it_is(status) for status in statuses], rather)
        command = Command(id=uuid.uuid4().hex, kind=kind, body=body, worker=worker)
        await asyncio.to_thread(self._journal.submit, command)
        answer = await self._journal.wait_answer(command.id, self._answer_within_s)
        if answer is None:
            raise not_running(f"no serving process answered within {self._answer_within_s:g} s")
        return answer


def find_worker(statuses: Sequence[AppStatus], rather: Worker | None) -> Worker | None:
    """Return the wanted worker if it serves, None when any will do. Raises ApiError when none serves."""
    serving = [status.worker for status in statuses if status.state == "running"]
    if not serving:
        raise not_running("the application is not running")
    return next((worker for worker in serving if worker == rather), None)


def answer_refusal(refusal: Document) -> Response:
    """Answer what a serving process refused."""
    return answer_json(error_json(refusal["code"], refusal["message"], refusal["hint"]), 409)


def not_running(message: str) -> ApiError:
    """Return the error that nobody is there to carry out a command."""
    hint = "Start it, or wait for its reload: this runs in the process that serves the application."
    return ApiError(409, "not_running", message, hint)
