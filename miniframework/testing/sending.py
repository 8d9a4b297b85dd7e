"""How a request of the test client becomes a response: sent in process, its redirects followed."""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from datetime import timedelta
from typing import Any

from miniframework.testing.asgi2 import as_asgi3
from miniframework.testing.auth import Auth, start_flow
from miniframework.testing.conversation import Answer, HttpConversation
from miniframework.testing.cookies import CookieJar
from miniframework.testing.headers import ResponseHeaders
from miniframework.testing.hooks import Hook, call_hooks, read_hooks
from miniframework.testing.lifespan import LifespanConversation
from miniframework.testing.options import RequestOptions
from miniframework.testing.portal import Portal
from miniframework.testing.request import make_scope
from miniframework.testing.response import TestResponse
from miniframework.testing.sent import SentRequest, redirect
from miniframework.testing.stream import ResponseStream
from miniframework.types import ASGIApp, RawHeaders, Scope

# What httpx follows before it gives up.
_MOST_REDIRECTS = 20


class Sender:
    """Calls an application with requests that are made already, and keeps the cookies it is given.

    `portal` is the event loop of all requests between the application's start and its end, None before and
    after, when each has a loop of its own; it is made with `loop_options`. What leaves the application is
    raised if it `raises`.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        root_path: str,
        client: tuple[str, int],
        raises: bool,
        follow_redirects: bool,
        timeout_s: float,
        auth: Auth | None,
        loop_options: Mapping[str, Any],
    ) -> None:
        self.app = as_asgi3(app)
        self.root_path = root_path
        self.follow_redirects = follow_redirects
        self.max_redirects = _MOST_REDIRECTS
        self.auth = auth
        self.portal: Portal | None = None
        self.is_closed = False
        self._event_hooks = read_hooks({})
        self._cookies = CookieJar()
        self._client = client
        self._raises = raises
        self._timeout_s = timeout_s
        self._loop_options = loop_options
        self._lifespan: LifespanConversation | None = None

    @property
    def cookies(self) -> CookieJar:
        """The cookies that are kept; a mapping or pairs may be assigned."""
        return self._cookies

    @cookies.setter
    def cookies(self, cookies: Mapping[str, str] | Iterable[tuple[str, str]] | None) -> None:
        self._cookies = cookies if isinstance(cookies, CookieJar) else CookieJar(dict(cookies or ()).items())

    @property
    def event_hooks(self) -> dict[str, list[Hook]]:
        """What is called with each "request" before it is sent, and with each "response", redirects too."""
        return self._event_hooks

    @event_hooks.setter
    def event_hooks(self, hooks: Mapping[str, Iterable[Hook]]) -> None:
        self._event_hooks = read_hooks(hooks)

    @property
    def app_state(self) -> dict[str, Any]:
        """What the lifespan left for the requests; empty before the application is started."""
        return {} if self._lifespan is None else self._lifespan.state

    def _open_portal(self) -> AbstractContextManager[Portal]:
        if self.is_closed:
            raise RuntimeError("Cannot send a request, as the client has been closed.")  # httpx's words
        return Portal(self._loop_options) if self.portal is None else nullcontext(self.portal)

    @contextmanager
    def _stream(self, request: SentRequest, options: RequestOptions) -> Iterator[TestResponse]:
        """Give the response while its body still comes; what the application raises last, ends the block."""
        with self._open_portal() as portal:
            response, stream = self._follow(portal, request, options, is_streamed=True)
            try:
                yield response
            except BaseException:
                _leave(stream)
                raise
            if stream is not None:
                self._raise(stream.close())

    def _follow(
        self, portal: Portal, request: SentRequest, options: RequestOptions, *, is_streamed: bool
    ) -> tuple[TestResponse, ResponseStream | None]:
        """Send what the scheme of `auth` makes of a request, and again as often as it wants; give the last
        answer, with its stream while it comes.
        """
        flow = start_flow(options.get("auth", self.auth), request)
        if flow is None:
            return self._follow_redirects(portal, request, options, is_streamed=is_streamed)
        with closing(flow):
            request = next(flow)
            while True:
                response, stream = self._follow_redirects(portal, request, options, is_streamed=is_streamed)
                try:
                    request = flow.send(response)
                except StopIteration:
                    return response, stream
                except BaseException:
                    _leave(stream)
                    raise
                self._read_whole(response, stream)

    def _follow_redirects(
        self, portal: Portal, request: SentRequest, options: RequestOptions, *, is_streamed: bool
    ) -> tuple[TestResponse, ResponseStream | None]:
        """Send, and again wherever an answer leads."""
        history: list[TestResponse] = []
        send = self._open_stream if is_streamed else self._send
        while True:
            call_hooks(self._event_hooks["request"], request)
            response, stream = send(portal, request, options)
            self._show_response(response, stream)
            if not response.has_redirect_location:
                response.history = history
                return response, stream
            location, known = response.headers["location"], self.cookies.header_for
            following = redirect(request, response.status_code, location, known)
            if not options.get("follow_redirects", self.follow_redirects):
                response.next_request, response.history = following, history
                return response, stream
            self._read_whole(response, stream)
            if len(history) == self.max_redirects:
                raise RecursionError(f"more than {self.max_redirects} redirects, the last to {request.url}")
            history.append(response)
            request = following

    def _read_whole(self, response: TestResponse, stream: ResponseStream | None) -> None:
        if stream is not None:
            response.read()
            self._raise(stream.close())

    def _show_response(self, response: TestResponse, stream: ResponseStream | None) -> None:
        try:
            call_hooks(self._event_hooks["response"], response)
        except BaseException:
            _leave(stream)
            raise

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
        scope = self._scope("http", request.url, request.headers.raw)
        return {**scope, "method": request.method, "extensions": extensions}

    def _scope(self, kind: str, url: str, lines: RawHeaders) -> Any:
        return make_scope(
            kind, url, lines, root_path=self.root_path, client=self._client, state=self.app_state
        )

    def _raise(self, error: Exception | None) -> None:
        if error is not None and self._raises:
            raise error


def _leave(stream: ResponseStream | None) -> None:
    if stream is not None:
        stream.close()
