"""Requests load the search, and nothing of what explains."""

import subprocess
import sys

ASKED_FOR = ("explaining", "explanation", "foreign", "judge", "judging", "outline", "regex")


def loaded_after(statement: str) -> set[str]:
    """Which modules and folders for explaining are loaded by an application of which one thing is asked."""
    code = (
        "import sys\n"
        "from miniframework import App\n"
        "app = App()\n"
        "app.get('/items/{item_id:int}')(lambda item_id: 1)\n"
        f"{statement}\n"
        "print(*(name.split('.')[2] for name in sys.modules if name.startswith('miniframework.routing.')))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    return set(ASKED_FOR) & set(done.stdout.split())


def test_a_table_that_matches_and_travels_loads_nothing_that_explains() -> None:
    statement = (
        "app.table.match('http', 'GET', '/items/7'), type(app.table).from_snapshot(app.table.snapshot())"
    )
    assert loaded_after(statement) == set()


def test_who_asks_why_loads_what_explains() -> None:
    assert loaded_after("app.table.explain('http', 'GET', '/items/7')") == {*ASKED_FOR} - {"foreign"}
