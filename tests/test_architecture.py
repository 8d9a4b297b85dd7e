"""The floors hold: a module imports its own floor or a lower one, and each library has its one place."""

import ast
import functools
import re
import sys
import tomllib
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TypeGuard

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("miniframework", "inspector")

# From the ground up. The longest name that fits a module gives its floor; a new module needs a place here.
FLOORS: tuple[tuple[str, ...], ...] = (
    (
        "miniframework.types",
        "miniframework.errors",
        "miniframework.status",
        "miniframework.anyio_scopes",
        "miniframework.config_values",
        "miniframework.concurrency",
        "miniframework.records",
        "miniframework.callables",
        "miniframework.call_fit",
        "miniframework.signatures",
        "miniframework.misspelt",
    ),
    ("miniframework.header_text",),
    (
        "miniframework.http.address",
        "miniframework.http.headers",
        "miniframework.http.multi_dict",
        "miniframework.http.query_params",
        "miniframework.http.state",
    ),
    ("miniframework.routing.regex",),
    ("miniframework.routing",),
    ("miniframework.routing.judging", "miniframework.routing.foreign"),
    ("miniframework.routing.judge", "miniframework.routing.outline", "miniframework.routing.explanation"),
    ("miniframework.routing.explaining",),
    ("miniframework.routing.table",),
    ("miniframework.events",),
    ("miniframework.telling",),
    ("miniframework.bus",),
    ("miniframework.tap",),
    ("miniframework.http", "miniframework.background"),
    # They know each other: a parameter may be a dependency, whose parameters are read as any.
    ("miniframework.params", "miniframework.dependencies"),
    ("miniframework.security", "miniframework.answering"),
    (
        # Names where FastAPI has them.
        "miniframework.config",
        "miniframework.datastructures",
        "miniframework.encoders",
        "miniframework.exceptions",
        "miniframework.param_functions",
        "miniframework.requests",
        "miniframework.responses",
        "miniframework.sse",
        "miniframework.logger",
    ),
    ("miniframework.middleware.driven", "miniframework.serving.call"),
    ("miniframework.middleware.held", "miniframework.middleware.passed"),
    ("miniframework.serving.compiled",),
    (
        "miniframework.authentication",
        "miniframework.endpoints",
        "miniframework.starlette_endpoints",
        "miniframework.lifespan",
        "miniframework.staticfiles",
        "miniframework.templating",
        "miniframework.websocket",
        "miniframework.websockets",
    ),
    ("miniframework.exception_handlers", "miniframework.middleware"),
    ("miniframework.serving",),
    ("miniframework.declarations",),
    ("miniframework.openapi",),
    ("miniframework.declaring", "miniframework.utils"),
    ("miniframework.app", "miniframework.asgi", "miniframework.applications"),
    ("miniframework",),
    ("miniframework.testing", "miniframework.testclient", "miniframework.tutorial"),
    (
        "inspector.model",
        "inspector.apart",
        "inspector.folded",
        "inspector.settings",
        "inspector.errors",
        "inspector.assets",
        "inspector.configuration.kinds",
    ),
    ("inspector.redaction", "inspector.configuration", "inspector.readable"),
    ("inspector.journal.protocol", "inspector.journal.weight"),
    ("inspector.recording",),
    ("inspector.journal",),
    ("inspector.adapters.adapter",),
    ("inspector.analysis", "inspector.adapters"),
    ("inspector.replay", "inspector.streaming", "inspector.checking"),
    ("inspector.panels", "inspector.exchange_files"),
    ("inspector.inspection",),
    ("inspector.web",),
    ("inspector.wiring",),
    ("inspector",),
    ("inspector.demo",),
    ("inspector.cli",),
    ("inspector.__main__", "inspector.pytest_plugin"),
)

# library -> the only places that import it
OWNERS: dict[str, tuple[str, ...]] = {
    "pydantic": (
        "miniframework.params",
        "miniframework.serving.compiled",
        "miniframework.openapi",
        "miniframework.security",
        "inspector.demo",  # a user's application
    ),
    "pydantic_core": (
        "miniframework.params",
        "miniframework.serving.compiled",
        "miniframework.openapi",
        "miniframework.http.upload_schema",
        "inspector.journal.packing",  # JSON of each exchange
    ),
    "python_multipart": ("miniframework.http.form_parser",),
    "anyio": ("miniframework.anyio_scopes",),
    "jinja2": ("inspector.web.pages", "miniframework.templating"),
    "itsdangerous": ("miniframework.middleware.sessions",),
    "a2wsgi": ("miniframework.middleware.wsgi",),
    "uvicorn": ("inspector.cli", "miniframework.tutorial"),
    "websockets": ("inspector.demo", "inspector.cli.tail_stream"),
    "click": ("inspector.cli", "inspector.pytest_plugin.explaining"),
    "pytest": ("inspector.pytest_plugin",),
    "sqlite3": ("inspector.journal",),
    "redis": ("inspector.journal",),
}

