"""What can be set, in one frozen value that is made once and handed down."""

from collections.abc import Mapping
from typing import Any, Literal, get_args

from inspector.configuration.kinds import (
    BadValue,
    Kind,
    Real,
    Switch,
    Text,
    Texts,
    Whole,
    Word,
    read_text,
    read_value,
)
from inspector.errors import InspectorError
from miniframework.records import dataclass

ReplayMode = Literal["off", "safe", "confirm", "all"]

# What values a setting takes, and the environment variable that sets it. What is not here
# (`allow_production`) cannot be switched by an environment.
SETTABLE: Mapping[str, tuple[Kind, str]] = {
    "enabled": (Switch(), "INSPECTOR"),
    "mount": (Text(), "INSPECTOR_MOUNT"),
    "allowed_hosts": (Texts(), "INSPECTOR_ALLOWED_HOSTS"),
    "redact": (Switch(), "INSPECTOR_REDACT"),
    "replay": (Word(get_args(ReplayMode)), "INSPECTOR_REPLAY"),
    "error_pages": (Switch(), "INSPECTOR_ERROR_PAGES"),
    "keep_bytes": (Whole(), "INSPECTOR_KEEP_BYTES"),
    "keep_frames": (Whole(), "INSPECTOR_KEEP_FRAMES"),
    "frame_preview_bytes": (Whole(), "INSPECTOR_FRAME_PREVIEW_BYTES"),
    "keep_messages": (Whole(), "INSPECTOR_KEEP_MESSAGES"),
    "retain_exchanges": (Whole(1), "INSPECTOR_RETAIN_EXCHANGES"),
    "retain_bytes": (Whole(1), "INSPECTOR_RETAIN_BYTES"),
    "retain_hours": (Real(), "INSPECTOR_RETAIN_HOURS"),
}
# The names frameworks and hosts use for "which stage is this"; any other name ending in _ENV counts too.
_STAGE_NAMES = frozenset({"APP_ENV", "ENVIRONMENT", "ENV"})
_PRODUCTION = frozenset({"prod", "production", "live"})


class SettingsError(InspectorError):
    """A setting has a value that cannot be used; `name` and `value` say which, `way_out` what would do."""

    def __init__(self, name: str, value: object, way_out: str) -> None:
        super().__init__(f"{name}={value!r}: {way_out}")
        self.name = name
        self.value = value
        self.way_out = way_out


class ProductionRefused(InspectorError):
    """The environment says production: `name` has `value` there. Recorded traffic must not be shown."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__(
            f"{name}={value!r} says that this is production, and Route Inspector shows recorded requests to"
            " whoever has its token: set INSPECTOR=0 to switch it off here, or pass"
            " Inspector(app, allow_production=True) if you mean it"
        )
        self.name = name
        self.value = value


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set. Sizes are bytes.

    `mount` is where an embedded dashboard answers; it begins and ends with a slash.
    `allowed_hosts` are Host values accepted besides the loopback names; one without a port is accepted with
    the server's port too. Everything recorded is redacted unless `redact` is switched off. `replay` says
    which requests may be sent again: none, the safe methods, the others after a click, or all of them.
    `error_pages` shows a browser why it got a 404, 405 or 422 from a miniframework application. `keep_*` is
    of each exchange, `retain_*` is how much the journal holds: whichever is met first, pinned ones apart.
    """

    enabled: bool = True
    mount: str = "/__inspector__/"
    allowed_hosts: tuple[str, ...] = ()
    allow_production: bool = False
    redact: bool = True
    replay: ReplayMode = "confirm"
    error_pages: bool = True
    keep_bytes: int = 64 * 1024  # of each body
    keep_frames: int = 200  # of each WebSocket connection
    frame_preview_bytes: int = 4 * 1024
    keep_messages: int = 500  # lines of the ASGI message list of each exchange
    retain_exchanges: int = 10_000
    retain_bytes: int = 64 * 1024 * 1024
    retain_hours: float = 7 * 24.0

    def __post_init__(self) -> None:
        for name, (kind, _) in SETTABLE.items():
            try:
                read_value(kind, getattr(self, name))
            except BadValue as bad:
                raise SettingsError(name, getattr(self, name), str(bad)) from None
        if len(self.mount) < 3 or not (self.mount.startswith("/") and self.mount.endswith("/")):
            way_out = "it must begin and end with '/', as '/__inspector__/' does"
            raise SettingsError("mount", self.mount, way_out)

    @classmethod
    def from_env(cls, environ: Mapping[str, str], **given: Any) -> "Settings":
        """Return the settings of the environment; what is `given` wins over it.

        Reads the variables of SETTABLE; `allowed_hosts` are separated by commas. Raises SettingsError for
        what it cannot read.
        """
        found: dict[str, Any] = {}
        for name, (kind, variable) in SETTABLE.items():
            if text := environ.get(variable):
                try:
                    found[name] = read_text(kind, text)
                except BadValue as bad:
                    raise SettingsError(variable, text, str(bad)) from None
        return cls(**(found | given))


def find_production_sign(environ: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the first variable, by name, that says this is production, or None.

    Looks at ENVIRONMENT, ENV, APP_ENV and every other name that ends in _ENV.
    """
    for name in sorted(environ):
        is_stage = name.upper() in _STAGE_NAMES or name.upper().endswith("_ENV")
        if is_stage and environ[name].strip().lower() in _PRODUCTION:
            return name, environ[name]
    return None


def require_allowed_here(environ: Mapping[str, str], settings: Settings) -> None:
    """Raise ProductionRefused where the environment says production and nobody has allowed that."""
    if settings.allow_production or not settings.enabled:
        return
    if sign := find_production_sign(environ):
        raise ProductionRefused(*sign)
