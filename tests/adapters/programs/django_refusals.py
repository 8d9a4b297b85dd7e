"""Which converters may refuse text that their regexes take, for all that their code shows."""

import json

from django.urls import converters

from inspector.adapters.refusals import may_refuse


class Trimmed:
    """As REST framework writes it."""

    regex = r"\.[a-z0-9]+/?"

    def to_python(self, value):  # type: ignore[no-untyped-def]  # as people write it
        return value.strip("./")


class Text(converters.UUIDConverter):
    def to_python(self, value: str) -> str:  # type: ignore[override]
        """A docstring does nothing."""
        return str(value[1:-1]).lower()


class Year:
    regex = "[0-9]{4}"

    def to_python(self, value: str) -> int:
        return int(value)


class Hex:
    regex = "[0-9a-f]+"

    def to_python(self, value: str) -> int:
        return int(value, 16)


class Named:
    regex = "[a-z]+"

    def to_python(self, value: str) -> int:
        return int(value)


class Looked:
    regex = "[a-z]+"

    def to_python(self, value: str) -> str:
        if value == "none":
            raise ValueError
        return value


class Indexed:
    regex = "[a-z]+"

    def to_python(self, value: str) -> str:
        return value[7]


class Made:
    regex = "[a-z]+"
    exec("def to_python(self, value): return value")


KINDS = (Trimmed, Text, Year, Hex, Named, Looked, Indexed, Made)
print(json.dumps({kind.__name__: may_refuse(kind()) for kind in KINDS}))