# Of others; the adapter of one is imported when an application made with it is there. None is a dependency.
FRAMEWORKS = (
    "starlette", "fastapi", "litestar", "quart", "werkzeug", "django", "datasette", "blacksheep", "sanic",
    "sanic_routing", "channels", "falcon",
)  # fmt: skip
OWNERS |= dict.fromkeys(FRAMEWORKS, ("inspector.adapters",))

# Decisions are pure: no task, clock, chance, file or socket.
PURE = (
    "miniframework.routing",
    "inspector.analysis",
    "inspector.apart",
    "inspector.exchange_files.export",
    "inspector.exchange_files.export_curl",
    "inspector.exchange_files.export_httpx",
    "inspector.exchange_files.export_hurl",
    "inspector.exchange_files.export_pytest",
    "inspector.exchange_files.export_python",
    "inspector.exchange_files.export_request",
    "inspector.folded",
    "inspector.model",
    "inspector.panels",
    "inspector.readable",
    "inspector.recording.assembler",
    "inspector.redaction",
    "inspector.replay.difference",
    "inspector.replay.edit",
    "inspector.replay.policy",
    "inspector.streaming.row_filter",
    "inspector.streaming.row_filter_keys",
    "inspector.web.error_view",
    "inspector.web.security",
)
IMPURE = {
    "asyncio",
    "os",
    "random",
    "secrets",
    "socket",
    "sqlite3",
    "subprocess",
    "threading",
    "time",
    "tempfile",
}

FORBIDDEN: tuple[tuple[str, str], ...] = (
    ("miniframework", "inspector"),
    ("inspector.panels", "inspector.journal"),
    ("inspector.panels", "inspector.web"),
    ("inspector.panels", "miniframework.app"),
)
VAGUE = {"utils", "util", "helpers", "common", "misc", "manager", "data", "info"}
# FastAPI's users import get_openapi from there.
VAGUE_AS_IN_FASTAPI = {"miniframework.utils", "miniframework.openapi.utils", "miniframework.security.utils"}
MOST_LINES = 400


def is_within(module: str, place: str) -> bool:
    """Whether the module is this package or module, or stands inside it."""
    return module == place or module.startswith(place + ".")


def module_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {
    module_of(file): file
    for package in PACKAGES
    for file in sorted((ROOT / package).rglob("*.py"))
    if "_assets" not in file.parts
}


def imports_of(file: Path, *, for_types: bool = False) -> Iterator[tuple[str, int]]:
    """Yield what is imported when the module runs, and where; with `for_types` under TYPE_CHECKING too."""
    pending: list[ast.AST] = [_parse(file)]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((target, node.lineno) for target in _targets(node))
        elif not for_types and _is_for_types(node):
            pending.extend(node.orelse)
        else:
            pending.extend(ast.iter_child_nodes(node))


