from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any

import pytest

from miniframework import App, Depends, StreamingResponse
from miniframework.errors import DependencyError
from miniframework.testing import TestClient

pytestmark = pytest.mark.usefixtures("way")


class Log(list[str]):
    def opened(self) -> Iterator[None]:
        self.append("open")
        try:
            yield
        finally:
            self.append("close")


@pytest.mark.parametrize(
    ("scope", "order"),
    [
        pytest.param("request", ["open", "call", "body", "close"], id="request"),
        pytest.param("function", ["open", "call", "close", "body"], id="function"),
    ],
)
def test_a_dependency_is_closed_after_the_response_or_before_it(scope: Any, order: list[str]) -> None:
    log = Log()
    app = App()

    @app.get("/")
    async def endpoint(x: Annotated[None, Depends(log.opened, scope=scope)]) -> StreamingResponse:
        log.append("call")

        async def body() -> AsyncIterator[bytes]:
            log.append("body")
            yield b"x"

        return StreamingResponse(body())

    assert TestClient(app).get("/").content == b"x"
    assert log == order


def test_both_lifetimes_of_one_dependency_have_values_of_their_own() -> None:
    log = Log()
    app = App()

    @app.get("/")
    def endpoint(
        a: Annotated[None, Depends(log.opened)],
        b: Annotated[None, Depends(log.opened, scope="function")],
        c: Annotated[None, Depends(log.opened)],
    ) -> None: ...

    TestClient(app).get("/")
    assert log == ["open", "open", "close", "close"]


def test_an_exception_reaches_both_lifetimes() -> None:
    seen: list[str] = []

    def watching(name: str) -> Any:
        def watch() -> Iterator[None]:
            try:
                yield
            except ValueError:
                seen.append(name)
                raise

        return watch

    app = App()

    @app.get("/")
    def endpoint(
        a: Annotated[None, Depends(watching("request"))],
        b: Annotated[None, Depends(watching("function"), scope="function")],
    ) -> None:
        raise ValueError("boom")

    with pytest.raises(ValueError, match="boom"):
        TestClient(app).get("/")
    assert seen == ["function", "request"]


def test_what_outlives_what_it_needs_is_refused_when_registered() -> None:
    def short() -> Iterator[None]:
        yield

    def long(x: Annotated[None, Depends(short, scope="function")]) -> Iterator[None]:
        yield

    def endpoint(x: Annotated[None, Depends(long)]) -> None: ...

    with pytest.raises(DependencyError, match=r"dependencies with scope \"function\", as .*short"):
        App().get("/")(endpoint)


@pytest.mark.parametrize(
    ("cached", "values"),
    [
        pytest.param((False, True, False), [1, 1, 2], id="the first is there for those who share"),
        pytest.param((True, False, True), [1, 2, 1], id="a later one replaces nothing"),
    ],
)
def test_a_value_made_without_the_cache_is_shared_only_when_it_was_the_first(
    cached: tuple[bool, bool, bool], values: list[int]
) -> None:
    calls: list[int] = []

    def counted() -> int:
        calls.append(1)
        return len(calls)

    one, two, three = (Depends(counted, use_cache=use_cache) for use_cache in cached)
    app = App()

    @app.get("/")
    def endpoint(a: int = one, b: int = two, c: int = three) -> list[int]:
        return [a, b, c]

    assert TestClient(app).get("/").json() == values
