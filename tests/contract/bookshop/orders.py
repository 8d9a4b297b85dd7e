"""Orders, included below /api."""

from typing import Any
from uuid import UUID

from miniframework import JSONResponse, Response, Router

router = Router()


@router.get("/orders/{order_id:uuid}")
def get_order(order_id: UUID) -> dict[str, Any]:
    return {"order_id": order_id}


@router.post("/orders")
def create_order(order: dict[str, Any]) -> dict[str, Any]:
    return order


@router.get("/orders/{order_id:uuid}/lines/{line:int}")
def order_line(order_id: UUID, line: int, expand: str | None = None, currency: str = "EUR") -> Response:
    title = "The Left Hand of Darkness" if expand == "book" else None
    response = JSONResponse(
        {"order_id": str(order_id), "line": line, "title": title, "price": f"9.99 {currency}"}
    )
    response.set_cookie("session", "5f2c9a", httponly=True)
    response.set_cookie("seen", "1")
    return response
