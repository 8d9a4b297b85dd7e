"""The rules of a werkzeug `Map`, in the order in which its state machine tries them, read into parts.

Source: werkzeug.routing.matcher, werkzeug.routing.rules (2.2 and later).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from typing import Literal as Either

from werkzeug.routing.converters import NumberConverter
from werkzeug.routing.rules import _part_re

from inspector.adapters.adapter import HostRule
from inspector.adapters.converting import ForeignConverter
from inspector.adapters.host_rules import NO_HOST, make_host_rule
from inspector.adapters.refusals import may_refuse
from miniframework.routing.parts import Literal, Parameter, Part

# Before a slash at the end of its rule werkzeug demands `(?<!/)`; the second says the same without it.
_PATH = "[^/].*?"
_PATH_BEFORE_SLASH = r"[^/](?:.*[^/\n])?"


def rules_in_order(url_map: Any) -> Iterator[Any]:
    """Every rule that can match, in the order in which they are tried for any one path.

    The state machine goes through literal segments before parameters, parameters by their weight, and comes
    back from a dead end; so the rules of a depth-first walk are tried in its order. Rules that only build
    URLs are not in it.
    """
    url_map.update()  # sorts the machine, as the first request would
    yield from _walk(url_map._matcher._root)


def socket_methods(url_map: Any) -> str:
    """The methods that WebSocket rules have, as this Quart gives them: GET, HEAD, perhaps OPTIONS."""
    methods = next((rule.methods for rule in url_map.iter_rules() if rule.websocket), None)
    return " ".join(sorted(methods or {"GET", "HEAD"}))


def _walk(state: Any) -> Iterator[Any]:
    yield from state.rules
    for following in state.static.values():
        yield from _walk(following)
    for _, following in state.dynamic:
        yield from _walk(following)


def read_parts(rule: Any) -> tuple[Part, ...]:
    """The rule's path as literals and parameters with its converters' regexes; without host or subdomain."""
    text = re.sub("/{2,}", "/", rule.rule) if rule.merge_slashes else rule.rule
    parts: list[Part] = []
    for found in _pieces(text):
        if found["variable"] is not None:
            parts.append(_parameter(rule, found))
        elif parts and isinstance(before := parts[-1], Literal):
            parts[-1] = Literal(text=before.text + found[0], start=before.start, end=found.end())
        else:
            parts.append(Literal(text=found[0], start=found.start(), end=found.end()))
    return _before_last_slash(tuple(parts))


def _parameter(rule: Any, found: re.Match[str]) -> Parameter:
    name = found["variable"]
    converter = rule._converters[name]
    kind = found["converter"] or "default"
    return Parameter(
        name=name,
        converter_name=kind,
        converter=ForeignConverter(kind, converter.regex, converter.to_python),
        start=found.start(),
        end=found.end(),
    )


def doubt_of(rule: Any) -> str | None:
    """Why a rule may refuse a path that its regexes take, in words: its converters look at values too."""
    text = re.sub("/{2,}", "/", rule.rule) if rule.merge_slashes else rule.rule
    refusing = [
        f"the converter of {found[0]} may refuse what its regex takes"
        for found in _pieces(text)
        if found["variable"] is not None and _may_refuse(rule._converters[found["variable"]])
    ]
    return ", ".join(refusing) or None


def _pieces(text: str) -> Iterator[re.Match[str]]:
    position = 0
    while found := _part_re.match(text, position):
        position = found.end()
        yield found


def _may_refuse(converter: Any) -> bool:
    if isinstance(converter, NumberConverter) and type(converter).to_python is NumberConverter.to_python:
        limits = (converter.min, converter.max, converter.fixed_digits or None)
        return any(limit is not None for limit in limits)
    return type(converter).to_python.__module__ != NumberConverter.__module__ and may_refuse(converter)


def _before_last_slash(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    match parts:
        case (*before, Parameter() as path, Literal(text="/") as slash) if path.regex == _PATH:
            name = path.converter_name
            converter = ForeignConverter(name, _PATH_BEFORE_SLASH, path.converter.convert)
            kept = Parameter(
                name=path.name, converter_name=name, converter=converter, start=path.start, end=path.end
            )
            return (*before, kept, slash)
    return parts


def raw_params(rule: Any, domain: str, path: str) -> Mapping[str, str]:
    """The text of each variable of a rule that matched, as it stood before its converter saw it."""
    left = [domain, *path.split("/")]
    texts: list[str] = []
    for part in rule._parts:
        if not left:
            break  # a branch without its slash, where slashes are not strict
        if part.static:
            left = left[1:]
            continue
        found = re.match(part.content, "/".join(left) if part.final else left[0])
        if found is None:
            break
        named = {key: text for key, text in found.groupdict().items() if key.startswith("__werkzeug_")}
        texts += [named[key] for key in sorted(named, key=lambda key: int(key.removeprefix("__werkzeug_")))]
        left = _left_after(part, found, left)
    return dict(zip(rule._converters, texts, strict=False))


def _left_after(part: Any, found: re.Match[str], left: list[str]) -> list[str]:
    if not part.final:
        return left[1:]
    return [""] if part.suffixed and found.groups()[-1] == "/" else []


def condition_of(rule: Any) -> str | None:
    """What a request to this rule must have beside path and method, in words."""
    if rule.map.host_matching:
        return f"host {rule.host or ''!r}"
    return f"subdomain {rule.subdomain!r}" if rule.subdomain else None


def host_rule_of(rule: Any, server_name: str | None) -> HostRule | None:
    """The hosts of a rule; those of a subdomain are below the name of the server, if there is one."""
    if rule.map.host_matching:
        return replace(make_host_rule(_domain_parts(rule, rule.host or "")), keeps_port=True)
    if not rule.subdomain:
        return None
    if server_name is None:
        return NO_HOST
    return make_host_rule(_domain_parts(rule, f"{rule.subdomain}.{server_name.partition(':')[0]}"))


def _domain_parts(rule: Any, domain: str) -> Iterator[Part]:
    for found in _pieces(domain):
        if found["variable"] is not None:
            yield _parameter(rule, found)
        else:
            yield Literal(text=found[0], start=found.start(), end=found.end())


def slashes_of(rule: Any) -> Either["exact", "end_ignored"]:
    """Whether the rule takes its path with the slash at the end and without, and does not redirect.

    One that ends with a path parameter never does: the parameter takes all that is left. Nor does one beside
    a rule that has the slash: that one is asked first there.
    """
    if rule.strict_slashes or rule.rule == "/" or rule._parts[-1].final:
        return "exact"
    branch = rule.rule + "/"
    return "exact" if any(other.rule == branch for other in rule.map.iter_rules()) else "end_ignored"
