"""Forms and files.

Try:
    curl localhost:8000/reviews -d 'stars=5&text=Splendid'
    curl localhost:8000/covers -F title=Emma -F cover=@emma.png -F pages=@1.txt -F pages=@2.txt
"""

import hashlib
from typing import Annotated

from pydantic import BaseModel, Field

from miniframework import App, File, Form, HTTPException, UploadFile

MAX_COVER_BYTES = 100_000

app = App()


class Review(BaseModel):
    """A form as a model: its fields are the form's."""

    model_config = {"extra": "forbid"}

    stars: int = Field(ge=1, le=5)
    text: str = ""


@app.post("/reviews", status_code=201)
async def add_review(review: Annotated[Review, Form()]) -> Review:
    """Take a form."""
    return review


@app.post("/covers", responses={413: {"description": "The cover is too large"}})
async def add_cover(
    title: Annotated[str, Form(min_length=1)],
    cover: UploadFile,
    pages: Annotated[list[UploadFile], File()] = [],  # noqa: B006  # each request gets its own
) -> dict[str, object]:
    """Take files beside a field; large ones wait on the disk, not in memory."""
    if (cover.size or 0) > MAX_COVER_BYTES:
        raise HTTPException(413, f"a cover has at most {MAX_COVER_BYTES} bytes, this one has {cover.size}")
    digest = hashlib.sha256(await cover.read()).hexdigest()
    return {
        "title": title,
        "cover": {"name": cover.filename, "type": cover.content_type, "sha256": digest},
        "pages": [page.filename for page in pages],
    }


@app.post("/checksum")
async def checksum(content: Annotated[bytes, File()]) -> dict[str, str]:
    """Take a small file whole."""
    return {"sha256": hashlib.sha256(content).hexdigest()}
