"""A secret in a path stays one where no route took the request."""

import dataclasses
import json

import pytest

from inspector import Inspector
from inspector.journal.memory import MemoryJournal
from inspector.model import RouteStep, Routing
from inspector.redaction import MARK, Redactor
from inspector.redaction.near_paths import find_near, near_patterns
from miniframework import App
from miniframework.testing import TestClient
from tests.inspector.redaction_samples import make_exchange

TEMPLATES = (
    "/",
    "/reset/{token}",
    "/users/{user_id:int}/keys/{api_key}/{page:int}",
    "/files/{secret:path}",
    "/{token}",
    "/{tenant}/invite-{invite_token}",
    "/books/{book_id}",
)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/reset/abc", [("token", "abc")]),
        ("/reset/abc/", [("token", "abc")]),
        ("/reset/abc/more", [("token", "abc")]),
        ("/users/ann/keys/k1/x", [("api_key", "k1")]),
        ("/files/a/b", [("secret", "a/b")]),
        ("/acme/invite-xyz/", [("invite_token", "xyz")]),
        ("/reset/", []),
        ("/books/abc/", []),
        ("/anything/else", []),
        ("/", []),
        ("", []),
    ],
)
def test_what_would_be_a_telling_parameter_is_found(path: str, found: list[tuple[str, str]]) -> None:
    near = find_near(near_patterns(TEMPLATES), path)
    assert [(name, text) for name, text, _, _ in near] == found
    assert [path[start:end] for _, _, start, end in near] == [text for _, text in found]


def test_a_step_that_names_one_hides_it_in_the_path_and_where_the_answer_leads() -> None:
    path = "/reset/s3cr3tvalue/"
    ((name, text, start, end),) = find_near(near_patterns(TEMPLATES), path)
    step = RouteStep(
        table="t", index=None, template=None, name=None, endpoint=None, path=path, took_ns=1,
        raw_params=((name, text),), spans=((start, end),),
    )  # fmt: skip
    exchange = make_exchange(path=path, raw_path=path)
    missed = dataclasses.replace(
        exchange, routing=Routing.REDIRECT, steps=(step,), location="/reset/s3cr3tvalue"
    )
    done = Redactor().redact(missed)
    assert (done.scope.path, done.scope.raw_path, done.location) == (
        f"/reset/{MARK}/",
        f"/reset/{MARK}/",
        f"/reset/{MARK}",
    )
    assert done.steps[0].raw_params == (("token", MARK),)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/reset/s3cr3tvalue", 405),
        ("POST", "/reset/s3cr3tvalue/", 307),
        ("POST", "/reset/s3cr3tvalue/more", 404),
    ],
)
def test_what_no_route_takes_is_recorded_without_it(method: str, path: str, status: int) -> None:
    app, journal = App(), MemoryJournal()

    @app.post("/reset/{token}")
    async def reset(token: str) -> None: ...

    with TestClient(Inspector(app, journal=journal)) as client:
        assert client.request(method, path, follow_redirects=False).status_code == status
    [row] = journal.rows(10)[1]
    assert "s3cr3tvalue" not in json.dumps([row, journal.exchange(row["id"])], default=repr)
