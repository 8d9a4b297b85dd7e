"""Stories as the framework tells them, on their way from the requests to the drain."""

from collections import deque
from collections.abc import Callable
from time import monotonic_ns, perf_counter_ns
from timeit import timeit

from inspector.recording.account import STORIES, Account
from inspector.recording.capture import Allowance, Capture
from inspector.recording.faults import Faults
from inspector.recording.limits import RecordingLimits
from inspector.recording.pending import (
    EVENT_BYTES,
    Batch,
    Flow,
    Told,
    can_be_missed,
    held_bytes,
    is_end,
    note_missed,
    without_data,
)
from inspector.recording.reading import tallied
from miniframework.events import Event
from miniframework.records import dataclass
from miniframework.telling.notes import Note, finished
from miniframework.telling.story import SMALL_BYTES, Ended, Notes, Story, find_teller, take_notes

# How many events an exchange has, and what one weighs: its notes, its headers, two small bodies.
_EVENTS_OF_A_STORY = 10
_STORY_BYTES = 2048 + 2 * SMALL_BYTES
_PRICED_NOTES = 2000


# Stands for all that a story had, once something of it could not be taken.
_LOST = Flow(Allowance(0, 0), is_lost=True)
# And for what is there of a story of which no event had to be cut.
_NOTHING_KEPT = Flow(Allowance(0, 0))


@dataclass(slots=True)
class _Reading:
    """A story on the drain's side; `count` is of the notes read so far."""

    notes: Notes
    teller: Story | Ended | None = None
    count: int = 0


