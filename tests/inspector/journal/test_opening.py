"""Which engine a place means, and who is alone in a folder."""

import asyncio
import os
import sys
import threading
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest

from inspector.errors import JournalError
from inspector.folded import as_apart
from inspector.journal import folder_lock
from inspector.journal.bell import Bell
from inspector.journal.folder_lock import alone_in
from inspector.journal.opening import open_journal
from inspector.journal.processes import is_alive
from inspector.journal.weight import ITEM_BYTES, exchange_bytes
from tests.inspector.journal.journal_samples import make_socket


def test_without_the_client_of_redis_its_journal_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)
    monkeypatch.delitem(sys.modules, "inspector.journal.redis", raising=False)
    for name in [name for name in sys.modules if name.startswith("inspector.journal.redis")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(
        JournalError, match=r"needs the module 'redis': pip install 'route-inspector\[redis\]'"
    ):
        open_journal("redis://localhost")


def test_a_folder_that_somebody_else_locks_keeps_nobody_away_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_lock, "_PATIENCE_S", 0.05)
    holder = os.open(tmp_path, os.O_RDONLY)
    flock(holder, LOCK_EX)
    with alone_in(tmp_path):
        (tmp_path / "made").touch()
    os.close(holder)
    assert (tmp_path / "made").exists()


def test_who_comes_second_waits_until_the_first_has_left_the_folder(tmp_path: Path) -> None:
    order: list[str] = []
    holder = os.open(tmp_path, os.O_RDONLY)
    flock(holder, LOCK_EX)

    def second() -> None:
        with alone_in(tmp_path):
            order.append("second")

    waiting = threading.Thread(target=second)
    waiting.start()
    waiting.join(0.05)
    order.append("first")
    os.close(holder)
    waiting.join(10)
    assert order == ["first", "second"]


def test_a_process_of_another_user_is_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(pid: int, number: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "kill", refuse)
    assert is_alive(1)


def test_a_waiter_whose_loop_is_gone_keeps_nobody_from_ringing() -> None:
    bell = Bell()
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda *_: None)  # it would tell of the task that nobody ends
    waiting = loop.create_task(bell.wait(lambda: False, 60))
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    bell.ring()
    assert not waiting.done()
    waiting.get_coro().close()  # type: ignore[union-attr]  # a coroutine, as `create_task` was given


def test_frames_weigh_their_bytes_and_something_each() -> None:
    apart = as_apart(make_socket("a"))
    frames = apart["frames"]
    bare = exchange_bytes({**apart, "frames": ()})
    assert exchange_bytes(apart) == bare + sum(len(frame[4]) + ITEM_BYTES for frame in frames)
    assert frames


def test_a_parameter_weighs_what_came_and_what_became_of_it() -> None:
    apart = as_apart(make_socket("a"))
    first = apart["parameters"][0]

    def weigh(raw: object, value: str | None) -> int:
        changed = (*first[:3], raw, *first[4:6], value, *first[7:])
        return exchange_bytes({**apart, "parameters": (changed,)})

    bare = weigh(None, None)
    assert weigh("x" * 500, None) == bare + 500
    assert weigh(None, "y" * 300) == bare + 300
