"""How much of a server's throughput the framework leaves: `python benchmarks/speed/served.py [--rounds N]`.

uvicorn (httptools, uvloop, one worker) serves the typed GET, in a process of its own for each application, in
turn; the one that answers constant bytes and reads nothing is the ceiling. 32 connections ask from another
process: `wrk` where it is installed, else this file's own client. What is compared is processor time for one
request, which does not hang on how fast the client is: of the thread that serves, and of the whole process,
the recorder's thread included. Exit 1 when a target is missed. Linux only: it reads /proc.
"""

import argparse
import json
import os
import random
import selectors
import shutil
import socket
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from environment import make_environment, with_paths  # noqa: E402  # the folder above is no package

CONNECTIONS = 32
CEILING, OURS = "constant", "miniframework"
APPS = (CEILING, OURS, "miniframework recorded", "fastapi", "fastapi recorded")
SHARE = 0.8  # of the ceiling's throughput
RECORDED_FASTAPI = 1.15  # times the plain one
_REQUEST = b"GET /items/%d?q=word HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nUser-Agent: speed/1.0\r\n\r\n"

# By application and what was measured, one figure a round.
Found = dict[str, dict[str, list[float]]]


class Server:
    """One application behind uvicorn, in a process of its own."""

    def __init__(self, python: Path, name: str) -> None:
        self.name = name
        self._process = subprocess.Popen(
            [python, HERE / "served_app.py", name],
            cwd=HERE,
            env=with_paths(HERE),
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{name}: the server did not start")
        self.port = int(line)

    def cpu_s(self) -> tuple[float, float]:
        """Processor seconds used so far, of the serving thread and of all threads."""
        of = Path(f"/proc/{self._process.pid}")
        return _cpu_s(of / "task" / of.name / "stat"), _cpu_s(of / "stat")

    def end(self) -> int:
        """End it, and give how many requests its recorder did not take."""
        self._process.terminate()
        said, _ = self._process.communicate(timeout=30)
        return int(said or 0)


def _cpu_s(stat: Path) -> float:
    # Source: proc(5): utime and stime are the 14th and 15th field, the 2nd ends with the last bracket.
    words = stat.read_text("ascii").rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def load(port: int, seconds: float, wrk: str | None) -> int:
    """Ask for so long, and give how many answers came."""
    if wrk is None:
        client = [sys.executable, __file__, "--client", str(port), str(seconds)]
        return int(subprocess.run(client, check=True, capture_output=True, text=True).stdout)
    url = f"http://127.0.0.1:{port}/items/7?q=word"
    command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{max(round(seconds), 1)}s", url]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return int(next(line.split()[0] for line in said.splitlines() if "requests in" in line))


def ask(port: int, seconds: float) -> int:
    """The client: one request at a time on each connection."""
    waiting, count = selectors.DefaultSelector(), 0
    for number in range(CONNECTIONS):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.sendall(_REQUEST % number)
        waiting.register(connection, selectors.EVENT_READ)
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        for key, _ in waiting.select(1):
            connection = key.fileobj  # type: ignore[assignment]  # only sockets are registered
            answer = connection.recv(65_536)
            if not answer.startswith(b"HTTP/1.1 200"):
                raise SystemExit(f"no answer: {answer[:200]!r}")
            while not answer.endswith(b"}"):  # the body came by itself
                answer = connection.recv(65_536)
            count += 1
            connection.sendall(_REQUEST % count)
    return count


def measure(python: Path, rounds: int, seconds: float, wrk: str | None) -> Found:
    """Microseconds of the processor a request, and answers a second, of each round."""
    servers: list[Server] = []
    found: Found = defaultdict(lambda: {"serving": [], "process": [], "per_s": []})
    try:
        for name in APPS:
            servers.append(Server(python, name))
            load(servers[-1].port, seconds / 2, wrk)
        for number in range(rounds):
            for server in random.sample(servers, len(servers)):
                began, before = time.monotonic(), server.cpu_s()
                count = load(server.port, seconds, wrk)
                found[server.name]["per_s"].append(count / (time.monotonic() - began))
                for what, a, b in zip(("serving", "process"), before, server.cpu_s(), strict=True):
                    found[server.name][what].append((b - a) / count * 1e6)
            print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    finally:
        lost = {server.name: server.end() for server in servers}
    for name in lost:
        found[name]["lost"] = [lost[name]]
    return found


def times(found: Found, one: str, other: str, what: str) -> float:
    """How many times the other one takes the one takes: the median of the rounds' ratios."""
    return median(a / b for a, b in zip(found[one][what], found[other][what], strict=True))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=2, help="of one measurement")
    parser.add_argument("--client", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.client:
        print(ask(int(options.client[0]), float(options.client[1])))
        return 0
    wrk = shutil.which("wrk")
    found = measure(make_environment(HERE), options.rounds, options.seconds, wrk)
    print(f"client: {wrk or 'its own'}\n")
    print(
        "| application | µs, serving thread | µs, whole process | share of the ceiling | requests/s | lost |"
    )
    print("|---|---|---|---|---|---|")
    for name in APPS:
        serving, process, per_s = (median(found[name][what]) for what in ("serving", "process", "per_s"))
        share = times(found, CEILING, name, "process")
        lost = found[name]["lost"][0]
        print(f"| {name} | {serving:.1f} | {process:.1f} | {share:.2f} | {per_s:,.0f} | {lost} |")
    share = times(found, CEILING, OURS, "process")
    slower = times(found, "fastapi recorded", "fastapi", "serving")
    targets = [
        (f"{share:.2f} of the throughput of constant bytes (at least {SHARE})", share >= SHARE),
        (f"FastAPI recorded: {slower:.2f} times (at most {RECORDED_FASTAPI})", slower <= RECORDED_FASTAPI),
    ]
    print()
    for text, met in targets:
        print(f"{'met' if met else 'MISSED'}: {text}")
    print(json.dumps(found), file=sys.stderr)
    return 0 if all(met for _, met in targets) else 1


if __name__ == "__main__":
    sys.exit(main())
