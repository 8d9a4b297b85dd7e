"""The test client: calls an ASGI application as httpx would call a server."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from types import TracebackType
from typing import Any, Self, TypedDict, Unpack
from urllib.parse import unquote, urlsplit

from miniframework.datastructures import Headers
from miniframework.testing.conversation import HttpConversation
from miniframework.testing.cookies import CookieJar
from miniframework.testing.lifespan import LifespanConversation
from miniframework.testing.portal import Portal
from miniframework.testing.request import (
    BodyArgument,
    Content,
    HeaderArgument,
    Params,
    follow_url,
    join_url,
    make_scope,
    merge_headers,
    read_body_argument,
)
from miniframework.testing.response import TestResponse
from miniframework.testing.socket import SocketSession
from miniframework.types import ASGIApp, RawHeaders

# What httpx follows before it gives up.
_MOST_REDIRECTS = 20
_OWN_HEADERS = {"accept": "*/*", "connection": "keep-alive", "user-agent": "testclient"}


class RequestOptions(TypedDict, total=False):
    """What a request may carry. One of `json`, `data` (a form, or bytes) and `content` is the body.

    `disconnect_after`: the client leaves after so many body messages, for responses that never end.
    """

    params: Params | None
    headers: HeaderArgument | None
    cookies: Mapping[str, str] | None
    json: Any
    data: bytes | str | Mapping[str, Any] | None
    content: Content | None
    follow_redirects: bool
    disconnect_after: int | None


class TestClient:
    """Calls any ASGI application in process.

    An exception that leaves the application is raised where the request was made, unless
    `raise_server_exceptions` is False: then it is what a server would answer, 500. `with TestClient(app) as
    client:` starts the application (lifespan) and shuts it down, all on one event loop; without it every
    request has a loop of its own. Cookies are kept in `cookies`, redirects followed. A request that takes
    longer than `timeout_s` seconds is cancelled.
    """

    __test__ = False

    def __init__(
        self,
        app: ASGIApp,
        base_url: str = "http://testserver",
        raise_server_exceptions: bool = True,
        root_path: str = "",
        *,
        headers: HeaderArgument | None = None,
        cookies: Mapping[str, str] | None = None,
        follow_redirects: bool = True,
        client: tuple[str, int] = ("testclient", 50000),
        timeout_s: float = 30.0,
    ) -> None:
        self.app = app
        self.base_url = base_url
        self.root_path = root_path
        self.headers: dict[str, str] = _OWN_HEADERS | {
            name.lower(): value for name, value in dict(headers or {}).items()
        }
        self.cookies = CookieJar((cookies or {}).items())
        self._raises = raise_server_exceptions
        self._follows = follow_redirects
        self._client = client
        self._timeout_s = timeout_s
        self._portal: Portal | None = None
        self._lifespan: LifespanConversation | None = None

    def __enter__(self) -> Self:
        self._portal = Portal()
        self._lifespan = LifespanConversation(self.app, self._timeout_s)
        try:
            self._portal.run(self._lifespan.start())
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._portal is not None
        assert self._lifespan is not None
        try:
            self._portal.run(self._lifespan.stop())
        finally:
            self._close()

    def get(self, url: str, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send a GET request."""
        return self.request("GET", url, **options)

    def head(self, url: str, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send a HEAD request."""
        return self.request("HEAD", url, **options)

    def options(self, url: str, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send an OPTIONS request."""
        return self.request("OPTIONS", url, **options)

    def post(self, url: str, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send a POST request."""
        return self.request("POST", url, **options)

    def put(self, url: str, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send a PUT request."""
        return self.request("PUT", url, **options)

    def patch(self, url: str, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send a PATCH request."""
        return self.request("PATCH", url, **options)

    def delete(self, url: str, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send a DELETE request."""
        return self.request("DELETE", url, **options)

    def request(self, method: str, url: str, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send a request and collect the whole response, redirects followed unless told otherwise."""
        method = method.upper()
        body = read_body_argument(
            method, json=options.get("json"), data=options.get("data"), content=options.get("content")
        )
        url = join_url(self.base_url, url, options.get("params"))
        history: list[TestResponse] = []
        while True:
            response = self._send(method, url, body, options)
            if not (options.get("follow_redirects", self._follows) and response.is_redirect):
                return replace(response, history=tuple(history))
            if len(history) == _MOST_REDIRECTS:
                raise RecursionError(f"more than {_MOST_REDIRECTS} redirects, the last to {url}")
            history.append(response)
            url = follow_url(url, response.headers["location"])
            if _becomes_get(method, response.status_code):
                method, body = "GET", BodyArgument()

    def websocket_connect(
        self,
        url: str,
        subprotocols: Sequence[str] = (),
        headers: HeaderArgument | None = None,
        params: Params | None = None,
    ) -> SocketSession:
        """Prepare a WebSocket connection, opened by `with`."""
        url = join_url(self.base_url, url, params).replace("http", "ws", 1)
        own = [
            ("connection", "upgrade"),
            ("upgrade", "websocket"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),  # the sample of RFC 6455 section 1.3
            ("sec-websocket-version", "13"),
        ]
        if subprotocols:
            own.append(("sec-websocket-protocol", ", ".join(subprotocols)))
        lines = self._header_lines(url, own, headers, None)
        scope = self._scope("websocket", url, lines)
        scope["subprotocols"] = list(subprotocols)
        scope["extensions"] = {"websocket.http.response": {}}
        return SocketSession(self.app, scope, url, self._portal, self._timeout_s)

    def _send(self, method: str, url: str, body: BodyArgument, options: RequestOptions) -> TestResponse:
        lines = self._header_lines(url, body.headers, options.get("headers"), options.get("cookies"))
        scope = self._scope("http", url, lines)
        scope["method"] = method
        with self._open_portal() as portal:
            conversation = HttpConversation(self.app, scope, body.chunks, options.get("disconnect_after"))
            try:
                portal.run(conversation.run(self._timeout_s))
            except Exception:
                if self._raises:
                    raise
        answer = conversation.answer
        if answer.status is None:
            answer.status, answer.headers = 500, [(b"content-type", b"text/plain; charset=utf-8")]
            answer.chunks = [b"Internal Server Error"]
        headers = Headers(answer.headers)
        set_here = CookieJar()
        for jar in (self.cookies, set_here):
            jar.take(headers.get_list("set-cookie"), unquote(urlsplit(url).path))
        return TestResponse(
            method=method,
            url=url,
            status_code=answer.status,
            headers=headers,
            chunks=() if method == "HEAD" else tuple(answer.chunks),
            cookies=set_here,
        )

    def _header_lines(
        self, url: str, own: HeaderArgument, given: HeaderArgument | None, cookies: Mapping[str, str] | None
    ) -> RawHeaders:
        kept = self.cookies.header_for(unquote(urlsplit(url).path))
        for_once = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
        cookie = "; ".join(filter(None, (kept, for_once)))
        return merge_headers(url, self.headers, {"cookie": cookie} if cookie else None, own, given)

    def _scope(self, kind: str, url: str, lines: RawHeaders) -> Any:
        state = {} if self._lifespan is None else self._lifespan.state
        return make_scope(kind, url, lines, root_path=self.root_path, client=self._client, state=state)

    def _open_portal(self) -> AbstractContextManager[Portal]:
        return Portal() if self._portal is None else nullcontext(self._portal)

    def _close(self) -> None:
        if self._portal is not None:
            self._portal.close()
        self._portal = self._lifespan = None


def _becomes_get(method: str, status: int) -> bool:
    """Tell whether a redirect is followed with GET. Source: RFC 9110 sections 15.4.2 to 15.4.4."""
    return (status == 303 and method != "HEAD") or (status in (301, 302) and method == "POST")
