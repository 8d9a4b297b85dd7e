"""Set up and run this checkout with nothing but Python: `python3 dev.py demo`, `python3 dev.py test`.

Makes `.venv` beside this file, installs the project and what the job needs, then runs the job. The second run
finds a stamp in `.venv` and starts at once. Exit code 3: something is missing that only you can install.
"""

# Python 3.6 must be able to read this file (so no `:=`), and come as far as the word that it is too old.

import contextlib
import hashlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Iterator, MutableMapping, Sequence
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - the one file that any python3 may be asked to start
    print(f"dev.py: Python {sys.version.split()[0]} is too old; 3.11 or newer is needed.", file=sys.stderr)
    print("        -> start dev.py with a newer one, for example `python3.14 dev.py demo`", file=sys.stderr)
    sys.exit(3)

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed-by-dev.json"
# What the adapters are tested with; a Python of another version or machine has packages of its own.
ENVIRONMENTS = ROOT / "tests" / "adapters" / "environments.toml"
TAG = sys.implementation.cache_tag + getattr(sys, "abiflags", "")  # "t" where threads run freely
FRAMEWORKS = ROOT / ".frameworks" / f"{TAG}-{sysconfig.get_platform()}"
# What would have pip install elsewhere than into .venv, or .venv import from elsewhere.
LEADS_ELSEWHERE = ("PIP_PREFIX", "PIP_ROOT", "PIP_TARGET", "PYTHONHOME", "PYTHONPATH")
# Chromium without windows, for less than half the work on every page.
HEADLESS = "chromium-headless-shell"
BROWSERS_ON_PATH = (
    HEADLESS,
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "msedge",
)
BROWSERS_ON_MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
USAGE = """usage: python3 dev.py demo [options of `inspector demo`]
       python3 dev.py test [--no-browser] [options of pytest]"""


def main(arguments: Sequence[str]) -> int:
    """Run one job and return its exit code."""
    job, options = (arguments[0] if arguments else ""), list(arguments[1:])
    jobs = {"demo": demo, "test": test}
    if job not in jobs:
        print(USAGE, file=sys.stderr)
        return 2
    try:
        return jobs[job](options)
    except Interrupted as interrupted:
        # Ctrl-C is how a demo ends; tests that were not run to their end are no success.
        return interrupted.code or (130 if job == "test" else 0)


class Interrupted(Exception):
    """Ctrl-C came while a command ran, which has ended since with this exit code; nothing else is begun."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def demo(options: list[str]) -> int:
    """Install what the program needs to run, then start the demo."""
    failed = install(groups=[])
    if failed:
        return failed
    return run([str(python()), "-m", "inspector", "demo", *options])


def test(options: list[str]) -> int:
    """Lint, types, tests: all run, the first failure gives the exit code, pytest's summary comes last."""
    without_browser = "--no-browser" in options
    options = [option for option in options if option != "--no-browser"]
    failed = refuse_where_nothing_can_be_written() or install(groups=["test", "lint"], frameworks=True)
    if failed:
        return failed
    redis = "on Debian or Ubuntu: `sudo apt-get install redis-server`; on a Mac: `brew install redis`"
    curl = "`sudo apt-get install curl`"
    failed = install_program("redis-server", "the tests start one of their own.", redis) or install_program(
        "curl", "exported requests are run with it.", curl
    )
    if failed:
        return failed
    # Else each of some hundred processes compiles what it imports. What tests write is never compiled for
    # later: tests/conftest.py sees to that.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    run([str(python()), "-m", "compileall", "-q", "-j", "0", "inspector", "miniframework"], environment)
    browser = None if without_browser else find_light_browser() or install_browser()
    if without_browser:
        say("--no-browser: everything in tests/browser is deselected")
        options += ["--deselect", "tests/browser"]
    elif browser and shutil.which(browser):
        say(f"browser: {browser}")
        environment["INSPECTOR_BROWSER"] = browser
    else:
        return give_up(
            f"{browser!r} cannot be started." if browser else "no browser for tests/browser.",
            "install Chromium or Chrome, or name one: `INSPECTOR_BROWSER=.../chrome python3 dev.py test`",
            "leave these tests out, knowingly: `python3 dev.py test --no-browser`",
        )
    with tests_compiled(environment):
        checks = {
            "ruff": run([str(python()), "-m", "ruff", "check", "."]),
            "mypy": run([str(python()), "-m", "mypy"]),
        }
    for name, code in checks.items():
        say(f"{name}: {'clean' if code == 0 else f'FAILED (exit code {code})'}")
    # A worker more than there are cores, as tests of processes and pages mostly wait. A file is never split:
    # its fixtures (a browser, a server) are made once. In the order that tests/conftest.py gives them: files
    # with few and long tests would come last, and the others would wait.
    workers = str((os.cpu_count() or 1) + 1)
    at_once = [] if "-n" in options else ["-n", workers, "--dist", "loadfile", "--no-loadscope-reorder"]
    tested = run([str(python()), "-m", "pytest", *at_once, *options], environment)
    return next((code for code in (*checks.values(), tested) if code), 0)


