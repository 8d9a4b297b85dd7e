"""What goes over the wire."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

# SQLite's integers have 64 bits; a number beyond them is no key of anything.
Key = Annotated[int, Field(ge=1, lt=2**63)]
Cents = Annotated[int, Field(gt=0, lt=10_000_000)]
Isbn = Annotated[str, Field(pattern=r"^97[89][0-9]{10}$")]
# Control characters are in no title, and SQLite's LIKE stops at a NUL.
Text = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Name = Annotated[Text, Field(min_length=1)]


class NewBook(BaseModel):
    """A book as the buyer enters it."""

    isbn: Isbn
    title: Name
    author: Name
    price_cents: Cents
    stock: Annotated[int, Field(ge=0, lt=1_000_000)] = 0


class BookChange(BaseModel):
    """What staff may change of a book; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    title: Name | None = None
    price_cents: Cents | None = None
    stock: Annotated[int, Field(ge=0, lt=1_000_000)] | None = None


class AuthorView(BaseModel):
    """Who wrote it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str


class BookView(BaseModel):
    """A book on the shelf."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    isbn: str
    title: str
    author: AuthorView
    price_cents: int
    stock: int


class Line(BaseModel):
    """So many copies of one book."""

    model_config = ConfigDict(from_attributes=True)

    book_id: Key
    copies: Annotated[int, Field(ge=1, le=20)]


def _check_once(lines: list[Line]) -> list[Line]:
    if len({line.book_id for line in lines}) < len(lines):
        raise ValueError("a book stands in two lines; add up the copies")
    return lines


class NewOrder(BaseModel):
    """An order as a customer sends it."""

    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=200)]
    lines: Annotated[list[Line], Field(min_length=1, max_length=50), AfterValidator(_check_once)]


class OrderView(BaseModel):
    """An order as it stands."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    email: str
    confirmed: bool
    lines: list[Line]


class Refusal(BaseModel):
    """Why something was not done."""

    detail: str
