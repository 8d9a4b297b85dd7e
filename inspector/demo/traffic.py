"""The bookshop's visitors: real requests over real sockets, lively at first, then gentle.

Each story is one visitor's way through the shop, mistakes included.
"""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit
from uuid import uuid4

from inspector.demo.stock import author_id
from inspector.demo.visitor import Visitor

_LIVELY_STORIES = 14  # the first screen is to be full within seconds
_LIVELY_PAUSE_S = (0.02, 0.09)
_GENTLE_PAUSE_S = (0.8, 2.5)
_RETRY_S = 0.5  # while the shop is not open

Story = Callable[[Visitor], Awaitable[None]]


async def drive(url: str) -> None:
    """Visit the shop at `url` until cancelled; while it does not answer, try again and again."""
    parts = urlsplit(url)
    host, port = parts.hostname or "127.0.0.1", parts.port or 80
    chance = random.Random(8)  # the same lively start every time
    stories = list(STORIES)
    told = 0
    while True:
        if told % len(stories) == 0 and told:
            chance.shuffle(stories)
        pause_s = _LIVELY_PAUSE_S if told < _LIVELY_STORIES else _GENTLE_PAUSE_S
        try:
            await stories[told % len(stories)](Visitor(host, port, chance, pause_s))
        except (OSError, asyncio.IncompleteReadError):
            await asyncio.sleep(_RETRY_S)
        told += 1


async def look_around(visitor: Visitor) -> None:
    """Browse as most people do."""
    await visitor.ask("GET", "/")
    await visitor.ask("GET", "/books?in_stock=true&limit=5")
    await visitor.ask("GET", f"/books/{visitor.chance.randint(1, 8)}")
    await visitor.ask("GET", f"/covers/{visitor.chance.randint(1, 8)}.svg")
    await visitor.ask("GET", "/books/alice-in-wonderland")
    await visitor.ask("HEAD", "/books")


async def look_for_a_book(visitor: Visitor) -> None:
    """Search by ISBN, rightly and wrongly."""
    await visitor.ask("GET", "/books/978-0-14-143947-1")
    await visitor.ask("GET", "/books/978-0-14-143947-2")
    await visitor.ask("GET", "/books/bestsellers")
    await visitor.ask("GET", f"/authors/{author_id('Charles Darwin')}/books")
    await visitor.ask("GET", "/authors/charles-darwin/books")


async def order(visitor: Visitor) -> None:
    """Order, look at the order, pay."""
    books = [{"book_id": visitor.chance.randint(1, 8), "copies": visitor.chance.randint(1, 3)}]
    wanted = {"email": "ada@example.org", "lines": books, "gift": True}
    placed = await visitor.ask("POST", "/api/v1/orders", json_body=wanted)
    if placed.status == 201:
        number = json.loads(placed.body)["id"]
        await visitor.ask("GET", f"/api/v1/orders/{number}")
        await visitor.ask("PATCH", f"/api/v1/orders/{number}?paid=true")
    await visitor.ask("GET", "/api/v1/orders?paid=true")


async def order_wrongly(visitor: Visitor) -> None:
    """Make the mistakes one makes with an API."""
    wrong = {"email": "ada", "lines": [{"book_id": "x", "copies": 99}]}
    await visitor.ask("POST", "/api/v1/orders", json_body=wrong)
    await visitor.ask("POST", "/api/v1/orders", raw_body=b'{"email": "ada@example.org", "lines": [')
    await visitor.ask("PUT", "/api/v1/orders", json_body={})
    await visitor.ask("GET", f"/api/v1/orders/{uuid4()}")
    await visitor.ask("GET", "/api/v1/orders/17")


async def sign_in(visitor: Visitor) -> None:
    """Sign in with a form, use the cookie, sign out."""
    await visitor.ask("GET", "/account")
    await visitor.ask("POST", "/login", form={"name": "ada", "password": "wrong"})
    await visitor.ask("POST", "/login", form={"name": "ada", "password": "correct horse"})
    await visitor.ask("GET", "/account", headers={"cookie": "session=s-ada-9f2c; greeting=hello"})
    await visitor.ask("POST", "/logout")


async def review(visitor: Visitor) -> None:
    """Write a review and read it."""
    book = visitor.chance.randint(1, 8)
    words = visitor.chance.choice(["Wonderful.", "Read it twice.", "Too many pages & no pictures."])
    await visitor.ask("POST", f"/books/{book}/reviews", form={"stars": "5", "text": words})
    await visitor.ask("GET", f"/books/{book}/reviews")
    await visitor.ask("GET", f"/books/{book}/comments")


async def go_astray(visitor: Visitor) -> None:
    """Follow wrong and old links."""
    await visitor.ask("GET", "/books/")
    await visitor.ask("GET", "/shop/books/3")
    await visitor.ask("DELETE", "/books")
    await visitor.ask("GET", "/book/3")
    await visitor.ask("GET", "/books/99")
    await visitor.ask("GET", "/robots.txt")
    await visitor.ask("GET", "/convert/8.99/eur")
    await visitor.ask("GET", "/convert/eight/eur")


async def work_in_the_back_office(visitor: Visitor) -> None:
    """Do what the staff does, below the mount."""
    staff = {"x-staff-key": "staff-mary"}
    await visitor.ask("GET", "/backoffice/", headers=staff)
    await visitor.ask("GET", "/backoffice/stock?below=5", headers=staff)
    await visitor.ask("GET", "/backoffice/stock")
    counted = {"copies": visitor.chance.randint(4, 9)}
    await visitor.ask("PUT", "/backoffice/stock/2", json_body=counted, headers=staff)
    await visitor.ask("GET", "/backoffice/reports/2024/13", headers=staff)
    await visitor.ask("GET", "/backoffice/wages", headers=staff)


async def keep_the_books(visitor: Visitor) -> None:
    """Add a book, change it, take it away."""
    book = {"title": "Flatland", "author": "Edwin Abbott", "isbn": "9780141439136", "price": 6.5}
    added = await visitor.ask("POST", "/books", json_body=book | {"stock": 3})
    await visitor.ask("POST", "/books", json_body=book | {"price": -1, "genre": "cooking"})
    if added.status == 201:
        number = json.loads(added.body)["id"]
        await visitor.ask("PUT", f"/books/{number}", json_body=book | {"price": 5.99, "stock": 1})
        await visitor.ask("DELETE", f"/books/{number}")


async def talk(visitor: Visitor) -> None:
    """Chat; then try the room that is closed, and a path that has no WebSocket."""
    await visitor.chat("poetry", "where is Whitman?", "and Rossetti?", "bye")
    await visitor.chat("staff")
    await visitor.ask("GET", "/live/chat/poetry")


async def follow_sales(visitor: Visitor) -> None:
    """Read the event stream for a moment, then leave."""
    await visitor.ask("GET", "/live/sales?pause_ms=250", leave_after_s=1.2)
    await visitor.ask("GET", "/api/v1/orders.csv")


async def wait_and_fail(visitor: Visitor) -> None:
    """Ask for what is slow and for what breaks."""
    await visitor.ask("GET", "/recommendations")
    await visitor.ask("GET", "/statistics")
    await visitor.ask("GET", "/statistics?sold=3")
    await visitor.ask("GET", "/downloads/2024/autumn/catalogue.pdf", headers={"accept-language": "fr"})
    await visitor.ask("GET", "/health")


STORIES: tuple[Story, ...] = (
    look_around,
    look_for_a_book,
    order,
    order_wrongly,
    talk,
    go_astray,
    sign_in,
    review,
    work_in_the_back_office,
    keep_the_books,
    follow_sales,
    wait_and_fail,
)
