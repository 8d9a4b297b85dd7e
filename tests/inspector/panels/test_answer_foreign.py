"""The sentence on a request that another framework routed: in its words, and never more than can be known."""

import contextlib
from typing import Any

import pytest

from inspector.adapters.adapter import AdaptedRoute, Asked, Rules
from inspector.adapters.picture.table import Picture
from inspector.journal.protocol import AppStatus, StatusSaved, TableSaved
from inspector.model import Exchange, Worker
from inspector.panels.answer import answer_exchange
from inspector.web.tables import Tables
from miniframework.types import Receive, Scope, Send
from tests.inspector.inspection.test_recording import Recorded
from tests.inspector.inspection.tiny_framework import TinyAdapter, listed, mounted

Pairs = list[tuple[bytes, bytes]]
TEXT: Pairs = [(b"content-type", b"text/plain; charset=utf-8")]
PAGE: Pairs = [(b"content-type", b"text/html; charset=utf-8")]
PREFLIGHT: Pairs = [(b"origin", b"https://shop.example"), (b"access-control-request-method", b"PUT")]


def say(
    *routes: AdaptedRoute,
    path: str,
    method: str = "GET",
    framework: str = "Tiny",
    rules: Rules | None = None,
    status: int = 200,
    headers: Pairs | None = None,
    body: bytes = b"",
    is_taken: bool = True,
    fails: Exception | None = None,
    is_ended: bool = True,
    asking: Pairs | None = None,
    asked: Asked | None = None,
    left: dict[str, Any] | None = None,
) -> str:
    """What is said where the framework gave this answer; the first route took the request, or none did."""
    more: dict[str, Any] = {"rules": rules} if rules else {}
    if asked is not None:
        more["router"] = lambda routes, method, path: asked
    adapter = TinyAdapter(routes_listed=routes, framework=framework, **more)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = routes[:1] if is_taken else ()
        scope.update(left or {})
        await send({"type": "http.response.start", "status": status, "headers": headers or []})
        await send({"type": "http.response.body", "body": body, "more_body": not is_ended})
        if fails is not None:
            raise fails

    recorded = Recorded(adapter, app)
    with contextlib.suppress(RuntimeError):
        recorded.call(path, method, headers=asking or [])
    recorded.recorder.flush()
    table = Picture(adapter).table
    status = AppStatus(
        worker=Worker(host="here", pid=1), state="running", target="a:b", table=table.fingerprint
    )
    recorded.journal.append([TableSaved(table.snapshot()), StatusSaved(status)])
    return read(recorded, recorded.newest())


def read(recorded: Recorded, exchange: Exchange) -> str:
    explained = Tables(recorded.journal).explain(exchange)
    assert explained is not None
    return answer_exchange(exchange, explained.explanation, explained.snapshot)


@pytest.mark.parametrize(
    ("framework", "before"),
    [
        ("FastAPI", "a dependency or middleware"),
        ("Starlette", "a middleware"),
        ("Litestar", "a guard, dependency or middleware"),
        ("Flask", "a before_request function"),
        ("Django", "a middleware or decorator"),
        ("BlackSheep", "a binder or middleware"),
        ("Falcon", "a hook or middleware"),
    ],
)
def test_what_may_have_answered_first_has_the_framework_s_own_name(framework: str, before: str) -> None:
    said = say(listed("/a"), path="/a", framework=framework, status=401)
    assert said == f"401 from a or {before} before it; route 1, /a, took it."


@pytest.mark.parametrize(
    ("headers", "body", "quoted"),
    [
        pytest.param(TEXT, b"too big", ", “too big”", id="a line of text"),
        pytest.param(TEXT, b"Conflict", "", id="the name of the status says nothing"),
        pytest.param(TEXT, b"one\ntwo", "", id="several lines"),
        pytest.param(TEXT, "⚠️ 409\n======\nno ship\n".encode(), ", “no ship”", id="below a title"),
        pytest.param(
            PAGE,
            b"<h1>Oh</h1>\n<p>CSRF  &quot;x&quot;\nfailed.</p><p>no</p>",
            ', “CSRF "x" failed.”',
            id="a page",
        ),
        pytest.param([], b'{"status": 409, "message": "no ship"}', ", “no ship”", id="a message"),
        pytest.param([], b'{"error": "no session"}', ", “no session”", id="an error"),
        pytest.param([], b'{"error": {"a": 1}}', "", id="no text"),
    ],
)
def test_the_words_of_the_answer_are_quoted(headers: Pairs, body: bytes, quoted: str) -> None:
    said = say(listed("/a"), path="/a", status=409, headers=headers, body=body)
    assert said.startswith(f"409 from a or a dependency or middleware before it{quoted}; route 1")


