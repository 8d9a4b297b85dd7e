"""The filter language says outside the page what it says in it."""

import json
from pathlib import Path
from typing import Any

import pytest

from inspector.streaming.row_filter import parse_filter

CASES: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "cases" / "filter.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["filter"] or "nothing")
def test_a_filter_passes_the_rows_that_the_page_shows(case: dict[str, Any]) -> None:
    found = parse_filter(case["filter"])
    assert [row["id"] for row in CASES["rows"] if found.passes(row)] == case["passes"]
    told = [[mistake.start, mistake.end, mistake.message] for mistake in found.mistakes]
    assert told == case["mistakes"]
