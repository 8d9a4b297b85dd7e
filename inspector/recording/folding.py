"""Usual stories that are over, folded into bytes as they were told, and unfolded when somebody looks.

What a story says is written out by the same functions for both: here when it is unfolded, in the assembler
while an exchange goes on. Before it is folded, what it holds is looked through; where anything might have to
be hidden, where the answer was not whole, or where anything is unusual, it is the assembler's.
"""

import marshal
from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from inspector.apart import Apart
from inspector.folded import Folded
from inspector.model import Worker
from inspector.recording.faults import Faults
from inspector.recording.folds import FIRST, FOLDS, READ_START, UNFOLDS, Values, fold_routing
from inspector.recording.foreign import RoutingRead, RoutingReader
from inspector.recording.limits import RecordingLimits
from inspector.recording.pending import Told
from inspector.recording.reading import open_draft
from inspector.recording.sheet import Sheet, UnusualError, find_plain
from inspector.redaction.plain import PlainLook
from miniframework.events import Event
from miniframework.telling import notes
from miniframework.telling.notes import Note

# So many stories are folded and looked through together, or those that have so much text: to look through it
# takes a millisecond or two then.
_AT_ONCE = 32
_CHARACTERS_AT_ONCE = 16 * 1024
# A stream's are more, and are told piece by piece.
_MOST_NOTES = 100
# Nothing is written twice in so few values, and looking for that takes up to a third longer (measured).
_MARSHAL_VERSION = 2


class Folding:
    """Folds the stories of one worker. Without `look`, nothing is hidden from anybody."""

    def __init__(
        self, worker: Worker, limits: RecordingLimits, look: PlainLook | None, faults: Faults
    ) -> None:
        self._worker = worker.host, worker.pid, worker.generation
        self._process = worker.host, worker.pid
        self._limits = limits
        self._look = look
        self._faults = faults
        self._unfold = self.unfold

    def fold_first(
        self,
        waiting: Iterable[Event | Told],
        is_assembled: Callable[[str], bool],
        reader: RoutingReader | None,
    ) -> list[tuple[Event | Told, Sheet | None]]:
        """Give the first of what waits, with a sheet where it could be folded, all of those looked through.

        Never raises: what fails is not folded. An exchange that is assembled is left as it is.
        """
        pairs: list[tuple[Event | Told, Sheet | None]] = []
        size = 0
        try:
            for one in islice(waiting, _AT_ONCE):
                pairs.append((one, None))
                if not isinstance(one, Told) or is_assembled(one.exchange_id):
                    continue
                sheet = self.fold(one.exchange_id, one.notes, reader)
                if sheet is not None:
                    pairs[-1] = one, sheet
                    size += sheet.size
                if size > _CHARACTERS_AT_ONCE:
                    break
            find_plain([sheet for _, sheet in pairs if sheet is not None])
        except Exception as error:  # noqa: BLE001 - named boundary: folding
            self._faults.note("drain_errors", error)
        return pairs

    def fold(self, of: str, told: Sequence[Note | Event], reader: RoutingReader | None) -> Sheet | None:
        """Fold a story, None where that cannot be done, because a value in it is not what it usually is."""
        if len(told) > _MOST_NOTES:
            return None
        sheet = Sheet(self._look, self._limits.value_characters)
        numbers: list[int] = []
        values: list[Values] = []
        try:
            if told[-1][0] is not notes.finished:  # type: ignore[index]  # what is no note raises
                return None
            for note in told:
                if isinstance(note, tuple):
                    number, fold = FOLDS[note[0]]
                    values.append(fold(sheet, *note[1:]))
                else:
                    number, fold = FOLDS[type(note)]
                    values.append(fold(sheet, note))
                numbers.append(number)
            if numbers[0] >= FIRST or not sheet.is_answered:
                return None
            sheet.see_bodies()
            found = None if reader is None else reader.read_whole(of, told)
            if found is not None:
                numbers.append(FOLDS[RoutingRead][0])
                values.append(fold_routing(sheet, found))
            began_ns = notes.unix_ns_of(values[0][0])
            packed = marshal.dumps((of, began_ns, bytes(numbers), values), _MARSHAL_VERSION)
        except (UnusualError, AttributeError, LookupError, TypeError, ValueError):
            return None
        sheet.folded = Folded(of, self._process, packed, self._unfold)
        return sheet

    def unfold(self, packed: bytes) -> Apart:
        """Give the exchange that was folded, taken apart."""
        of, began_ns, (first, *numbers), (start, *values) = marshal.loads(packed)
        at_ns, scope = start[0], READ_START[first](*start)
        draft = open_draft(of, self._worker, scope, self._limits, (at_ns, began_ns))
        for number, taken in zip(numbers, values, strict=True):
            UNFOLDS[number](draft, *taken)
        return draft.apart()