@contextlib.contextmanager
def tests_compiled(environment: dict[str, str]) -> Iterator[None]:
    """Compile the tests as pytest does, beside what the block does; else each worker would compile them all.

    Only once: after that they compile what was changed.
    """
    if any((ROOT / "tests").glob("*/__pycache__")):
        yield
        return
    command = [str(python()), "-m", "pytest", "--collect-only", "--quiet"]
    nowhere = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=nowhere, stderr=nowhere):
        yield


def install(*, groups: list[str], frameworks: bool = False) -> int:
    """Make `.venv` hold the project and these dependency groups; 0 when it does."""
    with alone():
        return install_packages(groups) or (install_frameworks() if frameworks else 0)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Let one dev.py at a time install into this checkout; another waits, and then finds what it wants."""
    try:
        import fcntl
    except ImportError:  # Windows has no such locks
        yield
        return
    with Path(__file__).open(encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another dev.py that installs here ...")
            fcntl.flock(file, fcntl.LOCK_EX)
        except OSError:
            pass  # not every network drive has locks
        yield


def refuse_where_nothing_can_be_written() -> int:
    """Return 0, or 3 with the word for it where `.venv` could not be filled: in another user's checkout."""
    folders = (ROOT, VENV) if VENV.exists() else (ROOT,)
    closed = [folder for folder in folders if not os.access(folder, os.W_OK)]
    if not closed:
        return 0
    return give_up(
        f"you may not write to {closed[0]}, and dev.py keeps all that it installs there.",
        "copy the checkout to a folder of your own and start dev.py there, or start it as the owner",
    )


def install_packages(groups: list[str]) -> int:
    """Make `.venv` hold the project and these dependency groups; 0 when it does."""
    if has_stamp(groups):
        return 0
    failed = refuse_where_nothing_can_be_written() or (0 if venv_works() else make_venv())
    if failed:
        return failed
    say("installing into .venv ...")
    STAMP.unlink(missing_ok=True)  # what is installed halfway is no longer what the stamp says
    wanted = [requirement for group in groups for requirement in group_requirements(group)]
    code = run([*pip(), "install", "--quiet", "--editable", str(ROOT), *wanted])
    if code == 0:
        STAMP.write_text(json.dumps(stamp(groups)), encoding="utf-8")
    else:
        say_pip_failed(code, "nothing was started")
    return code


def install_program(name: str, wanted_for: str, way_out: str) -> int:
    """See to it that there is a program for the tests, named as its Debian package is; 0 when there is."""
    if not shutil.which(name) and is_root() and shutil.which("apt-get"):
        say(f"installing {name} with apt-get ...")
        apt_install(name)
    return 0 if shutil.which(name) else give_up(f"no {name} on PATH; {wanted_for}", way_out)


def framework_environments() -> dict[str, list[str]]:
    """Return what each framework environment of the tests holds on this Python, as `package==version`."""
    import tomllib

    found = tomllib.loads(ENVIRONMENTS.read_text(encoding="utf-8"))
    for version, others in found.pop("from-python", {}).items():
        if sys.version_info >= tuple(int(part) for part in version.split(".")):
            found |= others
    return found


def framework_folders(environment: str) -> list[Path]:
    """Return the folders that make one environment when they stand on PYTHONPATH. Raises KeyError."""
    return [FRAMEWORKS / pinned for pinned in framework_environments()[environment]]


def install_frameworks() -> int:
    """Bring every package of every framework environment that is not there yet; 0 when all are.

    A version that many environments share is fetched and unpacked once.
    """
    wanted = {pinned for packages in framework_environments().values() for pinned in packages}
    missing = sorted(pinned for pinned in wanted if not (FRAMEWORKS / pinned).exists())
    if not missing:
        return 0
    say(f"fetching {len(missing)} packages of other frameworks for the tests ...")
    FRAMEWORKS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FRAMEWORKS) as scratch:
        code = fetch_wheels(missing, Path(scratch))
        if code == 0:
            for pinned in missing:
                unpack_wheel(Path(scratch), pinned)
    return code


