"""A parameter of a foreign framework, as a converter that our patterns and analyses understand."""

from collections.abc import Callable
from typing import Any

from miniframework.routing.converters import Converter


class ForeignConverter(Converter):
    """What a framework's parameter takes (`regex`), and the value that the framework makes of it.

    `convert` raises ValueError where the framework refuses the text, whatever it raises itself there.
    """

    def __init__(self, name: str, regex: str, convert: Callable[[str], Any] = str) -> None:
        self.name = name
        self.regex = regex
        self._convert = convert

    def convert(self, text: str) -> Any:
        """The framework's value of the text. Raises ValueError."""
        return self._convert(text)
