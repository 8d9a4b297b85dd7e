"""`inspector config` and the flags of `inspector run`: what is chosen, from where, and what is refused."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from inspector.cli.main import main


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "greeting.py").write_text("async def app(scope, receive, send): ...\n", encoding="utf-8")
    return tmp_path


def call(*arguments: str, **environment: str) -> Result:
    return CliRunner(env={"WEB_CONCURRENCY": None, **environment}).invoke(main, arguments)


def test_config_prints_each_value_and_where_it_came_from(folder: Path) -> None:
    (folder / "pyproject.toml").write_text(
        "[tool.inspector]\nreload = true\nssl_keyfile_password = 'secret'\n"
    )
    result = call("config", INSPECTOR_KEEP_BYTES="10", WEB_CONCURRENCY="3")
    assert result.exit_code == 0, result.output
    lines = {
        line.split()[0]: line.split()[1:] for line in result.stdout.splitlines() if line.startswith("  ")
    }
    place = str(folder.resolve() / "pyproject.toml")
    assert lines["reload"] == ["on", f"{place}:2"]
    assert lines["keep_bytes"] == ["10", "INSPECTOR_KEEP_BYTES"]
    assert lines["workers"] == ["3", "WEB_CONCURRENCY"]
    assert lines["port"] == ["8000", "default"]
    assert lines["ssl_keyfile_password"] == ["***", f"{place}:3"]
    assert "secret" not in result.output


def test_config_as_json_says_how_each_is_set(folder: Path) -> None:
    result = call("config", "--json", INSPECTOR_PRT="1")
    document = json.loads(result.stdout)
    assert document["settings"]["reload_dir"] == {
        "value": [],
        "origin": "default",
        "default": [],
        "variable": "INSPECTOR_RELOAD_DIR",
        "flag": "--reload-dir",
    }
    assert document["notes"] == ["INSPECTOR_PRT is set and read by nothing; did you mean INSPECTOR_PORT?"]


def test_config_looks_above_the_folder_of_the_application(folder: Path) -> None:
    (folder / "src").mkdir()
    (folder / "pyproject.toml").write_text("[tool.inspector]\nport = 9999\n")
    assert (
        json.loads(call("config", "--json", "--app-dir", "src").stdout)["settings"]["port"]["value"] == 9999
    )


def test_a_mistake_stops_both_commands_with_its_line(folder: Path) -> None:
    (folder / "pyproject.toml").write_text("[tool.inspector]\nwrokers = 2\n")
    for command in (("config",), ("run", "greeting:app")):
        result = call(*command)
        assert result.exit_code == 2
        assert (
            "pyproject.toml:2: [tool.inspector] wrokers: unknown key; did you mean 'workers'?"
            in result.stderr
        )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--relod"], "--reload"),
        (["--log-config", "x.ini"], "--log-config is not taken: the log goes to stderr; --log-level"),
        (["--http2"], "--http2 is not taken"),
        (["--workers", "0"], "0 is not in the range 1<=x"),
        (["--reload-dir", "x"], "--reload-dir watches nothing without --reload"),
        (["--reload", "--reload-dir", "nowhere"], "--reload-dir: reload_dir 'nowhere' is no folder"),
        (["--interface", "wsgi"], "interface 'wsgi' is not served: only ASGI 3 is recorded"),
        (["--env-file", "no.env"], "--env-file: env_file 'no.env' is no file"),
        (["--ssl-keyfile", "greeting.py"], "needs --ssl-certfile too"),
        (["--header", "no colon"], "header 'no colon' is no header"),
        (["--uds", "x.sock", "--fd", "9"], "and a UNIX socket were both given"),
        (["--fd", "3999"], "--fd 3999 is no socket"),
        (["--dashboard-host", "0.0.0.0"], "does not listen on '0.0.0.0'"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_what_cannot_be_is_refused_before_anything_starts(
    folder: Path, arguments: list[str], said: str
) -> None:
    result = call("run", "greeting:app", "--port", "0", "--dashboard-port", "0", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert not (folder / ".inspector").exists()


def test_a_journal_that_cannot_be_used_is_told_with_the_way_out(folder: Path) -> None:
    (folder / "theirs.db").write_bytes(b"")
    (folder / "theirs.db").chmod(0o644)
    result = call("run", "greeting:app", "--port", "0", "--dashboard-port", "0", "--journal", "theirs.db")
    assert result.exit_code == 2
    assert "can be read by others (mode 0644)" in result.stderr
    assert "--journal PATH" in result.stderr


@pytest.mark.parametrize("name", ["nothing.db", "greeting.py"])
def test_what_is_no_recording_is_not_opened(folder: Path, name: str) -> None:
    result = call("open", name)
    assert result.exit_code == 2
    assert f"the recording cannot be opened: {name}" in result.stderr
