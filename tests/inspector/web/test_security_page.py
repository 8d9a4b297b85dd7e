"""SECURITY.md names a test for every line, and the tests it names are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| id ")]


def test_every_threat_has_a_test() -> None:
    threats = [row for row in ROWS if re.match(r"\| [ABC][0-9]+ \|", row)]
    assert len(threats) >= 20
    assert [row for row in threats if "test" not in row.rsplit("|", 2)[1]] == []


def test_every_test_that_is_named_is_there() -> None:
    missing: list[str] = []
    for row in ROWS:
        file = ""
        for name in re.findall(r"`([^`]*(?:test_|tests/)[^`]*)`", row.rsplit("|", 2)[1]):
            named, _, function = name.partition("::")
            file = named or file
            if not any(_holds(path, function) for path in _find(file)):
                missing.append(name)
    assert missing == []


def _find(name: str) -> list[Path]:
    if "/" in name:
        return [ROOT / name] if (ROOT / name).exists() else []
    return list((ROOT / "tests").rglob(name))


def _holds(path: Path, function: str) -> bool:
    return not function or f"def {function}(" in path.read_text(encoding="utf-8")
