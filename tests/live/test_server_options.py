"""The options that servers have, over a real socket, and an old recording opened afterwards."""

import http.client
import os
import socket
import stat
import sys
from pathlib import Path

from tests.live.running import ANSWERED_WITHIN_S, start, start_anew

BEHIND_A_PROXY = """
import os
from miniframework import App, Request

def make():
    app = App(openapi_url=None)

    @app.get("/seen")
    async def seen(request: Request):
        return {
            "root_path": request.scope["root_path"],
            "scheme": request.scope["scheme"],
            "client": request.scope["client"][0] if request.scope["client"] else None,
            "from_file": os.environ["OF_THE_FILE"],
        }

    return app
"""


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a UNIX socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=ANSWERED_WITHIN_S)
        self._path = str(path)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(ANSWERED_WITHIN_S)
        self.sock.connect(self._path)


def test_the_options_of_servers_do_what_they_do_there_and_the_recording_is_opened_later(
    tmp_path: Path,
) -> None:
    (tmp_path / "proxied.py").write_text(BEHIND_A_PROXY, encoding="utf-8")
    (tmp_path / "of.env").write_text("OF_THE_FILE='read'\n", encoding="utf-8")
    place = tmp_path / "app.sock"
    options = ["--factory", "--uds", str(place), "--env-file", "of.env", "--root-path", "/shop"]
    options += [
        "--forwarded-allow-ips",
        "*",
        "--header",
        "X-Stage: test",
        "--no-server-header",
        "--lifespan",
        "off",
        "--access-log",
    ]
    with start(["run", "proxied:make", *options, "--dashboard-port", "0"], tmp_path) as running:
        line = running.wait_for_line(running.out, "unix:")
        assert line.split()[-1] == f"unix:{place}"
        assert stat.S_ISSOCK(place.stat().st_mode)
        connection = UnixConnection(place)
        connection.request(
            "GET", "/seen", headers={"x-forwarded-proto": "https", "x-forwarded-for": "10.1.2.3"}
        )
        response = connection.getresponse()
        assert (response.status, response.headers["x-stage"], response.headers["server"]) == (
            200,
            "test",
            None,
        )
        assert response.read() == (
            b'{"root_path":"/shop","scheme":"https","client":"10.1.2.3","from_file":"read"}'
        )
        connection.close()
        running.wait_for_line(running.err, '"GET /shop/seen HTTP/1.1" 200')
        assert running.stop() == 0
    assert not place.exists()

    recording = tmp_path / ".inspector" / "journal.db"
    kept = recording.read_bytes()
    opening = ["open", str(recording), "--dashboard-port", "0"]
    with start_anew(opening, tmp_path, python=sys.executable) as opened:
        line = opened.wait_for_line(opened.out, "dashboard")
        opened.dashboard_url, _, opened.token = line.split()[-1].partition("/#token=")
        [row] = opened.ask_dashboard("/api/exchanges")["rows"]
        assert (row["path"], row["status"]) == ("/shop/seen", 200)
        app = opened.ask_dashboard("/api/app")
        assert (app["mode"], {status["state"] for status in app["status"]}) == ("open", {"stopped"})
        status, answer = opened.tell_dashboard("/api/replays", {"of": row["id"]})
        assert (status, answer["error"]["code"]) == (409, "read_only")
        with opened.open_tab() as tab:
            assert tab.wait_for(lambda message: message["type"] == "snapshot")["total"] == 1
        assert opened.stop() == 0
    assert recording.read_bytes() == kept
    assert sorted(os.listdir(recording.parent)) == [".gitignore", "journal.db", "journal.db.lock"]
