"""What `dev.py` decides: which browser, when to install again, and what to say when it cannot go on."""

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture
def dev(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module that works in an empty folder, on a machine without any browser."""
    module = imported()
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


def imported() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dev_under_test", ROOT / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
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


def test_an_installation_that_fails_leaves_no_stamp_of_an_earlier_one(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    executable(dev.python())
    dev.STAMP.write_text(dev.json.dumps({**dev.stamp([]), "pyproject": "an earlier one"}))
    monkeypatch.setattr(dev, "venv_works", lambda: True)
    monkeypatch.setattr(dev, "pip", lambda: [sys.executable, "-c", "raise SystemExit(7)"])
    assert dev.install(groups=[]) == 7
    assert not dev.STAMP.exists()
    assert "it needs the network, or the package index" in capsys.readouterr().err


def test_an_environment_of_another_python_is_not_taken_for_one_of_this(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not dev.venv_works(), "there is none"
    dev.python().parent.mkdir(parents=True)
    dev.python().symlink_to(sys.executable)
    monkeypatch.setattr(dev, "pip", lambda: [sys.executable, "-c", ""])
    assert dev.venv_works()
    monkeypatch.setattr(sys, "version", f"{sys.version} of another build")
    assert not dev.venv_works()


def test_the_groups_are_those_of_the_project(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "ROOT", ROOT)
    assert any(requirement.startswith("pytest") for requirement in dev.group_requirements("test"))
    assert any(requirement.startswith("ruff") for requirement in dev.group_requirements("lint"))


def test_an_old_python_comes_as_far_as_the_word_that_it_is_too_old(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = (ROOT / "dev.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 7))  # ast knows no older one
    assert "from __future__" not in source, "Python 3.6 knows no annotations there"
    monkeypatch.setattr(sys, "version_info", (3, 6, 15))
    with pytest.raises(SystemExit) as ended:
        imported()
    assert ended.value.code == 3
    assert "is too old; 3.11 or newer is needed" in capsys.readouterr().err


def test_a_checkout_that_cannot_be_written_to_ends_with_3_and_the_way_out(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.setattr(dev.os, "access", lambda folder, mode: False)
    for job in ("demo", "test"):
        assert dev.main([job]) == 3
        shown = capsys.readouterr().err
        assert f"you may not write to {tmp_path}" in shown
        assert "copy the checkout to a folder of your own" in shown


def test_a_second_dev_waits_until_the_first_has_installed(dev: ModuleType, tmp_path: Path) -> None:
    program = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import dev
with dev.alone():
    print("in", flush=True)
"""
    with dev.alone():
        pipe = subprocess.PIPE
        second = subprocess.Popen([sys.executable, "-c", program], stdout=pipe, stderr=pipe, text=True)
        assert second.stderr is not None
        assert second.stderr.readline() == "dev.py: waiting for another dev.py that installs here ...\n"
        assert second.poll() is None
    assert second.communicate(timeout=60)[0] == "in\n"


@pytest.mark.parametrize(
    ("code", "given"), [(7, 7), (0, 130)], ids=["a failure", "no success: the tests did not run to their end"]
)
def test_after_ctrl_c_nothing_else_is_begun(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, code: int, given: int
) -> None:
    class Process:
        """Ctrl-C comes while it is waited for, and it ends by itself after that."""

        def __init__(self) -> None:
            self._waits = iter([KeyboardInterrupt, None])

        def wait(self) -> int:
            if interrupt := next(self._waits):
                raise interrupt
            return code

    begun: list[str] = []

    def test(options: list[str]) -> int:
        dev.wait_for(Process())
        begun.append("the next")
        return 0

    monkeypatch.setattr(dev, "test", test)
    assert dev.main(["test"]) == given
    assert begun == []


def test_what_would_lead_pip_or_the_environment_elsewhere_is_left_out(dev: ModuleType) -> None:
    environment = {
        "HOME": "/home/someone",
        "PIP_INDEX_URL": "https://packages.example/simple",
        "PIP_TARGET": "/elsewhere",
        "PIP_USER": "1",
        "PYTHONPATH": "/elsewhere",
    }
    dev.stay_here(environment)
    assert environment == {
        "HOME": "/home/someone",
        "PIP_INDEX_URL": "https://packages.example/simple",
        "PIP_USER": "0",
    }


def test_a_python_that_can_make_no_environment_ends_with_3_and_the_way_out(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = Path(executable(tmp_path / "there/python3"))
    broken.write_text("#!/bin/sh\nexit 1\n")
    link = tmp_path / "python3"
    link.symlink_to(broken)
    monkeypatch.setattr(dev.sys, "executable", str(link))
    assert dev.make_venv() == 3
    shown = capsys.readouterr().err
    assert f"{broken} could not make a virtual environment" in shown
    assert "start dev.py with another Python" in shown


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


def test_an_environment_without_wheels_for_a_newer_python_has_another_in_its_place(dev: ModuleType) -> None:
    major, minor = sys.version_info[:2]
    dev.ENVIRONMENTS.write_text(
        f"""
one = ["web==1"]
two = ["web==2"]
[from-python."{major}.{minor}"]
one = ["web==1.1"]
[from-python."{major}.{minor + 1}"]
two = ["web==2.1"]
"""
    )
    assert dev.framework_environments() == {"one": ["web==1.1"], "two": ["web==2"]}


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
