"""Path templates: `/items/{item_id:int}` read into parts and compiled to one regex."""

import re
from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from typing import Any

from miniframework.errors import UrlError
from miniframework.records import dataclass
from miniframework.routing.converters import BUILT_IN, Converter
from miniframework.routing.parts import Literal, Parameter, Part
from miniframework.routing.source import Source
from miniframework.routing.template import read_template


@dataclass(frozen=True, kw_only=True)  # without slots: the regex is made when somebody first asks
class PathPattern:
    """A parsed template. Its `regex` (of `regex_text`) decides alone, always with fullmatch, never with `$`.

    `open_ended` patterns are those of mounts: the template is a prefix, behind which a slash and then
    anything at all must follow; group 1 of their regex is the prefix.
    """

    template: str
    parts: tuple[Part, ...]
    open_ended: bool = False
    regex_text: str = field(init=False)
    parameters: tuple[Parameter, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Write the regex and pick out the parameters."""
        text = "".join(_part_regex(part) for part in self.parts)
        object.__setattr__(self, "regex_text", f"({text})(?s:/.*)" if self.open_ended else text)
        object.__setattr__(self, "parameters", tuple(p for p in self.parts if isinstance(p, Parameter)))

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The regex, compiled when it is first asked: ten thousand of them take seconds.

        It cannot fail: names are checked when the template is read, and the regex of each converter, too.
        """
        return re.compile(self.regex_text)

    @property
    def path_format(self) -> str:
        """The path without converters, as the documentation writes it."""
        return "".join(one.text if isinstance(one, Literal) else f"{{{one.name}}}" for one in self.parts)

    @cached_property
    def converts(self) -> bool:
        """Whether the converter of some parameter makes anything but text of it."""
        return any(type(one.converter).convert is not Converter.convert for one in self.parameters)

    def match(self, path: str) -> dict[str, str] | None:
        """The raw text of each parameter when the whole path fits, else None."""
        found = self.regex.fullmatch(path)
        return None if found is None else found.groupdict()

    def convert(self, raw: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, ValueError]]:
        """The value of each raw text, and for each text that has none the ValueError of its converter. What
        an application took away, or put another value in place of, is left out.
        """
        values: dict[str, Any] = {}
        problems: dict[str, ValueError] = {}
        for parameter in self.parameters:
            if not isinstance(text := raw.get(parameter.name), str):
                continue
            try:
                values[parameter.name] = parameter.converter.convert(text)
            except ValueError as problem:
                problems[parameter.name] = problem
        return values, problems

    def format(self, **values: Any) -> str:
        """The path (a mount's prefix) with the parameters filled in, not percent-encoded.

        Raises UrlError for a missing or unknown parameter, and for a value whose text its regex does not
        take.
        """
        wanted = [parameter.name for parameter in self.parameters]
        if set(wanted) != set(values):
            missing, unknown = sorted(set(wanted) - set(values)), sorted(set(values) - set(wanted))
            raise UrlError(
                f"path {self.template!r} wants the parameters {wanted!r}, got {sorted(values)!r}; "
                f"missing: {missing!r}, unknown: {unknown!r}"
            )
        return "".join(
            part.text
            if isinstance(part, Literal)
            else _format_parameter(self.template, part, values[part.name])
            for part in self.parts
        )


def _part_regex(part: Part) -> str:
    return re.escape(part.text) if isinstance(part, Literal) else f"(?P<{part.name}>{part.regex})"


def _format_parameter(template: str, parameter: Parameter, value: Any) -> str:
    text = parameter.converter.format(value)
    if re.fullmatch(parameter.regex, text) is None:
        raise UrlError(
            f"path {template!r}: parameter {parameter.name!r} became {text!r} from {value!r}, which "
            f"{parameter.converter_name} ({parameter.regex}) does not take; such a URL would not match"
        )
    return text


def parse_pattern(
    template: str,
    converters: Mapping[str, Converter] = BUILT_IN,
    source: Source | None = None,
    *,
    open_ended: bool = False,
) -> PathPattern:
    """Read `template` with the converters known to its router. Raises PatternError with the place of the
    mistake.

    Braces always open a parameter; every other character stands for itself. "" is read too: it is the root of
    a router that gets its prefix later. `open_ended` reads a mount's prefix, whose slashes at the end are
    dropped.
    """
    text = template.rstrip("/") if open_ended else template
    return PathPattern(template=text, parts=read_template(text, converters, source), open_ended=open_ended)
