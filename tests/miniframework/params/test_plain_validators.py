"""A constrained plain type is validated as by pydantic's adapter of its annotation."""

from typing import Annotated, Any

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from miniframework import App, Query
from miniframework.errors import ParameterError
from miniframework.params.signature import read_signature
from miniframework.params.validator import build_validator

CASES: dict[str, tuple[Any, dict[str, Any]]] = {
    "an int in a range": (int, {"ge": 1, "lt": 5}),
    "an optional int": (int | None, {"gt": 1, "le": 5}),
    "a multiple": (int, {"multiple_of": 3}),
    "strict": (int, {"strict": True, "ge": 0}),
    "a float": (float, {"ge": 0, "allow_inf_nan": False}),
    "an optional float": (float | None, {"lt": 2.5}),
    "a str of some length": (str, {"min_length": 2, "max_length": 3}),
    "a pattern": (str, {"pattern": "^a+$"}),
    "an optional str": (str | None, {"min_length": 1, "pattern": "b"}),
    "an int that is given as a float": (int, {"ge": 1.0}),
    **{f"{kind.__name__} as it is": (kind, {}) for kind in (str, int, float, bool)},
    **{f"{kind.__name__} or none": (kind | None, {}) for kind in (str, int, float, bool)},
}
VALUES: list[Any] = ["", "1", "3", "7", "aa", "aaaa", "b", "nan", "inf", "2.5", 1, 3, 2.5, None, True, b"1"]


def outcome(validator: Any, value: object) -> object:
    try:
        return repr(validator.validate_python(value))
    except ValidationError as error:
        return [{key: one for key, one in found.items() if key != "url"} for found in error.errors()]
    except TypeError as error:
        return str(error)


@pytest.mark.parametrize(("annotation", "constraints"), CASES.values(), ids=CASES)
def test_values_and_problems_are_those_of_the_adapter(annotation: Any, constraints: dict[str, Any]) -> None:
    async def endpoint(one: Any) -> None: ...

    endpoint.__annotations__["one"] = Annotated[annotation, Query(**constraints)]
    signature = read_signature(endpoint)
    ours = build_validator(signature, signature.parameters[0])
    theirs = TypeAdapter(Annotated[annotation, Field(**constraints)]).validator
    for value in VALUES:
        assert outcome(ours, value) == outcome(theirs, value), value


def test_parameters_that_are_constrained_alike_share_their_validator() -> None:
    async def endpoint(
        a: Annotated[int, Query(ge=3)], b: Annotated[int, Query(ge=3)], c: Annotated[int, Query(ge=True)]
    ) -> None: ...

    signature = read_signature(endpoint)
    a, b, c = (build_validator(signature, one) for one in signature.parameters)
    assert a is b
    assert a is not c


@pytest.mark.parametrize("constraints", [{"ge": 1.5}, {"ge": "x"}, {"multiple_of": []}], ids=repr)
def test_a_constraint_that_does_not_fit_is_refused_in_pydantics_words(constraints: dict[str, Any]) -> None:
    app = App()
    with pytest.raises(ParameterError, match="does not fit int"):

        @app.get("/")
        async def read(n: Annotated[int, Query(**constraints)]) -> None: ...
