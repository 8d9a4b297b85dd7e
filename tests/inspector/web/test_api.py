"""The JSON API over a recorded application: the shapes of the contract, the true answers, the errors."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inspector import Inspector
from inspector.journal.codec import decode_exchange
from inspector.journal.memory import MemoryJournal
from inspector.journal.protocol import TableSaved
from miniframework import App, HTTPException, Router, WebSocket
from miniframework.testing import TestClient
from tests.inspector.web.serving import DEADLINE_S, wait_until_told

CONTRACT = Path(__file__).parents[2] / "contract"
BASE = "/__inspector__/"


def sample(name: str) -> Any:
    return json.loads((CONTRACT / f"{name}.json").read_text(encoding="utf-8"))


def make_shop() -> App:
    admin = App(openapi_url=None)

    @admin.get("/reports/{year:int}")
    def year_report(year: int) -> dict[str, int]:
        return {"year": year}

    app = App(openapi_url=None)
    app.sold = []  # type: ignore[attr-defined]

    @app.get("/books/{book_id:int}")
    def get_book(book_id: int) -> dict[str, int]:
        if book_id == 404:
            raise HTTPException(404, "no such book")
        return {"id": book_id}

    @app.post("/books")
    async def sell(body: dict[str, Any]) -> dict[str, Any]:
        app.sold.append(body)  # type: ignore[attr-defined]
        return body

    @app.get("/books/{slug}")
    def by_slug(slug: str) -> dict[str, str]:
        return {"slug": slug}

    @app.get("/broken")
    def broken() -> None:
        raise ValueError("it broke")

    @app.websocket("/ws/{room}")
    async def chat(socket: WebSocket, room: str) -> None:
        await socket.accept()
        await socket.send_text(room)
        await socket.close()

    app.mount("/admin", admin, name="admin")
    return app


class Desk:
    """A recorded shop, a client of it, and a client of its dashboard."""

    def __init__(self, client: TestClient, app: App, inspector: Inspector, journal: MemoryJournal) -> None:
        self.client = client
        self.app = app
        self.journal = journal
        self._headers = {"authorization": f"Bearer {inspector.token}", "host": "127.0.0.1:8000"}

    def get(self, path: str, status: int = 200) -> Any:
        response = self.client.get(BASE + path, headers=self._headers)
        assert response.status_code == status, response.text
        return response.json()

    def raw(self, path: str) -> Any:
        return self.client.get(BASE + path, headers=self._headers)

    def post(self, path: str, body: Any, status: int) -> Any:
        response = self.client.post(BASE + path, headers=self._headers, json=body)
        assert response.status_code == status, response.text
        return response.json()

    def record(self, method: str, path: str, **more: Any) -> str:
        """Send a request to the shop and return the id of its exchange once it is recorded whole."""
        known = {row["id"] for row in self.journal.rows(100)[1]}
        self.client.request(method, path, **more)
        deadline = time.monotonic() + DEADLINE_S
        while time.monotonic() < deadline:
            new = [row for row in self.journal.rows(100)[1] if row["id"] not in known]
            if new and new[0]["state"] not in ("pending", "streaming"):
                return str(new[0]["id"])
        raise AssertionError("the request was not recorded")


@pytest.fixture
def desk() -> Iterator[Desk]:
    app, journal = make_shop(), MemoryJournal()
    inspector = Inspector(app, journal=journal)
    base_url = "http://127.0.0.1:8000"
    with TestClient(inspector, base_url=base_url, raise_server_exceptions=False) as client:
        wait_until_told(journal)
        yield Desk(client, app, inspector, journal)


def test_the_application_is_described(desk: Desk) -> None:
    app = desk.get("api/app")
    assert set(app) == set(sample("app"))
    assert (app["product"], app["mode"], app["table"]) == (
        "Route Inspector",
        "embedded",
        desk.app.table.fingerprint,
    )
    [status] = app["status"]
    assert (status["state"], status["recording"]) == ("running", "full")
    assert set(status) == set(sample("app")["status"][0])
    assert set(sample("app")["stats"]) <= set(app["stats"])
    assert app["limits"].keys() == sample("app")["limits"].keys()


def test_rows_come_oldest_first_with_the_number_they_are_true_at(desk: Desk) -> None:
    ids = [desk.record("GET", f"/books/{number}") for number in (1, 2, 3)]
    answer = desk.get("api/exchanges")
    assert [row["id"] for row in answer["rows"]] == ids
    assert answer["head"] == desk.journal.bounds().head
    assert answer["rows"][0].keys() == sample("rows")["rows"][0].keys()
    assert [row["id"] for row in desk.get("api/exchanges?limit=1")["rows"]] == ids[2:]


def test_a_gap_is_filled_by_asking_after_its_beginning(desk: Desk) -> None:
    desk.record("GET", "/books/1")
    head = desk.get("api/exchanges")["head"]
    second = desk.record("GET", "/books/2")
    answer = desk.get(f"api/exchanges?after={head}")
    assert [row["id"] for row in answer["rows"]] == [second]
    assert answer["head"] == desk.journal.bounds().head
    assert desk.get(f"api/exchanges?after={answer['head']}") == {"rows": [], "head": answer["head"]}


def test_an_exchange_comes_with_its_panels(desk: Desk) -> None:
    answer = desk.get(f"api/exchanges/{desk.record('GET', '/books/42?full=1')}")
    expected = sample("exchange-matched")
    assert answer["exchange"].keys() == expected["exchange"].keys()
    assert answer["panels"].keys() == expected["panels"].keys()
    assert "route 1" in answer["panels"]["why"]["answer"]
    [parameter] = [p for p in answer["panels"]["why"]["parameters"] if p["name"] == "book_id"]
    assert (parameter["raw"], parameter["converter"], parameter["value"]) == ("42", "int", "42")


@pytest.mark.parametrize(
    ("method", "path", "outcome", "in_answer"),
    [
        ("GET", "/books/42", "found", "route 1"),
        ("GET", "/books/x", "found", "route 3"),
        ("GET", "/nowhere", "not_found", "404"),
        ("PUT", "/books/42", "method_not_allowed", "405"),
        ("GET", "/books/42/", "redirect", "307"),
        ("GET", "/books/404", "found", "404 from inside get_book"),
        ("GET", "/admin/reports/2024", "found", "year_report"),
        ("GET", "/broken", "found", "ValueError"),
    ],
)
def test_an_exchange_is_explained_by_the_table_of_its_time(
    desk: Desk, method: str, path: str, outcome: str, in_answer: str
) -> None:
    exchange_id = desk.record(method, path, follow_redirects=False)
    recorded_by = desk.app.table.fingerprint
    desk.app.get("/added-later")(lambda: None)
    explanation = desk.get(f"api/exchanges/{exchange_id}/explanation")
    assert explanation["table"] == recorded_by
    assert explanation["outcome"] == outcome
    assert in_answer in explanation["answer"]
    assert len(explanation["verdicts"]) == 6


def test_the_explanation_looked_up_is_the_explanation_of_the_real_table(desk: Desk) -> None:
    exchange_id = desk.record("GET", "/books/4x2")
    explanation = desk.get(f"api/exchanges/{exchange_id}/explanation")
    explanation.pop("answer")
    assert explanation == json.loads(
        json.dumps(desk.app.table.explain("http", "GET", "/books/4x2").to_dict())
    )


@pytest.fixture
def hosted() -> Iterator[Desk]:
    """A shop with a router for one host, and one for all below a name."""
    api, branches, app, journal = Router(), Router(), App(), MemoryJournal()
    api.get("/ping")(lambda: "api")
    branches.get("/stock/{item:int}")(lambda item: item)
    app.host("api.example.org", api)
    app.host("{branch}.example.org", branches)
    app.get("/stock/{item}")(lambda item: item)
    inspector = Inspector(app, journal=journal)
    with TestClient(inspector, base_url="http://127.0.0.1:8000") as client:
        wait_until_told(journal)
        yield Desk(client, app, inspector, journal)


@pytest.mark.parametrize(
    ("path", "host", "expected"),
    [
        ("/ping", "api.example.org", "The host api.example.org has routes of its own at test_api.py:"),
        (
            "/stock/7",
            "harbour.example.org:80",
            "The host harbour.example.org ({branch}.example.org) has routes",
        ),
        ("/stock/x", "harbour.example.org", "only they were asked. For another host <lambda> (test_api.py:"),
        ("/none", "api.example.org", "and only they were asked."),
    ],
)
def test_a_host_with_routes_of_its_own_is_named(hosted: Desk, path: str, host: str, expected: str) -> None:
    exchange_id = hosted.record("GET", path, headers={"host": host})
    why = hosted.get(f"api/exchanges/{exchange_id}")["panels"]["why"]
    assert expected in why["answer"]
    assert ("For another host" in why["answer"]) is (path == "/stock/x")
    assert why["host"] in host.replace("harbour", "{branch}")
    assert hosted.get(f"api/exchanges/{exchange_id}/explanation")["answer"] == why["answer"]


def test_no_host_is_named_for_the_routes_of_all_others(hosted: Desk) -> None:
    exchange_id = hosted.record("GET", "/stock/x")
    why = hosted.get(f"api/exchanges/{exchange_id}")["panels"]["why"]
    assert why["host"] is None
    assert "host" not in why["answer"]


def test_a_connection_is_explained_as_a_handshake(desk: Desk) -> None:
    with desk.client.websocket_connect("/ws/tea") as socket:
        assert socket.receive_text() == "tea"
    deadline = time.monotonic() + DEADLINE_S
    while not (rows := desk.get("api/exchanges")["rows"]) or rows[0]["state"] != "complete":
        assert time.monotonic() < deadline
    explanation = desk.get(f"api/exchanges/{rows[0]['id']}/explanation")
    assert (explanation["protocol"], explanation["winner"]) == ("websocket", 4)
    error = desk.get(f"api/exchanges/{rows[0]['id']}/export?format=curl", 409)
    assert error["error"]["code"] == "websocket"


def test_a_body_is_only_ever_bytes_to_save(desk: Desk) -> None:
    exchange_id = desk.record("POST", "/books", json={"title": "<script>alert(1)</script>"})
    for side in ("request", "response"):
        response = desk.raw(f"api/exchanges/{exchange_id}/body/{side}")
        assert response.status_code == 200
        assert json.loads(response.content) == {"title": "<script>alert(1)</script>"}
        assert response.headers["content-type"] == "application/octet-stream"
        assert response.headers["content-disposition"] == f'attachment; filename="{side}-body.bin"'
        assert response.headers["x-content-type-options"] == "nosniff"


def test_a_curl_line_is_exported(desk: Desk) -> None:
    answer = desk.get(f"api/exchanges/{desk.record('GET', '/books/1')}/export?format=curl")
    assert answer.keys() == sample("export-curl").keys()
    assert "http://127.0.0.1:8000/books/1" in answer["text"]


@pytest.mark.parametrize(
    ("form", "beginning"),
    [("httpx", '"""GET /books/1'), ("pytest", '"""Recorded requests'), ("hurl", "GET http"), ("har", "{\n")],
)
def test_every_other_format_is_exported(desk: Desk, form: str, beginning: str) -> None:
    answer = desk.get(f"api/exchanges/{desk.record('GET', '/books/1')}/export?format={form}")
    assert beginning in answer["text"]


def test_an_application_that_a_test_could_not_import_is_left_for_the_reader(desk: Desk) -> None:
    answer = desk.get(f"api/exchanges/{desk.record('GET', '/books/1')}/export?format=pytest")
    assert "app: Any = None  # import the application here" in answer["text"]


def test_what_a_format_cannot_carry_is_refused_with_the_reason(desk: Desk) -> None:
    error = desk.get(f"api/exchanges/{desk.record('M-SEARCH', '/books')}/export?format=hurl", 409)["error"]
    assert (error["code"], error["hint"]) == ("not_exportable", "curl and httpx carry it")
    assert "Hurl knows no method 'M-SEARCH'" in error["message"]


def test_a_record_is_the_exchange_as_the_journal_holds_it(desk: Desk) -> None:
    exchange_id = desk.record("GET", "/books/1?token=abcdefgh12345678")
    exchange = decode_exchange(desk.get(f"api/exchanges/{exchange_id}/record"))
    assert (exchange.id, exchange.scope.raw_path) == (exchange_id, "/books/1")
    assert "abcdefgh12345678" not in exchange.scope.query_string


def test_the_table_comes_with_its_hits(desk: Desk) -> None:
    for path in ("/books/1", "/books/2", "/broken", "/admin/reports/2024", "/nowhere"):
        desk.record("GET", path)
    answer = desk.get("api/routes")
    assert answer.keys() == sample("routes").keys()
    assert answer["table"] == json.loads(json.dumps(desk.app.table.snapshot()))
    counts = {index: (hit["count"], hit["errors"]) for index, hit in answer["hits"].items()}
    assert counts == {"0": (2, 0), "3": (1, 1), "5": (1, 0)}
    assert answer["hits"]["0"].keys() == {"count", "last", "p50_ms", "errors"}
    assert {index: hit["count"] for index, hit in answer["inner"]["5"]["hits"].items()} == {"0": 1}


def test_hits_are_counted_apart_from_the_table(desk: Desk) -> None:
    for path in ("/books/1", "/broken", "/admin/reports/2024"):
        desk.record("GET", path)
    answer = desk.get("api/hits")
    assert answer.keys() == sample("hits").keys()
    whole = desk.get("api/routes")
    assert {"hits": whole["hits"], "inner": whole["inner"]} == {key: answer[key] for key in ("hits", "inner")}
    assert answer["counted"] == 3
    assert desk.get("api/hits?table=gone", 404)["error"]["code"] == "no_table"


def test_a_path_typed_by_hand_is_explained(desk: Desk) -> None:
    explanation = desk.get("api/explain?method=DELETE&path=/books/42")
    assert (explanation["outcome"], explanation["allow"]) == ("method_not_allowed", ["GET", "HEAD"])
    assert explanation["answer"]
    handshake = desk.get("api/explain?method=WEBSOCKET&path=/ws/tea")
    assert (handshake["protocol"], handshake["winner"]) == ("websocket", 4)
    encoded = desk.get("api/explain?method=GET&path=/books/a%26b%2520c")
    assert encoded["path"] == "/books/a&b%20c"


def test_an_older_table_can_be_asked_for(desk: Desk) -> None:
    old = desk.app.table.fingerprint
    desk.app.get("/added-later")(lambda: None)
    desk.record("GET", "/added-later")
    assert desk.get(f"api/explain?method=GET&path=/added-later&table={old}")["outcome"] == "not_found"
    new = desk.app.table.fingerprint
    assert desk.get(f"api/explain?method=GET&path=/added-later&table={new}")["outcome"] == "found"
    assert desk.get(f"api/routes?table={old}")["table"]["fingerprint"] == old


def test_a_changed_table_becomes_the_newest_without_any_request(desk: Desk) -> None:
    before = desk.get("api/app")["table"]
    desk.app.get("/added-later")(lambda: None)
    deadline = time.monotonic() + DEADLINE_S
    while desk.get("api/app")["table"] == before:
        assert time.monotonic() < deadline, "the new table was not seen"
    assert desk.get("api/explain?method=GET&path=/added-later")["outcome"] == "found"


def test_a_pattern_is_taken_apart(desk: Desk) -> None:
    view = desk.get("api/regex?index=0&text=/books/4x")
    assert view.keys() == sample("regex").keys()
    assert (view["path"], view["regex"]) == ("/books/{book_id:int}", "/books/(?P<book_id>[0-9]+)")
    assert view["trace"]["reached"] == 8
    assert desk.get("api/regex?index=0")["trace"] is None
    assert desk.get("api/regex?index=0&mounts=5")["path"] == "/reports/{year:int}"


def test_the_steps_of_the_engine_are_answered_when_asked_for(desk: Desk) -> None:
    assert desk.get("api/regex?index=0&text=/books/4")["steps"] is None
    steps = desk.get("api/regex?index=0&text=/books/4&steps=1")["steps"]
    assert (steps["agrees"], steps["truncated"], steps["unknown"]) == (True, False, None)
    assert [event[0] for event in steps["events"]] == ["start", "eat", "eat", "refuse", "capture", "match"]


def test_any_regex_of_python_can_be_asked_about(desk: Desk) -> None:
    view = desk.get("api/regex?regex=%5E(a|b)%2B%24&text=abc&steps=1")
    assert (view["path"], view["regex"]) == (None, "^(a|b)+$")
    assert (view["trace"]["accepted"], view["trace"]["reached"], view["steps"]["agrees"]) == (False, 2, True)
    assert desk.get("api/regex?regex=b&text=abc&how=search")["trace"]["accepted"] is True
    assert desk.get("api/regex?regex=b&text=abc&how=match")["trace"]["accepted"] is False
    assert desk.get("api/regex?regex=")["tree"]["op"] == "sequence"
    unfinished = desk.get("api/regex?regex=(a&text=a")
    assert (unfinished["tree"], unfinished["trace"]) == (None, None)
    assert "unterminated subpattern at position 0" in unfinished["problem"]


def test_a_regex_that_takes_exponential_time_is_answered_at_once_and_not_given_to_re(desk: Desk) -> None:
    view = desk.get(f"api/regex?regex=(a%2B)%2B%24&text={'a' * 60}!&steps=1")
    assert (view["trace"]["accepted"], view["trace"]["reached"]) == (False, 60)
    assert (view["steps"]["truncated"], view["steps"]["agrees"]) == (True, None)


def test_a_replay_is_recorded_as_one_and_can_be_compared(desk: Desk) -> None:
    original = desk.record("GET", "/books/42")
    answer = desk.post("api/replays", {"of": original, "edit": {"path": "/books/43"}, "confirm": False}, 201)
    assert answer.keys() == sample("replay-created").keys()
    exchange = desk.get(f"api/exchanges/{answer['id']}")["exchange"]
    assert (exchange["status"], exchange["state"], exchange["replay_of"]) == (200, "complete", original)
    assert exchange["replay"] == {"of": original, "edits": ["path"]}
    difference = desk.get(f"api/difference?left={original}&right={answer['id']}")
    assert difference.keys() == sample("difference").keys()
    assert not difference["same"]


def test_a_replay_with_an_effect_needs_a_click(desk: Desk) -> None:
    original = desk.record("POST", "/books", json={"title": "Emma"})
    refused = desk.post("api/replays", {"of": original}, 409)
    assert refused["error"]["code"] == sample("error-confirm")["error"]["code"]
    assert len(desk.app.sold) == 1  # type: ignore[attr-defined]
    desk.post("api/replays", {"of": original, "confirm": True}, 201)
    assert desk.app.sold == [{"title": "Emma"}] * 2  # type: ignore[attr-defined]


def test_a_replay_sends_the_secrets_that_no_page_ever_sees(desk: Desk) -> None:
    seen: list[str] = []

    @desk.app.get("/secret")
    def secret(authorization: str) -> None:
        seen.append(authorization)

    original = desk.record(
        "GET", "/secret?authorization=hunter2-hunter2", headers={"authorization": "Bearer s3cret-s3cret"}
    )
    assert "hunter2" not in desk.raw(f"api/exchanges/{original}").text
    assert "s3cret" not in desk.raw(f"api/exchanges/{original}").text
    desk.post("api/replays", {"of": original}, 201)
    assert seen == ["hunter2-hunter2"] * 2


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "bad_body"),
        ({"of": 5}, 400, "bad_body"),
        ({"of": "x", "edit": []}, 404, "not_found"),
        ({"of": "x", "edit": [1]}, 400, "bad_body"),
        ({"of": "x", "confirm": "yes"}, 400, "bad_body"),
        ({"of": "unknown"}, 404, "not_found"),
        ([], 422, "bad_parameter"),
    ],
    ids=str,
)
def test_a_replay_of_nothing_is_refused(desk: Desk, body: Any, status: int, code: str) -> None:
    assert desk.post("api/replays", body, status)["error"]["code"] == code


def test_a_bad_edit_is_refused_with_its_value(desk: Desk) -> None:
    original = desk.record("GET", "/books/42")
    refused = desk.post("api/replays", {"of": original, "edit": {"path": "http://evil.example/"}}, 409)
    assert refused["error"]["code"] == "bad_edit"
    assert "evil.example" in refused["error"]["message"]


def test_clearing_begins_a_new_log(desk: Desk) -> None:
    exchange_id = desk.record("GET", "/books/1")
    answer = desk.post("api/clear", {}, 200)
    assert answer == {"log": desk.journal.bounds().log}
    assert desk.get("api/exchanges")["rows"] == []
    desk.get(f"api/exchanges/{exchange_id}", 404)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("api/nowhere", 404, "http_404"),
        ("api/exchanges/unknown", 404, "not_found"),
        ("api/exchanges/unknown/body/request", 404, "not_found"),
        ("api/exchanges/unknown/explanation", 404, "not_found"),
        ("api/exchanges?limit=x", 400, "bad_parameter"),
        ("api/exchanges?limit=-1", 400, "bad_parameter"),
        ("api/exchanges?after=%C2%B2", 400, "bad_parameter"),
        ("api/exchanges?after=99999999999999999999", 400, "bad_parameter"),
        ("api/explain", 400, "missing_parameter"),
        ("api/explain?method=GET", 400, "missing_parameter"),
        ("api/explain?method=GET&path=/&table=unknown", 404, "no_table"),
        ("api/explain?method=GET&path=/" + "a" * 5000, 400, "bad_parameter"),
        ("api/routes?table=unknown", 404, "no_table"),
        ("api/regex", 400, "missing_parameter"),
        ("api/regex?index=99", 404, "not_found"),
        ("api/regex?index=0&mounts=x", 400, "bad_parameter"),
        ("api/regex?regex=a&how=sideways", 400, "bad_parameter"),
        ("api/regex?regex=" + "a" * 501, 400, "bad_parameter"),
        ("api/regex?regex=" + "(" * 101 + ")" * 101, 400, "bad_parameter"),
        ("api/regex?index=0&mounts=0", 404, "no_table"),
        ("api/difference?left=a", 404, "not_found"),
    ],
)
def test_every_error_says_what_is_wrong(desk: Desk, path: str, status: int, code: str) -> None:
    error = desk.get(path, status)["error"]
    assert error.keys() == {"code", "message", "hint"}
    assert error["code"] == code
    assert error["message"]


def test_a_wrong_method_names_the_allowed_ones(desk: Desk) -> None:
    headers = {"authorization": f"Bearer {desk._headers['authorization'][7:]}", "host": "127.0.0.1:8000"}
    response = desk.client.request("DELETE", BASE + "api/app", headers=headers, json={})
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD")
    assert response.json()["error"]["code"] == "http_405"


def test_a_write_that_is_too_long_is_refused_before_it_is_held(desk: Desk) -> None:
    headers = {
        "authorization": f"Bearer {desk._headers['authorization'][7:]}",
        "content-type": "application/json",
        "host": "127.0.0.1:8000",
    }
    read = 0

    def body() -> Iterator[bytes]:
        nonlocal read
        for _ in range(64):
            read += 1
            yield b" " * 2**20

    response = desk.client.request("POST", BASE + "api/replays", headers=headers, content=body())
    assert (response.status_code, response.json()["error"]["code"]) == (413, "http_413")
    assert read < 20


def test_an_unknown_side_of_a_body_is_named(desk: Desk) -> None:
    exchange_id = desk.record("GET", "/books/1")
    assert "'middle'" in desk.get(f"api/exchanges/{exchange_id}/body/middle", 404)["error"]["message"]


def test_an_export_in_an_unknown_format_names_the_known_ones(desk: Desk) -> None:
    exchange_id = desk.record("GET", "/books/1")
    assert "curl" in desk.get(f"api/exchanges/{exchange_id}/export?format=perl", 400)["error"]["message"]


def test_a_table_of_another_process_explains_in_this_one(desk: Desk) -> None:
    other = App()
    other.get("/only-there/{x:uuid}")(lambda: None)
    desk.journal.append([TableSaved(json.loads(json.dumps(other.table.snapshot())))])
    explanation = desk.get(f"api/explain?method=GET&path=/only-there/1&table={other.table.fingerprint}")
    for told_beside in ("answer", "specificity", "refusal"):
        explanation.pop(told_beside)
    real = other.table.explain("http", "GET", "/only-there/1").to_dict()
    assert explanation == json.loads(json.dumps(real))


def test_what_an_endpoint_is_sure_to_refuse_is_told_of_a_path_that_is_typed(desk: Desk) -> None:
    other = App()

    @other.get("/things/{number}")
    def show(number: int) -> int:
        return number

    desk.journal.append([TableSaved(json.loads(json.dumps(other.table.snapshot())))])
    asked = f"api/explain?method=GET&table={other.table.fingerprint}&path=/things"
    told = desk.get(f"{asked}/seven")
    assert (told["outcome"], told["refusal"]) == (
        "found",
        {
            "status": 422,
            "parameter": "number",
            "text": "seven",
            "type": "int",
            "message": "number must be int, which seven is not",
        },
    )
    assert desk.get(f"{asked}/7")["refusal"] is None


def test_dashboard_requests_are_never_recorded(desk: Desk) -> None:
    for _ in range(100):
        desk.get("api/app")
    desk.raw("")
    exchange_id = desk.record("GET", "/books/1")
    assert [row["id"] for row in desk.get("api/exchanges")["rows"]] == [exchange_id]


def test_what_has_no_utf8_is_shown_all_the_same(desk: Desk) -> None:
    exchange_id = desk.record("GET", "/books/%ff%fe", headers={"x-odd": b"\xff"})
    assert desk.get(f"api/exchanges/{exchange_id}")["exchange"]["status"] in (200, 404)
