import asyncio
from typing import Any

import pytest

from miniframework import App, Depends, Request, WebSocket
from miniframework.http.exceptions import ClientDisconnect
from miniframework.requests import HTTPConnection
from miniframework.testing import TestClient
from tests.miniframework.asgi_driver import Wire, http_scope, socket_scope

PIECES = (
    {"type": "http.request", "body": b'{"a"', "more_body": True},
    {"type": "http.request", "body": b"", "more_body": True},
    {"type": "http.request", "body": b": 1}"},
)


def make(*messages: Any, **scope: Any) -> tuple[Request, Wire]:
    wire = Wire(messages or PIECES)
    return Request(http_scope(**scope), wire.receive), wire


def test_a_request_reads_its_scope_lazily() -> None:
    request, wire = make(
        method="POST",
        path="/a",
        query_string=b"x=1&x=2",
        headers=[(b"host", b"h"), (b"cookie", b"a=1"), (b"cookie", b"b=2")],
        path_params={"id": "7"},
    )
    assert (request.method, str(request.url)) == ("POST", "http://h/a?x=1&x=2")
    assert request.query_params.get_list("x") == ["1", "2"]
    assert request.cookies == {"a": "1", "b": "2"}
    assert request.path_params == {"id": "7"}
    assert request.client is not None
    assert request.client.host == "127.0.0.1"
    request.state.user = "x"
    assert request.scope["state"] == {"user": "x"}
    assert wire.received == 0


def test_the_body_is_read_once_and_kept() -> None:
    async def main() -> None:
        request, wire = make()
        assert await request.body() == b'{"a": 1}'
        assert await request.json() == {"a": 1}
        assert [chunk async for chunk in request.stream()] == [b'{"a": 1}', b""]
        assert wire.received == 3

    asyncio.run(main())


def test_a_stream_gives_the_pieces_and_only_once() -> None:
    async def main() -> None:
        request, _ = make()
        assert [chunk async for chunk in request.stream()] == [b'{"a"', b": 1}", b""]
        with pytest.raises(RuntimeError, match="Stream consumed"):
            await request.body()

    asyncio.run(main())


def test_a_client_that_leaves_in_the_middle_of_its_body_is_told_apart() -> None:
    async def main() -> None:
        request, _ = make(PIECES[0], {"type": "http.disconnect"})
        with pytest.raises(ClientDisconnect):
            await request.body()
        assert await request.is_disconnected()

    asyncio.run(main())


def test_a_form_is_read_and_another_type_gives_an_empty_one() -> None:
    async def main() -> None:
        form = (b"content-type", b"application/x-www-form-urlencoded; charset=utf-8")
        request, _ = make({"type": "http.request", "body": b"a=1&a=2&b=x+y"}, headers=[form])
        fields = await request.form()
        assert fields.get_list("a") == ["1", "2"]
        assert fields["b"] == "x y"
        other, _ = make(headers=[(b"content-type", b"text/plain")])
        assert dict(await other.form()) == {}

    asyncio.run(main())


def test_asking_whether_the_client_is_gone_neither_waits_nor_loses_the_body() -> None:
    async def main() -> None:
        request, wire = make()
        async with asyncio.timeout(5):
            assert not await request.is_disconnected()
            assert await request.body() == b'{"a": 1}'
            assert not await request.is_disconnected()
            wire.leave()
            assert await request.is_disconnected()

    asyncio.run(main())


def test_being_cancelled_while_asking_is_not_taken_for_a_connected_client() -> None:
    async def main() -> None:
        request, _ = make({"type": "http.request", "body": b""})
        await request.body()

        async def ask_for_ever() -> None:
            while not await request.is_disconnected():
                pass

        task = asyncio.create_task(ask_for_ever())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            async with asyncio.timeout(5):
                await task

    asyncio.run(main())


@pytest.mark.parametrize(
    ("headers", "unread"),
    [
        ([], False),
        ([(b"content-length", b"0")], False),
        ([(b"content-length", b"5")], True),
        ([(b"transfer-encoding", b"chunked")], True),
    ],
)
def test_a_request_knows_whether_a_body_is_still_to_come(headers: Any, unread: bool) -> None:
    request, _ = make(headers=headers)
    assert request.has_unread_body is unread
    asyncio.run(request.body())
    assert not request.has_unread_body


