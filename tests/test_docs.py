"""The pages are true: their examples run, and their tables say what the code says, no more and no less.

Words behind the language of a fenced block tell what is done with it, page by page and in order:
`python run` is executed, `python file=NAME` is saved and imported, `diff file=NAME` replaces lines of it, and
`console run` calls the command and compares what it prints. Every other `python` block is only compiled.
"""

import ast
import importlib
import json
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_args

import click
import pytest

from inspector import errors as inspector_errors
from inspector.cli.main import main
from inspector.configuration.options import OPTIONS
from inspector.journal.memory import MemoryJournal
from inspector.replay.refusal import RefusalCode
from inspector.settings import Settings
from inspector.streaming import connection
from inspector.streaming.messages import GapReason
from inspector.web.app import create_dashboard
from miniframework import errors as framework_errors
from miniframework import events
from miniframework.answering.options import ANSWER_WORDS
from miniframework.testing import TestClient
from tests import warm

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = {
    str(file.relative_to(ROOT)): file.read_text(encoding="utf-8")
    for file in (*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md")))
}
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|root|tmp|opt|home/\w+|Users/\w+)\b|\b[A-Z]:\\")
CODE_PATH = re.compile(r"`([a-z]+/[\w./*-]+)`")
TOP_FOLDERS = tuple(one.name for one in ROOT.iterdir() if one.is_dir() and not one.name.startswith("."))
ENVIRONMENT_NAME = re.compile(r"INSPECTOR(?:_[A-Z]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block: `says` is its language and the words behind it, `line` its first line in the page."""

    page: str
    line: int
    says: tuple[str, ...]
    text: str

    @property
    def file(self) -> str | None:
        return next((word.removeprefix("file=") for word in self.says if word.startswith("file=")), None)

    @property
    def is_run(self) -> bool:
        return "run" in self.says or self.file is not None

    def code(self) -> Any:
        """Compile with the page's own line numbers, so that a failure names the line to mend."""
        return compile("\n" * self.line + self.text, self.page, "exec")


def blocks_of(page: str) -> list[Block]:
    text = PAGES[page]
    return [
        Block(
            page=page,
            line=text[: found.start(2)].count("\n"),
            says=tuple(found[1].split()),
            text=found[2],
        )
        for found in FENCE.finditer(text)
    ]


BLOCKS = [block for page in PAGES for block in blocks_of(page)]


def prose(page: str) -> str:
    """The page without its fenced blocks."""
    return FENCE.sub("", PAGES[page])


def rows(page: str, *, section: str = "") -> list[list[str]]:
    """The cells of every table row of a page, or of one section of it; head rows are among them."""
    return rows_of(section_of(page, section) if section else prose(page))


def rows_of(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.startswith("|") and not line.startswith("|---")]
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in lines]


def section_of(page: str, heading: str) -> str:
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", prose(page), re.MULTILINE | re.DOTALL)
    assert found is not None, f"{page} has no section {heading!r}"
    return found[1]


def quoted(text: str) -> list[str]:
    """Everything between backticks."""
    return re.findall(r"`([^`]+)`", text)


def named_first(table: list[list[str]]) -> list[str]:
    """The quoted words of the first cells: what a table is about."""
    return [word for cells in table for word in quoted(cells[0])]


def calls_in(folder: str) -> Iterator[tuple[str, list[object]]]:
    """Yield the name and the constant arguments (None for others) of every call in these sources."""
    for file in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                given = [one.value if isinstance(one, ast.Constant) else None for one in node.args]
                yield node.func.id, given


@pytest.mark.parametrize(
    "block",
    [block for block in BLOCKS if block.says[:1] == ("python",)],
    ids=lambda block: f"{block.page}:{block.line}",
)
def test_a_python_block_compiles(block: Block) -> None:
    block.code()


