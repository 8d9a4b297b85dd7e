"""Who needs whom: the dependencies of an endpoint, read once when it is registered."""

import inspect
from collections.abc import Callable, Hashable, Iterator, Sequence
from enum import StrEnum
from typing import Any, NoReturn

from miniframework.callables import without_partial
from miniframework.dependencies.depends import DependsMarker, Lifetime
from miniframework.dependencies.overrides import NO_OVERRIDES, Overrides
from miniframework.dependencies.security_scopes import SecurityScopes
from miniframework.dependencies.turns import Turns
from miniframework.errors import DependencyError
from miniframework.params.generic import find_generic
from miniframework.params.signature import Signature, describe_call, read_signature
from miniframework.records import dataclass


class CallKind(StrEnum):
    """How a dependency is called."""

    FUNCTION = "function"
    COROUTINE = "coroutine"
    GENERATOR = "generator"
    ASYNC_GENERATOR = "async generator"
    CLASS = "class"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dependency:
    """One callable that is called before the endpoint; `parameter` gets its value, None when nobody wants it.

    `key` is the same for every dependency whose value may be shared: the same callable, asked for with the
    same scopes (where something below looks at them) and lifetime. `needs` are the dependencies of its own
    parameters, in their order. `scopes` are those of every Security on the way to it. `turns` limit how many
    calls run at a time.
    """

    parameter: str | None
    name: str
    key: Hashable
    kind: CallKind
    use_cache: bool
    lifetime: Lifetime
    scopes: tuple[str, ...]
    uses_scopes: bool
    turns: Turns | None
    signature: Signature
    needs: tuple["Dependency", ...]

    @property
    def call(self) -> Callable[..., Any]:
        """What is called."""
        return self.signature.call


def build_dependencies(
    signature: Signature, extra: Sequence[DependsMarker] = (), overrides: Overrides = NO_OVERRIDES
) -> tuple[Dependency, ...]:
    """Read the dependencies of a signature, and theirs, and so on; `extra` ones come first.

    `overrides` has what is called in the place of a dependency, wherever it is asked for. Raises
    DependencyError for a circle, naming it, for something that cannot be called, and for one that outlives
    what it needs; ParameterError for a dependency's own parameters.
    """
    builder = _Builder(overrides)
    first = tuple(builder.build(_Wanted(None, marker, None), signature, (signature,), ()) for marker in extra)
    return first + builder.needs_of(signature, (), ())


def distinct_dependencies(dependencies: tuple[Dependency, ...]) -> tuple[Dependency, ...]:
    """One dependency for each callable, needed ones before those that need them."""
    found: dict[Hashable, Dependency] = {}
    for dependency in _walk(dependencies, set()):
        found.setdefault(dependency.key, dependency)
    return tuple(found.values())


def cleans_up(dependencies: tuple[Dependency, ...]) -> bool:
    """Tell whether something follows a `yield` in any of the dependencies, theirs included."""
    kinds = (CallKind.GENERATOR, CallKind.ASYNC_GENERATOR)
    return any(one.kind in kinds for one in distinct_dependencies(dependencies))


