"""`inspector run` over real sockets: recording, reloading, failing, and leaving nothing behind."""

import os
import signal
import socket
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from websockets.sync.client import connect

from tests.live.running import ANSWERED_WITHIN_S, Message, Running, start, start_anew

GREETS = """
from miniframework import App
app = App()

@app.get("/hello/{name}")
async def hello(name: str):
    return {"hello": name, "says": "ONE"}
"""
FAILS_TO_OPEN = """
from contextlib import asynccontextmanager
from miniframework import App

@asynccontextmanager
async def opening(app):
    raise OSError("no database")
    yield

app = App(lifespan=opening)
"""
WAITS_ON_A_SOCKET = """
import asyncio
from miniframework import WebSocket

@app.websocket("/forever")
async def forever(websocket: WebSocket):
    await websocket.accept()
    await asyncio.Event().wait()
"""
HANDS_ON = """
import os

def is_handed_on(descriptor):
    try:
        return os.get_inheritable(descriptor)
    except OSError:  # there is none of this number
        return False

HANDED_ON = [one for one in range(3, 256) if is_handed_on(one)]

@app.get("/handed-on")
async def handed_on():
    return HANDED_ON
"""
ON_THE_SERVERS_LOOP = """
import asyncio
loop, steps = asyncio.get_running_loop(), []

async def go_on():
    steps.append(asyncio.get_running_loop() is loop)
going = asyncio.create_task(go_on())

@app.get("/loop")
async def same():
    return [asyncio.get_running_loop() is loop, steps]
"""
RUNS_A_LOOP = """
import asyncio

async def look_up():
    return "looked up"
FOUND = asyncio.run(look_up())

@app.get("/found")
async def found():
    return FOUND
"""
ANY_PORTS = ["--port", "0", "--dashboard-port", "0"]


def write_app(folder: Path, source: str = GREETS) -> None:
    (folder / "greeting.py").write_text(source, encoding="utf-8")


@pytest.fixture
def reloading(tmp_path: Path) -> Iterator[Running]:
    write_app(tmp_path)
    with start(["run", "greeting:app", "--reload", *ANY_PORTS], tmp_path) as running:
        running.wait_until_announced()
        yield running


def answered(path: str) -> Callable[[Message], bool]:
    """Tell a message that has the finished exchange of this path."""
    return lambda message: any(row["path"] == path and row["status"] for row in message.get("rows", []))


def paths_of(running: Running) -> list[str]:
    return [row["path"] for row in running.ask_dashboard("/api/exchanges")["rows"]]


def test_what_the_application_answers_is_recorded(tmp_path: Path) -> None:
    write_app(tmp_path)
    with start_anew(["run", "greeting:app", *ANY_PORTS], tmp_path, python=sys.executable) as running:
        running.wait_until_announced()
        with running.open_tab() as tab:
            assert running.ask_app("/hello/ada") == (200, b'{"hello":"ada","says":"ONE"}')
            row = tab.wait_for(answered("/hello/ada"))["rows"][-1]
        assert row["route"]["path"] == "/hello/{name}"
        assert running.stop() == 0


def test_a_process_that_the_application_starts_while_it_is_imported_holds_nothing_of_ours(
    tmp_path: Path,
) -> None:
    write_app(tmp_path, GREETS + HANDS_ON)
    with start(["run", "greeting:app", *ANY_PORTS], tmp_path) as running:
        running.wait_until_announced()
        assert running.ask_app("/handed-on") == (200, b"[]")


def test_a_reload_keeps_the_page_the_token_and_what_was_recorded(tmp_path: Path, reloading: Running) -> None:
    with reloading.open_tab() as tab:
        reloading.ask_app("/hello/before")
        tab.wait_for(answered("/hello/before"))
        write_app(tmp_path, GREETS.replace("ONE", "TWO"))
        tab.wait_for_state("running", generation=1)
        assert reloading.ask_app("/hello/after") == (200, b'{"hello":"after","says":"TWO"}')
        tab.wait_for(answered("/hello/after"))
    assert paths_of(reloading) == ["/hello/before", "/hello/after"]
    assert "reloading: greeting.py changed" in reloading.wait_for_line(reloading.err, "reloading")


@pytest.mark.parametrize(
    ("source", "path", "answer"),
    [
        pytest.param(ON_THE_SERVERS_LOOP, "/loop", b"[true,[true]]", id="wants the server's"),
        pytest.param(RUNS_A_LOOP, "/found", b'"looked up"', id="runs its own"),
    ],
)
def test_a_module_that_wants_an_event_loop_while_it_is_imported_has_one(
    tmp_path: Path, source: str, path: str, answer: bytes
) -> None:
    write_app(tmp_path, GREETS + source)
    with start(["run", "greeting:app", *ANY_PORTS], tmp_path) as running:
        running.wait_until_announced()
        assert running.ask_app(path) == (200, answer)
        assert running.stop() == 0
        assert "never awaited" not in running.rest(running.err)


