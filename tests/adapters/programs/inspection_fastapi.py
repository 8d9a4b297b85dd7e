"""A FastAPI application with dead routes of every kind."""

from fastapi import APIRouter, FastAPI, WebSocket
from inspection_report import report

app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
users = APIRouter(prefix="/users")
inner = APIRouter(prefix="/{user_id}/orders")
sub = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)


@users.get("/{user_id}")
@users.post("/{user_id}")
def user(user_id: int) -> int:
    return user_id


@users.get("/me")
def dead_behind_a_parameter() -> None: ...


@inner.get("/{order_id}")
def order(user_id: int, order_id: int) -> None: ...


@inner.get("/last")
def dead_in_an_included_router() -> None: ...


@sub.get("/x")
def inside() -> None: ...


@app.head("/items")
@app.get("/items")
def items() -> None: ...


@app.get("/items")
def duplicate() -> None: ...


@app.websocket("/items")
async def socket(websocket: WebSocket) -> None: ...


users.include_router(inner)
app.include_router(users)
app.mount("/sub", sub)


@app.get("/sub/y")
def dead_behind_a_mount() -> None: ...


@app.get("/slash/")
def slash() -> None: ...


report(
    app,
    ("GET", "/users/me"),
    ("PUT", "/users/1"),
    ("GET", "/users/1/orders/2"),
    ("WEBSOCKET", "/items"),
    ("WEBSOCKET", "/users/1"),
    ("GET", "/sub/y"),
    ("GET", "/slash"),
)
