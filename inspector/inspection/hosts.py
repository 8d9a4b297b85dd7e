"""Routes that are for some hosts only: a table is checked once more for each host that they name."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from inspector.adapters.adapter import AdaptedRoute, Adapter, Asked, HostRule
from inspector.adapters.forwarding import ForwardingAdapter
from inspector.adapters.host_rules import NO_HOST
from inspector.adapters.picture.table import Leaf, draw_table
from inspector.analysis.finding import Finding, Kind, name_route
from inspector.analysis.spots import declared_methods, lay_flat
from inspector.inspection.check import find_findings
from inspector.inspection.questions import Questions
from inspector.inspection.reading import Reading, has_hosts
from inspector.inspection.router_words import FIX_NO_HOST, say_of_no_host

ReadFor = Callable[[str], Reading]

_MOST_HOSTS = 20  # each costs as much as the table itself
_DEAD = (Kind.UNREACHABLE, Kind.DUPLICATE, Kind.SWALLOWED)
_ANY_PORT = "(?::.*)?"  # at the end of the regex of a single host


def find_host(leaf: Leaf) -> str | None:
    """A host that a route and the mounts around it are for; None where that is not all, or none is known."""
    conditional = [one for one in leaf.way if one.condition is not None]
    rules = [one.host for one in conditional if one.host is not None]
    if not rules or len(rules) < len(conditional):
        return None
    samples = (rule.sample for rule in rules if rule.sample is not None)
    return next((sample for sample in samples if all(rule.takes(sample) for rule in rules)), None)


def find_for_hosts(whole: Reading, adapter: Adapter, read_for: ReadFor) -> Iterator[Finding]:
    """Dead routes among those that are for some hosts only; nothing else is said of them.

    One that is for many hosts is called dead when it is for every one of them: when what takes its requests
    is for all hosts, or for the same.
    """
    if not has_hosts(whole.picture):
        return
    yield from _of_no_host(whole, adapter)
    leaves = whole.picture.leaves
    about = {leaf.number: host for leaf in leaves if (host := find_host(leaf)) is not None}
    rules = {_number(address): _rules_of(way) for way, address in whole.picture.ways}
    for host in islice(dict.fromkeys(about.values()), _MOST_HOSTS):
        reading = read_for(host)
        found = find_findings(reading.table, reading.picture, ForHost(adapter, host), measures=False)
        for finding in found:
            is_meant = about.get(finding.route.number) == host
            if is_meant and finding.kind in _DEAD and finding.is_exact and _holds(finding, rules):
                yield replace(finding, message=f"for the host {host!r}: {finding.message}")


def _of_no_host(whole: Reading, adapter: Adapter) -> Iterator[Finding]:
    """Routes that no host gets to, by the configuration of their application; the router is asked once."""
    for leaf in whole.picture.leaves:
        if leaf.route.host != NO_HOST or len(leaf.way) > 1:
            continue
        # The route alone, for one with a condition has no place in the analysis.
        alone = draw_table((replace(leaf.route, condition=None),), whole.picture.table.framework)
        [spot] = spots = lay_flat(alone)
        questions = Questions(alone, spots, whole.picture.root_path)
        path, methods = next(questions.paths(spot), None), declared_methods(spots)[spot.number]
        if path is None or not methods:
            continue
        asked = adapter.ask(questions.actual(methods[0]), path)
        if not asked.way or whole.picture.find_address(asked.way) != leaf.address:
            route = replace(name_route(spot), number=leaf.number)
            yield Finding(
                kind=Kind.UNREACHABLE,
                methods=tuple(methods),
                route=route,
                witness=questions.compared(path),
                message=say_of_no_host(route, methods, str(leaf.route.condition)),
                fix=FIX_NO_HOST,
            )


class ForHost(ForwardingAdapter):
    """An adapter that asks about requests for one host, where no other is named."""

    def __init__(self, adapter: Adapter, host: str) -> None:
        super().__init__(adapter)
        self._host = host

    def ask(self, method: str, raw_path: str, *, host: str | None = None) -> Asked:
        """As the adapter's, about the one host."""
        return self._own.ask(method, raw_path, host=host or self._host)


def _holds(finding: Finding, rules: Mapping[str, tuple[HostRule, ...]]) -> bool:
    """Whether what is true of one host of a route is true of all that it is for."""
    own = rules[finding.route.number]
    if any(_is_one_host(rule) for rule in own):
        return True
    return bool(finding.by) and all(set(rules[name.number]) <= set(own) for name in finding.by)


def _is_one_host(rule: HostRule) -> bool:
    return rule.sample is not None and rule.regex.removesuffix(_ANY_PORT) == re.escape(rule.sample)


def _rules_of(way: Sequence[AdaptedRoute]) -> tuple[HostRule, ...]:
    return tuple(one.host for one in way if one.host is not None)


def _number(address: Sequence[int]) -> str:
    return ".".join(str(index + 1) for index in address)