def test_an_application_that_waits_on_a_socket_does_not_hold_up_the_reload(tmp_path: Path) -> None:
    write_app(tmp_path, GREETS + WAITS_ON_A_SOCKET)
    with start(["run", "greeting:app", "--reload", *ANY_PORTS], tmp_path) as running:
        running.wait_until_announced()
        with (
            connect(running.app_url.replace("http:", "ws:") + "/forever", proxy=None),
            running.open_tab() as tab,
        ):
            write_app(tmp_path, GREETS.replace("ONE", "TWO"))
            tab.wait_for_state("running", generation=1)
        assert running.ask_app("/hello/x") == (200, b'{"hello":"x","says":"TWO"}')


def test_a_failing_import_shows_its_traceback_and_recovers(tmp_path: Path, reloading: Running) -> None:
    reloading.ask_app("/hello/before")
    with reloading.open_tab() as tab:
        write_app(tmp_path, GREETS + "\nraise RuntimeError('the shelf is empty')\n")
        failed = tab.wait_for_state("failed", generation=1)
        assert failed["error"].startswith("Traceback")
        assert "greeting.py" in failed["error"]
        assert "RuntimeError: the shelf is empty" in failed["error"]
        assert "/hello/before" in paths_of(reloading)
        write_app(tmp_path)
        tab.wait_for_state("running", generation=2)
        assert reloading.ask_app("/hello/after")[0] == 200


@pytest.mark.parametrize(
    ("source", "cause"),
    [
        pytest.param(
            FAILS_TO_OPEN,
            "OSError: no database",
            id="lifespan",
        ),
        pytest.param("import os\nos._exit(7)\n", "exit code 7", id="exit"),
        pytest.param("import os\nos.kill(os.getpid(), 9)\n", "signal SIGKILL", id="killed"),
        pytest.param("app = 5\n", "not an ASGI application", id="no-app"),
    ],
)
def test_every_way_not_to_start_is_told_to_the_dashboard(
    tmp_path: Path, reloading: Running, source: str, cause: str
) -> None:
    with reloading.open_tab() as tab:
        write_app(tmp_path, source)
        assert cause in tab.wait_for_state("failed", generation=1)["error"]
        write_app(tmp_path)
        tab.wait_for_state("running", generation=2)


def test_a_lifespan_that_is_required_and_raises_is_told_with_its_traceback(tmp_path: Path) -> None:
    write_app(
        tmp_path,
        "async def app(scope, receive, send):\n"
        "    raise LookupError('there is no lifespan in here: ' + scope['type'])\n",
    )
    with start(["run", "greeting:app", "--reload", "--lifespan", "on", *ANY_PORTS], tmp_path) as running:
        running.wait_until_announced()
        with running.open_tab() as tab:
            error = tab.wait_for_state("failed", generation=0)["error"]
        assert "LookupError: there is no lifespan in here: lifespan" in error
        assert "greeting.py" in error


def test_an_application_that_does_not_import_ends_the_command_without_reload(tmp_path: Path) -> None:
    write_app(tmp_path, "import missing_thing\n")
    with start(["run", "greeting:app", *ANY_PORTS], tmp_path) as running:
        assert running.process.wait(timeout=ANSWERED_WITHIN_S) == 2
        shown = running.rest(running.err)
    assert "greeting.py:1: importing 'greeting' failed: ModuleNotFoundError" in shown
    assert "inspector/cli" not in shown


def test_an_application_without_a_lifespan_is_announced_and_recorded(tmp_path: Path) -> None:
    write_app(
        tmp_path,
        "async def app(scope, receive, send):\n"
        "    assert scope['type'] == 'http'\n"
        "    await send({'type': 'http.response.start', 'status': 204, 'headers': []})\n"
        "    await send({'type': 'http.response.body'})\n",
    )
    with start(["run", "greeting:app", *ANY_PORTS], tmp_path) as running:
        running.wait_until_announced()
        with running.open_tab() as tab:
            tab.wait_for_state("running", generation=0)
            # What the page asks for is answered before the first request, too.
            refused = running.ask_dashboard("/api/ask?method=GET&raw_path=%2Fx", wanted=409)
            assert refused["error"]["code"] == "requests_only"
            assert running.ask_app("/x")[0] == 204
            tab.wait_for(answered("/x"))


