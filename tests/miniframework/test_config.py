"""`miniframework.config`: Starlette's configuration from the environment and a file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from miniframework.config import Config, Environ, EnvironError, environ
from miniframework.datastructures import CommaSeparatedStrings, Secret

FILE = """
# a comment, as KEY=value is none
DEBUG = true
QUOTED="with = and #"
SINGLE='single'
HALF="half
EMPTY=
no value here
HOSTS=a.org, "b, c"
"""


@pytest.fixture(name="file")
def written_file(tmp_path: Path) -> Path:
    path = tmp_path / ".env"
    path.write_text(FILE, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("key", "words", "expected"),
    [
        ("DEBUG", {"cast": bool}, True),
        ("DEBUG", {}, "true"),
        ("QUOTED", {}, "with = and #"),
        ("SINGLE", {}, "single"),
        ("HALF", {}, '"half'),
        ("EMPTY", {"default": "unused"}, ""),
        ("PORT", {"cast": int}, 8000),
        ("MISSING", {"cast": int, "default": "3"}, 3),
        ("MISSING", {"cast": int, "default": None}, None),
        ("MISSING", {"cast": bool, "default": False}, False),
        ("HOSTS", {"cast": CommaSeparatedStrings}, ["a.org", "b, c"]),
    ],
    ids=lambda value: str(value).replace("<class ", "").replace(">", ""),
)
def test_a_value_is_of_the_environment_else_of_the_file_else_the_default(
    file: Path, key: str, words: Mapping[str, Any], expected: object
) -> None:
    value = Config(file, environ={"PORT": "8000"})(key, **words)
    assert (list(value) if isinstance(value, CommaSeparatedStrings) else value) == expected


def test_the_environment_comes_before_the_file(file: Path) -> None:
    assert Config(file, environ={"DEBUG": "0"})("DEBUG", cast=bool) is False


def test_a_prefix_stands_before_each_name() -> None:
    assert Config(environ={"APP_PORT": "1"}, env_prefix="APP_").get("PORT", int) == 1


def test_a_missing_value_without_default_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="Config 'PORT' is missing, and has no default"):
        Config(environ={})("PORT")


@pytest.mark.parametrize(("cast", "name"), [(int, "int"), (bool, "bool")], ids=["int", "bool"])
def test_a_value_that_cannot_be_made_is_named_with_its_key(cast: type, name: str) -> None:
    with pytest.raises(ValueError, match=f"Config 'PORT' has value 'many'. Not a valid {name}."):
        Config(environ={"PORT": "many"})("PORT", cast=cast)


def test_a_file_that_is_not_there_is_a_warning(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="not found"):
        assert Config(tmp_path / "none")("PORT", cast=int, default=5) == 5


def test_a_variable_is_not_changed_once_it_was_read() -> None:
    variables = Environ({"A": "1", "B": "2", "C": "3"})
    variables["A"] = "10"
    assert Config(environ=variables)("A") == "10"
    del variables["C"]
    assert (len(variables), sorted(variables)) == (2, ["A", "B"])
    for change in (lambda: variables.__setitem__("A", "11"), lambda: variables.__delitem__("A")):
        with pytest.raises(EnvironError, match=r"environ\['A'\] has already been read"):
            change()


def test_the_environment_of_the_process_is_the_usual_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINIFRAMEWORK_TEST", "here")
    assert Config()("MINIFRAMEWORK_TEST") == environ["MINIFRAMEWORK_TEST"] == "here"


def test_a_secret_is_shown_to_who_asks_for_its_text_only() -> None:
    secret = Config(environ={"KEY": "swordfish"})("KEY", cast=Secret)
    assert (repr(secret), str(secret), bool(secret), bool(Secret(""))) == (
        "Secret('**********')",
        "swordfish",
        True,
        False,
    )


def test_a_list_in_one_line_is_a_sequence() -> None:
    hosts = CommaSeparatedStrings("a, b")
    assert (hosts[0], hosts[:1], len(hosts), "b" in hosts) == ("a", ["a"], 2, True)
    assert (repr(hosts), str(hosts)) == ("CommaSeparatedStrings(['a', 'b'])", "'a', 'b'")
    assert list(CommaSeparatedStrings(("x", "y, z"))) == ["x", "y, z"]
