"""The test client: calls an ASGI application as httpx would call a server."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from datetime import timedelta
from types import TracebackType
from typing import Any, Literal, Self, Unpack
from urllib.parse import urljoin, urlsplit

from miniframework.datastructures import Headers
from miniframework.testing.asgi2 import as_asgi3
from miniframework.testing.conversation import Answer, HttpConversation
from miniframework.testing.cookies import CookieJar
from miniframework.testing.decoding import KNOWN_CODINGS
from miniframework.testing.headers import ClientHeaders, HeaderArgument, ResponseHeaders
from miniframework.testing.lifespan import LifespanConversation
from miniframework.testing.options import (
    Auth,
    BodylessOptions,
    RequestOptions,
    check_bodyless,
    check_options,
    make_authorization,
)
from miniframework.testing.portal import Portal
from miniframework.testing.request import (
    Params,
    join_url,
    make_scope,
    merge_headers,
    merge_params,
    read_body_argument,
)
from miniframework.testing.response import TestResponse
from miniframework.testing.sent import SentRequest, redirect
from miniframework.testing.socket import SocketSession
from miniframework.testing.stream import ResponseStream
from miniframework.testing.url import RequestURL
from miniframework.types import ASGIApp, RawHeaders, Scope
from miniframework.websocket import RAISE_DISCONNECT

# What httpx follows before it gives up.
_MOST_REDIRECTS = 20
_OWN_HEADERS = {
    "accept": "*/*",
    "accept-encoding": ", ".join(KNOWN_CODINGS),
    "connection": "keep-alive",
    "user-agent": "testclient",
}


class TestClient:
    """Calls any ASGI application in process.

    An exception that leaves the application is raised where the request was made, unless
    `raise_server_exceptions` is False: then it is what a server would answer, 500. `with TestClient(app) as
    client:` starts the application (lifespan) and shuts it down, all on one event loop; without it every
    request has a loop of its own. Cookies are kept in `cookies`, redirects followed; `headers` and `params`
    go with every request, and `auth`, a user name and a password. A request that takes longer than
    `timeout_s` seconds is cancelled. `backend_options` are anyio's for asyncio: `debug`, `loop_factory`,
    `use_uvloop`.
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
        self.app = as_asgi3(app)
        has_path = bool(urlsplit(base_url).path)
        self.base_url = base_url.rstrip("/") + "/" if has_path else base_url  # as httpx shows it
        self.root_path = root_path
        self.auth = auth
        self.follow_redirects = follow_redirects
        self.headers = headers or {}
        self.cookies = cookies or {}
        self.params: Params = ()
        self.max_redirects = _MOST_REDIRECTS
        self._raises = raise_server_exceptions
        self._client = client
        self._timeout_s = timeout_s
        self._loop_options = backend_options or {}
        self.portal: Portal | None = None
        self._lifespan: LifespanConversation | None = None
        self._streams: list[TestResponse] = []
        self.is_closed = False

    @property
    def headers(self) -> ClientHeaders:
        """What goes with every request; setting it keeps the client's own ones, `clear()` drops them too."""
        return self._headers

    @headers.setter
    def headers(self, headers: HeaderArgument) -> None:
        self._headers = ClientHeaders(_OWN_HEADERS)
        self._headers.replace(headers)

    @property
    def cookies(self) -> CookieJar:
        """The cookies that are kept; a mapping or pairs may be assigned."""
        return self._cookies

    @cookies.setter
    def cookies(self, cookies: Mapping[str, str] | Iterable[tuple[str, str]]) -> None:
        self._cookies = cookies if isinstance(cookies, CookieJar) else CookieJar(dict(cookies).items())

    @property
    def app_state(self) -> dict[str, Any]:
        """What the lifespan left for the requests; empty before the application is started."""
        return {} if self._lifespan is None else self._lifespan.state

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
        assert self.portal is not None
        assert self._lifespan is not None
        try:
            self.portal.run(self._lifespan.stop())
        finally:
            self._close()

    def get(self, url: str, **options: Unpack[BodylessOptions]) -> TestResponse:
        """Send a GET request; TypeError for a body, which goes with `request`."""
        return self._request_bodyless("GET", url, options)

    def head(self, url: str, **options: Unpack[BodylessOptions]) -> TestResponse:
        """Send a HEAD request; TypeError for a body, which goes with `request`."""
        return self._request_bodyless("HEAD", url, options)

    def options(self, url: str, **options: Unpack[BodylessOptions]) -> TestResponse:
        """Send an OPTIONS request; TypeError for a body, which goes with `request`."""
        return self._request_bodyless("OPTIONS", url, options)

    def post(self, url: str, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send a POST request."""
        return self.request("POST", url, **options)

    def put(self, url: str, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send a PUT request."""
        return self.request("PUT", url, **options)

    def patch(self, url: str, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send a PATCH request."""
        return self.request("PATCH", url, **options)

    def delete(self, url: str, **options: Unpack[BodylessOptions]) -> TestResponse:
        """Send a DELETE request; TypeError for a body, which goes with `request`."""
        return self._request_bodyless("DELETE", url, options)

    def request(self, method: str, url: str, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send a request and collect the whole response, redirects followed unless told otherwise."""
        request = self.build_request(method, url, **options)
        with self._open_portal() as portal:
            response, _ = self._follow(portal, request, options, is_streamed=False)
        return response

    def _request_bodyless(self, method: str, url: str, options: BodylessOptions) -> TestResponse:
        check_bodyless(method, options)
        return self.request(method, url, **options)

    @contextmanager
    def stream(self, method: str, url: str, **options: Unpack[RequestOptions]) -> Iterator[TestResponse]:
        """Send a request and give the response while its body still comes; leaving the block leaves it.

        What the application raises after its response has begun is raised behind the last piece, or at the
        end of the block.
        """
        with self._stream(self.build_request(method, url, **options), options) as response:
            yield response

    def build_request(self, method: str, url: str, **options: Unpack[RequestOptions]) -> SentRequest:
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
        url = join_url(self.base_url, url, merge_params(self.params, options.get("params")))
        lines = self._header_lines(url, body.headers, options)
        return SentRequest(method=method.upper(), url=RequestURL(url), lines=lines, chunks=body.chunks)

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
        """Leave the responses that still come, and end what `with` began, if it was not ended."""
        while self._streams:
            self._streams.pop().close()
        if self.portal is not None:
            self.__exit__(None, None, None)
        self.is_closed = True

    def websocket_connect(
        self,
        url: str,
        subprotocols: Sequence[str] | None = None,
        headers: HeaderArgument | None = None,
        params: Params | None = None,
        cookies: Mapping[str, str] | None = None,
        auth: Auth | None = None,
    ) -> SocketSession:
        """Prepare a WebSocket connection, opened by `with`; a path is one of `ws://testserver`."""
        url = join_url("", urljoin("ws://testserver", url), params)
        own = [
            ("connection", "upgrade"),
            ("sec-websocket-key", "testserver=="),
            ("sec-websocket-version", "13"),
        ]
        if subprotocols is not None:
            own.append(("sec-websocket-protocol", ", ".join(subprotocols)))
        given = RequestOptions(headers=headers, cookies=cookies, auth=auth)
        scope = self._scope("websocket", url, self._header_lines(url, own, given))
        offered = Headers(scope["headers"]).get("sec-websocket-protocol")
        scope["subprotocols"] = [] if offered is None else [one.strip() for one in offered.split(",")]
        scope["extensions"] = {"websocket.http.response": {}, RAISE_DISCONNECT: {}}
        return SocketSession(self.app, scope, url, self._open_portal, self._timeout_s)

    @contextmanager
    def _stream(self, request: SentRequest, options: RequestOptions) -> Iterator[TestResponse]:
        with self._open_portal() as portal:
            response, stream = self._follow(portal, request, options, is_streamed=True)
            try:
                yield response
            except BaseException:
                if stream is not None:
                    stream.close()
                raise
            if stream is not None:
                self._raise(stream.close())

    def _follow(
        self, portal: Portal, request: SentRequest, options: RequestOptions, *, is_streamed: bool
    ) -> tuple[TestResponse, ResponseStream | None]:
        history: list[TestResponse] = []
        send = self._open_stream if is_streamed else self._send
        while True:
            response, stream = send(portal, request, options)
            if not response.has_redirect_location:
                response.history = history
                return response, stream
            location, known = response.headers["location"], self.cookies.header_for
            following = redirect(request, response.status_code, location, known)
            if not options.get("follow_redirects", self.follow_redirects):
                response.next_request, response.history = following, history
                return response, stream
            if stream is not None:
                response.read()
                self._raise(stream.close())
            if len(history) == self.max_redirects:
                raise RecursionError(f"more than {self.max_redirects} redirects, the last to {request.url}")
            history.append(response)
            request = following

    def _send(
        self, portal: Portal, request: SentRequest, options: RequestOptions
    ) -> tuple[TestResponse, None]:
        scope = self._http_scope(request)
        conversation = HttpConversation(self.app, scope, request.chunks, options.get("disconnect_after"))
        started_s = time.perf_counter()
        try:
            portal.run(conversation.run(options.get("timeout") or self._timeout_s))
        except Exception:
            if self._raises:
                raise
        answer = conversation.answer
        return self._make_response(request, answer, answer.chunks, started_s), None

    def _open_stream(
        self, portal: Portal, request: SentRequest, options: RequestOptions
    ) -> tuple[TestResponse, ResponseStream]:
        started_s = time.perf_counter()
        stream = ResponseStream(
            portal,
            self.app,
            self._http_scope(request),
            request.chunks,
            disconnect_after=options.get("disconnect_after"),
            timeout_s=options.get("timeout") or self._timeout_s,
        )
        answer = stream.wait_for_start()
        if answer.status is None:
            self._raise(stream.close())
        return self._make_response(request, answer, self._read_to_the_end(stream), started_s), stream

    def _read_to_the_end(self, stream: ResponseStream) -> Iterator[bytes]:
        """Give the pieces, and raise at their end what the application raised."""
        yield from stream.pieces()
        self._raise(stream.close())

    def _make_response(
        self,
        request: SentRequest,
        answer: Answer,
        chunks: list[bytes] | Iterator[bytes],
        started_s: float,
    ) -> TestResponse:
        if answer.status is None:  # it raised before it answered; a server says no more than this
            answer.status, chunks = 500, []
        headers = ResponseHeaders(answer.headers)
        set_here = CookieJar()
        for jar in (self.cookies, set_here):
            jar.take(headers.get_list("set-cookie"), request.url)
        if request.method == "HEAD":
            chunks = []
        return TestResponse(
            request=request,
            status_code=answer.status,
            headers=headers,
            chunks=tuple(chunks) if isinstance(chunks, list) else chunks,
            cookies=set_here,
            elapsed=timedelta(seconds=time.perf_counter() - started_s),
            extensions=answer.extensions,
        )

    def _http_scope(self, request: SentRequest) -> Scope:
        extensions: dict[str, Any] = {"http.response.debug": {}, "http.response.trailers": {}}
        scope = self._scope("http", request.url, request.lines)
        return {**scope, "method": request.method, "extensions": extensions}

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

    def _scope(self, kind: str, url: str, lines: RawHeaders) -> Any:
        return make_scope(
            kind, url, lines, root_path=self.root_path, client=self._client, state=self.app_state
        )

    def _raise(self, error: Exception | None) -> None:
        if error is not None and self._raises:
            raise error

    def _open_portal(self) -> AbstractContextManager[Portal]:
        return Portal(self._loop_options) if self.portal is None else nullcontext(self.portal)

    def _close(self) -> None:
        if self.portal is not None:
            self.portal.close()
        self.portal = self._lifespan = None
