"""`inspector doctor`, and what the commands say of an application whose routes cannot be read."""

import json
from pathlib import Path

import pytest

import inspector as product
from inspector.demo.bookshop import app as bookshop
from tests.inspector.cli.shell import inspector

BOOKSHOP = "inspector.demo.bookshop:app"
PLAIN = "async def app(scope, receive, send): ...\n"
# By the name of its class it is Sanic's, and there is no Sanic here.
BROKEN = """
class Sanic:
    async def __call__(self, scope, receive, send): ...

Sanic.__module__ = "sanic.app"
app = Sanic()
"""


def test_doctor_says_how_many_agree_and_ends_with_0(tmp_path: Path) -> None:
    done = inspector("doctor", BOOKSHOP, "--json", folder=tmp_path)
    found = json.loads(done.stdout)
    assert (done.returncode, found["disagreements"], found["unasked"]) == (0, [], [])
    assert found["asked"] == found["agreed"] == len(product.attach(bookshop).routes)
    assert found["sentence"] == f"{found['asked']} of {found['asked']} agree"


def test_json_is_what_to_dict_gives(tmp_path: Path) -> None:
    printed = inspector("explain", BOOKSHOP, "GET", "/books/bestsellers", "--json", folder=tmp_path).stdout
    expected = product.attach(bookshop).explain("GET", "/books/bestsellers").to_dict()
    assert json.loads(printed) == json.loads(json.dumps(expected))


@pytest.mark.parametrize(
    "command", [["routes"], ["check"], ["doctor"], ["explain", "GET", "/"]], ids=lambda words: words[0]
)
def test_an_application_of_nobody_is_told_to_be_recorded_only(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "plain.py").write_text(PLAIN, encoding="utf-8")
    name, *rest = command
    done = inspector(name, "plain:app", *rest, folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "the routes of 'plain:app', a 'plain.app', cannot be read: requests only" in done.stderr
    assert "inspector run plain:app" in done.stderr


@pytest.mark.parametrize(
    "command", [["routes"], ["check"], ["doctor"], ["explain", "GET", "/"]], ids=lambda words: words[0]
)
def test_a_framework_that_fails_is_told_in_one_line(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "broken.py").write_text(BROKEN, encoding="utf-8")
    name, *rest = command
    done = inspector(name, "broken:app", *rest, folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    assert "the routes of 'broken:app' cannot be read: sanic failed when its routes were read:" in line
    assert "ModuleNotFoundError: No module named 'sanic" in line
