"""Who needs whom: the dependencies of an endpoint, read once when it is registered."""

import functools
import inspect
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from miniframework.errors import DependencyError
from miniframework.params.signature import Signature, SignatureParameter, describe_call, read_signature


class CallKind(StrEnum):
    """How a dependency is called."""

    FUNCTION = "function"
    COROUTINE = "coroutine"
    GENERATOR = "generator"
    ASYNC_GENERATOR = "async generator"
    CLASS = "class"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dependency:
    """One parameter that another callable fills.

    `key` is the same for every dependency on the same callable. `needs` are the dependencies of its own
    parameters, in their order.
    """

    parameter: str
    name: str
    key: Hashable
    kind: CallKind
    use_cache: bool
    signature: Signature
    needs: tuple["Dependency", ...]

    @property
    def call(self) -> Callable[..., Any]:
        """What is called."""
        return self.signature.call


def build_dependencies(signature: Signature) -> tuple[Dependency, ...]:
    """Read the dependencies of a signature, and theirs, and so on.

    Raises DependencyError for a circle, naming it, and for something that cannot be called; ParameterError
    for a dependency's own parameters.
    """
    return _Builder().needs_of(signature, ())


def distinct_dependencies(dependencies: tuple[Dependency, ...]) -> tuple[Dependency, ...]:
    """One dependency for each callable, needed ones before those that need them."""
    found: dict[Hashable, Dependency] = {}
    for dependency in _walk(dependencies, set()):
        found.setdefault(dependency.key, dependency)
    return tuple(found.values())


def _walk(dependencies: tuple[Dependency, ...], seen: set[Hashable]) -> Iterator[Dependency]:
    for dependency in dependencies:
        if dependency.key not in seen:
            seen.add(dependency.key)
            yield from _walk(dependency.needs, seen)
            yield dependency


class _Builder:
    """Reads each callable once, however many parameters ask for it."""

    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[Signature, tuple[Dependency, ...]]] = {}

    def needs_of(self, signature: Signature, chain: tuple[Signature, ...]) -> tuple[Dependency, ...]:
        wanted = (parameter for parameter in signature.parameters if parameter.depends is not None)
        return tuple(self._build(parameter, signature, (*chain, signature)) for parameter in wanted)

    def _build(
        self, parameter: SignatureParameter, owner: Signature, chain: tuple[Signature, ...]
    ) -> Dependency:
        assert parameter.depends is not None
        call = _find_call(parameter, owner)
        key = _key_of(call)
        _refuse_circle(call, key, chain)
        if key not in self._known:
            signature = read_signature(call)
            self._known[key] = (signature, self.needs_of(signature, chain))
        signature, needs = self._known[key]
        return Dependency(
            parameter=parameter.name,
            name=signature.name,
            key=key,
            kind=_kind_of(call),
            use_cache=parameter.depends.use_cache,
            signature=signature,
            needs=needs,
        )


def _find_call(parameter: SignatureParameter, owner: Signature) -> Callable[..., Any]:
    assert parameter.depends is not None
    call = parameter.depends.dependency
    if call is None:
        call = parameter.annotation if parameter.is_annotated else None
    if not callable(call):
        raise DependencyError(
            where=None if owner.source is None else str(owner.source),
            problem=f"{owner.name}(): parameter {parameter.name!r}: Depends({call!r}) cannot be called",
            way_out="give Depends the function, Depends(get_db), not what it returns, Depends(get_db())",
        )
    return call


def _refuse_circle(call: Callable[..., Any], key: Hashable, chain: tuple[Signature, ...]) -> None:
    at = next((index for index, one in enumerate(chain) if _key_of(one.call) == key), None)
    if at is None:
        return
    circle = [*chain[at:], chain[at]]
    names = " -> ".join(f"{one.name} ({one.source})" if one.source else one.name for one in circle)
    raise DependencyError(
        where=None if chain[at].source is None else str(chain[at].source),
        problem=f"dependencies need each other in a circle: {names}",
        way_out=f"take one Depends out, or move what both need out of {describe_call(call)}",
    )


def _key_of(call: Callable[..., Any]) -> Hashable:
    try:
        hash(call)
    except TypeError:
        return id(call)
    return call


def _kind_of(call: Callable[..., Any]) -> CallKind:
    if isinstance(call, type):
        return CallKind.CLASS
    target = call.func if isinstance(call, functools.partial) else call
    if not inspect.isroutine(target):
        target = type(target).__call__
    if inspect.isasyncgenfunction(target):
        return CallKind.ASYNC_GENERATOR
    if inspect.isgeneratorfunction(target):
        return CallKind.GENERATOR
    return CallKind.COROUTINE if inspect.iscoroutinefunction(target) else CallKind.FUNCTION
