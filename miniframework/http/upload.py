"""A file that came with a form."""

from collections.abc import Callable
from typing import Any, BinaryIO, cast

from miniframework.concurrency import clean_up_in_threadpool, run_in_threadpool
from miniframework.http.headers import Headers

# Of one uploaded file this much is kept in memory; what is larger goes into a temporary file on disk.
SPOOL_BYTES = 1024 * 1024


class UploadFile:
    """One uploaded file: `filename`, `content_type` and the other headers of its part, `size` in bytes.

    `file` is an ordinary binary file, for code that is not async. The methods run in a thread where the file
    lies on disk. It is closed when the request is over; whoever made one by hand closes it.
    """

    __slots__ = ("file", "filename", "headers", "size")

    def __init__(
        self,
        file: BinaryIO,
        *,
        size: int | None = None,
        filename: str | None = None,
        headers: Headers | None = None,
    ) -> None:
        self.file = file
        self.size = size
        self.filename = filename
        self.headers = Headers() if headers is None else headers

    @classmethod
    def spooled(cls, filename: str, headers: Headers) -> "UploadFile":
        """Make an empty one that is kept in memory up to SPOOL_BYTES; the caller closes it."""
        from tempfile import SpooledTemporaryFile  # dear to import, and needed by uploads alone

        file = cast(BinaryIO, SpooledTemporaryFile(max_size=SPOOL_BYTES))  # noqa: SIM115  # closed by `close`
        return cls(file, size=0, filename=filename, headers=headers)

    @property
    def content_type(self) -> str | None:
        """The media type the client gave; nobody has looked whether it is true."""
        return self.headers.get("content-type")

    def describe(self) -> dict[str, Any]:
        """Give what JSON tells of it: not what it holds."""
        return {"filename": self.filename, "content_type": self.content_type, "size": self.size}

    async def write(self, data: bytes) -> None:
        """Write at the current position; `size` grows."""
        if self.size is not None:
            self.size += len(data)
        limit: int = getattr(self.file, "_max_size", SPOOL_BYTES)  # of a spooled file
        rolls = self._in_memory and self.file.tell() + len(data) > limit
        await self._run(self.file.write, data, blocks=rolls)

    async def read(self, size: int = -1) -> bytes:
        """Read `size` bytes from the current position, by default all that are left."""
        return cast(bytes, await self._run(self.file.read, size))

    async def seek(self, offset: int) -> None:
        """Go to a position, counted in bytes from the start."""
        await self._run(self.file.seek, offset)

    async def close(self) -> None:
        """Close the file, which removes it, also when cancelled; closing twice is no error."""
        if self._in_memory:
            self.file.close()
        else:
            await clean_up_in_threadpool(self.file.close)

    @property
    def _in_memory(self) -> bool:
        return not getattr(self.file, "_rolled", True)

    async def _run(self, call: Callable[..., Any], *arguments: Any, blocks: bool = False) -> Any:
        if self._in_memory and not blocks:
            return call(*arguments)
        return await run_in_threadpool(call, *arguments)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from miniframework.http.upload_schema import upload_schema  # who uploads nothing needs no pydantic

        return upload_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: Any) -> dict[str, Any]:
        return {"type": "string", "contentMediaType": "application/octet-stream"}

    def __repr__(self) -> str:
        return f"UploadFile(filename={self.filename!r}, size={self.size!r}, headers={self.headers!r})"