def fetch_wheels(pinned: list[str], folder: Path) -> int:
    """Fetch wheels, side by side: pip takes one version of a package at a time, so they go in rounds."""
    rounds: list[dict[str, str]] = []
    for requirement in pinned:
        name = requirement.partition("==")[0]
        free = next((found for found in rounds if name not in found), None)
        if free is None:
            free = {}
            rounds.append(free)
        free[name] = requirement
    command = [*pip(), "download", "-qq", "--no-deps", "--only-binary=:all:", "--dest", str(folder)]
    with contextlib.ExitStack() as all_ended:
        running = [
            all_ended.enter_context(subprocess.Popen([*command, *found.values()], cwd=ROOT))
            for found in rounds
        ]
        codes = [wait_for(process) for process in running]
    code = next((code for code in codes if code), 0)
    if code:
        say_pip_failed(code, f"is each package of {ENVIRONMENTS.name} to be had as a wheel?")
    return code


def say_pip_failed(code: int, then: str) -> None:
    """Tell what follows from it, and what to look at."""
    say(f"pip failed with exit code {code}; {then}")
    print(
        "        -> what pip says stands above; it needs the network, or the package index that it is set up"
        " with (`pip config list`, PIP_INDEX_URL)",
        file=sys.stderr,
    )


def unpack_wheel(folder: Path, pinned: str) -> None:
    """Unpack the wheel of `package==version`; its folder appears whole or not at all."""
    name, _, version = pinned.partition("==")
    [wheel] = (
        file
        for file in folder.glob("*.whl")
        if file.name.split("-")[0].lower() == name.replace("-", "_").lower()
        and file.name.split("-")[1] == version
    )
    unpacked = folder / "unpacked" / pinned
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(unpacked)
    unpacked.rename(FRAMEWORKS / pinned)


def make_venv() -> int:
    """Create `.venv`, with Debian's missing part installed first where that is possible."""
    if importlib.util.find_spec("ensurepip") is None:
        # Debian ships python3 without ensurepip, and a venv without it has no pip.
        if not (is_root() and shutil.which("apt-get")):
            return give_up(
                "this Python has no `ensurepip`, so no virtual environment can be made.",
                "on Debian or Ubuntu: `sudo apt-get install python3-venv`, then the same command again",
            )
        say("installing python3-venv with apt-get ...")
        if not apt_install("python3-venv"):
            return give_up("apt-get could not install python3-venv.", "install it by hand, then try again")
    say("making .venv ...")
    # A link to a Python in another folder does not always lead a venv to its standard library.
    executable = os.path.realpath(sys.executable) if os.name == "posix" else sys.executable
    if run([executable, "-m", "venv", "--clear", str(VENV)]) == 0:
        return 0
    return give_up(
        f"{executable} could not make a virtual environment; what it says stands above.",
        "on Debian or Ubuntu: `sudo apt-get install python3-venv`, then the same command again",
        "start dev.py with another Python, for example `python3.14 dev.py demo`",
    )


def group_requirements(group: str) -> list[str]:
    """Return the requirements of one dependency group. `pip install --group` would need pip 25.1."""
    import tomllib

    found = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return list(found["dependency-groups"][group])


def stamp(groups: list[str]) -> dict[str, object]:
    """Return what an installation of these groups leaves behind as its mark."""
    pyproject = (ROOT / "pyproject.toml").read_bytes()
    return {
        "pyproject": hashlib.sha256(pyproject).hexdigest(),
        "root": str(ROOT),
        "python": sys.version,
        "groups": sorted(groups),
    }


def has_stamp(groups: list[str]) -> bool:
    """Whether `.venv` was made by this Python from this pyproject.toml, with at least these groups."""
    if not python().exists() or not STAMP.exists():
        return False
    try:
        found = json.loads(STAMP.read_text(encoding="utf-8"))
    except ValueError:
        return False
    wanted = stamp(groups)
    same = all(found.get(key) == wanted[key] for key in ("pyproject", "root", "python"))
    return same and set(groups) <= set(found.get("groups", ()))


def find_browser() -> str | None:
    """Return a Chromium that is here already: named, on PATH, in a Mac's usual places, or playwright's."""
    named = os.environ.get("INSPECTOR_BROWSER")
    if named:
        return named
    on_path = (shutil.which(name) for name in BROWSERS_ON_PATH)
    on_mac = (place for place in BROWSERS_ON_MAC if Path(place).exists())
    return next((place for place in (*on_path, *on_mac) if place), None) or playwright_browser()


