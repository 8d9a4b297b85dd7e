"""What a form holds, and how much of one is taken."""

from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from miniframework.errors import MiniframeworkError
from miniframework.http.upload import UploadFile


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


DEFAULT_LIMITS = FormLimits()


class FormData(Mapping[str, str | UploadFile]):
    """The fields of a form, text and files; a repeated name gives its last value, `getlist` all of them."""

    __slots__ = ("_pairs",)

    def __init__(
        self, pairs: Mapping[str, str | UploadFile] | Iterable[tuple[str, str | UploadFile]] = ()
    ) -> None:
        self._pairs: tuple[tuple[str, str | UploadFile], ...] = tuple(
            pairs._pairs
            if isinstance(pairs, FormData)
            else pairs.items()
            if isinstance(pairs, Mapping)
            else pairs
        )

    def __getitem__(self, name: str) -> str | UploadFile:
        for key, value in reversed(self._pairs):
            if key == name:
                return value
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(key for key, _ in self._pairs))

    def __len__(self) -> int:
        return len({key for key, _ in self._pairs})

    def getlist(self, name: str) -> list[str | UploadFile]:
        """Give every value of a repeated name, in order."""
        return [value for key, value in self._pairs if key == name]

    get_list = getlist

    def multi_items(self) -> list[tuple[str, str | UploadFile]]:
        """Give all pairs, in order, with repetitions."""
        return list(self._pairs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FormData) and _by_name(self) == _by_name(other)

    __hash__ = None  # type: ignore[assignment]  # as any mapping

    async def close(self) -> None:
        """Close every file, which removes those on disk."""
        for _, value in self._pairs:
            if isinstance(value, UploadFile):
                await value.close()

    def __repr__(self) -> str:
        return f"FormData({self.multi_items()!r})"


def _by_name(form: FormData) -> list[tuple[str, str | UploadFile]]:
    """The order of different names says nothing, that of one name's values does."""
    return sorted(form.multi_items(), key=lambda pair: pair[0])


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
