"""Several workers behind one socket: one list, one page, a dead worker replaced, nothing left behind."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live.running import Message, Running, Stream, start

WORKER_OF = """
import os
from miniframework import App
app = App(openapi_url=None)

@app.get("/pid/{number:int}")
async def worker_of(number: int):
    return os.getpid()

@app.post("/login")
async def login(body: dict):
    return body.get("password") == "open sesame"
"""
ANY_PORTS = ["--port", "0", "--dashboard-port", "0"]
DEADLINE_S = 60.0


def write_app(folder: Path, source: str = WORKER_OF) -> None:
    (folder / "shared.py").write_text(source, encoding="utf-8")


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Running]:
    write_app(tmp_path)
    with start(["run", "shared:app", "--workers", "2", *ANY_PORTS], tmp_path) as running:
        running.wait_until_announced()
        yield running


def eventually(look: Callable[[], Any]) -> Any:
    """What `look` gives once it gives something; each look is a request, so nothing spins."""
    deadline = time.monotonic() + DEADLINE_S
    while not (found := look()):
        assert time.monotonic() < deadline, "not in time"
    return found


def serving(running: Running) -> set[int]:
    return {
        s["worker"]["pid"] for s in running.ask_dashboard("/api/app")["status"] if s["state"] == "running"
    }


def use_both(running: Running) -> dict[int, int]:
    """Send requests until two workers have answered; give the number of a request of each by worker."""
    seen: dict[int, int] = {}
    numbers = iter(range(10_000))

    def send() -> bool:
        number = next(numbers)
        status, body = running.ask_app(f"/pid/{number}")
        assert status == 200
        seen.setdefault(int(body), number)
        return len(seen) == 2

    eventually(send)
    return seen


def wait_for_both(tab: Stream, generation: int) -> list[int]:
    """The workers of this generation, once both of them run."""

    def running_now(message: Message) -> list[int]:
        statuses = message.get("app", {}).get("status", [])
        ready = [s for s in statuses if (s["state"], s["worker"]["generation"]) == ("running", generation)]
        return [s["worker"]["pid"] for s in ready]

    return running_now(tab.wait_for(lambda message: len(running_now(message)) == 2, within_s=DEADLINE_S))


def test_two_workers_are_one_application(pair: Running) -> None:
    with pair.open_tab() as tab:
        wait_for_both(tab, generation=0)
    by_worker = use_both(pair)
    last = max(by_worker.values())
    eventually(lambda: len(pair.ask_dashboard("/api/exchanges")["rows"]) == last + 1)
    rows = {row["path"]: row for row in pair.ask_dashboard("/api/exchanges")["rows"]}
    for pid, number in by_worker.items():
        row = rows[f"/pid/{number}"]
        assert (row["worker"], row["generation"]) == (pid, 0)
    assert len({row["route"]["table"] for row in rows.values()}) == 1

    # A replay runs where the request was served, whoever that was: only there are the originals.
    for pid, number in by_worker.items():
        order = {"of": rows[f"/pid/{number}"]["id"]}
        status, made = pair.tell_dashboard("/api/replays", order)
        assert status == 201, made
        replayed = eventually(lambda made=made: find(pair, made["id"]))
        assert (replayed["worker"], replayed["replay_of"]) == (pid, order["of"])

    # The router of a serving process answers without a request being made.
    asked = pair.ask_dashboard("/api/ask?method=GET&raw_path=%2Fpid%2F7")
    assert (asked["outcome"], asked["params"]) == ("match", {"number": "7"})
    assert asked["worker"]["pid"] in by_worker

    # The numbers of both recorders reach the page.
    eventually(lambda: pair.ask_dashboard("/api/app")["stats"].get("recorded") == last + 3)

    # A terminal that is closed reaches every process there; the command alone decides what becomes of it.
    for pid in by_worker:
        os.kill(pid, signal.SIGHUP)
    assert set(use_both(pair)) == set(by_worker)

    # One dies: it is said, another one takes its place, and the other one goes on.
    victim, survivor = by_worker
    os.kill(victim, signal.SIGKILL)
    said = pair.wait_for_line(pair.err, "another one is started")
    assert f"the serving process {victim} ended: signal SIGKILL" in said
    now = eventually(lambda: (pids := serving(pair)) != {victim, survivor} and len(pids) == 2 and pids)
    assert survivor in now
    assert victim not in now
    assert set(use_both(pair)) == now

    # The command is killed: nothing of it is left.
    pair.stop(signal.SIGKILL)
    pair.rest(pair.out)  # ends when the last process that holds it has ended
    pair.rest(pair.err)
    with pytest.raises(ConnectionRefusedError):
        pair.ask_app("/pid/1")


def find(running: Running, exchange_id: str) -> dict[str, Any] | None:
    rows = running.ask_dashboard("/api/exchanges")["rows"]
    return next((row for row in rows if row["id"] == exchange_id and row["state"] == "complete"), None)


def test_all_workers_are_reloaded_together_and_the_page_stays(tmp_path: Path) -> None:
    write_app(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[tool.inspector]\nworkers = 2\nreload_delay = 0.1\n")
    with start(["run", "shared:app", "--reload", *ANY_PORTS], tmp_path) as running:
        running.wait_until_announced()
        with running.open_tab() as tab:
            first = wait_for_both(tab, generation=0)
            running.ask_app("/pid/1")
            write_app(tmp_path, WORKER_OF.replace("/pid/", "/process/"))
            second = wait_for_both(tab, generation=1)
            assert not set(first) & set(second)
            assert running.ask_app("/process/1")[0] == 200
            [change] = eventually(lambda: running.ask_dashboard("/api/reloads")["reloads"])
            assert change["generation"] == 1
        assert running.stop(signal.SIGINT) == 0
        running.rest(running.out)  # ends when the last process that holds it has ended


def test_a_worker_that_never_comes_up_ends_the_command(tmp_path: Path) -> None:
    write_app(tmp_path, "import missing_thing\n")
    with start(["run", "shared:app", "--workers", "3", *ANY_PORTS], tmp_path) as running:
        assert running.process.wait(timeout=DEADLINE_S) == 2
        assert "ModuleNotFoundError" in running.rest(running.err)
