"""The bookshop's back office, an application of its own that the shop mounts at `/backoffice`."""

from typing import Annotated, Any

from inspector.demo.shelf import TheShop, book_or_404
from miniframework import App, Body, Depends, Header, HTTPException

backoffice = App(openapi_url=None)


def staff_only(x_staff_key: Annotated[str, Header()] = "") -> str:
    """Return who asks, or answer 401."""
    if not x_staff_key.startswith("staff-"):
        raise HTTPException(401, detail="the header x-staff-key is missing or wrong")
    return x_staff_key.removeprefix("staff-")


Staff = Annotated[str, Depends(staff_only)]


@backoffice.get("/")
async def overview(staff: Staff, shop: TheShop) -> dict[str, Any]:
    """Greet the staff."""
    return {"hello": staff, "books": len(shop.books), "orders": len(shop.orders)}


@backoffice.get("/stock")
async def stock(staff: Staff, shop: TheShop, below: int = 5) -> dict[str, int]:
    """List what runs out."""
    return {book.slug: book.stock for book in shop.books.values() if book.stock < below}


@backoffice.put("/stock/{book_id:int}")
async def set_stock(
    staff: Staff, shop: TheShop, book_id: int, copies: Annotated[int, Body(ge=0, embed=True)]
) -> dict[str, int]:
    """Count the copies of one book."""
    shop.books[book_id] = book_or_404(shop, book_id).model_copy(update={"stock": copies})
    return {"copies": copies}


@backoffice.get("/reports/{year:int}/{month:int}")
async def report(staff: Staff, year: int, month: int) -> dict[str, int]:
    """Report on one month."""
    if not 1 <= month <= 12:
        raise HTTPException(404, detail=f"there is no month {month}")
    return {"year": year, "month": month}
