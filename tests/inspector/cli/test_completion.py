"""Every shell gets a script that asks the command itself what may follow."""

import pytest

from tests.inspector.cli.recordings import run


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_its_script_and_is_told_where_to_put_it(shell: str) -> None:
    found = run("completion", shell)
    assert found.exit_code == 0
    assert f"_INSPECTOR_COMPLETE={shell}_complete" in found.stdout
    assert f"inspector completion {shell} > " in found.stderr


def test_another_shell_is_refused() -> None:
    assert run("completion", "tcsh").exit_code == 2
