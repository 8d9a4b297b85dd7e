"""The command as a shell sees it: data on stdout, words on stderr, exit codes, never a traceback of ours."""

import contextlib
import json
import os
import socket
from pathlib import Path

import pytest

from miniframework.routing.table import RouteTable
from tests import warm
from tests.inspector.cli.shell import ROOT, inspector, started_inspector

BOOKSHOP = "inspector.demo.bookshop:app"


def test_routes_prints_every_route_in_the_order_it_is_tried() -> None:
    done = started_inspector("routes", BOOKSHOP)
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    numbers = [line.split()[0] for line in lines[1:]]
    assert numbers == [str(n) for n in range(1, 31)] + ["30.1", "30.2", "30.3", "30.4"]
    assert "inspector/demo/bookshop.py:" in lines[1]
    assert "\x1b" not in done.stdout


def test_routes_as_json_is_a_table_that_another_process_can_read() -> None:
    done = inspector("routes", BOOKSHOP, "--json")
    table = RouteTable.from_snapshot(json.loads(done.stdout))
    assert len(table.entries) >= 25


def test_explain_points_at_the_character_at_which_a_route_died() -> None:
    done = started_inspector("explain", BOOKSHOP, "GET", "/api/v1/orders/17")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "GET /api/v1/orders/17  →  404 Not Found"
    at = next(
        n
        for n, line in enumerate(lines)
        if "/api/v1/orders/{order_id:uuid}" in line and line.startswith("  ")
    )
    path, caret = lines[at + 1], lines[at + 2]
    assert path.strip() == "/api/v1/orders/17"
    assert caret.index("^") == path.index("/api") + len("/api/v1/orders/17")
    assert "uuid refuses “17”" in caret


@pytest.mark.parametrize(
    ("method", "path", "outcome"),
    [
        ("get", "/books/42", "route 6"),
        ("GET", "/books/978-0-14-143947-1?x=1", "route 5"),
        ("GET", "/books/bestsellers", "route 9"),
        ("PUT", "/api/v1/orders", "405 Method Not Allowed (allowed: GET, HEAD, POST)"),
        ("GET", "/books/", "307 Temporary Redirect to /books"),
        ("WEBSOCKET", "/live/chat/poetry", "route 29"),
        ("GET", "/live/chat/poetry", "404 Not Found"),
        ("GET", "/backoffice/stock", "route 30"),
        ("GET", "/books/a%20b", "route 9"),
    ],
)
def test_explain_says_the_outcome_first(method: str, path: str, outcome: str) -> None:
    done = inspector("explain", BOOKSHOP, method, path)
    assert done.stdout.splitlines()[0].endswith(f"→  {outcome}")


def test_explain_as_json_is_the_explanation() -> None:
    done = inspector("explain", BOOKSHOP, "GET", "/books/bestsellers", "--json")
    explanation = json.loads(done.stdout)
    assert (explanation["outcome"], explanation["framework"]) == ("match", "miniframework")
    assert (explanation["route"]["path"], explanation["agrees"]) == ("/books/{slug}", True)
    assert explanation["ladder"]["also"], "the route named bestsellers is shadowed"


def test_control_characters_of_a_path_do_not_reach_the_terminal() -> None:
    done = inspector("explain", BOOKSHOP, "GET", "/books/%1b]0;owned%07/%c2%9b31m/%e2%80%ae")
    assert not set(done.stdout) & set("\x1b\x07\x9b\u202e")
    assert "\\x1b]0;owned\\x07" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["routes", "nowhere:app"], "no module named 'nowhere'", id="no-module"),
        pytest.param(
            ["routes", BOOKSHOP + "s"], "did you mean inspector.demo.bookshop:app?", id="no-attribute"
        ),
        pytest.param(["routes", "inspector.demo.bookshop:get_book"], "does not take (scope,", id="no-app"),
        pytest.param(["explain", BOOKSHOP, "GET", "books"], "write it as '/books'", id="no-slash"),
        pytest.param(["run", "nowhere:app", "--port", "0", "--dashboard-port", "0"], "'nowhere'", id="run"),
        pytest.param(
            ["run", BOOKSHOP, "--dashboard-host", "0.0.0.0"], "does not listen on '0.0.0.0'", id="host"
        ),
        pytest.param(["run", BOOKSHOP, "--port", "70000"], "70000 is not in the range", id="port"),
        pytest.param(["run", BOOKSHOP, "--reload-dir", "."], "--reload-dir watches nothing", id="reload-dir"),
        pytest.param(["frobnicate"], "No such command 'frobnicate'", id="command"),
    ],
)
def test_a_mistake_is_exit_code_2_and_a_sentence(tmp_path: Path, arguments: list[str], said: str) -> None:
    done = inspector(*arguments, folder=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_taken_port_is_named_with_the_option_that_changes_it(tmp_path: Path) -> None:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        for option in ("--port", "--dashboard-port"):
            others = {"--port": "0", "--dashboard-port": "0", option: port}
            done = inspector(
                "run", BOOKSHOP, *(part for pair in others.items() for part in pair), folder=tmp_path
            )
            assert done.returncode == 2
            assert f"port {port} on 127.0.0.1 is in use" in done.stderr
            assert f"{option} 0" in done.stderr


@pytest.mark.parametrize(
    ("environment", "said"),
    [({"APP_ENV": "production"}, "APP_ENV='production'"), ({"INSPECTOR": "0"}, "INSPECTOR")],
)
def test_where_it_is_not_wanted_it_does_not_start(
    tmp_path: Path, environment: dict[str, str], said: str
) -> None:
    done = inspector("run", BOOKSHOP, "--port", "0", folder=tmp_path, environment=environment)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_module_of_the_users_folder_does_not_stand_in_for_ours(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(
        "from miniframework import App\napp = App()\napp.get('/x')(lambda: 1)\n"
    )
    (tmp_path / "click.py").write_text("raise SystemExit('the wrong click')\n")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = warm.run_anew(
        "-P", "-m", "inspector", "routes", "shop:app", folder=tmp_path, environment=environment
    )
    assert done.returncode == 0, done.stderr
    assert "/x" in done.stdout