@functools.cache
def _parse(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _is_for_types(node: ast.AST) -> TypeGuard[ast.If]:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _targets(node: ast.ImportFrom) -> Iterator[str]:
    """Yield each imported module; what is no module of ours is a name inside `node.module`."""
    assert node.module is not None, "a relative import"
    for name in node.names:
        inner = f"{node.module}.{name.name}"
        yield inner if inner in SOURCES else node.module


@functools.cache
def arrows() -> list[tuple[str, str, int]]:
    """Every module with each that it imports, and the line: read when a test first asks."""
    return [(module, target, line) for module, file in SOURCES.items() for target, line in imports_of(file)]


def floor_of(module: str) -> int | None:
    """Return the number of the floor with the longest name that fits, None without one."""
    fitting = [
        (len(place), number)
        for number, floor in enumerate(FLOORS)
        for place in floor
        if is_within(module, place) and (place not in PACKAGES or module == place)
    ]
    return max(fitting)[1] if fitting else None


def where(module: str, line: int) -> str:
    return f"{SOURCES[module].relative_to(ROOT)}:{line}"


def test_every_module_has_a_floor() -> None:
    assert [module for module in SOURCES if floor_of(module) is None] == []


def test_every_floor_has_a_module() -> None:
    empty = [
        place for floor in FLOORS for place in floor if not any(is_within(name, place) for name in SOURCES)
    ]
    assert set(empty) <= {"inspector.adapters"}, "a floor without modules; take it out of the table"


def test_no_module_imports_a_higher_floor() -> None:
    wrong = [
        f"{where(module, line)} imports {target}"
        for module, target, line in arrows()
        if target in SOURCES and (floor_of(target) or 0) > (floor_of(module) or 0)
    ]
    assert wrong == []


def test_no_imports_go_in_a_circle() -> None:
    """Those inside functions and those for types count too: who reads one file of a circle reads them all."""
    tied = {
        module: {target for target, _ in imports_of(file, for_types=True) if target in SOURCES} - {module}
        for module, file in SOURCES.items()
    }
    circle = ""
    try:
        TopologicalSorter(tied).prepare()
    except CycleError as error:
        circle = " imports ".join(reversed(error.args[1]))
    assert circle == "", "part a file, or let the lower one say in a Protocol what it needs"


@pytest.mark.parametrize(
    "text",
    [
        "import inspector.model",
        "from inspector.model import State",
        "from inspector import model",
        "def f():\n    from inspector.model import State",
        "if TYPE_CHECKING:\n    from inspector.model import State",
    ],
)
def test_an_import_ties_wherever_it_stands(text: str, tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text(text, encoding="utf-8")
    assert [target for target, _ in imports_of(file, for_types=True)] == ["inspector.model"]


@pytest.mark.parametrize(("place", "never"), FORBIDDEN, ids=lambda name: name)
def test_a_forbidden_arrow_is_missing(place: str, never: str) -> None:
    assert [
        f"{where(module, line)} imports {target}"
        for module, target, line in arrows()
        if is_within(module, place) and is_within(target, never)
    ] == []


@pytest.mark.parametrize("library", OWNERS)
def test_a_library_is_imported_in_its_one_place_only(library: str) -> None:
    assert [
        f"{where(module, line)} imports {target}"
        for module, target, line in arrows()
        if is_within(target, library) and not any(is_within(module, owner) for owner in OWNERS[library])
    ] == []


def test_pure_modules_have_no_clock_task_file_or_socket() -> None:
    pure = [module for module in SOURCES if any(is_within(module, place) for place in PURE)]
    imported = [
        f"{where(module, line)} imports {target}"
        for module, target, line in arrows()
        if module in pure and target.partition(".")[0] in IMPURE
    ]
    awaiting = [
        f"{where(module, node.lineno)} is async"
        for module in pure
        for node in ast.walk(_parse(SOURCES[module]))
        if isinstance(node, ast.AsyncFunctionDef | ast.Await)
    ]
    assert imported + awaiting == []


def test_signatures_are_read_in_one_place_where_annotations_may_fail() -> None:
    """From Python 3.14 on `inspect.signature` evaluates annotations, which may name what nobody knows."""
    readers = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("inspect.signature", "signature")
    }
    assert readers == {"miniframework/signatures.py"}


def test_every_library_that_is_imported_is_a_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["redis"]]
    declared = {re.split(r"[^A-Za-z0-9_-]", line)[0].replace("-", "_") for line in wanted}
    # pydantic brings pydantic_core at the one version that fits; pytest itself loads the plugin; anyio is
    # imported for programs that have imported it.
    later = {"annotationlib"}  # of the standard library from Python 3.14 on
    known = {*declared, "pydantic_core", "pytest", "anyio", *FRAMEWORKS, *sys.stdlib_module_names, *PACKAGES}
    known |= later
    assert (
        sorted(
            {f"{module}: {target}" for module, target, _ in arrows() if target.partition(".")[0] not in known}
        )
        == []
    )


def test_no_file_is_longer_than_a_reader_holds_in_mind() -> None:
    lengths = {module: len(file.read_text(encoding="utf-8").splitlines()) for module, file in SOURCES.items()}
    assert {module: lines for module, lines in lengths.items() if lines > MOST_LINES} == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    vague = {module for module in SOURCES if VAGUE & set(module.split("."))}
    assert vague == VAGUE_AS_IN_FASTAPI
