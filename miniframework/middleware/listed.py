"""Options of a middleware that are lists of words."""

from collections.abc import Iterable

from miniframework.errors import OptionError


def read_words(option: str, given: Iterable[str]) -> tuple[str, ...]:
    """Give the words; `"*"` may stand for `["*"]`. Raises OptionError for any other text, whose letters they
    would be: nothing would be allowed, and nobody told why.
    """
    if isinstance(given, str) and given != "*":
        raise OptionError(f"{option}={given!r} is a text; write a list, as in {option}=[{given!r}]")
    return tuple(given)
