"""What one entry alone says to one request: its judgement, with every reason against it.

Plain values, made by `miniframework.routing.judge`. What there is one of for each entry is a named tuple:
explaining a thousand routes makes some five thousand of them, at 0.4 us each where a frozen dataclass takes
1.7 us.
"""

import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import NamedTuple

from miniframework.routing.parts import Parameter


class ReasonKind(StrEnum):
    """Why an entry refused: one word for the machine, `Reason.message` for people."""

    LITERAL = "literal"
    CONVERTER = "converter"
    MISSING = "missing"
    EXTRA = "extra"
    TRAILING_SLASH = "trailing_slash"
    METHOD = "method"
    PROTOCOL = "protocol"
    MOUNT_PREFIX = "mount_prefix"
    CONDITION = "condition"
    PASSED_OVER = "passed_over"


class _Reason(NamedTuple):
    kind: ReasonKind
    at: int | None
    expected: str
    got: str
    say: Callable[["Reason"], str]


class _Message:
    """The words of a reason, made when they are first read: as a cached_property, but without its lock, which
    takes longer than the words."""

    def __get__(self, reason: "Reason", _: type) -> str:
        message = reason.__dict__["message"] = reason.say(reason)
        return message


class Reason(_Reason):
    """One thing that is wrong; `at` is the character of the path where it shows, None when it is not there.

    `message` is the reason in words. They are made when somebody first reads them: of a thousand routes a
    page shows forty, and many have the same reason.
    """

    message = _Message()


class ParameterSpan(NamedTuple):
    """The text one parameter took: `path[start:end]`."""

    name: str
    start: int
    end: int
    text: str
    converter: str


def read_spans(parameters: Iterable[Parameter], found: re.Match[str]) -> tuple[ParameterSpan, ...]:
    """What each parameter took in a match of a regex in which it is a group."""
    return tuple(
        ParameterSpan(
            name=parameter.name,
            start=found.start(parameter.name),
            end=found.end(parameter.name),
            text=found[parameter.name],
            converter=parameter.converter_name,
        )
        for parameter in parameters
    )


class Judgement(NamedTuple):
    """What one entry alone says to one request. It takes the request exactly when there is no reason against
    it.

    `reached` counts the characters of the path that form the longest prefix with which a matching path can
    still begin; `template_reached` is how far the template was satisfied by them, `template_refused` the span
    of the part that refused.
    """

    path_matches: bool
    reached: int
    template_reached: int
    template_refused: tuple[int, int] | None
    parameters: tuple[ParameterSpan, ...]
    reasons: tuple[Reason, ...]

    @property
    def takes(self) -> bool:
        """Whether the entry would take the request if it were asked."""
        return not self.reasons
