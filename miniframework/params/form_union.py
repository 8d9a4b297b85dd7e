"""A union of pydantic models as one form, of which each model reads the fields by its own names."""

from collections.abc import Mapping, Sequence
from functools import partial
from types import NoneType
from typing import Annotated, Any, Union, get_args

from pydantic import BaseModel, BeforeValidator, Tag

from miniframework.events import ParameterSource
from miniframework.params.annotations import is_optional, strip_annotated
from miniframework.params.field import Gathering
from miniframework.params.gathering import gather, plan_gathering, single_or_list


def plan_union(models: Sequence[type[BaseModel]], annotation: object, source: ParameterSource) -> Gathering:
    """Work out what one of several models is made of; `annotation` may make the whole optional."""
    branches = tuple(plan_gathering(model, model, source) for model in models)
    return Gathering(
        members=(),
        own_names=frozenset(name for branch in branches for name in branch.own_names),
        may_be_absent=is_optional(annotation),
        takes_others=any(branch.takes_others for branch in branches),
        shown={},
        branches=branches,
    )


def read_in_branches(annotation: object, source: ParameterSource) -> Any:
    """Give the union with each model's own reading of the form before it; pydantic chooses the model.

    A model without a `Tag` gets its name for one: problems are told below it.
    """
    choices: list[Any] = []
    for choice in get_args(annotation):
        if choice is NoneType:
            choices.append(choice)
            continue
        model: Any
        model, metadata = strip_annotated(choice)
        own_tag = next((one for one in reversed(metadata) if isinstance(one, Tag)), None)
        reading = partial(_read_branch, plan_gathering(model, model, source), source)
        choices.append(Annotated[choice, BeforeValidator(reading), own_tag or Tag(model.__name__)])
    return Union[tuple(choices)]  # noqa: UP007  # made of values


def gather_union(gathering: Gathering, lists: Mapping[str, Sequence[Any]]) -> dict[str, Any] | None:
    """Give all that came, for each model to read; None when the whole is absent."""
    came = gathering.own_names.intersection(lists) or (gathering.takes_others and lists)
    if gathering.may_be_absent and not came:
        return None
    return {name: single_or_list(values) for name, values in lists.items()}


def _read_branch(branch: Gathering, source: ParameterSource, came: Any) -> Any:
    """Give the input of one model; what no form can send, an earlier validator has put there."""
    if not isinstance(came, dict):
        return came
    lists = {name: value if isinstance(value, list) else [value] for name, value in came.items()}
    gathered = gather(branch, lists, source) or {}
    return gathered | {name: value for name, value in came.items() if value is None or value == []}
