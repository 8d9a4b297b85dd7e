"""The test client: calls an ASGI application as httpx would call a server."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import Any, Literal, Self, Unpack
from urllib.parse import urljoin, urlsplit

from miniframework.http.headers import Headers
from miniframework.testing.auth import Auth, authorize_once, make_authorization
from miniframework.testing.decoding import KNOWN_CODINGS
from miniframework.testing.headers import ClientHeaders, HeaderArgument, read_raw
from miniframework.testing.lifespan import LifespanConversation
from miniframework.testing.options import BodylessOptions, RequestOptions, check_bodyless, check_options
from miniframework.testing.portal import Portal
from miniframework.testing.request import (
    Params,
    URLArgument,
    join_url,
    merge_headers,
    merge_params,
    read_body_argument,
    read_url,
)
from miniframework.testing.response import TestResponse
from miniframework.testing.sending import Sender
from miniframework.testing.sent import SentRequest
from miniframework.testing.socket import SocketSession
from miniframework.testing.url import RequestURL
from miniframework.types import ASGIApp, RawHeaders
from miniframework.websocket import RAISE_DISCONNECT

_OWN_HEADERS = {
    "accept": "*/*",
    "accept-encoding": ", ".join(KNOWN_CODINGS),
    "connection": "keep-alive",
    "user-agent": "testclient",
}


class TestClient(Sender):
    """Calls any ASGI application in process.

    An exception that leaves the application is raised where the request was made, unless
    `raise_server_exceptions` is False: then it is what a server would answer, 500. `with TestClient(app) as
    client:` starts the application (lifespan) and shuts it down, all on one event loop; without it every
    request has a loop of its own. Cookies are kept in `cookies`, redirects followed; `headers` and `params`
    go with every request, and `auth`, a user name and a password or a scheme of httpx. A request that takes
    longer than `timeout_s` seconds is cancelled. `backend_options` are anyio's for asyncio: `debug`,
    `loop_factory`, `use_uvloop`.
    """

    __test__ = False

    def __init__(
        self,
        app: ASGIApp,
        base_url: str = "http://testserver",
        raise_server_exceptions: bool = True,
        root_path: str = "",
        backend: Literal["asyncio"] = "asyncio",
        backend_options: Mapping[str, Any] | None = None,
        *,
        headers: HeaderArgument | None = None,
        cookies: Mapping[str, str] | None = None,
        auth: Auth | None = None,
        follow_redirects: bool = True,
        client: tuple[str, int] = ("testclient", 50000),
        timeout_s: float = 30.0,
    ) -> None:
        if backend != "asyncio":
            raise ValueError(f"backend={backend!r}: the test client runs applications on asyncio only")
        super().__init__(
            app,
            root_path=root_path,
            client=client,
            raises=raise_server_exceptions,
            follow_redirects=follow_redirects,
            timeout_s=timeout_s,
            auth=auth,
            loop_options=backend_options or {},
        )
        has_path = bool(urlsplit(base_url).path)
        self.base_url = base_url.rstrip("/") + "/" if has_path else base_url  # as httpx shows it
        self.headers = headers or {}
        self.cookies = cookies or {}
        self.params: Params = ()
        self._streams: list[TestResponse] = []

    @property
    def headers(self) -> ClientHeaders:
        """What goes with every request; setting it keeps the client's own ones, `clear()` drops them too."""
        return self._headers

    @headers.setter
    def headers(self, headers: HeaderArgument) -> None:
        self._headers = ClientHeaders(_OWN_HEADERS)
        self._headers.replace(headers)

    def __enter__(self) -> Self:
        self.portal = Portal(self._loop_options)
        self._lifespan = LifespanConversation(self.app, self._timeout_s)
        try:
            self.portal.run(self._lifespan.start())
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.portal is None:
            return  # `close()` has ended it
        assert self._lifespan is not None
        try:
            self.portal.run(self._lifespan.stop())
        finally:
            self._close()

    def get(self, url: URLArgument, **options: Unpack[BodylessOptions]) -> TestResponse:
        """Send a GET request; TypeError for a body, which goes with `request`."""
        return self._request_bodyless("GET", url, options)

    def head(self, url: URLArgument, **options: Unpack[BodylessOptions]) -> TestResponse:
        """Send a HEAD request; TypeError for a body, which goes with `request`."""
        return self._request_bodyless("HEAD", url, options)

    def options(self, url: URLArgument, **options: Unpack[BodylessOptions]) -> TestResponse:
        """Send an OPTIONS request; TypeError for a body, which goes with `request`."""
        return self._request_bodyless("OPTIONS", url, options)

    def post(self, url: URLArgument, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send a POST request."""
        return self.request("POST", url, **options)

    def put(self, url: URLArgument, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send a PUT request."""
        return self.request("PUT", url, **options)

    def patch(self, url: URLArgument, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send a PATCH request."""
        return self.request("PATCH", url, **options)

    def query(self, url: URLArgument, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send a QUERY request, which asks by its body. Source: RFC 10008."""
        return self.request("QUERY", url, **options)

    def delete(self, url: URLArgument, **options: Unpack[BodylessOptions]) -> TestResponse:
        """Send a DELETE request; TypeError for a body, which goes with `request`."""
        return self._request_bodyless("DELETE", url, options)

    def request(self, method: str, url: URLArgument, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send a request and collect the whole response, redirects followed unless told otherwise."""
        request = self.build_request(method, url, **options)
        with self._open_portal() as portal:
            response, _ = self._follow(portal, request, options, is_streamed=False)
        return response

    def _request_bodyless(self, method: str, url: URLArgument, options: BodylessOptions) -> TestResponse:
        check_bodyless(method, options)
        return self.request(method, url, **options)

    @contextmanager
    def stream(
        self, method: str, url: URLArgument, **options: Unpack[RequestOptions]
    ) -> Iterator[TestResponse]:
        """Send a request and give the response while its body still comes; leaving the block leaves it.

        What the application raises after its response has begun is raised behind the last piece, or at the
        end of the block.
        """
        with self._stream(self.build_request(method, url, **options), options) as response:
            yield response

    def build_request(self, method: str, url: URLArgument, **options: Unpack[RequestOptions]) -> SentRequest:
        """Give the request that `request` would send, for `send`."""
        check_options(options)
        headers = options.get("headers")
        if headers is not None and not isinstance(headers, Mapping):
            options["headers"] = list(headers)  # it is looked at more than once
        body = read_body_argument(
            method.upper(),
            json=options.get("json"),
            data=options.get("data"),
            content=options.get("content"),
            files=options.get("files"),
            headers=options.get("headers"),
        )
        url = join_url(self.base_url, read_url(url), merge_params(self.params, options.get("params")))
        sent = read_raw(self._header_lines(url, body.headers, options))
        return SentRequest(method=method.upper(), url=RequestURL(url), headers=sent, chunks=body.chunks)

    def send(
        self, request: SentRequest, *, stream: bool = False, follow_redirects: bool | None = None
    ) -> TestResponse:
        """Send what `build_request` gave; with `stream` the response still comes, until its `close()`."""
        options = RequestOptions()
        if follow_redirects is not None:
            options["follow_redirects"] = follow_redirects
        if stream:
            with ExitStack() as opened:
                response = opened.enter_context(self._stream(request, options))
                response.on_close = opened.pop_all().close
            self._streams.append(response)
            return response
        with self._open_portal() as portal:
            return self._follow(portal, request, options, is_streamed=False)[0]

    def close(self) -> None:
        """Leave the responses that still come, and end what `with` began, if it was not ended. After it a
        request is a RuntimeError.
        """
        while self._streams:
            self._streams.pop().close()
        if self.portal is not None:
            self.__exit__(None, None, None)
        self.is_closed = True

    def websocket_connect(
        self,
        url: URLArgument,
        subprotocols: Sequence[str] | None = None,
        headers: HeaderArgument | None = None,
        params: Params | None = None,
        cookies: Mapping[str, str] | None = None,
        auth: Auth | None = None,
    ) -> SocketSession:
        """Prepare a WebSocket connection, opened by `with`; a path is one of `ws://testserver`."""
        url = join_url("", urljoin("ws://testserver", read_url(url)), params)
        own = [
            ("connection", "upgrade"),
            ("sec-websocket-key", "testserver=="),
            ("sec-websocket-version", "13"),
        ]
        if subprotocols is not None:
            own.append(("sec-websocket-protocol", ", ".join(subprotocols)))
        auth = self.auth if auth is None else auth
        given = RequestOptions(headers=headers, cookies=cookies, auth=auth)
        asked = SentRequest(
            method="GET", url=RequestURL(url), headers=read_raw(self._header_lines(url, own, given))
        )
        asked = authorize_once(auth, asked)
        scope = self._scope("websocket", url, asked.headers.raw)
        offered = Headers(scope["headers"]).get("sec-websocket-protocol")
        scope["subprotocols"] = [] if offered is None else [one.strip() for one in offered.split(",")]
        scope["extensions"] = {"websocket.http.response": {}, RAISE_DISCONNECT: {}}
        return SocketSession(self.app, scope, url, self._open_portal, self._timeout_s)

    def _header_lines(self, url: str, own: HeaderArgument, options: RequestOptions) -> RawHeaders:
        given = (options.get("cookies") or {}).items()
        for_once = (f"{name}={value}" for name, value in given)
        cookie = "; ".join(filter(None, (self.cookies.header_for(url), *for_once)))
        return merge_headers(
            url,
            self.headers,
            {"cookie": cookie.encode()} if cookie else None,
            own,
            options.get("headers"),
            make_authorization(options.get("auth", self.auth), url),
        )

    def _close(self) -> None:
        if self.portal is not None:
            self.portal.close()
        self.portal = self._lifespan = None
