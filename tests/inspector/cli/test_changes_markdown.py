"""A path is data: nothing in it ends a code span or a row of a table."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.analysis.table_diff import Change, Side
from inspector.cli.changes_markdown import changes_markdown


def change(witness: str) -> Change:
    nobody = Side(route=None, answer="not_found")
    return Change(methods=("GET",), witness=witness, old=nobody, new=nobody, regions=1)


def row(witness: str) -> str:
    return changes_markdown([change(witness)], old="a", new="b").splitlines()[-1]


@pytest.mark.parametrize(
    ("witness", "cell"),
    [
        ("/a|b", "`GET /a\\|b`"),
        ("/a`b", "`` GET /a`b ``"),
        ("/a``b`", "``` GET /a``b` ```"),
        ("/a\nb", "`GET /a\\x0ab`"),
        ("/<img src=x>", "`GET /<img src=x>`"),
    ],
    ids=["pipe", "backtick", "backticks", "newline", "tag"],
)
def test_a_path_stays_in_its_cell(witness: str, cell: str) -> None:
    assert row(witness) == f"| {cell} | 404 Not Found | 404 Not Found | 1 |"


@given(st.text(max_size=20))
def test_every_path_makes_one_row_of_four_cells_with_one_code_span(path: str) -> None:
    text = row("/" + path)
    assert len(re.findall(r"(?<!\\)\|", text)) == 5
    fence = re.match(r"\| (`+)", text)
    assert fence is not None
    ends = [run for run in re.findall("`+", text) if run == fence[1]]
    assert len(ends) == 2


def test_a_very_long_difference_is_cut_and_says_so() -> None:
    lines = changes_markdown([change(f"/{number}") for number in range(130)], old="a", new="b").splitlines()
    assert (lines[0], lines[-1]) == ("### Routing: 130 changes", "And 30 more.")
    assert len(lines) < 110
