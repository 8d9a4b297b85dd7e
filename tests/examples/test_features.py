"""Every small example answers as its pages say."""

import hashlib
import json
from typing import Any

import pytest

from examples import (
    background,
    chat,
    dependencies,
    events,
    middleware,
    parameters,
    responses,
    security,
    templates,
    uploads,
)
from miniframework import WebSocketDisconnect
from miniframework.testing import TestClient


def problems(answer: Any) -> list[tuple[Any, ...]]:
    return [(*problem["loc"], problem["type"]) for problem in answer.json()["detail"]]


def test_parameters_come_from_path_query_header_and_cookie_as_their_types() -> None:
    client = TestClient(parameters.app)
    client.cookies.set("theme", "dark")
    answer = client.get("/books/7?genre=poetry&tag=old&tag=signed", headers={"x-reader": "ada"})
    assert answer.json() == {
        "book_id": 7,
        "genre": "poetry",
        "tag": ["old", "signed"],
        "limit": 20,
        "reader": "ada",
        "theme": "dark",
    }


def test_every_wrong_parameter_is_told_at_once() -> None:
    answer = TestClient(parameters.app).get("/books/0?genre=cookery&limit=101")
    assert answer.status_code == 422
    assert problems(answer) == [
        ("path", "book_id", "greater_than_equal"),
        ("query", "genre", "enum"),
        ("query", "limit", "less_than_equal"),
    ]


def test_a_model_is_read_from_the_body_and_told_what_is_wrong_with_it() -> None:
    client = TestClient(parameters.app)
    answer = client.post("/books", json={"title": "Emma", "price": 9.5, "published": "1815-12-23"})
    assert (answer.status_code, answer.json()["published"]) == (201, "1815-12-23")
    refused = client.post("/books", json={"title": "", "price": 0})
    assert problems(refused) == [
        ("body", "title", "string_too_short"),
        ("body", "price", "greater_than"),
    ]


def test_a_dependency_answers_before_the_handler_and_a_page_is_cut() -> None:
    client = TestClient(dependencies.app)
    assert client.get("/orders").json() == {"detail": "say who you are in X-User"}
    second = client.get("/orders?skip=1", headers={"x-user": "ada"})
    assert second.json() == ["ada's second order"]


def test_a_test_can_put_another_connection_in_the_place_of_the_real_one() -> None:
    made: list[dependencies.Connection] = []

    class Fake(dependencies.Connection):
        async def orders_of(self, user: str) -> list[str]:
            return ["faked"]

    def connect() -> dependencies.Connection:
        made.append(Fake())
        return made[-1]

    dependencies.app.dependency_overrides = {dependencies.connect: connect}
    try:
        answer = TestClient(dependencies.app).get("/orders", headers={"x-user": "ada"})
    finally:
        dependencies.app.dependency_overrides = {}
    assert answer.json() == ["faked"]
    assert len(made) == 1  # shared by the user's dependency and the endpoint


def sign_in(scope: str = "", password: str = "engine") -> Any:
    form = {"username": "ada", "password": password, "scope": scope}
    return TestClient(security.app).post("/token", data=form)


def ask(path: str, token: str) -> Any:
    headers: Any = {"authorization": b"Bearer " + token.encode()}  # bytes: httpx sends no text beyond ASCII
    return TestClient(security.app).get(path, headers=headers)


def test_a_token_is_given_for_a_password_and_opens_what_its_scopes_say() -> None:
    token = sign_in("orders:read").json()["access_token"]
    assert ask("/me", token).json() == {"name": "ada", "scopes": ["orders:read"]}
    assert ask("/orders", token).json() == ["ada's order"]


def test_a_token_without_the_scope_is_refused_with_the_scope_named() -> None:
    answer = ask("/orders", sign_in("orders:write").json()["access_token"])
    assert answer.status_code == 403
    assert answer.headers["www-authenticate"] == 'Bearer scope="orders:read"'


@pytest.mark.parametrize("forged", ["ada|orders:read|", "ada|orders:read|00", "x", "é|é|é"])
def test_a_token_that_was_not_signed_here_is_refused(forged: str) -> None:
    assert ask("/me", forged).status_code == 401


def test_no_token_and_a_wrong_password_are_refused() -> None:
    missing = TestClient(security.app).get("/me")
    assert (missing.status_code, missing.headers["www-authenticate"]) == (401, "Bearer")
    assert sign_in(password="wrong").status_code == 400


def test_values_pieces_and_parts_of_a_file_are_answers() -> None:
    client = TestClient(responses.app)
    assert client.get("/lines").json() == list(responses.LINES)
    assert client.get("/poem").text.splitlines() == list(responses.LINES)
    part = client.get("/poem.txt", headers={"range": "bytes=0-4"})
    assert (part.status_code, part.content) == (206, b"Tyger")
    whole = client.get("/poem.txt")
    assert "etag" in whole.headers
    assert whole.content == responses.POEM.read_bytes()


def test_the_response_parameter_adds_status_header_and_cookie_to_the_value() -> None:
    answer = TestClient(responses.app).get("/theme/dark")
    assert (answer.status_code, answer.json()) == (202, {"theme": "dark"})
    assert answer.headers["x-theme"] == "dark"
    assert answer.headers["set-cookie"].startswith("theme=dark; ")


