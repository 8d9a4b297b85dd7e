"""The samples that the page is built on are what the code makes: every key, every type, nothing more."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
NAMES = sorted(file.stem for file in HERE.glob("*.json"))

# Objects whose keys are data: indexes and numbers of routes, ids of regex nodes, names of groups, numbers of
# a recorder, reasons that are counted.
FREE_KEYS = frozenset({"hits", "inner", "nodes", "origins", "spans", "stats", "unasked"})


def shapes(value: Any, where: str = "$") -> dict[str, set[str]]:
    """Return the types seen at each place; the items of a list share one place."""
    found: dict[str, set[str]] = {where: {_kind(value)}}
    match value:
        case dict():
            is_free = where.rpartition(".")[2] in FREE_KEYS
            for key, item in value.items():
                _merge(found, shapes(item, f"{where}.*" if is_free else f"{where}.{key}"))
        case list():
            for item in value:
                _merge(found, shapes(item, f"{where}[]"))
    return found


def _kind(value: Any) -> str:
    match value:
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case None:
            return "null"
        case _:
            return {str: "text", list: "list", dict: "object"}[type(value)]


def _merge(into: dict[str, set[str]], more: dict[str, set[str]]) -> None:
    for where, kinds in more.items():
        into.setdefault(where, set()).update(kinds)


def test_every_document_has_a_sample_and_every_sample_a_document(documents: dict[str, Any]) -> None:
    assert sorted(documents) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_has_the_keys_and_types_the_code_makes(
    name: str, documents: dict[str, Any], samples: dict[str, Any]
) -> None:
    assert shapes(samples[name]) == shapes(documents[name])


def test_every_exchange_has_the_same_keys(documents: dict[str, Any]) -> None:
    exchanges = {name: document for name, document in documents.items() if name.startswith("exchange-")}
    keys = {
        name: (sorted(found["exchange"]), {panel: _keys(view) for panel, view in found["panels"].items()})
        for name, found in exchanges.items()
    }
    first = keys["exchange-matched"]
    assert all(head == first[0] for head, _ in keys.values())
    for _, panels in keys.values():
        assert {panel: view for panel, view in panels.items() if view} == {
            panel: first[1][panel] or view for panel, view in panels.items() if view
        }


def _keys(view: Any) -> list[str]:
    item = view[0] if isinstance(view, list) and view else view
    return sorted(item) if isinstance(item, dict) else []


def test_the_rows_show_every_state(documents: dict[str, Any]) -> None:
    rows = documents["rows"]["rows"]
    assert {row["state"] for row in rows} == {
        "pending",
        "streaming",
        "complete",
        "disconnected",
        "error",
        "cancelled",
        "lost",
    }
    statuses = {row["status"] for row in rows}
    assert {200, 201, 304, 307, 404, 405, 422, 500, 101, 403, None} <= statuses
    assert {"http", "websocket"} == {row["kind"] for row in rows}
    assert any(row["replay_of"] for row in rows)


def test_the_documents_tell_one_story(documents: dict[str, Any]) -> None:
    """Ids, tables and spans of one document are found again in the others."""
    rows = {row["id"]: row for row in documents["rows"]["rows"]}
    table = documents["routes"]["table"]
    assert documents["app"]["table"] == table["fingerprint"]
    for name, document in documents.items():
        if name.startswith("exchange-"):
            row = rows[document["exchange"]["id"]]
            assert {key: document["exchange"][key] for key in row if key != "seq"} == {
                key: value for key, value in row.items() if key != "seq"
            }
            path = document["exchange"]["path"]
            for span in document["panels"]["why"]["path"]["spans"]:
                assert path[span["start"] : span["end"]] == span["text"]
        if name.startswith("explanation-"):
            assert document["table"] == table["fingerprint"]
            assert len(document["verdicts"]) == len(table["routes"])
    assert documents["difference"]["left"] in rows
    assert documents["difference"]["right"] in rows


def test_no_sample_holds_a_secret_or_names_this_machine(samples: dict[str, Any]) -> None:
    text = json.dumps(samples)
    for word in ("s3cret", "5f2c9a", "4111111111111111", str(HERE.parent.parent), sys.base_prefix):
        assert word not in text
