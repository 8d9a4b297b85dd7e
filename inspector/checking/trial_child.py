"""The child process of a trial: reads table, edits and rows from stdin, writes what would happen.

It may hang in a pattern at any time, and is killed then.
"""

import json
import signal
import sys

from inspector.analysis.edits import parse_edits
from inspector.analysis.recorded import read_requests
from inspector.analysis.whatif import what_if
from miniframework.routing.table import RouteTable


def main() -> None:
    """Do what stdin says; the argument is the time after which to end without being told."""
    if hasattr(signal, "setitimer"):  # not on Windows; there only the parent ends it
        signal.setitimer(signal.ITIMER_REAL, float(sys.argv[1]) + 1)
    order = json.load(sys.stdin)
    table = RouteTable.from_snapshot(order["table"])
    edits, recorded = parse_edits(order["edits"]), read_requests(order["rows"])
    found = what_if(table, edits, recorded, requests_only=order["requests_only"])
    json.dump(found.to_dict(), sys.stdout)
