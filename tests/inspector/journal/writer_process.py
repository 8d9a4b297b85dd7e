"""Run as a process of its own by the SQLite tests: appends exchanges, names each on stdout once stored.

Arguments: path, prefix, how many; `pending` as a fourth leaves each unfinished.
"""

import dataclasses
import os
import socket
import sys

from inspector.journal.protocol import Saved
from inspector.journal.sqlite import SqliteJournal
from inspector.model import State, Worker
from tests.inspector.journal.journal_samples import make_http


def main() -> None:
    path, prefix, count, *rest = sys.argv[1:]
    worker = Worker(host=socket.gethostname(), pid=os.getpid())
    state = State.PENDING if rest else State.COMPLETE
    journal = SqliteJournal(path)
    print("open", flush=True)
    for number in range(int(count)):
        exchange = make_http(f"{prefix}-{number}", state)
        journal.append([Saved(dataclasses.replace(exchange, worker=worker))])
        print(exchange.id, flush=True)
    if rest:
        sys.stdin.read()  # wait to be killed
    journal.close()


if __name__ == "__main__":
    main()
