"""A flag wins over the environment, that over the project file, that over the default; mistakes are named."""

from pathlib import Path
from typing import Any

import pytest

from inspector.configuration.kinds import (
    BadValue,
    Kind,
    Real,
    Switch,
    Text,
    Texts,
    Whole,
    Word,
    read_text,
    read_value,
)
from inspector.configuration.options import OPTIONS
from inspector.configuration.pyproject import ProjectFileError, ProjectTable, find_project_table
from inspector.configuration.resolve import Configuration, ConfigurationError, resolve


def choose(
    folder: Path,
    *,
    flags: dict[str, Any] | None = None,
    environ: dict[str, str] | None = None,
    project: str | None = None,
) -> Configuration:
    if project is not None:
        (folder / "pyproject.toml").write_text(project, encoding="utf-8")
    table = find_project_table(folder)
    return resolve(OPTIONS, flags=flags or {}, environ=environ or {}, table=table)


def test_what_wins_is_known_with_its_place(tmp_path: Path) -> None:
    project = "[project]\nport = 1\n\n[tool.inspector]\nworkers = 2\nport = 8002\nreload = true\n"
    found = choose(
        tmp_path,
        flags={"port": 8001},
        environ={"INSPECTOR_PORT": "8003", "INSPECTOR_WORKERS": "3"},
        project=project,
    )
    chosen = [
        (name, found[name], found.chosen[name].origin) for name in ("port", "workers", "reload", "host")
    ]
    file = tmp_path.resolve() / "pyproject.toml"
    assert chosen == [
        ("port", 8001, "--port"),
        ("workers", 3, "INSPECTOR_WORKERS"),
        ("reload", True, f"{file}:7"),
        ("host", "127.0.0.1", "default"),
    ]


def test_the_nearest_project_file_that_has_the_table_counts(tmp_path: Path) -> None:
    inner = tmp_path / "one" / "two"
    inner.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("[tool.inspector]\nport = 1\n")
    (inner / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert choose(inner)["port"] == 1
    (inner / "pyproject.toml").write_text("[tool.inspector]\nport = 2\n")
    assert choose(inner)["port"] == 2


def test_an_empty_variable_says_nothing(tmp_path: Path) -> None:
    assert choose(tmp_path, environ={"INSPECTOR_PORT": ""})["port"] == 8000


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("prot = 1", "pyproject.toml:2: [tool.inspector] prot: unknown key; did you mean 'port'?"),
        ("reload-dir = ['x']", "unknown key; did you mean 'reload_dir'?"),
        ("zzz = 1", "unknown key; `inspector config` lists the known ones"),
        ("port = '80'", "pyproject.toml:2: [tool.inspector] port = '80': use a whole number from 0 to 65535"),
        ("port = 70000", "port = 70000: use a whole number from 0 to 65535"),
        ("workers = true", "workers = True: use a whole number from 1 to"),
        ("reload = 1", "reload = 1: use true or false"),
        ("replay = 'conferm'", "use one of off, safe, confirm, all; did you mean 'confirm'?"),
        ("allowed_hosts = [1]", "allowed_hosts = [1]: use a list of texts"),
        ("app_dir = 'src'", "app_dir: this finds the file, so it cannot stand in it; use --app-dir"),
        ("allow_production = true", "allow_production: unknown key"),
        ("ssl_keyfile_password = 5", "ssl_keyfile_password = ***: use a text"),
    ],
)
def test_a_mistake_in_the_project_file_is_named_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        choose(tmp_path, project=f"[tool.inspector]\n{line}\n")
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("INSPECTOR_PORT", "80a", "INSPECTOR_PORT='80a': use a whole number from 0 to 65535"),
        ("INSPECTOR_PORT", "-1", "INSPECTOR_PORT='-1': use a whole number"),
        ("INSPECTOR_PORT", "²", "INSPECTOR_PORT='²': use a whole number"),
        ("INSPECTOR_RELOAD", "perhaps", "INSPECTOR_RELOAD='perhaps': use true or false"),
        ("INSPECTOR_RELOAD_DELAY", "nan", "INSPECTOR_RELOAD_DELAY='nan': use a number of 0.05 or more"),
        ("INSPECTOR_LOG_LEVEL", "warn", "did you mean 'warning'?"),
        ("INSPECTOR", "off?", "INSPECTOR='off?': use true or false"),
    ],
)
def test_a_mistake_in_the_environment_is_named(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        choose(tmp_path, environ={name: text})
    assert said in str(error.value)


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as error:
        choose(tmp_path, environ={"INSPECTOR_PORT": "x"}, project="[tool.inspector]\nfsh = 1\nworkers = 0\n")
    assert len(error.value.problems) == 3


def test_a_variable_that_nothing_reads_is_a_doubt_and_no_mistake(tmp_path: Path) -> None:
    found = choose(tmp_path, environ={"INSPECTOR_WORKES": "2", "INSPECTOR_TOKEN": "x", "HOME": "y"})
    assert found.notes == ("INSPECTOR_WORKES is set and read by nothing; did you mean INSPECTOR_WORKERS?",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool.inspector\n", "cannot be read: .*line 1"),
        ("[tool]\ninspector = 5\n", "tool.inspector is 5, not a table"),
    ],
)
def test_a_project_file_that_is_none_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ProjectFileError, match=said):
        choose(tmp_path, project=text)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Switch(), " Yes ", True),
        (Switch(), "off", False),
        (Whole(), "007", 7),
        (Real(), "1.5", 1.5),
        (Text(), " as it is ", " as it is "),
        (Word(("a", "b")), "b", "b"),
        (Texts(), "a, b,,c ", ("a", "b", "c")),
    ],
)
def test_text_is_read_as_its_kind(kind: Kind, text: str, value: object) -> None:
    assert read_text(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "value"),
    [(Switch(), 1), (Whole(), True), (Whole(), 1.0), (Real(), float("inf")), (Text(), 5), (Texts(), [1])],
)
def test_a_value_of_another_kind_is_refused(kind: Kind, value: object) -> None:
    with pytest.raises(BadValue):
        read_value(kind, value)


def test_a_single_text_is_a_list_of_one() -> None:
    assert read_value(Texts(), "src") == ("src",)


def test_every_option_takes_its_own_default() -> None:
    for option in OPTIONS:
        if option.default is not None:
            assert read_value(option.kind, option.default) == option.default, option.name


def test_names_flags_and_variables_are_told_apart() -> None:
    for names in (
        [option.name for option in OPTIONS],
        [option.flag for option in OPTIONS if option.has_flag],
        [option.variable for option in OPTIONS],
    ):
        assert len(set(names)) == len(names)


def test_what_is_not_set_is_not_handed_on() -> None:
    found = resolve(OPTIONS, flags={"root_path": "/api"}, environ={}, table=ProjectTable())
    server = found.given("server")
    assert server["root_path"] == "/api"
    assert "ssl_keyfile" not in server
