"""Which Host headers name a host, and which only look so."""

import ipaddress
import re
from typing import NamedTuple

# RFC 3986 section 3.2.2: reg-name, IPv6address or IPvFuture; a port after a colon.
_HOST = re.compile(
    r"(?P<name>[A-Za-z0-9._~%!$&'()*+,;=-]+"
    r"|\[(?:(?P<ipv6>[A-Fa-f0-9]*:[A-Fa-f0-9.:]+)|v[A-Fa-f0-9]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+)\])"
    r"(?::(?P<port>[0-9]+))?"
)
_LAST_PORT = 65535


class HostHeader(NamedTuple):
    """A host, with brackets if it is an IP literal, and the port as it is written."""

    name: str
    port: str | None


def parse_host_header(text: str) -> HostHeader | None:
    """Read a Host header; None for one that names no host, as `a/b`, `user@a` or `[::`."""
    found = _find_host(text)
    return None if found is None else HostHeader(found["name"], found["port"])


def names_a_host(text: str) -> bool:
    """Tell whether a URL can be made of a Host header."""
    found = _find_host(text)
    return found is not None and (found[3] is None or _is_port(found[3]))


def _find_host(text: str) -> re.Match[str] | None:
    found = _HOST.fullmatch(text)
    return None if found is None or (found[2] is not None and not is_ipv6(found[2])) else found


def is_ipv6(text: str) -> bool:
    """Tell whether this is an IPv6 address, without brackets."""
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True


def _is_port(text: str) -> bool:
    if len(text) < len(str(_LAST_PORT)):
        return True  # as most are, and soon told
    digits = text.lstrip("0") or "0"
    return len(digits) <= len(str(_LAST_PORT)) and int(digits) <= _LAST_PORT