def find_light_browser() -> str | None:
    """Return a Chromium that is here already, and if we may, install the one that works least before."""
    in_packages = ["apt-cache", "show", HEADLESS]
    if (
        "INSPECTOR_BROWSER" not in os.environ
        and not shutil.which(HEADLESS)
        and is_root()
        and shutil.which("apt-cache")
        and run(in_packages, output=subprocess.DEVNULL, errors=subprocess.DEVNULL) == 0
    ):
        say(f"installing {HEADLESS} with apt-get ...")
        apt_install(HEADLESS)
    return find_browser()


def playwright_browser() -> str | None:
    """Return the newest Chromium in playwright's cache, None when there is none."""
    caches = (
        os.environ.get("PLAYWRIGHT_BROWSERS_PATH"),
        Path.home() / ".cache" / "ms-playwright",
        Path.home() / "Library" / "Caches" / "ms-playwright",
    )
    names = ("chrome", "headless_shell", "chrome-headless-shell", "Chromium")
    for cache in caches:
        if not cache:
            continue
        found = [
            place
            for place in Path(cache).glob("chromium*-*/**/*")
            if place.name in names and place.is_file() and os.access(place, os.X_OK)
        ]
        if found:
            return str(max(found, key=lambda place: place.stat().st_mtime))
    return None


def install_browser() -> str | None:
    """Install a Chromium: with apt on Debian as root, else by playwright; None when neither worked."""
    if is_root() and Path("/etc/debian_version").exists() and shutil.which("apt-get"):
        say("installing chromium with apt-get ...")
        found = find_browser() if apt_install(HEADLESS) or apt_install("chromium", "libatomic1") else None
        if found:
            return found
    say("installing a browser with playwright ...")
    if run([str(python()), "-m", "playwright", "install", "chromium-headless-shell"]) == 0:
        return playwright_browser()
    return None


def apt_install(*packages: str) -> bool:
    """Install Debian packages without a question; True when that worked."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if run(["apt-get", "update", "-qq"], quiet) != 0:
        return False
    command = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages]
    return run(command, quiet, output=subprocess.DEVNULL) == 0


def python() -> Path:
    """Return the interpreter of `.venv`."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def pip() -> list[str]:
    """Return how to call the pip of `.venv`."""
    return [str(python()), "-m", "pip", "--disable-pip-version-check"]


def venv_works() -> bool:
    """Whether `.venv` is of this Python, with a pip that starts; a moved checkout breaks it."""
    same = f"import sys; sys.exit(sys.version != {sys.version!r})"
    checks = ([str(python()), "-c", same], [*pip(), "--version"])
    return python().exists() and all(run(check, output=subprocess.DEVNULL) == 0 for check in checks)


def is_root() -> bool:
    """Whether we may install system packages."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def run(
    command: list[str],
    environment: dict[str, str] | None = None,
    *,
    output: int | None = None,
    errors: int | None = None,
) -> int:
    """Run a command in the checkout and return its exit code; Ctrl-C and SIGTERM end the command first."""
    sys.stdout.flush()
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=errors) as process:
        before = signal.signal(signal.SIGTERM, lambda number, frame: process.terminate())
        try:
            return wait_for(process)
        finally:
            signal.signal(signal.SIGTERM, before)


def wait_for(process: subprocess.Popen[bytes]) -> int:
    """Return the exit code; the terminal sends Ctrl-C to the command too, which ends by itself.

    Raises Interrupted after that.
    """
    interrupted = False
    while True:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            interrupted = True
            continue
        if interrupted:
            raise Interrupted(code)
        return code


def stay_here(environment: MutableMapping[str, str]) -> None:
    """Take out what would lead pip or `.venv` elsewhere; which index pip asks stays the user's."""
    for name in LEADS_ELSEWHERE:
        environment.pop(name, None)
    environment["PIP_USER"] = "0"  # also where pip's own file says otherwise


def say(text: str) -> None:
    """Tell the reader what happens."""
    print(f"dev.py: {text}", file=sys.stderr, flush=True)


def give_up(problem: str, *ways_out: str) -> int:
    """Say what is missing and what to do about it; return exit code 3."""
    say(problem)
    for way_out in ways_out:
        print(f"        -> {way_out}", file=sys.stderr)
    return 3


if __name__ == "__main__":
    stay_here(os.environ)
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
