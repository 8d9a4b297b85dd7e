"""What is in the tree is in the wheel, and the wheel alone runs: a page left out would fail silently."""

import os
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.live.running import start_anew

# A fresh environment is installed from the package index, which may be far.
pytestmark = pytest.mark.timeout(600)

ROOT = Path(__file__).parent.parent
PACKAGES = ("inspector", "miniframework")
ASSETS = ("templates", "static")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)])
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a fresh environment that holds the wheel and its dependencies, nothing else."""
    folder = tmp_path_factory.mktemp("fresh") / "venv"
    run([sys.executable, "-m", "venv", "--without-pip", str(folder)])
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    run([*pip_of(python), "install", "--quiet", str(wheel_in(built))])
    return python


def pip_of(python: Path) -> list[str]:
    """Our own pip, at work in another environment."""
    return [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]


def run(command: list[str], folder: Path | None = None) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def wheel_in(folder: Path) -> Path:
    (wheel,) = folder.glob("*.whl")
    return wheel


def files_below(*folders: str) -> set[str]:
    """Return what a checkout holds below these folders, without what Python and editors leave there."""
    return {
        file.relative_to(ROOT).as_posix()
        for folder in folders
        for file in (ROOT / folder).rglob("*")
        if file.is_file()
        and not {"__pycache__", ".venv"}.intersection(file.parts)
        and not file.name.startswith(".")
    }


def test_the_wheel_holds_the_packages_and_the_dashboards_files_and_nothing_else(built: Path) -> None:
    with zipfile.ZipFile(wheel_in(built)) as wheel:
        held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert held == files_below(*PACKAGES) | {f"inspector/_assets/{name}" for name in files_below(*ASSETS)}


def test_the_sdist_holds_all_that_a_build_and_the_tests_need(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        held = {member.name.partition("/")[2] for member in archive.getmembers() if member.isfile()}
    top_level = {
        "pyproject.toml",
        "dev.py",
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
    }
    wanted = files_below(*PACKAGES, *ASSETS, "tests", "examples", "docs", "benchmarks", "tools") | top_level
    assert wanted - held == set()
    assert held - wanted <= {"PKG-INFO", ".gitignore"}


def test_one_name_and_one_version_everywhere(installed: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    said = run([str(installed), "-m", "inspector", "--version"], installed.parent)
    assert said.strip() == f"inspector, version {project['version']}"
    shown = run([str(installed), "-c", "import inspector; print(inspector.__version__)"], installed.parent)
    assert shown.strip() == project["version"]


def test_a_test_library_is_not_needed_at_run_time(installed: Path) -> None:
    names = run([*pip_of(installed), "list", "--format", "freeze"]).lower()
    assert "route-inspector==" in names
    assert not [
        name for name in ("pytest", "httpx", "playwright", "hypothesis") if f"\n{name}==" in f"\n{names}"
    ]


def test_the_wheel_alone_serves_the_dashboard_with_every_file(installed: Path, tmp_path: Path) -> None:
    arguments = ["demo", "--no-open", "--port", "0", "--dashboard-port", "0"]
    with start_anew(arguments, tmp_path, python=str(installed)) as running:
        running.wait_until_announced()
        status, body, headers = running.fetch("/")
        assert status == 200
        assert headers["content-type"].startswith("text/html")
        page = Page(body.decode())
        assert page.scripts
        assert page.styles
        version = page.scripts[0].split("/")[1]
        wanted = [f"static/{version}/{name.removeprefix('static/')}" for name in files_below("static")]
        assert set(page.scripts + page.styles) <= set(wanted)
        wrong = {
            name: fetched[0]
            for name in wanted
            if (fetched := running.fetch(f"/{name}"))[0] != 200
            or fetched[1] != (ROOT / "static" / name.split("/", 2)[2]).read_bytes()
        }
        assert wrong == {}
        assert running.stop() == 0


class Page(HTMLParser):
    """The scripts and style sheets that a page asks for."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        if tag == "script" and found.get("src"):
            self.scripts.append(str(found["src"]))
        if tag == "link" and found.get("rel") == "stylesheet":
            self.styles.append(str(found["href"]))
