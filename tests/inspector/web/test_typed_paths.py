"""What the tester asks while a path is typed: a shortened explanation, and the funnel."""

from collections.abc import Iterator
from typing import Any

import pytest

from inspector.journal.memory import MemoryJournal
from inspector.journal.protocol import TableSaved
from inspector.web.app import create_dashboard
from miniframework import App
from miniframework.testing import TestClient

SIZE = 300


class Asking:
    """A dashboard over one large table."""

    def __init__(self, client: TestClient, fingerprint: str) -> None:
        self._client = client
        self._table = fingerprint

    def __call__(self, path: str, status: int = 200) -> Any:
        response = self._client.get(f"{path}&table={self._table}")
        assert response.status_code == status, response.text
        return response.json()


@pytest.fixture
def ask() -> Iterator[Asking]:
    app = App(openapi_url=None)

    @app.get("/items/{name}")
    def by_name(name: str) -> str:
        return name

    for number in range(SIZE):
        app.get(f"/items/{number}", name=f"item_{number}")(lambda: "")
    app.post("/things/{id:int}", name="thing")(lambda: "")
    journal = MemoryJournal()
    journal.append([TableSaved(app.table.snapshot())])
    dashboard = create_dashboard(journal, token="t")
    with TestClient(dashboard.app, base_url="http://127.0.0.1:8765") as client:
        yield Asking(client, app.table.fingerprint)


def test_a_limit_keeps_the_verdicts_to_look_at_first(ask: Asking) -> None:
    answer = ask("/api/explain?method=GET&path=/items/250&limit=5")
    assert [(verdict["index"], verdict["outcome"]) for verdict in answer["verdicts"]] == [
        (0, "matched"),
        (1, "refused"),
        (2, "refused"),
        (3, "refused"),
        (251, "shadowed"),
    ]
    assert answer["verdicts_total"] == SIZE + 2
    assert answer["refused_by"] == {"literal": SIZE + 2 - 5}
    assert answer["also"] == [251]


def test_a_limit_keeps_the_nearest_too(ask: Asking) -> None:
    answer = ask("/api/explain?method=POST&path=/thing/7&limit=3")
    assert SIZE + 1 in [verdict["index"] for verdict in answer["verdicts"]]
    assert answer["did_you_mean"] == "/things/7"


def test_without_a_limit_there_is_a_verdict_of_every_route(ask: Asking) -> None:
    answer = ask("/api/explain?method=GET&path=/items/250")
    assert len(answer["verdicts"]) == answer["verdicts_total"] == SIZE + 2
    assert answer["refused_by"] == {}


def test_who_would_win_by_specificity_is_told(ask: Asking) -> None:
    answer = ask("/api/explain?method=GET&path=/items/250&limit=1")
    assert (answer["winner"], answer["most_specific"]) == (0, 251)
    assert answer["specificity"].startswith("By specificity route 252, /items/250, would take it;")


def test_a_limit_that_is_no_number_is_refused(ask: Asking) -> None:
    assert ask("/api/explain?method=GET&path=/&limit=ten", 400)["error"]["code"] == "bad_parameter"


def test_the_funnel_narrows_with_every_character(ask: Asking) -> None:
    answer = ask("/api/funnel?method=GET&path=/items/29")
    counts = [step["viable"] for step in answer["steps"]]
    assert [step["at"] for step in answer["steps"]] == list(range(len("/items/29") + 1))
    assert counts == [SIZE + 1] * 8 + [112, 12]
    assert answer["next"]["completions"][:3] == ["/items/290", "/items/291", "/items/292"]
    assert answer["blind"] == 0


def test_the_funnel_of_every_method_is_wider(ask: Asking) -> None:
    assert ask("/api/funnel?path=/")["steps"][-1]["viable"] == SIZE + 2


def test_the_funnel_refuses_a_path_that_no_server_takes(ask: Asking) -> None:
    assert ask("/api/funnel?path=/" + "a" * 5000, 400)["error"]["code"] == "bad_parameter"