class Intake:
    """Takes stories in the requests' tasks without a lock, and gives away what they tell.

    `begin` and `keep` run in the request's task, `take` in the drain. Too many bytes: body data is let go,
    sizes stay true. Too many stories, or notes of a flood: new exchanges are refused whole, and of known
    ones body pieces, frames and uninterpreted messages are only counted. The counts of what is held are
    those since the last `take`, and two threads may lose a step of them to each other: they bound memory,
    nothing is told by them.
    """

    def __init__(
        self, limits: RecordingLimits, wake: Callable[[], None], faults: Faults, account: Account
    ) -> None:
        self._limits = limits
        self._cells = account.cells
        self._capture = Capture(limits)
        self._wake = wake
        self._faults = faults
        by_bytes, by_events = (
            limits.pending_bytes // _STORY_BYTES,
            limits.pending_events // _EVENTS_OF_A_STORY,
        )
        self._most_stories = max(min(by_bytes, by_events), 1)
        self._begun: deque[Notes] = deque()
        self._reading: list[_Reading] = []
        self._told = Batch()
        self._given_up: deque[Story] = deque()
        self._is_awake = False
        self._refused = 0
        self._held_events = 0
        self._held_bytes = 0
        self._count = 0
        self._note_ns: float | None = None

    def begin(self, story: Story) -> bool:
        """Take a story that begins; False, and counted, when there is no room. Never raises."""
        try:
            self._cells[STORIES] = self._count = self._count + 1
            taken = len(self._begun) < self._most_stories
            if taken:
                self._begun.append(story.notes)
            else:
                self._refused += 1
            if not self._is_awake:
                self._rouse()
        except Exception as error:  # noqa: BLE001 - named boundary: the recorder's listener
            self._faults.note("listener_errors", error)
            self.abandon(story)
            return False
        return taken

    def keep(self, story: Story, event: Event) -> None:
        """Put an event among the notes of a story, cut or rendered. Never raises."""
        try:
            self._keep(story, event)
        except Exception as error:  # noqa: BLE001 - named boundary: the recorder's listener
            self._faults.note("listener_errors", error)
            self.abandon(story)

    def abandon(self, story: Story) -> None:
        """Give up an exchange of which something could not be taken."""
        story.kept = _LOST
        self._given_up.append(story)
        self._rouse()

    def take(self) -> Batch:
        """Give everything that was told since the last time."""
        self._is_awake = False  # before anything is looked at: who comes later wakes the drain again
        self._held_events = self._held_bytes = 0
        self._move_begun()
        told = self._told
        told.refused, self._refused = told.refused + self._refused, 0
        self._reading = [one for one in self._reading if self._goes_on(one, told)]
        while self._given_up:
            told.abandoned.append(self._given_up[0].exchange_id)
            self._given_up.popleft()
        self._told = Batch()
        return told

    def size(self) -> tuple[int, int]:
        """Give about how many events and bytes are pending."""
        begun = len(self._begun)
        return begun * _EVENTS_OF_A_STORY + self._held_events, begun * _STORY_BYTES + self._held_bytes

    def _keep(self, story: Story, event: Event) -> None:
        began_ns = perf_counter_ns()
        flow = story.kept
        if flow is None:
            flow = story.kept = Flow(self._capture.allowance())
        elif flow.is_lost:
            return
        fact = self._capture.take(event, flow.allowance)
        if can_be_missed(fact) and self._held_events >= self._limits.pending_events:
            note_missed(fact, flow)
        else:
            self._put(story, fact)
        flow.spent_ns += perf_counter_ns() - began_ns

    def _put(self, story: Story, fact: Event) -> None:
        size = EVENT_BYTES + held_bytes(fact)
        if self._held_bytes + size > self._limits.pending_bytes:
            fact = without_data(fact)
            size = EVENT_BYTES + held_bytes(fact)
        self._held_bytes += size
        self._held_events += 1
        story.notes.append(fact)

    def _rouse(self) -> None:
        if not self._is_awake:
            self._is_awake = True
            self._wake()

    def _move_begun(self) -> None:
        """Move what has begun to what is read; a fault in between neither loses nor doubles a story."""
        while self._begun:
            notes = self._begun[0]
            if not self._reading or self._reading[-1].notes is not notes:
                self._reading.append(_Reading(notes))
            self._begun.popleft()

    def _goes_on(self, reading: _Reading, told: Batch) -> bool:
        if reading.teller is None and not reading.notes:
            return False  # it was given up as it began, and is told as such
        try:
            return self._read(reading, told)
        except Exception as error:  # noqa: BLE001 - named boundary: one story
            self._faults.note("drain_errors", error)
            told.abandoned.append(_teller_of(reading).exchange_id)
            return False

    def _read(self, reading: _Reading, told: Batch) -> bool:
        """Add what a story tells by now; True when it goes on."""
        teller = _teller_of(reading)
        has_ended = teller.ended != 0  # before its notes are taken: there is no later one then
        if isinstance(teller, Story) and not has_ended:
            teller.watch(self._rouse)  # and this: a note that is not taken here wakes the drain
        is_lost = teller.kept is not None and teller.kept.is_lost
        of = teller.exchange_id
        notes = take_notes(reading.notes, teller)
        reading.count += len(notes)
        is_told = _cut_at_end(notes)
        if is_told:
            end = notes.pop()
            if not is_lost:
                notes += (self._tally(reading.count, teller.kept), end)
        elif has_ended and not is_lost:  # a fault took its end
            told.abandoned.append(of)
        if notes:
            told.stories.append(Told(of, notes))
        return not is_told and not is_lost and not has_ended

    def _tally(self, count: int, kept: Flow | None) -> Note:
        if self._note_ns is None:
            self._note_ns = _price_of_a_note()
        flow = kept or _NOTHING_KEPT
        return tallied, flow, flow.spent_ns + int(count * self._note_ns)


def _teller_of(reading: _Reading) -> Story | Ended:
    if reading.teller is None:
        reading.teller = find_teller(reading.notes)
    return reading.teller


def _cut_at_end(notes: list[Note | Event]) -> bool:
    """Let go of what comes after the end, where that is among the notes, and say whether it is."""
    if notes and isinstance(notes[-1], tuple) and notes[-1][0] is finished:
        return True
    for number, note in enumerate(notes):
        if not isinstance(note, tuple) and is_end(note):
            del notes[number + 1 :]
            return True
    return False


def _price_of_a_note() -> float:
    """Give what taking a note costs on this machine, nanoseconds: too little to be measured each time."""
    names = {"take": [].append, "kind": finished, "now": monotonic_ns}
    seconds = timeit("take((kind, now(), 1, 2, 3))", globals=names, number=_PRICED_NOTES)
    return seconds * 1e9 / _PRICED_NOTES
