"""A recording may come from anybody: what is no table in it is told, and fails nothing."""

from typing import Any

import pytest

from inspector.journal.memory import MemoryJournal
from inspector.journal.protocol import TableSaved
from inspector.web.app import create_dashboard
from miniframework import App
from tests.inspector.web.asking import ask
from tests.inspector.web.serving import TOKEN


def make_snapshot(**changed: Any) -> dict[str, Any]:
    app = App(openapi_url=None)
    app.get("/books/{book_id:int}")(lambda book_id: None)
    snapshot = app.table.snapshot()
    return {**snapshot, "routes": [{**snapshot["routes"][0], **changed}]}


@pytest.mark.parametrize(
    "changed",
    [{"path": "<img src=x>"}, {"path": 7}, {"path": "/{a:nothing}"}, {"methods": 1}],
    ids=["path", "number", "converter", "methods"],
)
@pytest.mark.parametrize("asked", ["/api/explain?method=GET&path=/books/1", "/api/routes?check=1"])
def test_a_recorded_table_that_cannot_be_read_is_told_as_such(changed: dict[str, Any], asked: str) -> None:
    journal = MemoryJournal()
    snapshot = make_snapshot(**changed)
    journal.append([TableSaved(snapshot)])
    answer = ask(create_dashboard(journal, token=TOKEN), f"{asked}&table={snapshot['fingerprint']}")
    assert (answer.status, answer.json()["error"]["code"]) == (503, "damaged_table")
