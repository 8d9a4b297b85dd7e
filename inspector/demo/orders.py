"""The bookshop's ordering, a router that the application includes under `/api/v1`."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

from inspector.demo.shelf import TheShop
from inspector.demo.stock import NewOrder, Order, Shop
from miniframework import BackgroundTasks, HTTPException, Response, Router, StreamingResponse

orders = Router()


def order_or_404(shop: Shop, order_id: UUID) -> Order:
    """Return the order or answer 404."""
    if order_id not in shop.orders:
        raise HTTPException(404, detail=f"there is no order {order_id}")
    return shop.orders[order_id]


@orders.get("/orders")
async def list_orders(shop: TheShop, paid: bool | None = None) -> list[Order]:
    """List the orders."""
    return [order for order in shop.orders.values() if paid is None or order.paid == paid]


@orders.post("/orders", status_code=201)
async def place_order(shop: TheShop, order: NewOrder, tasks: BackgroundTasks) -> Order:
    """Take an order; all its problems are reported together."""
    unknown = [line.book_id for line in order.lines if line.book_id not in shop.books]
    if unknown:
        raise HTTPException(409, detail=f"no such books: {unknown}")
    placed = shop.order(order)
    tasks.add_task(send_confirmation, placed)
    return placed


async def send_confirmation(order: Order) -> None:
    """Write to the customer, who has the answer by now; stands for a mail server, which takes its time."""
    await asyncio.sleep(0.05)


@orders.get("/orders/{order_id:uuid}")
async def get_order(shop: TheShop, order_id: UUID) -> Order:
    """Show one order."""
    return order_or_404(shop, order_id)


@orders.patch("/orders/{order_id:uuid}")
async def pay_order(shop: TheShop, order_id: UUID, paid: bool = True) -> Order:
    """Mark an order as paid."""
    shop.orders[order_id] = order_or_404(shop, order_id).model_copy(update={"paid": paid})
    return shop.orders[order_id]


@orders.get("/orders.csv")
async def export_orders(shop: TheShop) -> Response:
    """Export every order, one line at a time."""

    async def lines() -> AsyncIterator[str]:
        yield "id,email,total,paid\n"
        for order in list(shop.orders.values()):
            yield f"{order.id},{order.email},{order.total},{order.paid}\n"

    return StreamingResponse(lines(), media_type="text/csv")
