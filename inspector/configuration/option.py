"""One thing that can be set: its name in every place, its kind, its default."""

from typing import Any

from inspector.configuration.kinds import Kind
from miniframework.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """`name` is the key in `[tool.inspector]`; flag and environment variable are made from it.

    A `default` of None means that none is set; `none_means` says what happens then. `flag_name` is the flag
    when it differs, as for what may be given several times; an option without `has_flag` has none.
    `is_for` says who reads it: the server of the application, the inspector, or only the command.
    `is_in_file` is False for what finds the file. `other_variable` is one of other servers, read after ours.
    """

    name: str
    kind: Kind
    default: Any
    help: str
    is_for: str
    none_means: str = ""
    flag_name: str = ""
    has_flag: bool = True
    is_in_file: bool = True
    variable_name: str = ""
    other_variable: str = ""

    @property
    def flag(self) -> str:
        """The flag of `inspector run`, as `--reload-dir`."""
        return "--" + (self.flag_name or self.name).replace("_", "-")

    @property
    def default_words(self) -> str:
        """The default in words; "" when an option that is off, empty or a list says nothing."""
        if self.none_means:
            return self.none_means
        if isinstance(self.default, bool):
            return "on" if self.default else ""
        return "" if self.default in ("", ()) else str(self.default)

    @property
    def variable(self) -> str:
        """The environment variable, as INSPECTOR_RELOAD_DIR."""
        return self.variable_name or f"INSPECTOR_{self.name.upper()}"
