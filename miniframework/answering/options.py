"""What is said about a route's answers when it is declared."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypedDict

from miniframework.http.response import JSONResponse, Response
from miniframework.params.jsonable import IncludeExclude
from miniframework.params.response_model import DEFAULT_OPTIONS, ModelOptions
from miniframework.params.written import EMPTY
from miniframework.records import dataclass

_MODEL = "response_model_"


class AnswerWords(TypedDict, total=False):
    """How a returned value that is no response becomes one.

    `status_code` and `response_class` make the response; without them the class's own status, and JSON. The
    value is checked against `response_model`, by default the return annotation, and only what that has goes
    out; None checks nothing. The `response_model_` options choose fields and names as pydantic's do.
    """

    status_code: int | None
    response_class: type[Response] | None
    response_model: Any
    response_model_include: IncludeExclude | None
    response_model_exclude: IncludeExclude | None
    response_model_by_alias: bool
    response_model_exclude_unset: bool
    response_model_exclude_defaults: bool
    response_model_exclude_none: bool


ANSWER_WORDS = frozenset(AnswerWords.__annotations__)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOptions:
    """The words as they were given; of `response_model` EMPTY means that the return annotation counts."""

    status_code: int | None = None
    response_class: type[Response] | None = None
    response_model: Any = EMPTY
    model_options: ModelOptions = DEFAULT_OPTIONS

    def below(self, default_response_class: type[Response] | None) -> "AnswerOptions":
        """Give the options with the class that holds where none was said."""
        if self.response_class is not None or default_response_class is None:
            return self
        return replace(self, response_class=default_response_class)

    @property
    def class_or_json(self) -> type[Response]:
        """The response class that holds."""
        return self.response_class or JSONResponse


UNSAID = AnswerOptions()


def read_answer_options(options: Mapping[str, Any]) -> AnswerOptions:
    """Take what is said about answers out of a route's options."""
    given = {name: value for name, value in options.items() if name in ANSWER_WORDS}
    if not given:
        return UNSAID
    status = given.get("status_code")
    return AnswerOptions(
        status_code=None if status is None else int(status),
        response_class=given.get("response_class"),
        response_model=given.get("response_model", EMPTY),
        model_options=ModelOptions(
            **{name.removeprefix(_MODEL): value for name, value in given.items() if name.startswith(_MODEL)}
        ),
    )