def test_a_connection_made_while_reloading_waits_instead_of_being_refused(
    tmp_path: Path, reloading: Running
) -> None:
    with reloading.open_tab() as tab:
        write_app(tmp_path, "raise SystemExit\n")
        tab.wait_for_state("failed", generation=1)
        port = int(reloading.app_url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=ANSWERED_WITHIN_S) as waiting:
            waiting.sendall(b"GET /hello/w HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            write_app(tmp_path)
            assert waiting.recv(100).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL], ids=lambda n: n.name)
def test_no_process_outlives_the_command(tmp_path: Path, number: signal.Signals) -> None:
    write_app(tmp_path)
    with start(["run", "greeting:app", *ANY_PORTS], tmp_path) as running:
        running.wait_until_announced()
        with running.open_tab() as tab:
            pid = tab.wait_for_state("running", generation=0)["worker"]["pid"]
        os.kill(pid, 0)  # it is there
        code = running.stop(number)
        # Its output ends only when the last process that holds it has ended.
        running.rest(running.out)
        running.rest(running.err)
    assert code == (-signal.SIGKILL if number == signal.SIGKILL else 0)
    with pytest.raises(ConnectionRefusedError):
        running.ask_app("/hello/anybody")


def test_the_recording_is_private_to_its_user_and_to_git(tmp_path: Path) -> None:
    write_app(tmp_path)
    with start(["run", "greeting:app", *ANY_PORTS], tmp_path) as running:
        running.wait_until_announced()
        running.ask_app("/hello/ada")
        folder = tmp_path / ".inspector"
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert (folder / ".gitignore").read_text().strip().endswith("*")
        assert {stat.S_IMODE(file.stat().st_mode) for file in folder.glob("journal.db*")} == {0o600}
        token = running.token.encode()
        running.stop()
    assert not [file for file in folder.iterdir() if token in file.read_bytes()]


def test_an_earlier_recording_is_kept_and_fresh_forgets_it(tmp_path: Path) -> None:
    write_app(tmp_path)
    seen = []
    for path, options in (("/hello/one", []), ("/hello/two", []), ("/hello/three", ["--fresh"])):
        with start(["run", "greeting:app", *options, *ANY_PORTS], tmp_path) as running:
            running.wait_until_announced()
            with running.open_tab() as tab:
                running.ask_app(path)
                tab.wait_for(answered(path))
            seen.append(paths_of(running))
            assert running.stop() == 0
    assert seen == [["/hello/one"], ["/hello/one", "/hello/two"], ["/hello/three"]]


def test_a_recording_has_one_run_at_a_time(tmp_path: Path) -> None:
    write_app(tmp_path)
    with start(["run", "greeting:app", *ANY_PORTS], tmp_path) as running:
        running.wait_until_announced()
        with start(["run", "greeting:app", "--fresh", *ANY_PORTS], tmp_path) as second:
            assert second.process.wait(timeout=ANSWERED_WITHIN_S) == 2
            shown = second.rest(second.err)
        assert f"in use by another inspector (process {running.process.pid})" in shown
        assert "--journal PATH" in shown
        with start(["run", "greeting:app", "--journal", "other/journal.db", *ANY_PORTS], tmp_path) as third:
            third.wait_until_announced()


def test_a_replay_asked_for_in_the_page_runs_in_the_serving_process(tmp_path: Path) -> None:
    write_app(tmp_path)
    with start(["run", "greeting:app", *ANY_PORTS], tmp_path) as running:
        running.wait_until_announced()
        with running.open_tab() as tab:
            running.ask_app("/hello/ada")
            first = tab.wait_for(answered("/hello/ada"))["rows"][-1]
            wanted = {"of": first["id"], "edit": {"path": "/hello/grace"}, "confirm": False}
            status, made = running.tell_dashboard("/api/replays", wanted)
            assert status == 201, made
            row = tab.wait_for(answered("/hello/grace"))["rows"][-1]
    assert (row["id"], row["replay_of"], row["worker"]) == (made["id"], first["id"], first["worker"])


def test_the_dashboard_listens_on_this_machine_alone_wherever_the_application_listens(tmp_path: Path) -> None:
    write_app(tmp_path)
    with start(["run", "greeting:app", "--host", "0.0.0.0", *ANY_PORTS], tmp_path) as running:
        running.wait_until_announced()
        running.ask_dashboard("/api/app")
        port = int(running.dashboard_url.rpartition(":")[2])
        # Another address of this machine: a socket on all interfaces would answer there.
        with pytest.raises(OSError, match=r"refused|reach|assign"):
            socket.create_connection(("127.0.0.2", port), timeout=ANSWERED_WITHIN_S)
