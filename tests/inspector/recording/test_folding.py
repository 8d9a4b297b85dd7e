"""A story that is folded says the same as the assembler, and nothing that is folded as plain is a secret."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.apart import Apart, put_together
from inspector.journal.memory import MemoryJournal
from inspector.journal.protocol import Saved
from inspector.recording.account import Account
from inspector.recording.assembler import Assembler
from inspector.recording.faults import Faults
from inspector.recording.folding import Folding
from inspector.recording.intake import Intake
from inspector.recording.limits import RecordingLimits
from inspector.recording.pending import Told
from inspector.recording.sheet import MAX_BODY_BYTES, Sheet, find_plain
from inspector.redaction.exchange import redact_by_walking
from inspector.redaction.plain import PlainLook
from miniframework import App, Depends
from miniframework.bus import EventBus
from miniframework.events import Event
from miniframework.tap import Tap
from miniframework.types import ASGIApp, Message
from tests.inspector.asgi_applications import ALL, body_of, raw, request_of, start_of
from tests.inspector.asgi_conversations import Conversation, hold, http_scope
from tests.inspector.recording.recording_world import WORKER

LIMITS = RecordingLimits(body_bytes=64 * 1024)


class Stories:
    """A keeper that only takes."""

    def __init__(self) -> None:
        faults = Faults("listener_errors", "drain_errors")
        self._intake = Intake(LIMITS, lambda: None, faults, Account())
        self.begin, self.keep = self._intake.begin, self._intake.keep

    def __call__(self, event: Event) -> None:
        raise AssertionError("it is alone on its bus")

    def told(self) -> Told:
        (told,) = self._intake.take().stories
        return told

    def wrap(self, app: ASGIApp) -> ASGIApp:
        bus = app.bus if isinstance(app, App) else EventBus()
        bus.keep(self)
        return app if isinstance(app, App) else Tap(app, bus)


def told_by(conversation: Conversation) -> Told:
    stories = Stories()
    hold(conversation, stories.wrap)
    return stories.told()


def fold(told: Told, look: PlainLook | None = None) -> Sheet | None:
    return Folding(WORKER, LIMITS, look, Faults()).fold(told.exchange_id, told.notes, None)


def assembled(told: Told) -> Apart:
    assembler = Assembler(WORKER, LIMITS)
    assembler.tell(told.exchange_id, list(told.notes))
    return assembler.apart(told.exchange_id)


def without_start(apart: Apart) -> dict[str, Any]:
    """When it began by the wall clock is worked out anew each time."""
    return {**apart, "started_unix_ns": 0}


USUAL = [
    "normal", "streamed", "a buffer that is used again", "shop: found", "shop: not found",
    "shop: method not allowed", "shop: unreadable parameter", "shop: mounted",
]  # fmt: skip
NEVER = ["fails after start", "websocket echo", "shop: fails"]


@pytest.mark.parametrize("conversation", ALL.values(), ids=ALL)
def test_what_is_folded_unfolds_to_what_the_assembler_makes_of_it(conversation: Conversation) -> None:
    told = told_by(conversation)
    sheet = fold(told)
    if sheet is not None:
        assert without_start(sheet.folded.apart()) == without_start(assembled(told))


@pytest.mark.parametrize("name", [*USUAL, *NEVER])
def test_usual_stories_are_folded_and_no_others(name: str) -> None:
    assert (fold(told_by(ALL[name])) is not None) == (name in USUAL)


def plain_scope(**changes: Any) -> dict[str, Any]:
    return http_scope(extensions={}, state={}, **changes)


def shop() -> App:
    app = App()

    async def found() -> int:
        return 1

    @app.get("/items/{item_id}")
    async def read(item_id: int, q: str | None = None, one: int = Depends(found)) -> Any:
        return {"item_id": item_id, "q": q}

    @app.post("/items")
    def create(item: dict[str, Any]) -> Any:
        return item

    return app


@pytest.mark.parametrize(
    ("scope", "body"),
    [
        (plain_scope(path="/items/7", raw_path=b"/items/7", query_string=b"q=word"), b""),
        (http_scope(path="/items/7", raw_path=b"/items/7"), b""),
        (plain_scope(path="/items", raw_path=b"/items", method="POST"), b'{"name": "apple"}'),
        (plain_scope(path="/items", raw_path=b"/items", method="POST"), b'{"name": [%s7]}' % (b"7," * 1000)),
        (plain_scope(path="/none", raw_path=b"/none"), b""),
    ],
    ids=["compiled", "with state and extensions", "body", "larger body", "missed"],
)
def test_a_request_of_ours_is_folded_with_its_way_and_parameters(scope: dict[str, Any], body: bytes) -> None:
    scope["headers"] = [(b"host", b"localhost"), (b"content-type", b"application/json")]
    told = told_by(Conversation(lambda account: shop(), scope, (request_of(body),)))
    sheet = fold(told, PlainLook())
    assert sheet is not None
    assert without_start(sheet.folded.apart()) == without_start(assembled(told))
    find_plain([sheet])
    assert sheet.is_plain == ("…" not in str(sheet.texts)), "a value that was cut may be a secret's beginning"


def answering(start: Message, *pieces: Message) -> ASGIApp:
    async def app(account, scope, receive, send) -> None:
        await receive()
        await send(start)
        for piece in pieces:
            await send(piece)

    return raw(app)


def talk(
    scope: dict[str, Any],
    asked: bytes = b"",
    pieces: Sequence[bytes] = (b"hello",),
    status: int = 200,
    headers: Any = ((b"content-type", b"text/plain"),),
) -> Told:
    *first, last = pieces
    messages = [*(body_of(piece, more=True) for piece in first), body_of(last)]
    return told_by(Conversation(answering(start_of(status, headers), *messages), scope, (request_of(asked),)))


def test_a_status_that_is_more_than_a_number_is_folded_as_one() -> None:
    told = talk(plain_scope(), status=HTTPStatus.CREATED)
    sheet = fold(told)
    assert sheet is not None
    assert without_start(sheet.folded.apart()) == without_start(assembled(told))


def test_headers_that_are_lists_of_two_are_looked_at_as_others() -> None:
    told = talk(plain_scope(headers=[[b"host", b"localhost"]]))
    sheet = fold(told, PlainLook())
    assert sheet is not None
    assert without_start(sheet.folded.apart()) == without_start(assembled(told))
    assert fold(talk(plain_scope(headers=[[b"cookie", b"a=b"]])), PlainLook()) is None


def test_a_large_body_is_left_to_who_looks_at_one_after_the_other() -> None:
    assert fold(talk(plain_scope(), asked=b"a" * MAX_BODY_BYTES), PlainLook()) is not None
    assert fold(talk(plain_scope(), asked=b"a" * (MAX_BODY_BYTES + 1)), PlainLook()) is None


def test_one_secret_among_many_is_found_and_costs_the_others_nothing() -> None:
    look = PlainLook()
    sheets = [fold(talk(plain_scope(query_string=b"a=%d" % n)), look) for n in range(3)]
    sheets.append(fold(talk(plain_scope(), pieces=(b'{"pass', b'word": "x"}')), look))
    known = [sheet for sheet in sheets if sheet is not None]
    find_plain(known)
    assert [sheet.is_plain for sheet in known] == [True, True, True, False]


def test_a_journal_gives_what_was_folded_as_it_gives_all_else() -> None:
    told = talk(plain_scope())
    sheet = fold(told)
    assert sheet is not None
    one, other = MemoryJournal(), MemoryJournal()
    one.append([Saved(sheet.folded)])
    other.append([Saved(sheet.folded.apart())])
    assert one.exchange(told.exchange_id) == other.exchange(told.exchange_id)
    assert one.rows(1) == other.rows(1)


_PIECES = st.sampled_from(
    [
        "hello", "apple 7", "pass", "word", "token=abcdefgh", '"pin": 7', "code=abc&state=x",
        "eyJhbGciOi.abc.d", "4111 1111 1111 1111", "411111", "1111111111", "%70in=77", "a+b", "…",
        "\\u0070", "Ünï", "session", "=", "Bearer abcdefgh", "ghp_abcdefghij", "0123456789", "://u:p",
        "@h/", "\0", ": ", "&",
    ]
)  # fmt: skip
_TEXTS = st.lists(_PIECES, max_size=3).map("".join)
_HEADERS = st.lists(
    st.tuples(
        st.sampled_from(["host", "x-a", "cookie", "x-token", "content-encoding", "content-type", "location"]),
        st.one_of(st.sampled_from(["text/plain", "text/plain; charset=utf-16", "gzip"]), _TEXTS),
    ),
    max_size=2,
)


def _encoded(headers: list[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers]


@given(_TEXTS, _TEXTS, _HEADERS, _TEXTS, _HEADERS, st.lists(_TEXTS, min_size=1, max_size=2))
def test_nothing_is_hidden_in_what_was_found_plain(
    path: str,
    query: str,
    headers: list[tuple[str, str]],
    asked: str,
    answer_headers: list[tuple[str, str]],
    pieces: list[str],
) -> None:
    scope = plain_scope(path=f"/{path}", query_string=query.encode(), headers=_encoded(headers))
    told = talk(scope, asked.encode(), [piece.encode() for piece in pieces], headers=_encoded(answer_headers))
    sheet = fold(told, PlainLook())
    if sheet is None:
        return
    find_plain([sheet])
    if sheet.is_plain:
        exchange = put_together(sheet.folded.apart())
        assert redact_by_walking(exchange) is exchange
