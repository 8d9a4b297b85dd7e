"""What annotations name and nobody knows, such as a type that is imported for type checkers alone.

The source is read as text up to Python 3.13, and as it stands from 3.14 on, where annotations wait until they
are asked for.
"""

import sys
from types import ModuleType
from typing import Any

import pytest

from miniframework import App
from miniframework.errors import ParameterError, RouteError
from miniframework.testing import TestClient

FIRST = "" if sys.version_info >= (3, 14) else "from __future__ import annotations\n"
SHOP = f"""{FIRST}
import functools
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Annotated, Any
from miniframework import App, Depends, Request
from miniframework.responses import JSONResponse

if TYPE_CHECKING:
    from nowhere import ASGIApp, Next, Receive, Scope, Send, Session

app = App()

class Middleware:
    def __init__(self, app: ASGIApp, word: Session = "m") -> None:
        self.app, self.word = app, word
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)

app.add_middleware(Middleware, word="n")

@app.middleware("http")
async def pass_on(request: Request, call_next: Next) -> Session:
    return await call_next(request)

@app.exception_handler(KeyError)
async def tell(request: Request, error: Session) -> Session:
    return JSONResponse({{"lost": True}}, 418)

def get_db() -> Session:
    return "db"

def get_pool() -> Iterator[Session]:
    yield "pool"

class Repository:
    session: Session
    def __init__(self, limit: int = 3) -> None:
        self.limit = limit
    def load(self, limit: int) -> Session:
        return limit
    def __call__(self, limit: int) -> Session:
        return limit

made = Repository()

def logged(function):
    @functools.wraps(function)
    def wrapper(*args: Session, **words: Session) -> Session:
        return function(*args, **words)
    return wrapper

@app.get("/result")
def result(db=Depends(get_db), pool=Depends(get_pool)):
    return [db, pool]

@app.get("/default/{{item_id}}")
def default(item_id: int, db: Session = Depends(get_db)):
    return [item_id, db]

@app.get("/class")
def of_class(
    repository: Annotated[Repository, Depends()], loaded=Depends(made.load), called=Depends(made)
):
    return [repository.limit, loaded, called]

@app.get("/partial")
def of_partial(db=Depends(functools.partial(get_db))):
    return db

@app.get("/wrapped")
@logged
def wrapped(limit: int):
    return limit

@app.get("/lost")
def lost():
    raise KeyError

async def plain(request: Session) -> Session:
    return JSONResponse(request.method)

app.add_route("/plain", plain)

def unknown(amount: Session): ...
def unknown_return(limit: int) -> Session: ...
def unknown_class(amount: Annotated[Session, Depends()]): ...
"""


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Any:
    module = ModuleType("shop_of_unknown_types")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(compile(SHOP, "shop.py", "exec", dont_inherit=True), vars(module))
    return module


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/result", ["db", "pool"]),
        ("/default/4", [4, "db"]),
        ("/class?limit=5", [5, 5, 5]),
        ("/partial", "db"),
        ("/wrapped?limit=6", 6),
        ("/lost", {"lost": True}),
        ("/plain", "GET"),
    ],
    ids=lambda one: one.partition("?")[0] if isinstance(one, str) else "",
)
def test_what_no_request_fills_may_be_of_a_type_that_nobody_knows(shop: Any, path: str, answer: Any) -> None:
    assert TestClient(shop.app).get(path).json() == answer


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("unknown", "parameter 'amount': annotation 'Session' cannot be resolved: name 'Session' is not"),
        (
            "unknown_class",
            "'Annotated[Session, Depends()]' cannot be resolved: name 'Session' is not defined",
        ),
        ("unknown_return", "has a return annotation that cannot be resolved: name 'Session' is not defined"),
    ],
)
def test_what_a_request_fills_is_refused_in_the_same_words_on_every_python(
    shop: Any, name: str, problem: str
) -> None:
    with pytest.raises((ParameterError, RouteError)) as caught:
        App().get("/")(getattr(shop, name))
    assert problem in str(caught.value)
