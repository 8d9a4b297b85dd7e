"""What a form holds, and how much of one is taken."""

from collections.abc import Generator
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from types import TracebackType
from typing import Any

from miniframework.errors import MiniframeworkError
from miniframework.http.multi_dict import ImmutableMultiDict
from miniframework.http.upload import UploadFile
from miniframework.records import dataclass


class FormError(MiniframeworkError):
    """A form that cannot be read, or is more than its limits allow; answered with 400."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormLimits:
    """How much of a form is taken: so many files, so many other fields, `max_part_size` bytes a field.

    A file's size is not limited here; beyond 1 MiB it lies on disk. The numbers are Starlette's.
    """

    max_files: float = 1000
    max_fields: float = 1000
    max_part_size: int = 1024 * 1024


class FormData(ImmutableMultiDict[str | UploadFile]):
    """The fields of a form, text and files; a repeated name gives its last value, `getlist` all of them."""

    __slots__ = ()

    async def close(self) -> None:
        """Close every file, which removes those on disk; who is cancelled meanwhile closes the others too."""
        async with AsyncExitStack() as files:
            for _, value in self._pairs:
                if isinstance(value, UploadFile):
                    files.push_async_callback(value.close)


class PendingForm(AbstractAsyncContextManager[FormData]):
    """What `request.form()` gives: `await` it, or use it in `async with`, which closes its files."""

    __slots__ = ("_form", "_read")

    def __init__(self, read: Generator[Any, Any, FormData]) -> None:
        self._read = read
        self._form: FormData | None = None

    def __await__(self) -> Generator[Any, Any, FormData]:
        """Read the form."""
        return self._read

    async def __aenter__(self) -> FormData:
        self._form = await self
        return self._form

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._form is not None
        await self._form.close()
