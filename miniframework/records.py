"""`dataclass` as in the standard library, with methods that are made when they are first needed.

The standard library writes up to six functions for each class as text and compiles them when its module is
imported: a third of all that importing this package did, and mostly for classes that a given program never
makes one of. Here `__init__` is written when the first object is made, and nothing else needs to be written.
Fields, slots and `__match_args__`, and so `fields`, `replace` and `asdict`, are the standard library's own.
Neither kind of class can be derived from the other kind when it is frozen.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(
        cls: type | None = None,
        /,
        *,
        init: bool = True,
        eq: bool = True,
        frozen: bool = False,
        slots: bool = False,
        kw_only: bool = False,
    ) -> Any:
        """Make a class a dataclass, with the options that are used here; what it defines itself is kept."""

        def make(cls: type) -> type:
            own = dict(cls.__dict__)
            if cls.__doc__ is None:  # the standard library would write the signature there
                cls.__doc__ = cls.__name__
            made = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(cls)
            methods = _choose_methods(made, init=init, eq=eq, frozen=frozen, slots=slots)
            for name, method in methods.items():
                if own.get(name) is None:  # as a class with an __eq__ has a __hash__ that is None
                    setattr(made, name, method)
            return made

        return make if cls is None else make(cls)


def _choose_methods(made: type, *, init: bool, eq: bool, frozen: bool, slots: bool) -> dict[str, Any]:
    methods: dict[str, Any] = {"__repr__": _show}
    if init:
        methods["__init__"] = _write_init_later(made)
    if eq:
        methods["__eq__"] = _make_equal(_reader(made, lambda one: one.compare))
        methods["__hash__"] = None
        if frozen:
            hashed = _reader(made, lambda one: one.compare if one.hash is None else one.hash)
            methods["__hash__"] = lambda self: hash(hashed(self))
    if frozen:
        methods |= {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete}
        if slots:  # or nobody could copy it
            methods |= {"__getstate__": _get_state, "__setstate__": _set_state}
    return methods


def _write_init_later(made: type) -> Callable[..., None]:
    def __init__(self: object, *arguments: Any, **named: Any) -> None:
        init = _write_init(made)
        made.__init__ = init  # type: ignore[misc]  # of a class that is being made, once
        init(self, *arguments, **named)

    return __init__


def _write_init(made: type) -> Callable[..., None]:
    """Write and compile `__init__`, with no text in it but the names of the fields."""
    is_frozen = made.__setattr__ is _refuse_to_set  # type: ignore[comparison-overlap]  # they may be one
    names: dict[str, Any] = {"MISSING": MISSING, "set_": object.__setattr__}
    given, named_only, lines = ["self"], ["*"], ["pass"]
    for one in dataclasses.fields(made):
        if one.init:
            has_default = one.default is not MISSING or one.default_factory is not MISSING
            parameter = f"{one.name}=default_{one.name}" if has_default else one.name
            (named_only if one.kw_only else given).append(parameter)
        elif one.default is MISSING and one.default_factory is MISSING:
            continue
        names[f"default_{one.name}"], value = one.default, one.name if one.init else f"default_{one.name}"
        if one.default_factory is not MISSING:
            names[f"make_{one.name}"] = one.default_factory
            value = f"make_{one.name}()"
            if one.init:
                value += f" if {one.name} is MISSING else {one.name}"
        lines.append(f'set_(self, "{one.name}", {value})' if is_frozen else f"self.{one.name} = {value}")
    if hasattr(made, "__post_init__"):
        lines.append("self.__post_init__()")
    parameters = ", ".join(given + named_only if len(named_only) > 1 else given)
    exec(f"def __init__({parameters}):\n  " + "\n  ".join(lines), names)
    init: Callable[..., None] = names["__init__"]
    init.__qualname__, init.__module__ = f"{made.__qualname__}.__init__", made.__module__
    return init


def _reader(made: type, wanted: Callable[[Field[Any]], bool | None]) -> Callable[[Any], tuple[Any, ...]]:
    """Give what reads the wanted fields of an object."""
    names = [one.name for one in dataclasses.fields(made) if wanted(one)]
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


def _make_equal(read: Callable[[Any], tuple[Any, ...]]) -> Callable[[Any, object], bool]:
    def __eq__(self: object, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return read(self) == read(other)

    return __eq__


@recursive_repr()
def _show(self: Any) -> str:
    shown = (f"{one.name}={getattr(self, one.name)!r}" for one in dataclasses.fields(self) if one.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _refuse_to_set(self: object, name: str, value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: object, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _get_state(self: Any) -> list[Any]:
    return [getattr(self, one.name) for one in dataclasses.fields(self)]


def _set_state(self: Any, state: list[Any]) -> None:
    for one, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, one.name, value)
