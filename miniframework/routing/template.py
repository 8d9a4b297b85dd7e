"""Reading the text of a path template, with errors that say what to write instead."""

import keyword
import sys
from collections.abc import Iterator, Mapping

from miniframework.errors import PatternError
from miniframework.misspelt import did_you_mean
from miniframework.routing.converters import BUILT_IN, Converter, check_converter
from miniframework.routing.parts import Literal, Parameter, Part
from miniframework.routing.source import Source


def read_template(
    template: str, converters: Mapping[str, Converter], source: Source | None
) -> tuple[Part, ...]:
    """The parts of `template` in order, without empty ones. Raises PatternError, ConverterError."""
    return _Reader(template, converters, source).read()


class _Reader:
    """One reading of one template."""

    def __init__(self, template: str, converters: Mapping[str, Converter], source: Source | None) -> None:
        self.template = template
        self.converters = converters
        self.source = source
        self.seen: dict[str, Parameter] = {}

    def read(self) -> tuple[Part, ...]:
        if self.template and not self.template.startswith("/"):
            raise self.error(0, "does not start with '/'", f"write {'/' + self.template!r}")
        return tuple(self.parts())

    def parts(self) -> Iterator[Part]:
        at = 0
        while at < len(self.template):
            brace = self.template.find("{", at)
            end = len(self.template) if brace < 0 else brace
            if end > at:
                yield self.literal(at, end)
            if brace < 0:
                return
            parameter = self.parameter(brace)
            yield parameter
            at = parameter.end

    def literal(self, start: int, end: int) -> Literal:
        text = self.template[start:end]
        if "}" in text:
            at = start + text.index("}")
            raise self.error(
                at,
                f"'}}' at character {at} closes nothing",
                "remove it, or open a parameter before it with '{'",
            )
        return Literal(text=text, start=start, end=end)

    def parameter(self, start: int) -> Parameter:
        end = self.template.find("}", start)
        if end < 0:
            raise self.error(start, f"'{{' at character {start} is never closed", "add '}' behind the name")
        inside = self.template[start + 1 : end]
        if "{" in inside:
            raise self.error(
                start + 1 + inside.index("{"),
                f"'{{' at character {start} is not closed before the next '{{'",
                "add '}' behind the first name; parameters cannot be nested",
            )
        name, colon, kind = inside.partition(":")
        self.check_name(name, inside, start + 1)
        converter_name = kind if colon else "str"
        converter = self.converter(name, converter_name, start + 2 + len(name))
        parameter = Parameter(
            name=sys.intern(name),
            converter_name=sys.intern(converter_name),
            converter=converter,
            start=start,
            end=end + 1,
        )
        self.seen[name] = parameter
        return parameter

    def check_name(self, name: str, inside: str, at: int) -> None:
        if not inside.strip():
            raise self.error(at, f"{{{inside}}} has no name", "write a name, as in '{item_id}'")
        if not name.isidentifier() or keyword.iskeyword(name):
            tidy = "".join(c for c in name.strip().replace("-", "_") if c == "_" or c.isalnum())
            usable = tidy.isidentifier() and not keyword.iskeyword(tidy)
            raise self.error(
                at,
                f"parameter name {name!r} is not a name a Python function can take",
                f"write {{{tidy}}}" if usable else "use letters, digits and underscores, as in '{item_id}'",
            )
        if name in self.seen:
            first = self.seen[name]
            raise self.error(
                at,
                f"parameter {name!r} stands twice, at characters {first.start} and {at - 1}",
                f"rename one of them, for example to {name + '_2'!r}",
            )

    def converter(self, name: str, kind: str, at: int) -> Converter:
        converter = self.converters.get(kind)
        if converter is None:
            raise self.unknown_converter(name, kind, at)
        if BUILT_IN.get(kind) is not converter:
            check_converter(kind, converter, where=self.source)
        return converter

    def unknown_converter(self, name: str, kind: str, at: int) -> PatternError:
        known = ", ".join(sorted(self.converters))
        if kind != kind.strip() and kind.strip() in self.converters:
            return self.error(
                at, f"unknown converter {kind!r} (known: {known})", f"write {kind.strip()!r} without spaces"
            )
        if name in self.converters and kind.isidentifier():
            swapped = f"the name stands first: write {{{kind}:{name}}}"
            return self.error(at, f"unknown converter {kind!r} (known: {known})", swapped)
        near = did_you_mean(kind.strip().lower(), self.converters, likeness=0.5)
        way_out = near or "an own one is registered with add_converter(name, converter)"
        return self.error(at, f"unknown converter {kind!r} (known: {known})", way_out)

    def error(self, at: int, problem: str, way_out: str) -> PatternError:
        return PatternError(
            where=self.source, template=self.template, at=at, problem=problem, way_out=way_out
        )
