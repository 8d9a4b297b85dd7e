"""Problems of a request in the shape of FastAPI's 422 document.

Source: https://fastapi.tiangolo.com/tutorial/handling-errors/
The fields are those of pydantic's `errors()`.
"""

from collections.abc import Mapping
from types import NoneType
from typing import Any

from pydantic import ValidationError

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


def validation_problems(loc: tuple[str, ...], error: ValidationError) -> list[Problem]:
    """Give pydantic's problems, located below `loc`; what a user's own validator raised becomes its text."""
    return [_located(loc, problem) for problem in error.errors(include_url=False)]


def _located(loc: tuple[str, ...], found: Mapping[str, Any]) -> Problem:
    problem = {**found, "loc": [*loc, *found["loc"]]}
    came = problem.get("input")
    if isinstance(came, bytes):
        problem["input"] = came.decode("utf-8", "replace")
    elif not isinstance(came, _JSON_TYPES):
        problem["input"] = str(came)  # a path converter's own value
    context = problem.get("ctx")
    if context is not None:
        problem["ctx"] = {
            name: str(value) if isinstance(value, Exception) else value for name, value in context.items()
        }
    return problem
