import functools
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any

import pytest

from miniframework.dependencies.depends import Depends
from miniframework.dependencies.graph import CallKind, build_dependencies, distinct_dependencies
from miniframework.errors import DependencyError, ParameterError
from miniframework.params.plan import plan_parameters
from miniframework.params.signature import read_signature
from tests.miniframework.dependencies import circular_dependencies as circular


def plain() -> int:
    return 1


async def coroutine() -> int:
    return 1


def generator() -> Iterator[int]:
    yield 1


async def async_generator() -> AsyncIterator[int]:
    yield 1


class Service:
    def load(self) -> int:
        return 1

    async def __call__(self) -> int:
        return 1


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        pytest.param(plain, CallKind.FUNCTION, id="def"),
        pytest.param(coroutine, CallKind.COROUTINE, id="async def"),
        pytest.param(generator, CallKind.GENERATOR, id="def with yield"),
        pytest.param(async_generator, CallKind.ASYNC_GENERATOR, id="async def with yield"),
        pytest.param(Service, CallKind.CLASS, id="class"),
        pytest.param(Service(), CallKind.COROUTINE, id="object with an async __call__"),
        pytest.param(Service().load, CallKind.FUNCTION, id="bound method"),
        pytest.param(functools.partial(coroutine), CallKind.COROUTINE, id="partial"),
        pytest.param(functools.partial(generator), CallKind.GENERATOR, id="partial of a generator"),
    ],
)
def test_a_dependency_is_called_the_way_it_is_written(call: Any, kind: CallKind) -> None:
    def endpoint(x: Annotated[Any, Depends(call)]) -> None: ...

    (dependency,) = build_dependencies(read_signature(endpoint))
    assert dependency.kind is kind
    assert dependency.parameter == "x"


def test_depends_without_a_function_calls_the_annotation() -> None:
    def endpoint(service: Annotated[Service, Depends()], other: Service = Depends()) -> None: ...  # noqa: B008

    assert [one.call for one in build_dependencies(read_signature(endpoint))] == [Service, Service]


@pytest.mark.parametrize(
    ("endpoint", "circle"),
    [
        pytest.param(circular.first, ["first", "second", "third", "first"], id="of three"),
        pytest.param(circular.outside, ["second", "third", "first", "second"], id="reached from outside"),
        pytest.param(circular.itself, ["itself", "itself"], id="of one"),
    ],
)
def test_a_circle_is_refused_and_named(endpoint: Any, circle: list[str]) -> None:
    with pytest.raises(DependencyError) as caught:
        plan_parameters(endpoint, None)
    named = [part.split(" (")[0] for part in caught.value.problem.split(": ", 1)[1].split(" -> ")]
    assert named == circle
    assert caught.value.problem.count("circular_dependencies.py:") == len(circle)
    assert "take one Depends out" in caught.value.way_out


@pytest.mark.parametrize("dependency", [None, 5, plain()], ids=["nothing", "a number", "a called function"])
def test_what_cannot_be_called_is_refused(dependency: Any) -> None:
    def endpoint(x=Depends(dependency)) -> None: ...  # type: ignore[no-untyped-def]  # noqa: B008

    with pytest.raises(DependencyError, match="cannot be called; give Depends the function"):
        plan_parameters(endpoint, None)


def test_a_dependencys_own_parameters_are_checked_where_it_stands() -> None:
    def dependency(*args: int) -> None: ...
    def endpoint(x: Annotated[None, Depends(dependency)]) -> None: ...

    with pytest.raises(ParameterError, match=r"dependency\(\): parameter '\*args: int'"):
        plan_parameters(endpoint, None)


def test_a_callable_asked_for_twice_is_read_and_bound_once() -> None:
    def deep(q: str) -> str:
        return q

    def left(x: Annotated[str, Depends(deep)]) -> str:
        return x

    def right(x: Annotated[str, Depends(deep)]) -> str:
        return x

    def endpoint(a: Annotated[str, Depends(left)], b: Annotated[str, Depends(right)]) -> None: ...

    needed = build_dependencies(read_signature(endpoint))
    assert [one.call for one in distinct_dependencies(needed)] == [deep, left, right]
    assert needed[0].needs[0].signature is needed[1].needs[0].signature
    assert len(plan_parameters(endpoint, None).fields) == 1


def test_a_callable_without_a_hash_is_one_dependency_too() -> None:
    class Counting:
        __hash__ = None  # type: ignore[assignment]

        def __call__(self, x: int = 0) -> int:
            return x

    counting = Counting()

    def endpoint(a: Annotated[int, Depends(counting)], b: Annotated[int, Depends(counting)]) -> None: ...
    def others(a: Annotated[int, Depends(counting)], b: Annotated[int, Depends(Counting())]) -> None: ...

    keys = [{one.key for one in build_dependencies(read_signature(ask))} for ask in (endpoint, others)]
    assert list(map(len, keys)) == [1, 2]


def test_a_deep_diamond_is_read_in_no_time() -> None:
    def level() -> int:
        return 0

    for _ in range(40):

        def level(a: Any = Depends(level), b: Any = Depends(level)) -> int:  # noqa: B008
            return 0

    assert len(distinct_dependencies(build_dependencies(read_signature(level)))) == 40


def test_markers_that_say_the_same_are_one_and_those_with_turns_are_not() -> None:
    assert {Depends(read_signature), Depends(read_signature)} == {Depends(read_signature)}
    assert Depends(read_signature) != Depends(read_signature, use_cache=False)
    assert Depends(read_signature, max_concurrency=1) != Depends(read_signature, max_concurrency=1)
