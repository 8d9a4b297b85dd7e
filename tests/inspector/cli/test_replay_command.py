"""`inspector replay` as a shell sees it: a recorded session with a login, run against other versions."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from inspector import Inspector
from inspector.cli.main import main
from inspector.journal.protocol import AppStatus, StatusSaved
from inspector.journal.sqlite import SqliteJournal
from inspector.model import Worker
from miniframework.testing import TestClient
from tests.inspector.cli.shell import inspector

SHOP = """
import datetime
import random
import uuid
from typing import Any

from miniframework import App, Header, HTTPException

app = App(openapi_url=None)
orders: dict[int, Any] = {}
tokens = set()


@app.post("/login")
def login(body: dict[str, str]) -> Any:
    tokens.add(token := uuid.uuid4().hex)
    return {"access_token": token}


@app.post("/orders", status_code=201)
def create(body: dict[str, str], authorization: str = Header()) -> Any:
    if authorization.removeprefix("Bearer ") not in tokens:
        raise HTTPException(401)
    orders[number := random.randrange(10**9)] = body["item"]
    return {"order_id": number, "created_at": datetime.datetime.now().isoformat()}


@app.get("/orders/{order_id:int}")
def read(order_id: int) -> Any:
    if order_id not in orders:
        raise HTTPException(404)
    return {"order_id": order_id, "item": orders[order_id], "nonce": random.random()}


@app.get("/price")
def price() -> Any:
    return {"price": 10}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the shop, another version of it, and `rec.db`, a recording of a session."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "shop.py").write_text(SHOP, encoding="utf-8")
    changed = SHOP.replace("/orders/{order_id:int}", "/order/{order_id:int}").replace("10}", "11}")
    (folder / "newer.py").write_text(changed, encoding="utf-8")
    names: dict[str, Any] = {}
    exec(compile(SHOP, str(folder / "shop.py"), "exec"), names)
    journal = SqliteJournal(folder / "rec.db")
    with TestClient(Inspector(names["app"], journal=journal, dashboard=False)) as client:
        token = client.post("/login", json={"user": "a"}).json()["access_token"]
        headers = {"authorization": f"Bearer {token}"}
        made = client.post("/orders", json={"item": "Dune"}, headers=headers).json()
        client.get(f"/orders/{made['order_id']}")
        client.get("/price")
        client.get("/nowhere")
    status = AppStatus(worker=Worker(host="h", pid=1), state="stopped", target="shop:app")
    journal.append([StatusSaved(status)])
    journal.close()
    return folder


def outcomes_of(folder: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    done = inspector("replay", "rec.db", "--json", *arguments, folder=folder)
    return done.returncode, json.loads(done.stdout)


def test_the_same_application_answers_the_same_with_its_new_ids_and_tokens(folder: Path) -> None:
    code, found = outcomes_of(folder, "--unsafe", "--learn")
    assert [(one["request"].split()[0], one["verdict"], one["rebound"]) for one in found["outcomes"]] == [
        ("POST", "same", []),
        ("POST", "same", ["headers"]),
        ("GET", "same", ["path"]),
        ("GET", "same", []),
        ("GET", "same", []),
    ], found
    assert (code, found["summary"]) == (0, "5 same")


def test_unsafe_methods_are_not_sent_unasked(folder: Path) -> None:
    _, found = outcomes_of(folder)
    assert [one["refusal"]["code"] for one in found["outcomes"][:2]] == ["confirm", "confirm"]


def test_another_version_says_what_changed_and_which_route_is_gone(folder: Path) -> None:
    done = inspector(
        "replay", "rec.db", "--against", "newer:app", "--unsafe", "--junit", "report.xml", folder=folder
    )
    assert done.returncode == 1, done.stderr
    assert "3 same, 1 changed, 1 now 404: was /orders/{order_id:int}" in done.stderr
    assert "body $.price: 10 -> 11" in done.stdout
    suite = ElementTree.fromstring((folder / "report.xml").read_bytes())[0]
    assert (suite.get("tests"), suite.get("failures")) == ("5", "2")


def test_a_rule_an_edit_and_one_id_narrow_it_down(folder: Path) -> None:
    _, found = outcomes_of(folder)
    (price,) = [one["id"] for one in found["outcomes"] if one["request"] == "GET /price"]
    code, found = outcomes_of(
        folder, "--id", price, "--against", "newer:app", "--ignore", "body:$.price", "--header", "x-a: b"
    )
    assert (code, found["summary"]) == (0, "1 same")
    code, found = outcomes_of(folder, "--id", price, "--edit", '{"path": "/nowhere"}')
    assert (code, found["summary"]) == (1, "1 now 404: was /price")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("rec.db", "--ignore", "bdy:$.a"), "'bdy' is no layer"),
        (("rec.db", "--filter", "path:/nowhere-at-all"), "leaves nothing of what was recorded"),
        (("rec.db", "--edit", "{"), """write --edit '{"path": "/books/7"}'"""),
        (("rec.db", "--edit", "[" * 60_000), "is no JSON: maximum recursion depth exceeded"),
        (("rec.db", "--edit", '{"path": "x"}'), "does not start with a slash"),
        (("rec.db", "--header", "x"), "is no header"),
        (("rec.db", "--against", "shp:app"), "no module named 'shp'"),
        (("nothing.db",), "there is no recording 'nothing.db'"),
    ],
)
def test_a_mistake_is_named_with_exit_code_2(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    source, *options = arguments
    path = folder / source if source == "rec.db" else source
    done = CliRunner().invoke(main, ["replay", str(path), "--app-dir", str(folder), *options])
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
