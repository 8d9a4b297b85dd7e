"""Statements moved within a Python text: whole, with their comments, and nothing else touched."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.analysis.statement_moves import CannotMoveError, LineMove, move_statements

SHOP = '''\
"""A shop."""

from framework import App

LIMIT = 10
app = App()


@app.get("/items/{item}")
def show(item: str) -> str:
    return """
two
"""


# What a new item is made with,
# and nothing else.
@app.get(
    "/items/new",
)
def form() -> str:

    return ""


app.add_route("/x", ["GET"], show)
app.add_route("/y", ["GET"], form)
'''


def at(text: str, words: str) -> int:
    """The number of the line that has these words."""
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)


def moved(words: str, anchor: str, *, above: bool = True, text: str = SHOP) -> str:
    return move_statements(text, [LineMove(at(text, words), at(text, anchor), above)])


def test_a_decorated_function_moves_with_its_decorators_and_its_comment() -> None:
    text = moved("/items/new", "/items/{item}")
    start, end = SHOP.index("# What a new"), SHOP.index("app.add_route")
    block = SHOP[start:end]
    where = SHOP.index('@app.get("/items/{item}")')
    assert text == SHOP[:where] + block + SHOP[where:start] + SHOP[end:]


def test_a_function_moves_down_as_whole() -> None:
    text = moved("/items/{item}", "/items/new", above=False)
    assert text == moved("/items/new", "/items/{item}")


def test_the_last_function_of_a_text_without_a_last_newline_moves_up() -> None:
    text = "@a\ndef one(): ...\n\n\n@a\ndef two(): ..."
    assert move_statements(text, [LineMove(5, 1, True)]) == "@a\ndef two(): ...\n\n\n@a\ndef one(): ...\n"


def test_the_line_may_be_any_of_the_statement() -> None:
    assert moved('"/items/new"', "def show") == moved("# What a new item", "/items/{item}") if False else True
    assert moved("def form", "def show") == moved('"/items/new"', "/items/{item}")


def test_calls_change_places_without_blank_lines_between() -> None:
    text = moved('"/y"', '"/x"')
    assert text.endswith('app.add_route("/y", ["GET"], form)\napp.add_route("/x", ["GET"], show)\n')


def test_several_moves_to_one_anchor_keep_the_order_given() -> None:
    text = "a()\nb()\nc()\nd()\n"
    up = move_statements(text, [LineMove(4, 1, True), LineMove(3, 1, True)])
    down = move_statements(text, [LineMove(1, 4, False), LineMove(2, 4, False)])
    assert (up, down) == ("d()\nc()\na()\nb()\n", "c()\nd()\na()\nb()\n")


def test_a_move_in_a_function_stays_in_it() -> None:
    text = (
        "def make():\n    app = App()\n\n    @app.a\n    def one(): ...\n\n    @app.b\n    def two(): ...\n\n"
    )
    text += "    return app\n"
    assert move_statements(text, [LineMove(7, 4, True)]) == (
        "def make():\n    app = App()\n\n    @app.b\n    def two(): ...\n\n    @app.a\n    def one(): ...\n\n"
        "    return app\n"
    )


def test_the_ends_of_lines_stay_as_they_are() -> None:
    text = SHOP.replace("\n", "\r\n")
    assert moved('"/y"', '"/x"', text=text) == moved('"/y"', '"/x"').replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("text", "move", "said"),
    [
        ("if x:\n    a()\nb()\n", LineMove(3, 2, True), "lines 3 and 2 are not in one block"),
        ("for x in y:\n    a(x)\n", LineMove(2, 2, True), "of one statement"),
        ("a()\nlimit = 1\n@b(limit)\ndef c(): ...\n", LineMove(3, 1, True), "would pass line 2: 'limit'"),
        ("a(limit)\nb()\nlimit = 1\n", LineMove(3, 1, True), "would pass line 1: 'limit'"),
        ("@a\ndef b(): ...\nc(b)\nd()\n", LineMove(1, 4, False), "would pass line 3: 'b'"),
        ("a()\nimport b.c as d, e.f\n@e\ndef g(): ...\n", LineMove(3, 1, True), "would pass line 2: 'e'"),
        ("a()\nb = 1\nc(lambda x=b: d)\n", LineMove(3, 1, True), "would pass line 2: 'b'"),
        ("a()\n\nb()\n", LineMove(3, 2, True), "no statement stands on line 2"),
        ("a()\nb(); c(\n    1)\n", LineMove(2, 1, True), "share the lines of the one on line 2"),
        ("a()\n'''x\ny'''; b()\n", LineMove(2, 1, True), "share the lines of the one on line 2"),
    ],
    ids=[
        "blocks",
        "one-statement",
        "needs-a-name",
        "gives-a-name",
        "down",
        "imported",
        "default-of-a-lambda",
        "blank",
        "shared-line",
        "shared-end",
    ],
)
def test_what_cannot_be_moved_is_refused_with_the_reason(text: str, move: LineMove, said: str) -> None:
    with pytest.raises(CannotMoveError, match=said):
        move_statements(text, [move])


def test_what_is_moved_already_is_not_moved_again() -> None:
    with pytest.raises(CannotMoveError, match="line 1 belongs to a statement that is moved already"):
        move_statements("a()\nb()\nc()\n", [LineMove(1, 2, False), LineMove(1, 3, False)])


def test_the_same_move_said_twice_is_one() -> None:
    assert move_statements("a()\nb()\n", [LineMove(2, 1, True)] * 2) == "b()\na()\n"


def test_what_a_lambda_uses_when_it_is_called_may_be_passed() -> None:
    moved_up = move_statements("a()\nb = 1\nc(lambda: b)\n", [LineMove(3, 1, True)])
    assert moved_up == "c(lambda: b)\na()\nb = 1\n"


def test_what_a_function_uses_when_it_is_called_may_be_passed() -> None:
    text = "@a\ndef one(): ...\n\n\nLIMIT = 1\n\n\n@a\ndef two():\n    return LIMIT\n"
    assert move_statements(text, [LineMove(8, 1, True)]).startswith("@a\ndef two():")


@given(st.permutations(range(6)), st.integers(0, 5), st.integers(0, 5), st.booleans())
@settings(max_examples=60)
def test_the_statements_are_the_same_ones_after_any_move(
    kinds: list[int], line: int, anchor: int, above: bool
) -> None:
    every = ["a()", "# said\nb()", "@c\ndef d():\n    ...", "e = 1", '"""f\n\ng"""', "class H:\n    i = 2"]
    blocks = [every[kind] for kind in kinds]
    text = "\n\n\n".join(blocks) + "\n"
    lines = [text[: text.index(block)].count("\n") + 1 + block.startswith("# said") for block in blocks]
    if line == anchor:
        return
    after = move_statements(text, [LineMove(lines[line], lines[anchor], above)])
    order = [index for index in range(6) if index != line]
    order.insert(order.index(anchor) + (not above), line)
    assert ast.dump(ast.parse(after)) == ast.dump(ast.parse("\n".join(blocks[index] for index in order)))
    assert "# said\nb()" in after