def test_an_endpoint_s_own_405_names_what_it_allows() -> None:
    said = say(listed("/a", None), path="/a", status=405, headers=[(b"Allow", b"POST, OPTIONS")])
    assert "before it; it allows OPTIONS, POST; route 1, /a, took it." in said


def test_an_exception_that_the_framework_keeps_to_itself_is_in_the_log() -> None:
    log = " An exception behind it is in the log of the application: Django does not pass it on."
    assert say(listed("/a"), path="/a", framework="Django", status=500).endswith(log)
    assert "log" not in say(listed("/a"), path="/a", framework="Starlette", status=500)


def test_what_fails_after_a_whole_answer_did_not_break_it_off() -> None:
    said = say(listed("/a"), path="/a", status=201, fails=RuntimeError("no mail."))
    assert said.startswith(
        "201, sent whole; then what runs after a, a background task or a clean-up, raised"
        " RuntimeError: no mail, at test_answer_foreign.py:"
    )
    said = say(listed("/a"), path="/a", fails=RuntimeError("no mail"), is_ended=False)
    assert said.startswith("200, then broken off: the response had begun when a, or a dependency")


def test_the_cause_of_an_exception_is_told_with_its_own_place() -> None:
    try:
        try:
            raise OSError("cable pulled")
        except OSError as cause:
            raise RuntimeError("caught after the start") from cause
    except RuntimeError as caught:
        raised = caught
    said = say(listed("/a"), path="/a", fails=raised, is_ended=False)
    assert "RuntimeError: caught after the start, because of OSError: cable pulled, at test_answer_fo" in said
    assert said.count(", at ") == 1


def test_an_answer_that_never_ends_is_said_to_be_none() -> None:
    said = say(listed("/a"), path="/a", framework="Sanic", is_ended=False)
    assert said.startswith("200: a began its answer and returned without ending it; route 1, /a, took it.")
    assert said.endswith("Sanic does not pass it on.")


@pytest.mark.parametrize("status", [200, 302, 418])
@pytest.mark.parametrize(("method", "outcome"), [("GET", "no route takes /b"), ("PUT", "/a exists, but not")])
def test_another_status_for_what_no_route_takes_is_an_error_handler_s_or_a_middleware_s(
    method: str, outcome: str, status: int
) -> None:
    path = "/a" if method == "PUT" else "/b"
    said = say(listed("/a"), path=path, method=method, status=status, is_taken=False)
    assert said.startswith(f"{status}: {outcome}")
    known = f"What answered {status} is not known: a middleware before it, or an error handler behind it."
    assert said.endswith(known)
    assert "before any route was tried" not in said


@pytest.mark.parametrize("framework", ["Flask", "Quart"])
def test_a_before_request_function_may_answer_what_no_route_takes(framework: str) -> None:
    said = say(listed("/a"), path="/b", framework=framework, is_taken=False)
    assert "is not known: a middleware or before_request function before it, or an error handler" in said


@pytest.mark.parametrize("framework", ["FastAPI", "Litestar", "Starlette"])
def test_a_router_that_leaves_no_mark_was_not_asked(framework: str) -> None:
    said = say(listed("/a"), path="/b", framework=framework, is_taken=False)
    assert said == (
        f"200: no route takes /b, and none comes near it. But {framework}'s router was not asked, as far as"
        " the scope shows: a middleware answered before any route was tried."
    )


def test_a_framework_may_have_its_own_status_for_a_path_that_is_for_handshakes_only() -> None:
    asked = Asked(outcome="websocket_mismatch", status=400)
    said = say(listed("/a", kind="websocket"), path="/a", asked=asked, status=400, is_taken=False)
    assert said.endswith(
        " The answer is 400 in the place of 404: an error handler's, or the framework's own."
    )


def test_a_redirect_of_the_router_with_another_status_was_changed_on_the_way_back() -> None:
    asked = Asked(outcome="redirect", location="/a", status=307)
    rules = Rules(redirect_slashes=True, sentence="")
    said = say(
        listed("/a"), path="/a/", asked=asked, rules=rules, is_taken=False, left={"router": "its router"}
    )
    assert said.startswith("200: no route takes /a/: only the slash at its end is too much; route 1, /a,")
    assert said.endswith(" A middleware on the way back made 200 of that.")


