"""One sentence on where a missing value came instead: under another name, or in another part."""

import json
from collections.abc import Collection
from difflib import get_close_matches
from typing import Any
from urllib.parse import parse_qsl

from inspector.model import Exchange, HttpExchange, Parameter
from inspector.panels.answer_routing import say_text

_FORM = "application/x-www-form-urlencoded"
# What pydantic says of text where it wants an object. Source: pydantic, validation errors.
_NOT_AN_OBJECT = ("model_attributes_type", "model_type", "dict_type", "dataclass_type", "list_type")


def say_elsewhere(problem: dict[str, Any], exchange: Exchange) -> str:
    """Return the sentence with a space before it, "" for a value that came nowhere, or whose parameter is not
    known.
    """
    if problem.get("type") != "missing":
        return ""
    source, *rest = problem.get("loc", ()) or ("request",)
    parameter = _find_parameter(exchange, str(source), str(rest[0]) if rest else None)
    if parameter is None:
        return ""
    if source == "query" and (meant := _find_in_path(parameter.name, exchange)) is not None:
        return f" The path has {meant}, which no parameter takes: give both one name."
    if parameter.source != "query" and parameter.alias in _names_in(exchange.scope.query_string):
        way_out = _declare(parameter, "Query")
        return f" The query has {say_text(parameter.alias)}: {way_out} would read it there."
    return _say_in_body(parameter, exchange) if isinstance(exchange, HttpExchange) else ""


def say_unread_json(problem: dict[str, Any], exchange: Exchange) -> str:
    """Return why a whole body was taken as text: its content type is not JSON's, so it was not read as such.

    Empty for any other problem.
    """
    is_whole = tuple(problem.get("loc", ())) == ("body",) and problem.get("type") in _NOT_AN_OBJECT
    if not is_whole or not isinstance(exchange, HttpExchange):
        return ""
    names = (value for name, value in exchange.scope.headers if name.lower() == "content-type")
    came = next(names, "").partition(";")[0].strip().lower()
    if came.endswith(("/json", "+json")):
        return ""
    how = f"as {say_text(came)}" if came else "without a content type"
    return f" It came {how}, so it was not read as JSON: send content-type: application/json."


def _say_in_body(parameter: Parameter, exchange: HttpExchange) -> str:
    """What the body has of a parameter that is not read from it; one that nobody read was not seen."""
    headers, body = exchange.scope.headers, exchange.request_body
    is_form = any(name.lower() == "content-type" and value.startswith(_FORM) for name, value in headers)
    if parameter.source == ("form" if is_form else "body"):
        return ""
    what = "form" if is_form else "JSON body"
    way_out = _declare(parameter, "Form") if is_form else f"{_declare(parameter, 'Body')}, or a model,"
    if body.why_incomplete == "unread_by_app":
        return f" A {what} came that nothing reads: {way_out} would."
    names = _names_in(body.data.decode("latin-1")) if is_form else _keys_of(body.data)
    if parameter.alias not in names:
        return ""
    return f" The {what} has {say_text(parameter.alias)}: {way_out} would read it there."


def _declare(parameter: Parameter, marker: str) -> str:
    options = "embed=True" if marker == "Body" else ""
    return f"{parameter.name}: Annotated[{parameter.declared_type}, {marker}({options})]"


def _find_parameter(exchange: Exchange, source: str, alias: str | None) -> Parameter | None:
    """The parameter a problem is of; the whole body is one whose problem has no name."""
    sources = ("body", "form", "file") if source == "body" else (source,)
    known = [one for one in exchange.parameters if one.source in sources]
    return next((one for one in known if alias in (one.alias, None)), None)


def _find_in_path(name: str, exchange: Exchange) -> str | None:
    """A parameter of the path that nobody took and whose name is much like this one."""
    taken = {one.alias for one in exchange.parameters if one.source == "path"}
    free = [each for step in exchange.steps for each, _ in step.raw_params if each not in taken]
    near = get_close_matches(name, free, 1) or [each for each in free if each.endswith(f"_{name}")]
    return near[0] if near else None


def _names_in(text: str) -> Collection[str]:
    return {name for name, _ in parse_qsl(text, keep_blank_values=True)}


def _keys_of(body: bytes) -> Collection[str]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    return document if isinstance(document, dict) else ()