@pytest.mark.parametrize("page", sorted({block.page for block in BLOCKS if block.is_run}))
def test_the_examples_of_a_page_run_and_print_what_it_says(page: str, tmp_path: Path) -> None:
    names: dict[str, object] = {"__name__": "page"}
    for block in blocks_of(page):
        match block.says:
            case ("python", "run"):
                exec(block.code(), names)
            case ("console", "run"):
                check_session(block, tmp_path)
            case ("python" | "diff", *_) if block.file:
                change_file(block, tmp_path / block.file)
                run_in(tmp_path, "-c", f"import {Path(block.file).stem}")
            case _:
                assert not block.is_run, f"{page}:{block.line} says {' '.join(block.says)!r}"


def change_file(block: Block, file: Path) -> None:
    if block.says[0] == "python":
        file.write_text(block.text, encoding="utf-8")
        return
    lines = block.text.splitlines()
    removed = "\n".join(line[1:] for line in lines if line.startswith("-"))
    added = "\n".join(line[1:] for line in lines if line.startswith("+"))
    before = file.read_text(encoding="utf-8")
    assert before.count(f"\n{removed}\n") == 1, f"{block.page}:{block.line}: no {removed!r} in {file.name}"
    file.write_text(before.replace(f"\n{removed}\n", f"\n{added}\n"), encoding="utf-8")


def check_session(block: Block, folder: Path) -> None:
    for session in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, wanted = session.partition("\n")
        program, *arguments = shlex.split(command)
        assert program == "inspector", f"{block.page}:{block.line}: only the command inspector is run"
        printed = run_in(folder, "-m", "inspector", *arguments)
        assert [line.rstrip() for line in printed.splitlines()] == wanted.splitlines(), command


