"""The error tree of the framework.

A mistake in the user's application is raised when it is registered, never at the first request. Each class
keeps its parts as attributes and makes its message from them: where, what is wrong, the way out.
"""


class MiniframeworkError(Exception):
    """Root of every error this package raises on its own account."""


class DeprecatedWord(UserWarning):
    """Something still works that FastAPI has a newer word for; no DeprecationWarning, which nobody sees."""


class OptionError(MiniframeworkError, AssertionError, ValueError):
    """An option that cannot be, as `samesite="x"`; an AssertionError as in Starlette, but not lost by -O."""


class NoTextError(MiniframeworkError, TypeError, AttributeError):
    """Something else stands where text or bytes must be; an AttributeError as in Starlette, which calls its
    `encode`.
    """


class UsageError(MiniframeworkError):
    """The application is written in a way that cannot work: FastAPI's `FastAPIError`, which no answer is."""


class RegistrationError(UsageError, AssertionError, RuntimeError):
    """Something that was declared cannot work; an AssertionError or a RuntimeError in FastAPI.

    `where` is `file.py:12`, or what says so as text (None when the place is not known), `problem` says what
    is wrong with the value as its repr, `way_out` what to do about it ("" when the problem says it all).
    """

    def __init__(self, *, where: object, problem: str, way_out: str = "") -> None:
        self.where = None if where is None else str(where)
        self.problem = problem
        self.way_out = way_out
        place = f"{self.where}: " if self.where else ""
        super().__init__(place + problem + (f"; {way_out}" if way_out else ""))


class PatternError(RegistrationError, ValueError):
    """A path template cannot be read; a ValueError too, as in Starlette. `template` is the text, `at` the
    character where reading stopped.
    """

    def __init__(self, *, where: object, template: str, at: int, problem: str, way_out: str = "") -> None:
        self.template = template
        self.at = at
        super().__init__(where=where, problem=f"path {template!r}: {problem}", way_out=way_out)


class ConverterError(RegistrationError):
    """A converter cannot be used inside a path: its name, its regex or its shape is wrong."""


class RouteError(RegistrationError):
    """A route cannot be added: it repeats an earlier one, names no method, or points nowhere."""


class ParameterError(RegistrationError):
    """An endpoint's parameter cannot be filled from a request."""


class UrlError(MiniframeworkError, AssertionError, ValueError):
    """A URL cannot be built: no such route name, a missing or unknown parameter, or a value that cannot
    match; for such a value Starlette raises an AssertionError or a ValueError.
    """


class DependencyError(RegistrationError):
    """A dependency cannot be resolved: the functions need each other in a circle, or it is no function at
    all.
    """


class EncodeError(MiniframeworkError, ValueError):
    """A handler returned something that cannot be written as JSON. `value` is what it was.

    A ValueError as in FastAPI, whose users have handlers for it.
    """

    def __init__(self, *, value: object, problem: str) -> None:
        self.value = value
        kind = f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins.")
        super().__init__(
            f"a value of type {kind} cannot be written as JSON: {problem}; "
            "return dicts, lists, text, numbers, pydantic models or dataclasses, or a Response"
        )
