"""Two JSON documents made one, and a document made fit to be sent."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import to_jsonable_python


def lay_over(under: dict[str, Any], over: Mapping[str, Any]) -> None:
    """Change `under` to what both say: objects together, lists one after the other, else what `over` says."""
    for name, value in over.items():
        mine = under.get(name)
        if isinstance(mine, dict) and isinstance(value, Mapping):
            lay_over(mine, value)
        elif isinstance(mine, list) and isinstance(value, list):
            under[name] = mine + value
        else:
            under[name] = value


def make_jsonable(value: Any) -> Any:
    """Turn models, enums, dates and the like into JSON's values; leave out what is None or not finite."""
    return _without_none(to_jsonable_python(value, by_alias=True, fallback=str, inf_nan_mode="null"))


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_none(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_without_none(one) for one in value]
    return value
