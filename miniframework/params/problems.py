"""Problems of a request in the shape of FastAPI's 422 document.

Source: https://fastapi.tiangolo.com/tutorial/handling-errors/
The fields are those of pydantic's `errors()`.
"""

from collections.abc import Mapping
from decimal import Decimal
from types import NoneType
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticUndefined

from miniframework.http.exceptions import Raised
from miniframework.http.upload import UploadFile
from miniframework.params.jsonable import jsonable_encoder

Problem = dict[str, Any]
_JSON_TYPES = (str, int, float, list, dict, NoneType)


def missing_problem(*loc: str | int) -> Problem:
    """Say that a required value did not come."""
    return {"type": "missing", "loc": list(loc), "msg": "Field required", "input": None}


def json_problem(at: int, error: str) -> Problem:
    """Say that the body is not JSON: `at` is the character where reading stopped, counted from 0."""
    return {
        "type": "json_invalid",
        "loc": ["body", at],
        "msg": "JSON decode error",
        "input": {},
        "ctx": {"error": error},
    }


def converter_problem(loc: tuple[str, ...], text: str, converter: str, error: ValueError) -> Problem:
    """Say that a path converter, whose regex took the text, has no value for it."""
    return {
        "type": "value_error",
        "loc": list(loc),
        "msg": f"Value error, {error}",
        "input": text,
        "ctx": {"error": str(error), "converter": converter},
    }


def validation_problems(
    loc: tuple[str, ...],
    error: ValidationError,
    shown: Mapping[str, str] | None = None,
    *,
    for_json: bool = True,
) -> list[Problem]:
    """Give pydantic's problems, located below `loc`.

    `shown` has the names in the request of what the model calls otherwise. What a user's own validator
    raised is the object of its attributes in `ctx`, as FastAPI writes it; its text stands in `msg`. An
    `input` is as JSON can hold it, unless it is never written: then it is the object itself.
    """
    found: Any = error.errors(include_url=False)  # dicts of ours: each call makes them anew
    for problem in found:
        came = problem.get("input")
        _locate(problem, loc, shown)
        if not for_json:
            problem["input"] = came
    problems: list[Problem] = found
    return problems


def _locate(problem: Problem, loc: tuple[str, ...], shown: Mapping[str, str] | None) -> None:
    """Turn one of pydantic's problems into one of ours."""
    inner = problem["loc"]
    if shown and inner and inner[0] in shown:
        inner = (shown[inner[0]], *inner[1:])
    problem["loc"] = [*loc, *inner]
    came = problem.get("input")
    if type(came) is not str:
        problem["input"] = _plain_input(came)
    context = problem.get("ctx")
    if context is not None:
        problem["ctx"] = {name: _plain(value) for name, value in context.items()}


def _plain_input(came: Any) -> Any:
    """What came as JSON can hold it; of a form's files their name, type and size."""
    if isinstance(came, bytes):
        return came.decode("utf-8", "replace")
    if isinstance(came, UploadFile):
        return came.describe()
    if isinstance(came, dict):
        return {name: _plain_input(one) if _holds_file(one) else one for name, one in came.items()}
    if _holds_file(came):
        return [_plain_input(one) for one in came]
    if came is PydanticUndefined:  # a default factory that was not called, for want of what it needs
        return None
    return came if isinstance(came, _JSON_TYPES) else str(came)  # a path converter's own value


def _holds_file(value: object) -> bool:
    if isinstance(value, list):
        return any(isinstance(one, UploadFile) for one in value)
    return isinstance(value, UploadFile)


def _plain(value: Any) -> Any:
    if isinstance(value, Exception):
        return Raised(value, _written_attributes(value))
    if isinstance(value, Decimal):
        return int(value) if "." not in str(value) and value.is_finite() else float(value)
    return value


def _written_attributes(error: Exception) -> dict[str, Any]:
    """What was set on an exception, none if JSON cannot hold it: the answer is still that of the problem."""
    attributes = vars(error)
    if not attributes:  # nearly all: a body may have a hundred thousand of them
        return {}
    try:
        written: dict[str, Any] = jsonable_encoder(attributes)
    except (ValueError, RecursionError):
        return {}
    return written
