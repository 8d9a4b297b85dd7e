"""The tables as SQLAlchemy sees them; `migrations/` makes them."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    """What all tables share."""


class Author(Base):
    """Somebody who wrote a book."""

    __tablename__ = "authors"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class Book(Base):
    """A title and how many copies there are."""

    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    isbn: Mapped[str] = mapped_column(String(13), unique=True)
    title: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"), index=True)
    price_cents: Mapped[int]
    stock: Mapped[int]
    author: Mapped[Author] = relationship(lazy="joined", innerjoin=True)


class Order(Base):
    """What somebody ordered; `confirmed` once the mail is out."""

    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    confirmed: Mapped[bool] = mapped_column(default=False)
    lines: Mapped[list["OrderLine"]] = relationship(lazy="selectin", order_by="OrderLine.book_id")


class OrderLine(Base):
    """So many copies of one book."""

    __tablename__ = "order_lines"
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("books.id"), primary_key=True)
    copies: Mapped[int]


class Cover(Base):
    """The picture of a book."""

    __tablename__ = "covers"
    book_id: Mapped[int] = mapped_column(ForeignKey("books.id", ondelete="CASCADE"), primary_key=True)
    media_type: Mapped[str]
    content: Mapped[bytes]
