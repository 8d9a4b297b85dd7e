"""What was taken from others is what the lock files say, and the page fetches nothing from elsewhere."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PLACES = (
    ROOT / "static" / "vendor",
    ROOT / "tests" / "browser" / "vendor",
    ROOT / "miniframework" / "openapi" / "assets",
)
FREE_LICENCES = {"Apache-2.0", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MPL-2.0", "OFL-1.1"}
OWN_CODE = sorted((ROOT / "static" / "js").rglob("*.js"))
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
MARKUP_SINKS = re.compile(
    r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|unsafeHTML|unsafeSVG|srcdoc|styleMap)\b"
    r"|\bdocument\.write|\beval\(|\bnew Function\b|\sstyle=\$"
)
IMPORT = re.compile(r"""(?:from|import\()\s*["']([^"']+)["']|^import\s+["']([^"']+)["']""", re.MULTILINE)

LOCKED: list[tuple[Path, dict[str, Any]]] = [
    (place, line) for place in PLACES for line in json.loads((place / "lock.json").read_text())
]


def name(path: object) -> str:
    return path.relative_to(ROOT).as_posix() if isinstance(path, Path) else str(path)


def code_of(module: Path) -> str:
    """The module without its comments."""
    return re.sub(r"/\*.*?\*/|^\s*//[^\n]*", "", module.read_text(), flags=re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(("place", "line"), LOCKED, ids=[line["file"] for _, line in LOCKED])
def test_a_vendored_file_is_the_one_of_the_lock(place: Path, line: dict[str, Any]) -> None:
    data = (place / line["file"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == line["sha256"]
    assert len(data) == line["bytes"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", line["version"])
    assert line["integrity"].startswith("sha512-")
    assert line["license"] in FREE_LICENCES
    assert (place / line["licence_file"]).stat().st_size > 0


@pytest.mark.parametrize("place", PLACES, ids=name)
def test_nothing_lies_in_a_vendor_folder_that_the_lock_does_not_name(place: Path) -> None:
    lines = [line for where, line in LOCKED if where == place]
    named = {line["file"] for line in lines} | {line["licence_file"] for line in lines} | {"lock.json"}
    assert {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()} == named


@pytest.mark.parametrize("module", OWN_CODE, ids=name)
def test_our_modules_import_files_of_ours_only(module: Path) -> None:
    for found in IMPORT.finditer(code_of(module)):
        target = found[1] or found[2]
        assert target.startswith("."), f"{target} is not relative"
        assert (module.parent / target).resolve().is_file(), f"{target} does not exist"


def test_every_icon_is_used() -> None:
    icons = re.findall(r'^  "([a-z0-9-]+)":', (ROOT / "static/vendor/icons.js").read_text(), re.MULTILINE)
    code = "".join(module.read_text() for module in OWN_CODE)
    assert [icon for icon in icons if f'"{icon}"' not in code] == []


@pytest.mark.parametrize("module", OWN_CODE, ids=name)
def test_text_reaches_the_page_as_text(module: Path) -> None:
    assert MARKUP_SINKS.findall(code_of(module)) == []


@pytest.mark.parametrize("module", sorted((ROOT / "static" / "js" / "core").glob("*.js")), ids=name)
def test_the_core_knows_no_page(module: Path) -> None:
    code = re.sub(r"\"[^\"\n]*\"", '""', code_of(module))
    assert re.findall(r"\b(?:document|window)\b", code) == []


@pytest.mark.parametrize("sheet", SHEETS, ids=name)
def test_a_sheet_takes_nothing_from_elsewhere_and_its_files_exist(sheet: Path) -> None:
    for target in re.findall(r"url\(\s*[\"']?([^\"')]+)", sheet.read_text()):
        assert (sheet.parent / target).resolve().is_file(), f"{target} does not exist"


@pytest.mark.parametrize("sheet", [path for path in SHEETS if path.name != "tokens.css"], ids=name)
def test_colours_stand_in_the_tokens_only(sheet: Path) -> None:
    found = re.findall(r"#[0-9a-fA-F]{3,8}\b", sheet.read_text())
    assert [one for one in found if one.lower() not in ("#fff", "#000")] == []
