"""What the bookshop sells and to whom: plain values and one store in memory."""

import itertools
from dataclasses import field
from typing import Literal
from uuid import UUID, uuid5

from pydantic import BaseModel, Field

from miniframework import Converter
from miniframework.records import dataclass

_NAMESPACE = UUID("6f1d3c52-4a0e-5b53-9d0e-0f3b8b1f8a11")  # any fixed one: the same authors at every start
# The visitors never stop; what they leave must not grow for ever.
_ORDERS_KEPT = 100
_REVIEWS_KEPT = 10

Genre = Literal["novel", "poetry", "science", "children", "travel"]


class IsbnConverter(Converter):
    """An ISBN-13 with or without dashes; its check digit is verified when the text becomes a value."""

    name = "isbn"
    regex = r"97[89](?:-?[0-9]){10}"

    def convert(self, text: str) -> str:
        """Return the thirteen digits. Raises ValueError when the check digit is wrong."""
        digits = text.replace("-", "")
        total = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits))
        if total % 10:
            raise ValueError(f"the check digit of ISBN {text!r} is wrong")
        return digits


class NewBook(BaseModel):
    """A book as the shop's buyer enters it."""

    title: str = Field(min_length=1)
    author: str
    isbn: str = Field(pattern=r"^97[89][0-9]{10}$")
    price: float = Field(gt=0)
    genre: Genre = "novel"
    stock: int = Field(default=0, ge=0)


class Book(NewBook):
    """A book on the shelf."""

    id: int
    slug: str


class Line(BaseModel):
    """So many copies of one book."""

    book_id: int
    copies: int = Field(ge=1, le=20)


class NewOrder(BaseModel):
    """What a customer sends to order."""

    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    lines: list[Line] = Field(min_length=1)
    gift: bool = False


class Order(NewOrder):
    """An order as the shop keeps it."""

    id: UUID
    total: float
    paid: bool = False


_SHELF: tuple[tuple[str, str, str, float, Genre, int], ...] = (
    ("Frankenstein", "Mary Shelley", "9780141439471", 8.99, "novel", 12),
    ("Middlemarch", "George Eliot", "9780141439549", 11.50, "novel", 4),
    ("Leaves of Grass", "Walt Whitman", "9780140421996", 9.75, "poetry", 7),
    ("The Voyage of the Beagle", "Charles Darwin", "9780140432688", 13.20, "travel", 3),
    ("On the Origin of Species", "Charles Darwin", "9780140439120", 10.99, "science", 9),
    ("Alice in Wonderland", "Lewis Carroll", "9780141439761", 7.49, "children", 21),
    ("Goblin Market", "Christina Rossetti", "9780486280554", 5.25, "poetry", 6),
    ("Treasure Island", "Robert Louis Stevenson", "9780141321004", 6.99, "children", 15),
)


def author_id(name: str) -> UUID:
    """Return the id of an author, the same at every start."""
    return uuid5(_NAMESPACE, name)


@dataclass(slots=True)
class Shop:
    """The books and the orders of one running bookshop; lost when it stops."""

    books: dict[int, Book] = field(default_factory=dict)
    orders: dict[UUID, Order] = field(default_factory=dict)
    reviews: dict[int, list[dict[str, str]]] = field(default_factory=dict)
    _ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @classmethod
    def stocked(cls) -> "Shop":
        """Return a shop with its opening stock."""
        shop = cls()
        for title, author, isbn, price, genre, stock in _SHELF:
            shop.add(NewBook(title=title, author=author, isbn=isbn, price=price, genre=genre, stock=stock))
        return shop

    def add(self, new: NewBook) -> Book:
        """Put a book on the shelf and return it with its number."""
        slug = "-".join("".join(c if c.isalnum() else " " for c in new.title.lower()).split())
        book = Book(id=next(self._ids), slug=slug, **new.model_dump())
        self.books[book.id] = book
        return book

    def find_isbn(self, isbn: str) -> Book | None:
        """Return the book with this ISBN."""
        return next((book for book in self.books.values() if book.isbn == isbn), None)

    def find_slug(self, slug: str) -> Book | None:
        """Return the book with this slug."""
        return next((book for book in self.books.values() if book.slug == slug), None)

    def order(self, new: NewOrder) -> Order:
        """Take an order of books that exist; the caller has checked that."""
        total = round(sum(self.books[line.book_id].price * line.copies for line in new.lines), 2)
        order = Order(id=uuid5(_NAMESPACE, str(next(self._ids))), total=total, **new.model_dump())
        self.orders[order.id] = order
        if len(self.orders) > _ORDERS_KEPT:
            del self.orders[next(iter(self.orders))]
        return order

    def review(self, book_id: int, stars: str, text: str) -> dict[str, str]:
        """Keep what a reader says of a book; the oldest of many is forgotten."""
        review = {"stars": stars, "text": text}
        self.reviews[book_id] = [*self.reviews.get(book_id, []), review][-_REVIEWS_KEPT:]
        return review
