"""Which hosts a route is for, from how its framework writes it."""

import re
from collections.abc import Iterable
from dataclasses import replace

from inspector.adapters.adapter import HostRule
from inspector.analysis.sample_paths import find_text
from miniframework.routing.parts import Literal, Part

# The rule of a route that no host gets to, as its application is configured.
NO_HOST = HostRule(regex="(?!)", sample=None)


def make_host_rule(parts: Iterable[Part], decides: re.Pattern[str] | None = None) -> HostRule:
    """The rule of a host that is written as literals and parameters; `decides` is the regex for all of them,
    where the framework made one.
    """
    regex, sample = "", ""
    is_known = True
    for part in parts:
        if isinstance(part, Literal):
            regex += re.escape(part.text.lower())
            text: str | None = part.text.lower()
        else:
            regex += f"(?i:{part.regex})"
            text = find_text(part.regex)
        is_known &= text is not None
        sample += text or ""
    rule = HostRule(regex=regex if decides is None else _with_case(decides), sample=sample)
    return rule if is_known and rule.takes(sample) else replace(rule, sample=None)


def _with_case(regex: re.Pattern[str]) -> str:
    return f"(?i:{regex.pattern})" if regex.flags & re.IGNORECASE else regex.pattern


def one_host(name: str) -> HostRule:
    """The rule of one name, which may have a port."""
    bare = name.lower().partition(":")[0]
    return HostRule(regex=re.escape(bare), sample=name.lower())
