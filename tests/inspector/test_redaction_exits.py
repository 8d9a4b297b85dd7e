"""Secrets planted everywhere, searched for in each answer of the dashboard, each export and each file."""

from pathlib import Path

import pytest

from inspector.journal.protocol import Saved
from inspector.journal.sqlite import SqliteJournal
from inspector.redaction import Redactor
from inspector.web.app import create_dashboard
from miniframework.routing.route import Route
from tests.inspector.cli.recordings import run
from tests.inspector.redaction_samples import canary_exchanges
from tests.inspector.web.asking import ask
from tests.inspector.web.serving import TOKEN

EXPORTS = ("curl", "httpx", "pytest", "hurl", "har")


def _plant(folder: Path) -> tuple[Path, list[str], dict[str, str]]:
    exchanges, canaries = canary_exchanges()
    redactor = Redactor()
    journal = SqliteJournal(folder / "journal.db")
    journal.append([Saved(redactor.redact(exchange)) for exchange in exchanges])
    journal.close()
    return folder / "journal.db", [exchange.id for exchange in exchanges], canaries


def _leaks(written: bytes, canaries: dict[str, str]) -> list[str]:
    return [place for place, canary in canaries.items() if canary[1:13].encode() in written]


def test_no_answer_of_the_dashboard_has_a_secret_in_it(tmp_path: Path) -> None:
    file, ids, canaries = _plant(tmp_path)
    journal = SqliteJournal(file)
    dashboard = create_dashboard(journal, token=TOKEN)
    templates = [entry.pattern.template for entry in dashboard.app.table.entries if isinstance(entry, Route)]
    asked = 0
    for template in templates:
        if not template.startswith("/api/"):
            continue
        for number, exchange_id in enumerate(ids if "{" in template else ids[:1]):
            path = template.replace("{exchange_id}", exchange_id)
            sides = [path.replace("{side}", side) for side in ("request", "response")]
            queries = [f"?format={name}" for name in EXPORTS] if path.endswith("/export") else [""]
            others = f"?left={exchange_id}&right={ids[number - 1]}" if path.endswith("/difference") else ""
            for target in [f"{side}{others or query}" for side in dict.fromkeys(sides) for query in queries]:
                answer = ask(dashboard, target)
                asked += answer.status == 200
                assert _leaks(answer.body, canaries) == [], target
    journal.close()
    assert asked > 5 * len(ids)


@pytest.mark.parametrize("kind", EXPORTS)
def test_no_export_of_the_command_has_a_secret_in_it(tmp_path: Path, kind: str) -> None:
    file, _, canaries = _plant(tmp_path)
    found = run("export", str(file), "--format", kind)
    assert found.stdout
    assert _leaks(found.output.encode("utf-8", "surrogateescape"), canaries) == []


def test_no_file_of_the_recording_has_a_secret_in_it(tmp_path: Path) -> None:
    _, _, canaries = _plant(tmp_path)
    files = [path.read_bytes() for path in tmp_path.iterdir()]
    assert files
    assert _leaks(b"\n".join(files), canaries) == []
