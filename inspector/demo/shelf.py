"""How the bookshop's endpoints come by the shop and its books."""

from typing import Annotated

from inspector.demo.stock import Book, Shop
from miniframework import Depends, HTTPException, Request


def the_shop(request: Request) -> Shop:
    """Return the shop that the lifespan opened."""
    shop: Shop = request.state.shop
    return shop


TheShop = Annotated[Shop, Depends(the_shop)]


def book_or_404(shop: Shop, book_id: int) -> Book:
    """Return the book or answer 404."""
    if book_id not in shop.books:
        raise HTTPException(404, detail=f"there is no book {book_id}")
    return shop.books[book_id]
