"""What `dev.py` decides: which browser, when to install again, and what to say when it cannot go on."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture
def dev(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module that works in an empty folder, on a machine without any browser."""
    spec = importlib.util.spec_from_file_location("dev_under_test", ROOT / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    places = {
        "VENV": ".venv",
        "STAMP": ".venv/stamp.json",
        "ROOT": ".",
        "ENVIRONMENTS": "environments.toml",
        "FRAMEWORKS": ".frameworks/here",
    }
    for name, place in places.items():
        monkeypatch.setattr(module, name, tmp_path / place)
    monkeypatch.setattr(module, "BROWSERS_ON_MAC", ())
    for name in ("INSPECTOR_BROWSER", "PLAYWRIGHT_BROWSERS_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return module


def executable(file: Path) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("#!/bin/sh\n")
    file.chmod(0o755)
    return str(file)


def test_a_browser_is_looked_for_by_name_then_on_path_then_at_playwrights(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert dev.find_browser() is None
    playwrights = executable(tmp_path / "home/.cache/ms-playwright/chromium-1200/chrome-linux/chrome")
    assert dev.find_browser() == playwrights
    on_path = executable(tmp_path / "bin/google-chrome")
    assert dev.find_browser() == on_path
    chromium = executable(tmp_path / "bin/chromium")
    assert dev.find_browser() == chromium
    monkeypatch.setenv("INSPECTOR_BROWSER", "/elsewhere/chrome")
    assert dev.find_browser() == "/elsewhere/chrome"


def test_a_browser_that_works_less_is_installed_where_packages_have_it(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev.os, "geteuid", lambda: 0)
    chromium = executable(tmp_path / "bin/chromium")
    light = tmp_path / "bin/chromium-headless-shell"
    apt = Path(executable(tmp_path / "bin/apt-get"))
    apt.write_text(
        f'#!/bin/sh\n[ "$1" = update ] || {{ echo "#!/bin/sh" > "{light}"; /bin/chmod 755 "{light}"; }}\n'
    )
    packages = Path(executable(tmp_path / "bin/apt-cache"))
    packages.write_text("#!/bin/sh\nexit 100\n")
    assert dev.find_light_browser() == chromium
    packages.write_text("#!/bin/sh\n")
    monkeypatch.setenv("INSPECTOR_BROWSER", chromium)
    assert dev.find_light_browser() == chromium
    monkeypatch.delenv("INSPECTOR_BROWSER")
    assert dev.find_light_browser() == str(light)


def test_nothing_is_installed_again_until_the_project_changes_or_more_is_wanted(
    dev: ModuleType, tmp_path: Path
) -> None:
    pyproject = tmp_path / "pyproject.toml"
    pyproject.write_text("[project]\n")
    executable(dev.python())
    assert not dev.has_stamp([])
    dev.STAMP.write_text(dev.json.dumps(dev.stamp(["test", "lint"])))
    assert dev.has_stamp([])
    assert dev.has_stamp(["lint", "test"])
    assert not dev.has_stamp(["test", "docs"])
    pyproject.write_text("[project]\nversion = '2'\n")
    assert not dev.has_stamp([])
    dev.STAMP.write_text("not json")
    assert not dev.has_stamp([])


def test_the_groups_are_those_of_the_project(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "ROOT", ROOT)
    assert any(requirement.startswith("pytest") for requirement in dev.group_requirements("test"))
    assert any(requirement.startswith("ruff") for requirement in dev.group_requirements("lint"))


def test_a_python_without_ensurepip_ends_with_3_and_the_way_out(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    monkeypatch.setattr(dev.os, "geteuid", lambda: 1000)
    assert dev.main(["demo"]) == 3
    assert "sudo apt-get install python3-venv" in capsys.readouterr().err


def test_a_python_without_ensurepip_gets_it_from_apt_when_root(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    monkeypatch.setattr(dev.os, "geteuid", lambda: 0)
    asked = tmp_path / "asked"
    apt = Path(executable(tmp_path / "bin/apt-get"))
    apt.write_text(f'#!/bin/sh\necho "$@" >> "{asked}"\nexit 0\n')
    monkeypatch.setattr(dev.sys, "executable", executable(tmp_path / "python3"))
    assert dev.make_venv() == 0
    update, install = asked.read_text().splitlines()
    assert update.startswith("update")
    assert install.startswith("install")
    assert "--no-install-recommends python3-venv" in install


PIP = """import sys, zipfile
from pathlib import Path
arguments = sys.argv[1:]
folder = Path(arguments[arguments.index("--dest") + 1])
with (folder.parents[2] / "asked").open("a") as asked:
    wanted = [one for one in arguments if "==" in one]
    print(*wanted, file=asked)
for one in wanted:
    name, _, version = one.partition("==")
    if version == "0":
        sys.exit(7)
    with zipfile.ZipFile(folder / f"{name.title()}-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{name}/__init__.py", version)
"""


@pytest.fixture
def pip_stand_in(dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What stands in for pip: makes wheels, notes each call in the file that is given, and fails for 0."""
    (tmp_path / "pip.py").write_text(PIP)
    monkeypatch.setattr(dev, "pip", lambda: [sys.executable, str(tmp_path / "pip.py")])
    return tmp_path / "asked"


def test_each_version_of_a_framework_is_fetched_once_and_unpacked_where_every_environment_finds_it(
    dev: ModuleType, tmp_path: Path, pip_stand_in: Path
) -> None:
    dev.ENVIRONMENTS.write_text(
        'old = ["some_web==1.0", "shared==3.1"]\nnew = ["some_web==2.0", "shared==3.1"]\n'
    )
    assert dev.install_frameworks() == 0
    for environment, version in (("old", "1.0"), ("new", "2.0")):
        web, shared = dev.framework_folders(environment)
        assert (web / "some_web" / "__init__.py").read_text() == version
        assert (shared / "shared" / "__init__.py").read_text() == "3.1"
    # pip takes one version of a package at a time.
    asked = sorted(pip_stand_in.read_text().splitlines())
    assert asked == ["shared==3.1 some_web==1.0", "some_web==2.0"]
    assert dev.install_frameworks() == 0
    assert sorted(pip_stand_in.read_text().splitlines()) == asked, "the second time all is there"


def test_a_framework_that_cannot_be_fetched_ends_with_pips_code_and_leaves_nothing_half_done(
    dev: ModuleType, tmp_path: Path, pip_stand_in: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dev.ENVIRONMENTS.write_text('bad = ["gone==0"]\n')
    assert dev.install_frameworks() == 7
    assert "exit code 7" in capsys.readouterr().err
    assert list(dev.FRAMEWORKS.iterdir()) == []


def test_tests_are_compiled_once_and_not_again_by_each_worker(dev: ModuleType, tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    compiled = tmp_path / "tests/unit/__pycache__"
    python = Path(executable(dev.python()))
    python.write_text(f'#!/bin/sh\necho "$@" >> "{asked}"\n/bin/mkdir -p "{compiled}"\n')
    for _ in range(2):
        with dev.tests_compiled({}):
            pass
    assert asked.read_text().splitlines() == ["-m pytest --collect-only --quiet"]


@pytest.mark.parametrize("arguments", [[], ["frobnicate"], ["--help"]])
def test_anything_but_the_two_jobs_shows_them(
    dev: ModuleType, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert dev.main(arguments) == 2
    shown = capsys.readouterr().err
    assert "dev.py demo" in shown
    assert "dev.py test" in shown