def test_a_path_for_other_methods_only_is_told_where_no_405_tells_it() -> None:
    rules = Rules(redirect_slashes=False, allow="never", sentence="")
    missed = Asked(outcome="not_found", status=404)
    routes = (listed("/a"), listed("/{rest:path}", frozenset({"OPTIONS"})))
    said = say(
        *routes,
        path="/a",
        method="HEAD",
        rules=rules,
        asked=missed,
        framework="BlackSheep",
        status=404,
        is_taken=False,
    )
    assert said == (
        "404: no route takes /a; it exists for GET (route 1), and BlackSheep answers 404 to other methods."
    )
    said = say(*routes, path="/b", method="HEAD", rules=rules, asked=missed, status=404, is_taken=False)
    assert said == "404: no route takes /b, and none comes near it."


def test_a_route_for_a_host_only_is_told_with_the_host() -> None:
    route = listed("/inner", condition="host api.example.org")
    said = say(route, path="/inner", status=404, is_taken=False)
    assert "; route 1, /inner, has this path, but only on a condition: host api.example.org." in said


def test_a_slash_is_not_all_that_is_missing_where_the_method_is_another() -> None:
    said = say(listed("/about/"), path="/about", method="POST", status=404, is_taken=False)
    assert said == (
        "404: no route takes /about; route 1, /about/, differs by the slash at the end, but is for GET only."
    )


def test_a_405_of_a_catch_all_names_the_route_that_a_slash_would_have_reached() -> None:
    routes = (listed("/{rest:path}"), listed("/tickets/", frozenset({"POST"})))
    said = say(*routes, path="/tickets", method="POST", status=405, is_taken=False)
    assert "; you may have wanted route 2, /tickets/: only the slash at its end differs." in said


def test_a_redirect_to_another_place_is_not_blamed_on_a_slash() -> None:
    asked = Asked(outcome="redirect", location="/en/shop/", status=302)
    sent: Pairs = [(b"location", b"/en/shop/")]
    said = say(
        listed("/page/{number:int}"), path="/page/1", asked=asked, status=308, headers=sent, is_taken=False
    )
    assert said.startswith(
        "308: route 1, /page/{number:int}, would take it with number = 1, but its router sends the client to"
        " /en/shop/."
    )


def test_what_an_adapter_had_to_name_is_not_a_parameter() -> None:
    said = say(listed("/cats/{name}/{_slash:path}.{_0:path}"), path="/cats/tom/a.b")
    assert said.endswith("took it with name = tom.")


def test_a_lambda_goes_by_the_name_of_its_route() -> None:
    route = listed("/static/x", endpoint="flask.app:Flask.__init__.<locals>.<lambda>", name="static")
    assert say(route, path="/static/x").startswith("200: static answered")


@pytest.mark.parametrize("framework", ["Django", "Falcon", "Flask", "Litestar", "Quart"])
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_options_may_be_the_framework_s_own_answer(framework: str, method: str) -> None:
    allow: Pairs = [(b"allow", b"GET, OPTIONS")]
    said = say(listed("/a", None), path="/a", method=method, framework=framework, headers=allow)
    own = f"200: a, or {framework} in its place, answered"
    assert said.startswith(own if method == "OPTIONS" else "200: a answ")


def test_a_preflight_that_an_endpoint_answers_is_told_as_one() -> None:
    options = listed("/a", frozenset({"OPTIONS"}))
    leave: Pairs = [(b"access-control-allow-origin", b"*")]
    said = say(options, path="/a", method="OPTIONS", asking=PREFLIGHT, headers=leave)
    assert said.startswith("200: a CORS preflight, with which a browser asks whether https://shop.example")
    assert "The endpoint a allows it" in said
    said = say(options, path="/a", method="OPTIONS", asking=PREFLIGHT)
    assert "this answer allows nothing, for it has no access-control-allow-origin" in said


def test_a_catch_all_below_a_mount_stands_where_it_belongs() -> None:
    mount, rest = mounted("/admin", listed("/x")), listed("/{rest:path}")
    said = read_found(mount, rest, path="/admin/x")
    assert "also matches" in said
    assert "move it up" not in said
    assert "move it up" in read_found(mount, listed("/admin/x"), path="/admin/x")


def read_found(*routes: AdaptedRoute, path: str) -> str:
    recorded = Recorded(TinyAdapter(routes_listed=routes))
    return read(recorded, recorded.call(path))
