from typing import Annotated, Any

import pytest

from miniframework import App, Depends, Security, SecurityScopes
from miniframework.testing import TestClient

pytestmark = pytest.mark.usefixtures("way")


def asked(scopes: SecurityScopes) -> list[str]:
    return scopes.scopes


def user(scopes: SecurityScopes, inner: Annotated[list[str], Depends(asked)]) -> Any:
    return [scopes.scope_str, inner]


def active(one: Annotated[Any, Security(user, scopes=["me"])]) -> Any:
    return one


def answer(endpoint: Any, **options: Any) -> Any:
    app = App()
    app.get("/", **options)(endpoint)
    return TestClient(app).get("/").json()


def test_every_scope_on_the_way_is_told_outermost_first() -> None:
    def endpoint(one: Annotated[Any, Security(active, scopes=["items", "me"])]) -> Any:
        return one

    assert answer(endpoint) == ["items me", ["items", "me"]]


def test_a_dependency_that_looks_at_scopes_is_called_once_for_each_set_of_them() -> None:
    def endpoint(
        a: Annotated[Any, Depends(active)],
        b: Annotated[Any, Security(user, scopes=["me", "x"])],
        c: Annotated[Any, Depends(user)],
    ) -> Any:
        return [a, b, c]

    assert answer(endpoint) == [["me", ["me"]], ["me x", ["me", "x"]], ["", []]]


def test_the_same_scopes_share_a_value() -> None:
    calls: list[int] = []

    def counted() -> int:
        calls.append(1)
        return len(calls)

    def endpoint(
        a: Annotated[int, Security(counted, scopes=["q"])],
        b: Annotated[int, Depends(counted)],
        c: Annotated[int, Security(counted, scopes=["q", "q"])],
    ) -> Any:
        return [a, b, c]

    assert answer(endpoint) == [1, 2, 1]


def test_scopes_as_one_text_are_refused() -> None:
    with pytest.raises(TypeError, match=r"write \['items'\]"):
        Security(asked, scopes="items")
