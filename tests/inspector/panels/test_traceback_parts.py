"""What of a traceback is the application's own, and what is of libraries."""

import json
import traceback

import pytest

from inspector import panels
from inspector.demo import bookshop
from inspector.panels.traceback_parts import find_place, split_traceback
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
