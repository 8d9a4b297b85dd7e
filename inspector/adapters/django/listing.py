"""The tree of a URLconf as a flat list: an include that fits but holds no match is left again."""

import inspect
from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import URLResolver, get_resolver

from inspector.adapters.adapter import AdaptedRoute
from inspector.adapters.django.patterns import read_pattern, take, text_of
from inspector.adapters.endpoints import find_answered, find_source, name_endpoint
from inspector.adapters.joined_parts import Piece, argument_name, join_parts
from miniframework.callables import without_partial
from miniframework.routing.parts import Literal

# Whose `dispatch` calls the function of the method, and answers 405 where there is none.
_DISPATCHING = ("django.views.generic.base", "rest_framework.views")

# The URLResolvers on the way to a URLPattern, and it, without the root.
Chain = Sequence[Any]


def find_chains(resolver: Any, above: tuple[Any, ...] = ()) -> Iterator[Chain]:
    """Every way to a route below a resolver, in the order in which they are tried."""
    for below in resolver.url_patterns:
        if isinstance(below, URLResolver):
            yield from find_chains(below, (*above, below))
        else:
            yield (*above, below)


def chain_of(match: Any, path: str) -> Chain:
    """The way to what a resolver found for a path; before Django 3.2 a match does not tell what was tried."""
    if tried := getattr(match, "tried", None):
        return tried[-1]  # type: ignore[no-any-return]  # lists of patterns
    root = get_resolver()
    found = _search(root.url_patterns, root.pattern.match(path)[0])
    assert found is not None, "it was found"
    return found


def _search(patterns: Sequence[Any], path: str) -> Chain | None:
    """Source: django/urls/resolvers.py, URLResolver.resolve."""
    for one in patterns:
        match = one.pattern.match(path)
        if match and not isinstance(one, URLResolver):
            return (one,)
        below = _search(one.url_patterns, match[0]) if match else None
        if below is not None:
            return (one, *below)
    return None


def read_chain(chain: Chain) -> AdaptedRoute:
    """The route at the end of a way."""
    path = "/"
    pieces = [Piece(parts=(Literal(text="/", start=0, end=1),))]
    conditions: list[str] = []
    doubts: list[str] = []
    readings = [read_pattern(one.pattern, is_leaf=one is chain[-1]) for one in chain]
    firsts = _first_groups(chain, [reading.groups for reading in readings])
    for one, reading, first in zip(chain, readings, firsts, strict=True):
        text = text_of(one.pattern)
        at = len(path) - text.startswith("^")
        pieces.append(Piece(parts=reading.parts, at=at, first_group=first))
        path += text.removeprefix("^")  # as ResolverMatch.route is joined
        if reading.larger:
            conditions.append(reading.larger)
        if reading.doubt:
            doubts.append(reading.doubt)
    leaf = chain[-1]
    view = view_of(leaf.callback)
    return AdaptedRoute(
        kind="http",
        path=path,
        parts=join_parts(pieces),
        methods=None,
        name=_name(chain),
        endpoint=name_endpoint(view),
        source=find_source(view),
        origin=leaf,
        condition="; ".join(conditions) or None,
        doubt="; ".join(doubts) or None,
        answers=answered_by(leaf.callback),
    )


def raw_params(chain: Chain, path: str) -> dict[str, str]:
    """The text of each parameter that the view gets; `path` without the slash in front, taken by the chain.

    Source: django/urls/resolvers.py, URLResolver.resolve.
    """
    takings = []
    for one in chain:
        taken = take(one.pattern, path)
        takings.append(taken)
        path = taken.rest
    named = {name: text for taken in takings for name, text in taken.named.items()}
    firsts = _first_groups(chain, [len(taken.unnamed) for taken in takings])
    for taken, first in zip(takings, firsts, strict=True):
        if first is not None:
            texts = {argument_name(first + n): text for n, text in enumerate(taken.unnamed)}
            named.update({name: text for name, text in texts.items() if text is not None})
    return named


def view_of(callback: Any) -> Any:
    """What the user wrote: the class of a class-based view (also REST framework's), else the function."""
    view = without_partial(callback)
    return getattr(view, "view_class", None) or getattr(view, "cls", None) or view


def answered_by(callback: Any) -> frozenset[str] | None:
    """The methods for which a class-based view has a function; None for other views, and where a class says
    in its own `dispatch` what it does.

    Source: django/views/generic/base.py, View.dispatch; rest_framework/viewsets.py, ViewSetMixin.as_view.
    """
    view, written = without_partial(callback), view_of(callback)
    dispatch = getattr(written, "dispatch", None)
    if not inspect.isclass(written) or getattr(dispatch, "__module__", None) not in _DISPATCHING:
        return None
    given: dict[str, Any] = getattr(view, "view_initkwargs", None) or getattr(view, "initkwargs", None) or {}
    names = given.get("http_method_names", getattr(written, "http_method_names", ()))
    actions = getattr(view, "actions", None)
    if actions:
        names = [name for name in names if name in actions or name == "options"]
        return frozenset(map(str.upper, names)) | ({"HEAD"} if "get" in names else frozenset())
    return find_answered(written, names)


def _first_groups(chain: Chain, groups: Sequence[int]) -> list[int | None]:
    """The number of the first argument by position of each pattern; None where the view gets none.

    A pattern's own are dropped by its names, those of an include by any keyword from there on.
    """
    given: list[bool] = []
    has_keywords = False
    for one in reversed(chain):
        by_name = bool(getattr(one.pattern, "regex", None) and one.pattern.regex.groupindex)
        is_leaf = one is chain[-1]
        defaults = one.default_kwargs if isinstance(one, URLResolver) else one.default_args
        has_keywords |= by_name or bool(defaults)
        given.append(not by_name if is_leaf else not has_keywords)
    firsts: list[int | None] = []
    count = 0
    for number, is_given in zip(groups, reversed(given), strict=True):
        firsts.append(count if is_given else None)
        count += number if is_given else 0
    return firsts


def _name(chain: Chain) -> str | None:
    """The name to reverse the route by, with its namespaces; None without one."""
    *above, leaf = chain
    namespaces = [one.namespace for one in above if isinstance(one, URLResolver) and one.namespace]
    return None if leaf.name is None else ":".join([*namespaces, leaf.name])
