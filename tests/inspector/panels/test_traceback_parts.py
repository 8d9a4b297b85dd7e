"""What of a traceback is the application's own, and what is of libraries."""

import json
import traceback

import pytest

from inspector import panels
from inspector.demo import bookshop
from inspector.panels.traceback_parts import find_cause, find_place, split_traceback
from miniframework import tap

OWN = '  File "/srv/shop/app.py", line 7, in sell\n    till.open()\n'
TEMPLATE = '  File "/srv/shop/templates/page.html", line 3, in top-level template code\n    {{ a.b }}\n'
PACKAGE = '  File "/srv/.venv/lib/python3.12/site-packages/jinja2/environment.py", line 490, in get\n    x\n'
STANDARD = '  File "/usr/lib/python3.12/json/decoder.py", line 355, in raw_decode\n    raise\n'
FROZEN = '  File "<frozen runpy>", line 88, in _run_code\n'
COMPILED = '  File "<a compiled route>", line 18, in serve\n'
HEAD, END = "Traceback (most recent call last):\n", "ValueError: shut\n"


def test_the_frames_of_libraries_one_after_the_other_are_one_part() -> None:
    parts = split_traceback(HEAD + PACKAGE + STANDARD + OWN + FROZEN + COMPILED + END)
    assert [(part.text, part.frames) for part in parts] == [
        (HEAD, 0),
        (PACKAGE + STANDARD, 2),
        (OWN, 0),
        (FROZEN + COMPILED, 2),
        (END, 0),
    ]


@pytest.mark.parametrize("text", ["", "no traceback", HEAD + OWN + "    ^^^^\n" + END, "\n\n  File x\n"])
def test_the_parts_are_the_whole_text(text: str) -> None:
    assert "".join(part.text for part in split_traceback(text)) == text


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (HEAD + OWN + PACKAGE + END, "app.py:7"),
        (HEAD + OWN + PACKAGE + TEMPLATE + PACKAGE + END, "page.html:3"),
        (HEAD + PACKAGE + STANDARD + END, "decoder.py:355"),
        ("killed", None),
    ],
    ids=["its own", "a template", "libraries alone", "no frame"],
)
def test_the_place_is_the_last_one_of_the_application(text: str, place: str | None) -> None:
    assert find_place(text) == place


def test_our_own_packages_are_libraries_and_the_demo_is_an_application() -> None:
    frames = [
        f'  File "{file}", line 1, in f\n' for file in (tap.__file__, panels.__file__, bookshop.__file__)
    ]
    assert [part.frames for part in split_traceback("".join(frames))] == [2, 0]


def test_a_real_exception_of_the_standard_library_is_placed_where_it_was_called() -> None:
    try:
        json.loads("{")
    except ValueError:
        text = traceback.format_exc()
    assert (find_place(text) or "").startswith("test_traceback_parts.py:")
    assert [part.frames > 0 for part in split_traceback(text)] == [False, True, False]


def test_the_cause_of_an_exception_is_the_one_with_which_it_began() -> None:
    caused = "\nThe above exception was the direct cause of the following exception:\n\n"
    handled = "\nDuring handling of the above exception, another exception occurred:\n\n"
    first = HEAD + OWN + "shop.errors.Shut: at night\n"
    assert find_cause(first + caused + HEAD + PACKAGE + END) == "Shut: at night, at app.py:7"
    assert (
        find_cause(HEAD + PACKAGE + END + handled + first + caused + HEAD + END)
        == "Shut: at night, at app.py:7"
    )
    assert find_cause(first) is None
    assert find_cause(first + handled + HEAD + END) is None


def test_the_cause_in_a_group_is_the_exception_that_it_holds() -> None:
    group = (
        "  + Exception Group Traceback (most recent call last):\n  | ExceptionGroup: one (1 sub-exception)\n"
    )
    inner = "  +-+---------------- 1 ----------------\n    | Traceback (most recent call last):\n"
    frame = '    |   File "/srv/shop/app.py", line 9, in parts\n    |     raise OSError("x")\n'
    frame += "    | OSError: x\n    +----\n"
    caused = "\nThe above exception was the direct cause of the following exception:\n\n"
    assert find_cause(group + inner + frame + caused + HEAD + END) == "OSError: x, at app.py:9"
