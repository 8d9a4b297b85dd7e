"""The flags of `inspector run`, made from the list of all options, and what is said of flags it has not."""

from collections.abc import Callable
from typing import Any, TypeVar, assert_never

import click

from inspector.configuration.kinds import Real, Switch, Text, Texts, Whole, Word
from inspector.configuration.option import Option
from inspector.configuration.options import OPTIONS

_Command = TypeVar("_Command", bound=Callable[..., Any])

# Flags of uvicorn that have no meaning here.
_NOT_TAKEN = {
    "--log-config": "the log goes to stderr; --log-level sets how much of it",
    "--use-colors": "set NO_COLOR=1 for no colours",
    "--no-use-colors": "set NO_COLOR=1 for no colours",
    "--http2": "HTTP/2 is not recorded; serve without it",
    "--limit-max-requests-jitter": "--limit-max-requests is taken as it is",
    "--timeout-worker-healthcheck": "a worker that has ended is noticed at once",
    "--reset-contextvars": "each request has a context of its own already",
}


class RunCommand(click.Command):
    """A command that says what to do instead of a flag that servers know and it does not."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse as click does, with a better word for known strangers."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            name = error.option_name.partition("=")[0]
            if name in _NOT_TAKEN:
                raise click.UsageError(f"{name} is not taken: {_NOT_TAKEN[name]}", ctx) from error
            raise


def configured_options(command: _Command) -> _Command:
    """Give a command every flag; what is not given stays None, or () for what may be given several times."""
    for option in reversed(OPTIONS):
        if option.has_flag:
            command = _flag(option)(command)
    return command


def only_given(options: dict[str, Any]) -> dict[str, Any]:
    """Return the flags that were given, by the names of their options."""
    return {name: value for name, value in options.items() if value is not None and value != ()}


def _flag(option: Option) -> Callable[[_Command], _Command]:
    settings: dict[str, Any] = {"default": None, "help": option.help}
    if option.default_words:
        settings["help"] += f"  [default: {option.default_words}]"
    words = option.flag
    match option.kind:
        case Switch():
            words = f"{option.flag}/{'--no-' + option.flag.removeprefix('--')}"
        case Whole(least, most):
            settings["type"] = click.IntRange(least, most)
        case Real(least):
            settings["type"] = click.FloatRange(least)
        case Word(choices):
            settings["type"] = click.Choice(choices)
        case Texts():
            settings |= {"multiple": True, "default": ()}
        case Text():
            settings["type"] = str
        case _:
            assert_never(option.kind)
    return click.option(words, option.name, **settings)
