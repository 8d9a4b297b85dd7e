"""The child process of a trial: reads table, edits and rows from stdin, writes what would happen.

It may hang in a pattern at any time, and is killed then.
"""

import json
import sys

from inspector.analysis.edits import parse_edits
from inspector.analysis.recorded import read_requests
from inspector.analysis.whatif import what_if
from inspector.checking.child_process import read_order
from miniframework.routing.table import RouteTable


def main() -> None:
    """Do what stdin says."""
    order = read_order()
    table = RouteTable.from_snapshot(order["table"])
    edits, recorded = parse_edits(order["edits"]), read_requests(order["rows"])
    found = what_if(table, edits, recorded, requests_only=order["requests_only"])
    json.dump(found.to_dict(), sys.stdout)
