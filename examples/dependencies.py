"""What handlers need before they run, made once a request and cleaned up after the response.

Try:
    curl localhost:8000/orders -H 'x-user: ada'
    curl localhost:8000/orders
"""

from collections.abc import AsyncIterator
from typing import Annotated

from miniframework import App, Depends, Header, HTTPException, Router


class Connection:
    """Stands for a connection to a database."""

    def __init__(self) -> None:
        self.is_open = True

    async def orders_of(self, user: str) -> list[str]:
        """Give what somebody ordered."""
        return [f"{user}'s first order", f"{user}'s second order"]


async def connect() -> AsyncIterator[Connection]:
    """Give a connection for this request; what follows the `yield` runs after the response."""
    connection = Connection()
    try:
        yield connection
    finally:
        connection.is_open = False


Connected = Annotated[Connection, Depends(connect)]


async def find_user(connection: Connected, x_user: Annotated[str | None, Header()] = None) -> str:
    """Say who asks. A dependency can have parameters and dependencies of its own."""
    if x_user is None:
        raise HTTPException(401, "say who you are in X-User")
    return x_user


class Page:
    """A class is a dependency, too: its parameters are the request's."""

    def __init__(self, skip: int = 0, limit: int = 10) -> None:
        self.skip = skip
        self.limit = limit

    def cut(self, items: list[str]) -> list[str]:
        """Give the items of this page."""
        return items[self.skip : self.skip + self.limit]


orders = Router(dependencies=[Depends(find_user)], responses={401: {"description": "Nobody said who asks"}})


@orders.get("/orders")
async def read_orders(
    user: Annotated[str, Depends(find_user)], connection: Connected, page: Annotated[Page, Depends()]
) -> list[str]:
    """Give the user's orders; the connection is the one that `find_user` had."""
    return page.cut(await connection.orders_of(user))


app = App()
app.include_router(orders)