def _walk(dependencies: tuple[Dependency, ...], seen: set[Hashable]) -> Iterator[Dependency]:
    for dependency in dependencies:
        if dependency.key not in seen:
            seen.add(dependency.key)
            yield from _walk(dependency.needs, seen)
            yield dependency


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A parameter and its Depends; `annotation` is what is called when the Depends names nothing."""

    parameter: str | None
    marker: DependsMarker
    annotation: object


Chain = tuple[Signature, ...]
Scopes = tuple[str, ...]


class _Builder:
    """Reads each callable once, however many parameters ask for it."""

    def __init__(self, overrides: Overrides) -> None:
        self._overrides = overrides
        self._signatures: dict[Hashable, Signature] = {}
        self._needs: dict[tuple[Hashable, Scopes], tuple[Dependency, ...]] = {}

    def needs_of(self, signature: Signature, chain: Chain, scopes: Scopes) -> tuple[Dependency, ...]:
        wanted = [
            _Wanted(one.name, one.depends, one.annotation if one.is_annotated else None)
            for one in signature.parameters
            if one.depends is not None
        ]
        return tuple(self.build(one, signature, (*chain, signature), scopes) for one in wanted)

    def build(self, wanted: _Wanted, owner: Signature, chain: Chain, scopes: Scopes) -> Dependency:
        original = _find_call(wanted, owner)
        call = self._find_override(original, owner) if self._overrides else original
        identity = _identify(call)
        _refuse_circle(call, identity, chain)
        if identity not in self._signatures:
            self._signatures[identity] = read_signature(call)
        signature = self._signatures[identity]
        scopes = (*scopes, *(one for one in wanted.marker.scopes if one not in scopes))
        if (identity, scopes) not in self._needs:
            self._needs[identity, scopes] = self.needs_of(signature, chain, scopes)
        needs = self._needs[identity, scopes]
        kind = _kind_of(call)
        uses_scopes = bool(wanted.marker.scopes) or _asks_for_scopes(signature, needs)
        lifetime = _lifetime(wanted.marker, kind, needs, signature)
        return Dependency(
            parameter=wanted.parameter,
            name=signature.name,
            key=_make_key(_identify(original), scopes if uses_scopes else (), lifetime),
            kind=kind,
            use_cache=wanted.marker.use_cache,
            lifetime=lifetime,
            scopes=scopes,
            uses_scopes=uses_scopes,
            turns=wanted.marker.turns,
            signature=signature,
            needs=needs,
        )

    def _find_override(self, original: Callable[..., Any], owner: Signature) -> Callable[..., Any]:
        call: object = self._overrides.get(original, original)
        if callable(call):
            return call
        name, given = describe_call(original), f"{call!r:.100}"
        raise DependencyError(
            where=owner.source,
            problem=f"dependency_overrides has {given} in the place of {name}, which cannot be called",
            way_out=f"give it a function: dependency_overrides[{name}] = lambda: {given}",
        )


def _find_call(wanted: _Wanted, owner: Signature) -> Callable[..., Any]:
    call = wanted.marker.dependency
    if call is None:
        call = wanted.annotation  # type: ignore[assignment]  # checked below
    if not callable(call):
        asker = f"{owner.name}(): "
        asker += "dependencies" if wanted.parameter is None else f"parameter {wanted.parameter!r}"
        raise DependencyError(
            where=owner.source,
            problem=f"{asker}: Depends({call!r}) cannot be called",
            way_out="give Depends the function, Depends(get_db), not what it returns, Depends(get_db())",
        )
    return call


def _asks_for_scopes(signature: Signature, needs: tuple[Dependency, ...]) -> bool:
    """Whether what the callable gives may depend on the scopes."""
    own = any(
        isinstance(one.annotation, type) and issubclass(one.annotation, SecurityScopes)
        for one in signature.parameters
    )
    return own or any(need.uses_scopes for need in needs)


def _lifetime(
    marker: DependsMarker, kind: CallKind, needs: tuple[Dependency, ...], signature: Signature
) -> Lifetime:
    lifetime = marker.scope or "request"
    if kind in (CallKind.GENERATOR, CallKind.ASYNC_GENERATOR) and lifetime == "request":
        for need in needs:
            if need.lifetime == "function":
                _refuse_lifetime(signature, need)
    return lifetime


def _refuse_lifetime(signature: Signature, need: Dependency) -> NoReturn:
    raise DependencyError(
        where=signature.source,
        problem=f'The dependency "{signature.name}" has a scope of "request", it cannot depend on '
        f'dependencies with scope "function", as {need.name}(), which is closed before the response is sent',
        way_out=f'give both the same scope: Depends({signature.name}, scope="function")',
    )


def _make_key(identity: Hashable, scopes: Scopes, lifetime: Lifetime) -> Hashable:
    """Give the plain identity wherever it suffices: it is looked up for each request."""
    if not scopes and lifetime == "request":
        return identity
    return (identity, tuple(sorted(set(scopes))), lifetime)


def _refuse_circle(call: Callable[..., Any], identity: Hashable, chain: Chain) -> None:
    at = next((index for index, one in enumerate(chain) if _identify(one.call) == identity), None)
    if at is None:
        return
    circle = [*chain[at:], chain[at]]
    names = " -> ".join(f"{one.name} ({one.source})" if one.source else one.name for one in circle)
    raise DependencyError(
        where=chain[at].source,
        problem=f"dependencies need each other in a circle: {names}",
        way_out=f"take one Depends out, or move what both need out of {describe_call(call)}",
    )


def _identify(call: Callable[..., Any]) -> Hashable:
    try:
        hash(call)
    except TypeError:
        return id(call)
    return call


def _wrapped_by(target: Any) -> tuple[Any, ...]:
    """What stands below `functools.wraps`; of an instance its `__call__` with it."""
    inner: Any = inspect.unwrap(target)
    if inspect.isroutine(inner):
        return (inner,)
    return type(inner).__call__, inspect.unwrap(type(inner).__call__)


def _kind_of(call: Callable[..., Any]) -> CallKind:
    """Say how to call it: through partial and functools.wraps, and what a class's `__call__` is."""
    target = without_partial(call)
    if isinstance(target, type) or find_generic(target) is not None:
        return CallKind.CLASS
    if not inspect.isroutine(target):
        target = type(target).__call__
    for one in (target, *_wrapped_by(target)):
        if inspect.isasyncgenfunction(one):
            return CallKind.ASYNC_GENERATOR
        if inspect.isgeneratorfunction(one):
            return CallKind.GENERATOR
        if inspect.iscoroutinefunction(one):
            return CallKind.COROUTINE
    return CallKind.FUNCTION