def run_in(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    done = warm.run(*arguments, folder=folder, environment=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_command_of_a_console_block_exists_with_these_options() -> None:
    sessions = "".join(block.text for block in BLOCKS if block.says[:1] == ("console",))
    commands = [shlex.split(line, comments=True) for line in re.findall(r"^\$ (.*)", sessions, re.MULTILINE)]
    assert ["inspector", "run"] in [command[:2] for command in commands]
    for program, *arguments in commands:
        if program == "inspector":
            main.commands[arguments[0]].make_context(arguments[0], arguments[1:])
        elif arguments[:1] == ["dev.py"]:
            assert arguments[1] in ("demo", "test"), arguments


def test_every_event_is_documented_with_its_fields() -> None:
    of_all = {one.name for one in fields(events.Event)}
    known = {
        kind.__name__: {one.name for one in fields(kind)} - of_all
        for kind in vars(events).values()
        if isinstance(kind, type) and issubclass(kind, events.Event) and kind is not events.Event
    }
    page = rows("docs/reference/events.md")
    said = {quoted(cells[0])[0]: set(quoted(cells[1])) for cells in page if cells[0].startswith("`")}
    assert said == known


def test_every_word_about_answers_is_documented() -> None:
    said = named_first(rows("docs/reference/responses.md", section="The value and its type"))
    assert set(said) == ANSWER_WORDS


def test_every_field_of_a_bound_parameter_is_documented() -> None:
    words = quoted(prose("docs/reference/events.md"))
    assert [one.name for one in fields(events.BoundParameter) if one.name not in words] == []


def test_every_setting_is_documented_with_its_default() -> None:
    known = {one.name: repr(getattr(Settings(), one.name)) for one in fields(Settings)}
    table = [cells for cells in rows("docs/reference/settings.md")[1:] if len(cells) == 4]
    assert {quoted(cells[0])[0]: quoted(cells[2])[0] for cells in table} == known


def test_every_environment_variable_is_documented() -> None:
    known = {
        node.value
        for place in ("inspector", "miniframework", "tests/browser", "dev.py")
        for file in ([ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if ENVIRONMENT_NAME.fullmatch(node.value)
    }
    said = {word for word in quoted(prose("docs/reference/settings.md")) if ENVIRONMENT_NAME.fullmatch(word)}
    assert said == known


@pytest.mark.parametrize("name", sorted(main.commands))
def test_a_command_is_documented_with_every_option(name: str) -> None:
    options = [one for one in main.commands[name].params if isinstance(one, click.Option)]
    known = {word for one in options for word in (*one.opts, *one.secondary_opts)}
    said = named_first(rows("docs/reference/cli.md", section=f"inspector {name}"))
    assert {word for word in said if word.startswith("-")} == known
    assert f"inspector {name}" in named_first(rows("docs/reference/cli.md"))


def test_the_defaults_of_run_are_the_documented_ones() -> None:
    table = [cells for cells in rows("docs/reference/cli.md", section="inspector run") if quoted(cells[0])]
    known = {option.flag: option.default_words for option in OPTIONS if option.has_flag}
    assert {quoted(cells[0])[0]: cells[1].strip("`") for cells in table} == known


def test_every_error_code_of_the_api_is_documented_with_its_status() -> None:
    calls = list(calls_in("inspector/web"))
    pairs = {(given[0], given[1]) for name, given in calls if name in ("ApiError", "Denied")}
    bare = {given[0] for name, given in calls if name == "error_json" and given[0]}
    answers = TestClient(create_dashboard(MemoryJournal(), token="t" * 43).app)
    for answer in (answers.get("/api/nothing"), answers.post("/api/app")):
        pairs.add((answer.status_code, answer.json()["error"]["code"]))
    table = rows("docs/reference/errors.md", section="What the dashboard answers")
    said = {quoted(cells[0])[0]: cells[1] for cells in table if cells[0].startswith("`")}
    assert {code for _, code in pairs} | bare - {"not_running"} == said.keys() | {"not_running"}
    assert [(status, code) for status, code in pairs if code in said and str(status) not in said[code]] == []


def test_every_refusal_of_a_replay_is_documented() -> None:
    table = rows("docs/reference/errors.md", section="Why a replay is refused")
    assert set(named_first(table)) == set(get_args(RefusalCode))


@pytest.mark.parametrize("module", [framework_errors, inspector_errors], ids=lambda module: module.__name__)
def test_every_exception_is_documented(module: Any) -> None:
    classes = {name: one for name, one in vars(module).items() if isinstance(one, type)}
    known = {name for name, one in classes.items() if issubclass(one, Exception)}
    assert known - set(quoted(prose("docs/reference/errors.md"))) == set()


def test_every_key_of_the_keyboard_map_is_documented() -> None:
    source = (ROOT / "static/js/core/key-words.js").read_text(encoding="utf-8")
    line = re.compile(r'\{ group: "(.*?)", keys: \[(.*?)\], intent: ".*?", hint: "(.*?)" \}')
    known = [(group, re.findall(r'"(.*?)"', keys), hint) for group, keys, hint in line.findall(source)]
    table = rows("docs/reference/keyboard.md")[1:]
    assert [(cells[0], quoted(cells[1]), cells[2]) for cells in table] == known
    assert len(known) == source.count("group: ")


def test_every_key_and_word_of_the_filter_is_documented() -> None:
    source = (ROOT / "static/js/core/filter.js").read_text(encoding="utf-8")
    known: list[str] = []
    for name, shown in (("KEYS", "{}"), ("FLAGS", "is:{}")):
        body = re.search(rf"^const {name} = \{{\n(.*?)^\}};", source, re.MULTILINE | re.DOTALL)
        assert body is not None
        known += [shown.format(word) for word in re.findall(r"^  (\w+):", body[1], re.MULTILINE)]
    table = rows("docs/reference/filter-language.md")
    assert sorted(named_first(table)) == sorted(known)


def test_every_path_of_the_http_api_is_documented_with_its_parameters() -> None:
    snapshot = create_dashboard(MemoryJournal(), token="t" * 43).app.table.snapshot()
    known = {
        ("WEBSOCKET" if route["kind"] == "websocket" else route["methods"][0], route["path"])
        for route in snapshot["routes"]
    }
    table = [cells for cells in rows("docs/reference/http-api.md") if cells[0].isupper()]
    assert {(cells[0], quoted(cells[1])[0]) for cells in table} == known
    asked = re.compile(r'(?:require_text|parse_number)\(request, "(\w+)"|query_params\.get\("(\w+)"')
    sources = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "inspector/web/api").glob("*.py"))
    words = " ".join(cells[2] for cells in table)
    assert [name for pair in asked.findall(sources) for name in pair if name and name not in words] == []


def contract(name: str) -> Any:
    return json.loads((ROOT / "tests/contract" / name).read_text(encoding="utf-8"))


def test_every_field_of_a_row_and_an_explanation_is_documented() -> None:
    words = set(quoted(prose("docs/reference/http-api.md")))
    found = contract("explanation-found.json")
    samples = [contract("rows.json")["rows"][0], contract("app.json"), found, found["verdicts"][0]]
    assert [field for sample in samples for field in sample if field not in words] == []


def test_every_message_of_the_stream_is_documented_with_its_fields() -> None:
    samples = [contract(file.name) for file in (ROOT / "tests/contract").glob("stream-*.json")]
    known = {sample["type"]: set(sample) - {"type"} for sample in samples}
    table = [cells for cells in rows("docs/reference/stream-protocol.md") if len(cells) == 3]
    said = {quoted(cells[0])[0]: set(quoted(cells[1])) for cells in table if cells[0].startswith("`")}
    reasons = {reason: said.pop(reason, None) for reason in get_args(GapReason)}
    assert None not in reasons.values(), reasons
    assert said == known


def test_every_close_code_of_the_stream_is_documented() -> None:
    known = {str(value) for name, value in vars(connection).items() if name.isupper()}
    table = rows("docs/reference/stream-protocol.md", section="Why a connection ends")
    assert {cells[0] for cells in table[1:]} == known


def test_every_word_of_the_glossary_stands_in_the_module_it_names() -> None:
    table = [cells for cells in rows("docs/explanation/glossary.md") if cells[0].startswith("`")]
    assert len(table) > 25
    for word, _, where in table:
        module = importlib.import_module(quoted(where)[0])
        assert hasattr(module, quoted(word)[0]), f"{word} is not in {where}"


@pytest.mark.parametrize("page", PAGES)
def test_every_relative_link_of_a_page_resolves(page: str) -> None:
    broken = []
    for target in LINK.findall(re.sub(r"`[^`]*`", "", prose(page))):
        path, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        file = (ROOT / page).parent / path if path else ROOT / page
        if not file.exists() or (anchor and anchor not in anchors_of(file)):
            broken.append(target)
    assert broken == []


def anchors_of(file: Path) -> set[str]:
    """The anchors GitHub gives to headings."""
    headings = re.findall(r"^#+ (.*)", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_no_path_of_a_machine(page: str) -> None:
    assert MACHINE_PATH.findall(PAGES[page]) == []


@pytest.mark.parametrize("page", PAGES)
def test_every_source_a_page_names_exists(page: str) -> None:
    named = [path for path in CODE_PATH.findall(prose(page)) if "." in path or path.startswith(TOP_FOLDERS)]
    places = (ROOT, ROOT / "miniframework")
    assert [path for path in named if not any(list(place.glob(path)) for place in places)] == []


def test_every_page_is_in_the_index() -> None:
    linked = {
        ((ROOT / page).parent / target).resolve()
        for page in ("docs/README.md", "docs/decisions/README.md")
        for target in LINK.findall(PAGES[page])
    }
    pages = {file for file in DOCS.rglob("*.md") if file != DOCS / "README.md"}
    assert {str(file.relative_to(DOCS)) for file in pages if file.resolve() not in linked} == set()
