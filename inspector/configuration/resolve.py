"""Flag, environment, project file, default: each option's value, and where it came from. Pure."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from inspector.configuration.kinds import BadValue, Text, read_text, read_value
from inspector.configuration.option import Option
from inspector.configuration.pyproject import ProjectTable
from inspector.errors import InspectorError
from miniframework.misspelt import did_you_mean
from miniframework.records import dataclass

# Variables of other parts of this program and its tests, which set nothing here.
OTHER_VARIABLES = frozenset({"INSPECTOR_TOKEN", "INSPECTOR_BROWSER", "INSPECTOR_URL"})
_PREFIX = "INSPECTOR" + "_"


class ConfigurationError(InspectorError):
    """One setting or more cannot be used; `problems` has a line for each: place, value, way out."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The value of an option. `origin` says where it came from: a flag, a variable, file:line, "default"."""

    option: Option
    value: Any
    origin: str

    @property
    def shown(self) -> Any:
        """The value as it may be printed."""
        is_secret = isinstance(self.option.kind, Text) and self.option.kind.secret and self.value is not None
        return "***" if is_secret else self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """Every option with its value. `notes` are doubts that are no errors, a sentence each."""

    chosen: Mapping[str, Chosen]
    notes: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Any:
        return self.chosen[name].value

    def given(self, is_for: str) -> dict[str, Any]:
        """Return what is set for this reader, by name; an option that stays None is left out."""
        return {
            name: chosen.value
            for name, chosen in self.chosen.items()
            if chosen.option.is_for == is_for and chosen.value is not None
        }


def resolve(
    options: Sequence[Option],
    *,
    flags: Mapping[str, Any],
    environ: Mapping[str, str],
    table: ProjectTable,
) -> Configuration:
    """Choose every option's value. `flags` holds only what was given. Raises ConfigurationError."""
    problems: list[str] = list(_unknown_keys(options, table))
    chosen: dict[str, Chosen] = {}
    for option in options:
        try:
            chosen[option.name] = _choose(option, flags, environ, table)
        except ConfigurationError as error:
            problems += error.problems
    if problems:
        raise ConfigurationError(problems)
    return Configuration(chosen=chosen, notes=tuple(_unknown_variables(options, environ)))


def _choose(
    option: Option, flags: Mapping[str, Any], environ: Mapping[str, str], table: ProjectTable
) -> Chosen:
    name = option.name
    if name in flags:
        return Chosen(option=option, value=flags[name], origin=option.flag)
    for variable in (option.variable, option.other_variable):
        if not (text := environ.get(variable)):
            continue
        try:
            value = read_text(option.kind, text)
        except BadValue as bad:
            raise ConfigurationError([f"{variable}={_shown(option, text)}: {bad}"]) from None
        return Chosen(option=option, value=value, origin=variable)
    if option.is_in_file and name in table.values:
        place, value = table.place_of(name), table.values[name]
        try:
            return Chosen(option=option, value=read_value(option.kind, value), origin=place)
        except BadValue as bad:
            problem = f"{place}: [tool.inspector] {name} = {_shown(option, value)}: {bad}"
            raise ConfigurationError([problem]) from None
    return Chosen(option=option, value=option.default, origin="default")


def _shown(option: Option, value: object) -> str:
    return "***" if isinstance(option.kind, Text) and option.kind.secret else repr(value)


def _unknown_keys(options: Sequence[Option], table: ProjectTable) -> list[str]:
    known = {option.name: option for option in options}
    problems = []
    for key in table.values:
        option = known.get(key)
        if option is None:
            near = did_you_mean(key.replace("-", "_"), known)
            way_out = near or "`inspector config` lists the known ones"
            problems.append(f"{table.place_of(key)}: [tool.inspector] {key}: unknown key; {way_out}")
        elif not option.is_in_file:
            problem = f"this finds the file, so it cannot stand in it; use {option.flag} or {option.variable}"
            problems.append(f"{table.place_of(key)}: [tool.inspector] {key}: {problem}")
    return problems


def _unknown_variables(options: Sequence[Option], environ: Mapping[str, str]) -> list[str]:
    known = {option.variable for option in options}
    notes = []
    for name in sorted(environ):
        if name.startswith(_PREFIX) and name not in known | OTHER_VARIABLES:
            near = get_close_matches(name, known, n=1)
            notes.append(
                f"{name} is set and read by nothing" + (f"; did you mean {near[0]}?" if near else "")
            )
    return notes