def test_what_a_handler_raises_is_answered_by_whoever_knows_it() -> None:
    client = TestClient(responses.app, follow_redirects=False)
    sold_out = client.get("/books/emma")
    assert (sold_out.status_code, sold_out.json()) == (409, {"sold_out": "emma"})
    missing = client.get("/books/faust")
    assert (missing.status_code, missing.headers["x-hint"]) == (404, "tyger")
    moved = client.get("/old-poem")
    assert (moved.status_code, moved.headers["location"]) == (301, "/poem")
    assert client.get("/books/tyger", headers={"accept": "text/plain"}).text == responses.LINES[0]


def test_a_form_fills_a_model_that_knows_all_its_fields() -> None:
    client = TestClient(uploads.app)
    assert client.post("/reviews", data={"stars": "5"}).json() == {"stars": 5, "text": ""}
    refused = client.post("/reviews", data={"stars": "6", "colour": "red"})
    assert problems(refused) == [
        ("body", "stars", "less_than_equal"),
        ("body", "colour", "extra_forbidden"),
    ]


def test_files_come_with_their_names_beside_a_field() -> None:
    files = [
        ("cover", ("emma.png", b"\x89PNG", "image/png")),
        ("pages", ("1.txt", b"one", "text/plain")),
        ("pages", ("2.txt", b"two", "text/plain")),
    ]
    answer = TestClient(uploads.app).post("/covers", data={"title": "Emma"}, files=files)
    assert answer.json() == {
        "title": "Emma",
        "cover": {
            "name": "emma.png",
            "type": "image/png",
            "sha256": hashlib.sha256(b"\x89PNG").hexdigest(),
        },
        "pages": ["1.txt", "2.txt"],
    }


def test_a_cover_that_is_too_large_is_refused_with_both_sizes() -> None:
    cover = {"cover": ("c.png", bytes(uploads.MAX_COVER_BYTES + 1))}
    answer = TestClient(uploads.app).post("/covers", data={"title": "Emma"}, files=cover)
    assert answer.status_code == 413
    assert answer.json()["detail"] == "a cover has at most 100000 bytes, this one has 100001"


def test_a_small_file_comes_as_bytes() -> None:
    answer = TestClient(uploads.app).post("/checksum", files={"content": ("a", b"abc")})
    assert answer.json() == {"sha256": hashlib.sha256(b"abc").hexdigest()}


def test_each_layer_does_its_part() -> None:
    client = TestClient(middleware.app, base_url="https://testserver")
    first = client.get("/v1/visits", headers={"origin": "https://shop.example"})
    assert first.json() == {"visits": 1, "branch": "harbour street", "version": "v1"}
    assert first.headers["access-control-allow-origin"] == "https://shop.example"
    assert first.headers["x-branch"] == "harbour street"
    assert client.get("/visits").json() == {"visits": 2, "branch": "harbour street", "version": None}


def test_a_long_answer_is_packed_for_who_can_unpack_it() -> None:
    client = TestClient(middleware.app)
    packed = client.get("/catalogue", headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.json()) == 100
    plain = client.get("/catalogue", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers


def test_what_one_guest_says_everybody_in_the_room_hears() -> None:
    client = TestClient(chat.app)
    with client.websocket_connect("/rooms/lounge?name=ada") as ada:
        assert ada.receive_json() == {"room": "lounge", "joined": "ada"}
        with client.websocket_connect("/rooms/lounge?name=bob") as bob:
            assert bob.receive_json() == ada.receive_json() == {"room": "lounge", "joined": "bob"}
            bob.send_text("hello")
            assert ada.receive_json() == bob.receive_json() == {"from": "bob", "text": "hello"}
        assert ada.receive_json() == {"room": "lounge", "left": "bob"}


def test_a_message_that_is_too_long_ends_the_connection_with_a_reason() -> None:
    with TestClient(chat.app).websocket_connect("/rooms/lounge?name=ada") as ada:
        ada.receive_json()
        ada.send_text("x" * (chat.MAX_TEXT + 1))
        with pytest.raises(WebSocketDisconnect) as closed:
            ada.receive_json()
    assert (closed.value.code, closed.value.reason) == (1009, "at most 200 characters")


def test_mail_and_log_are_written_after_the_answer_the_dependency_s_task_first() -> None:
    background.sent.clear()
    background.log.clear()
    client = TestClient(background.app)
    answer = client.post("/orders", json={"title": "Emma", "email": "ada@example.org"})
    assert (answer.status_code, answer.json()) == (202, {"accepted": "Emma"})
    assert client.get("/sent").json() == {
        "sent": ["ada@example.org: Emma is on its way"],
        "log": ["an order came"],
    }


def test_prices_follow_one_another_and_go_on_where_a_browser_left_off() -> None:
    client = TestClient(events.app)
    answer = client.get("/prices?book_id=7&until=2")
    assert answer.headers["content-type"].startswith("text/event-stream")
    sent = [dict(line.split(": ", 1) for line in one.splitlines()) for one in answer.text.split("\n\n")[:-1]]
    assert [(one["event"], one["id"], json.loads(one["data"])) for one in sent] == [
        ("price", "1", {"book_id": 7, "price": 10.25}),
        ("price", "2", {"book_id": 7, "price": 10.5}),
    ]
    later = client.get("/prices?book_id=7&until=2", headers={"last-event-id": "1"})
    assert [line for line in later.text.splitlines() if line.startswith("id")] == ["id: 2"]
    assert "EventSource" in client.get("/").text


def test_pages_link_by_name_and_escape_what_they_show() -> None:
    client = TestClient(templates.app)
    shelf = client.get("/")
    assert 'href="http://testserver/books/2"' in shelf.text
    assert "Faust &lt;Part One&gt;" in client.get("/books/2").text
    assert client.get("/files/shop.css").status_code == 200
    assert client.get("/books/3").json() == {"detail": "no book 3"}
