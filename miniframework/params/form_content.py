"""A form as parameters are taken from it: every value of every name, and the files that were read whole."""

from collections.abc import Mapping, Sequence

from miniframework.http.form import FormData
from miniframework.http.upload import UploadFile
from miniframework.params.field import ParameterPlan
from miniframework.records import dataclass

FormValue = str | UploadFile


@dataclass(frozen=True, slots=True, kw_only=True)
class FormContent:
    """`fields` has every value of every name; `contents` the bytes of those files that a parameter wants."""

    fields: Mapping[str, Sequence[FormValue]]
    contents: Mapping[UploadFile, bytes]

    def read(self, value: FormValue) -> FormValue | bytes:
        """Give a file's bytes when they were read, else the value."""
        return self.contents.get(value, value) if isinstance(value, UploadFile) else value


async def read_form_content(form: FormData, plan: ParameterPlan) -> FormContent:
    """Prepare a form for `bind`; a file that is read whole stands at its old position again."""
    fields: dict[str, list[FormValue]] = {}
    for name, value in form.multi_items():
        fields.setdefault(name, []).append(value)
    contents: dict[UploadFile, bytes] = {}
    for name in plan.file_keys:
        for value in fields.get(name, ()):
            if isinstance(value, UploadFile) and value not in contents:
                contents[value] = await _read_whole(value)
    return FormContent(fields=fields, contents=contents)


async def _read_whole(file: UploadFile) -> bytes:
    position = file.file.tell()
    content = await file.read()
    await file.seek(position)
    return content