def test_a_request_is_the_scope_as_a_mapping_but_equal_to_itself_only() -> None:
    request, _ = make()
    again = Request(request.scope)
    assert (request["type"], request.get("nothing"), "path" in request) == ("http", None, True)
    assert dict(request) == request.scope
    assert len(request) == len(request.scope)
    assert request != again
    assert {request, again} == {again, request}


def test_a_request_without_receive_says_that_it_has_no_body() -> None:
    with pytest.raises(RuntimeError, match="Receive channel has not been made available"):
        asyncio.run(Request(http_scope()).body())


def test_whom_a_middleware_found_is_on_the_request() -> None:
    request = Request(http_scope(user="me", auth=["read"]))
    assert (request.user, request.auth) == ("me", ["read"])
    with pytest.raises(AssertionError, match="AuthenticationMiddleware must be installed"):
        _ = Request(http_scope()).user


@pytest.mark.parametrize(
    ("root_path", "base"), [("", "http://h/"), ("/api", "http://h/api/"), ("/é/", "http://h/é/")]
)
def test_the_base_url_ends_with_a_slash(root_path: str, base: str) -> None:
    scope = http_scope("/x", root_path=root_path, headers=[(b"host", b"h")])
    assert str(Request(scope).base_url) == base


def test_who_stops_in_the_middle_of_a_stream_goes_on_there() -> None:
    async def main() -> None:
        request, _ = make()
        async for chunk in request.stream():
            assert chunk == b'{"a"'
            break
        assert await request.body() == b": 1}"

    asyncio.run(main())


def test_a_body_streamed_here_is_empty_for_an_inner_application_and_the_other_way_round() -> None:
    async def main() -> None:
        outer, _ = make()
        assert [chunk async for chunk in outer.stream()][-1] == b""
        assert await Request(outer.scope, outer.make_receive()).body() == b""
        again, _ = make()
        inner = Request(again.scope, again.make_receive())
        assert await inner.body() == b'{"a": 1}'
        with pytest.raises(RuntimeError, match="Stream consumed"):
            await again.body()

    asyncio.run(main())


def test_a_client_that_left_stays_gone_however_often_one_asks() -> None:
    async def main() -> None:
        outer, wire = make({"type": "http.disconnect"})
        receive = outer.make_receive()
        async with asyncio.timeout(5):
            assert [(await receive())["type"] for _ in range(3)] == ["http.disconnect"] * 3
        assert await outer.is_disconnected()
        assert wire.received == 1

    asyncio.run(main())


@pytest.mark.parametrize("path", ["/{n:int}", "/{n}", "/literal"])
def test_a_path_parameter_that_is_set_stays_for_all_who_look_at_the_request(path: str) -> None:
    app = App()

    def change(request: Request) -> None:
        request.path_params["added"] = 1

    @app.get(path, dependencies=[Depends(change)])
    async def show(request: Request) -> dict[str, Any]:
        return Request(request.scope).path_params

    shown = {"/{n:int}": {"n": 5}, "/{n}": {"n": "5"}, "/literal": {}}[path]
    answer = TestClient(app).get("/literal" if path == "/literal" else "/5")
    assert answer.json() == {**shown, "added": 1}


def test_what_a_program_notes_on_a_request_or_a_socket_stays_there() -> None:
    wire = Wire()
    for connection in (Request(http_scope()), WebSocket(socket_scope(), wire.receive, wire.send)):
        noted: Any = connection
        noted.user_id = 7
        noted.close = len
        assert (noted.user_id, noted.close) == (7, len)


def test_a_middlewares_view_on_a_connection_may_be_given_what_starlettes_takes() -> None:
    wire = Wire()
    assert HTTPConnection(http_scope("/a"), wire.receive).url.path == "/a"
    assert HTTPConnection(socket_scope("/a"), receive=None).url.path == "/a"
