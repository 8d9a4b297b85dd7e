"""Starlette's and FastAPI's routes as entries of a table."""

import inspect
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.endpoints import HTTPEndpoint
from starlette.routing import Host, Mount, WebSocketRoute

from inspector.adapters.adapter import AdaptedRoute
from inspector.adapters.converting import ForeignConverter
from inspector.adapters.endpoints import find_answered, find_source, name_endpoint
from inspector.adapters.host_rules import make_host_rule
from inspector.adapters.regexes.parts import read_regex
from inspector.adapters.starlette.declared_types import read_types
from inspector.adapters.starlette.fastapi_tree import Frontend, Leaf
from inspector.adapters.starlette.own_matches import what_is_wanted
from inspector.adapters.starlette.templates import parts_of_template
from miniframework.routing.parts import Literal, Parameter, Part

_ANYTHING = "(?s:.*)"
_OF_ENDPOINTS = ("get", "head", "post", "put", "patch", "delete", "options", "query")
# `re` compiles text with this one flag when it is given none.
_PLAIN_FLAGS = re.UNICODE

# What FastAPI makes of another method at a frontend: 405 for a file that is there, else 404 as of no route.
_FILES_DECIDE = "there may be no such file"


def read_entry(leaf: Leaf, inner: tuple[AdaptedRoute, ...] | None) -> AdaptedRoute:
    """The entry of one effective route; `inner` are those behind a mount, None when they are unknown."""
    shape = leaf.shape
    if isinstance(shape, Mount | Host):
        return _read_mount(leaf, inner)
    if isinstance(shape, Frontend):
        return _read_frontend(leaf)
    endpoint = getattr(shape, "endpoint", None)
    is_known = endpoint is not None and hasattr(shape, "path_regex")
    if not is_known:
        return _read_unknown(leaf)
    is_socket = isinstance(shape, WebSocketRoute)
    wanted = what_is_wanted(leaf.origin)
    return AdaptedRoute(
        kind="websocket" if is_socket else "http",
        path=shape.path,
        parts=read_parts(shape.path, shape.path_regex, shape.param_convertors),
        methods=None if is_socket else _methods(shape),
        name=shape.name,
        endpoint=name_endpoint(endpoint),
        source=find_source(endpoint),
        origin=leaf.origin,
        condition=wanted.condition,
        host=wanted.host,
        doubt=wanted.doubt,
        only_refuses=wanted.only_refuses,
        types=read_types(shape),
        answers=_answered_by(endpoint) if _has_every_method(shape, is_socket=is_socket) else None,
    )


def read_parts(template: str, regex: re.Pattern[str], convertors: Mapping[str, Any]) -> tuple[Part, ...]:
    """The parts of a template, when its regex is the one that Starlette makes of it; else of the regex."""
    parts = tuple(parts_of_template(template, convertors))
    made = "".join(re.escape(p.text) if isinstance(p, Literal) else f"(?P<{p.name}>{p.regex})" for p in parts)
    if regex.pattern == f"^{made}$" and regex.flags == _PLAIN_FLAGS:
        return parts
    return read_regex(regex.pattern, "match", regex.flags).parts


def _read_mount(leaf: Leaf, inner: tuple[AdaptedRoute, ...] | None) -> AdaptedRoute:
    mount = leaf.shape
    app = getattr(mount, "_base_app", mount.app)
    shared: dict[str, Any] = {
        "kind": "mount",
        "methods": None,
        "name": mount.name,
        "endpoint": name_endpoint(app),
        "source": find_source(app) if inspect.isroutine(app) else None,
        "inner": inner,
        "origin": leaf.origin,
        "mounted": mount.app,
    }
    if isinstance(mount, Host):
        rule = make_host_rule(parts_of_template(mount.host, mount.param_convertors), mount.host_regex)
        return AdaptedRoute(path="", parts=(), condition=f"host {mount.host}", host=rule, **shared)
    parts = read_parts(mount.path + "/{path:path}", mount.path_regex, mount.param_convertors)
    wanted = what_is_wanted(leaf.origin)
    return AdaptedRoute(
        path=mount.path,
        parts=_without_rest(parts),
        condition=wanted.condition,
        host=wanted.host,
        only_refuses=wanted.only_refuses,
        **shared,
    )


def _without_rest(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts of a mount without the slash and the path behind its prefix."""
    *prefix, last = parts[:-1]
    if isinstance(last, Literal) and last.text != "/":
        return (*prefix, replace(last, text=last.text[:-1], end=last.end - 1))
    return tuple(prefix)


def _read_frontend(leaf: Leaf) -> AdaptedRoute:
    files = leaf.shape
    prefix = files.path.rstrip("/")
    text = prefix or "/"  # there is no path without the slash in front
    rest = Parameter(
        name="path",
        converter_name="path",
        converter=ForeignConverter("path", "(?s:/.*)?" if prefix else "(?s:.*)"),
        start=len(text),
        end=len(prefix) + len("/{path}"),
    )
    return AdaptedRoute(
        kind="http",
        path=prefix + "/{path}",
        parts=(Literal(text=text, start=0, end=len(text)), rest),
        methods=frozenset(files.route.methods),
        name=None,
        endpoint=name_endpoint(files.route.app),
        origin=leaf.origin,
        doubt=_FILES_DECIDE,
    )


def _read_unknown(leaf: Leaf) -> AdaptedRoute:
    """A route of the user's own kind, of which nothing but its `matches` can be known."""
    anything = ForeignConverter("anything", _ANYTHING)
    name = name_endpoint(type(leaf.shape))
    return AdaptedRoute(
        kind="http",
        path=str(getattr(leaf.shape, "path", None) or "/"),
        parts=(Parameter(name="_0", converter_name="anything", converter=anything, start=0, end=1),),
        methods=None,
        name=getattr(leaf.shape, "name", None),
        endpoint=name,
        source=find_source(type(leaf.shape)),
        origin=leaf.origin,
        condition=f"{name}.matches says so",
    )


def _has_every_method(shape: Any, *, is_socket: bool) -> bool:
    return not is_socket and _methods(shape) is None


def _answered_by(endpoint: Any) -> frozenset[str] | None:
    """Source: starlette/endpoints.py, HTTPEndpoint.dispatch."""
    is_class = inspect.isclass(endpoint) and issubclass(endpoint, HTTPEndpoint)
    if not is_class or endpoint.dispatch is not HTTPEndpoint.dispatch:
        return None
    return find_answered(endpoint, _OF_ENDPOINTS)


def _methods(shape: Any) -> frozenset[str] | None:
    """No methods at all are as good as every method, to Starlette."""
    return frozenset(shape.methods) if shape.methods else None
