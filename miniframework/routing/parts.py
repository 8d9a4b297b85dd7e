"""What a path template is made of."""

from dataclasses import field

from miniframework.records import dataclass
from miniframework.routing.converters import Converter


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """Text that must stand in the path as it is; `start:end` is its span in the template."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A named hole, filled by what its converter's regex takes; `start:end` is the span of `{…}` in the
    template.

    `converter_name` is the word under which the converter was registered.
    """

    name: str
    converter_name: str
    converter: Converter = field(compare=False)
    start: int
    end: int

    @property
    def regex(self) -> str:
        """What routing sees of it."""
        return self.converter.regex


Part = Literal | Parameter
