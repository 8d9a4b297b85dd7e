"""A real Redis server for the tests: started when it is first wanted, killed and started again at will."""

import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import redis

DEADLINE_S = 30.0


class RedisServer:
    """One `redis-server` on a free port of this machine, which keeps nothing on the disk unless told to."""

    def __init__(self, folder: Path, *options: str) -> None:
        found = shutil.which("redis-server")
        if found is None:
            raise RuntimeError(
                "no redis-server on PATH: `python3 dev.py test` or `apt-get install redis-server` brings it"
            )
        self._command = [found, "--dir", str(folder), "--save", "", *options]
        self._process: subprocess.Popen[bytes] | None = None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]

    def url(self, name: str = "test") -> str:
        return f"redis://127.0.0.1:{self.port}/0?name={name}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [*self._command, "--port", str(self.port)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + DEADLINE_S
        with redis.Redis(port=self.port) as client:
            while True:
                try:
                    client.ping()
                except redis.ConnectionError:
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(0.01)
                else:
                    return

    def pause(self, paused: bool) -> None:
        """Stop it as a debugger would, or let it go on: connections stand, nothing is answered."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP if paused else signal.SIGCONT)

    def kill(self) -> None:
        """End it without a chance to say good-bye."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(DEADLINE_S)
            self._process = None
