"""Orders: all of it or none, and never a copy more than there is."""

from typing import Annotated

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from examples.bookshop.database import Database, Session, find_database
from examples.bookshop.schemas import Key, Line, NewOrder, OrderView, Refusal
from examples.bookshop.staff import STAFF_ONLY, require_staff
from examples.bookshop.tables import Book, Order, OrderLine
from miniframework import BackgroundTasks, Depends, HTTPException, Router

orders = Router(prefix="/orders", tags=["orders"])


@orders.post(
    "",
    status_code=201,
    responses={
        404: {"model": Refusal, "description": "There is no such book"},
        409: {"model": Refusal, "description": "There are not as many copies"},
    },
)
async def place_order(
    session: Session,
    new: NewOrder,
    tasks: BackgroundTasks,
    database: Annotated[Database, Depends(find_database)],
) -> OrderView:
    """Take an order and its copies off the stock; the confirmation follows. Answers 409 when some lack."""
    order = Order(email=new.email)
    for line in new.lines:
        await _take(session, line)
        order.lines.append(OrderLine(book_id=line.book_id, copies=line.copies))
    session.add(order)
    await session.flush()
    tasks.add_task(confirm, database, order.id)
    return OrderView.model_validate(order)


async def _take(session: AsyncSession, line: Line) -> None:
    """Take copies off the stock in one statement, so that two orders cannot take the same copy."""
    left = Book.stock - line.copies
    taking = update(Book).where(Book.id == line.book_id, Book.stock >= line.copies).values(stock=left)
    taken = await session.execute(taking.returning(Book.id))
    if taken.scalar_one_or_none() is None:
        book = await session.get(Book, line.book_id)
        if book is None:
            raise HTTPException(404, f"there is no book {line.book_id}")
        raise HTTPException(409, f"{book.title}: {line.copies} ordered, {book.stock} left")


async def confirm(database: Database, order_id: int) -> None:
    """Write the confirmation, after the answer: in a session of its own, for the request's is closed."""
    async with database.session() as session, session.begin():
        order = await session.get_one(Order, order_id)
        order.confirmed = True


@orders.get(
    "/{order_id:int}",
    dependencies=[Depends(require_staff)],
    responses={**STAFF_ONLY, 404: {"model": Refusal, "description": "There is no such order"}},
)
async def read_order(session: Session, order_id: Key) -> OrderView:
    """Show an order to staff."""
    order = await session.get(Order, order_id)
    if order is None:
        raise HTTPException(404, f"there is no order {order_id}")
    return OrderView.model_validate(order)
