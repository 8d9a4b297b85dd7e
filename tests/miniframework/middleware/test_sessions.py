from typing import Any

import pytest

from miniframework import App, Request
from miniframework.middleware.sessions import Session, SessionMiddleware
from miniframework.testing import TestClient


def client(**options: Any) -> TestClient:
    app = App()
    app.add_middleware(SessionMiddleware, secret_key="a secret of the tests", **options)

    @app.get("/")
    async def show(request: Request) -> Any:
        return request.session

    @app.post("/")
    async def change(request: Request) -> Any:
        request.session.update(await request.json())
        return request.session

    @app.delete("/")
    async def forget(request: Request) -> Any:
        request.session.clear()
        return request.session

    return TestClient(app, base_url="https://testserver")


def test_what_is_put_in_comes_back_with_the_next_request() -> None:
    visitor = client()
    assert visitor.get("/").json() == {}
    visitor.post("/", json={"user": 7})
    assert visitor.get("/").json() == {"user": 7}


def test_the_headers_of_the_response_stay_beside_the_cookie() -> None:
    answer = client().post("/", json={"user": 7})
    assert (answer.headers["content-type"], answer.headers["content-length"]) == ("application/json", "10")
    assert {"set-cookie", "vary"} <= set(answer.headers)


def test_an_empty_session_sets_no_cookie_and_an_emptied_one_is_forgotten() -> None:
    visitor = client()
    assert "set-cookie" not in visitor.get("/").headers
    visitor.post("/", json={"user": 7})
    assert "expires=Thu, 01 Jan 1970" in visitor.delete("/").headers["set-cookie"]
    assert "session" not in visitor.cookies


@pytest.mark.parametrize(
    "break_it", [lambda text: text[:-2] + "xx", lambda text: "A" + text, lambda _: "x.y.z"]
)
def test_a_forged_cookie_is_an_empty_session(break_it: Any) -> None:
    visitor = client()
    cookie = visitor.post("/", json={"user": 7}).headers["set-cookie"].partition("=")[2].partition(";")[0]
    assert client().get("/", headers={"cookie": f"session={cookie}"}).json() == {"user": 7}
    assert client().get("/", headers={"cookie": f"session={break_it(cookie)}"}).json() == {}


def test_another_key_signs_another_cookie() -> None:
    cookie = client().post("/", json={"a": 1}).headers["set-cookie"].partition("=")[2].partition(";")[0]
    app = App()
    app.add_middleware(SessionMiddleware, secret_key="another")

    @app.get("/")
    async def show(request: Request) -> Any:
        return request.session

    assert TestClient(app).get("/", headers={"cookie": f"session={cookie}"}).json() == {}


def test_the_cookie_carries_the_attributes_asked_for() -> None:
    options = {"https_only": True, "same_site": "strict", "path": "/app", "domain": "x.org", "max_age": 60}
    cookie = client(session_cookie="sid", **options).post("/", json={"a": 1}).headers["set-cookie"]
    assert cookie.startswith("sid=")
    assert cookie.endswith("; path=/app; Max-Age=60; httponly; samesite=strict; secure; domain=x.org")


def test_without_a_lifetime_the_cookie_ends_with_the_browser() -> None:
    assert "max-age" not in client(max_age=None).post("/", json={"a": 1}).headers["set-cookie"]


def test_without_the_middleware_the_session_says_what_is_missing() -> None:
    app = App()

    @app.get("/")
    async def show(request: Request) -> Any:
        return request.session

    with pytest.raises(AssertionError, match="SessionMiddleware"):
        TestClient(app).get("/")


def test_only_a_change_sends_the_cookie_and_a_look_says_that_the_answer_varies() -> None:
    visitor = client()
    visitor.post("/", json={"user": 7})
    seen = visitor.get("/")
    assert (seen.json(), seen.headers["vary"]) == ({"user": 7}, "Cookie")
    assert "set-cookie" not in seen.headers


def test_a_partitioned_cookie_says_so() -> None:
    said = client(partitioned=True).post("/", json={"a": 1}).headers["set-cookie"]
    assert said.endswith("; partitioned")


CHANGES: dict[str, Any] = {
    "set": lambda session: session.__setitem__("a", 2),
    "delete": lambda session: session.__delitem__("a"),
    "clear": lambda session: session.clear(),
    "pop": lambda session: session.pop("a"),
    "popitem": lambda session: session.popitem(),
    "setdefault": lambda session: session.setdefault("b", 1),
    "update": lambda session: session.update(b=1),
    "or": lambda session: session.__ior__({"b": 1}),
    "by hand": lambda session: session.mark_modified(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_way_to_change_a_session_is_noticed(change: Any) -> None:
    session = Session(a=1)
    change(session)
    assert (session.accessed, session.modified) == (True, True)


def test_reading_changes_nothing() -> None:
    session = Session(a=1)
    assert (session["a"], session.get("b")) == (1, None)
    assert (session.pop("b", 3), session.setdefault("a", 2)) == (3, 1)
    assert not session.modified
