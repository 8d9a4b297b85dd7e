"""Who may speak to the dashboard: one pure decision, closed unless every check says yes.

A local port is reachable from every web page the developer has open, so loopback proves nothing. The checks
run in a fixed order, each allows only what it knows: Host, forwarded headers, Sec-Fetch-Site, Origin, method,
token, content type. The address of the client is never looked at: tunnels and proxies come from loopback too.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import field

from miniframework.http.url import strip_root_path
from miniframework.records import dataclass
from miniframework.types import Scope

SUBPROTOCOL = "inspector.v1"
TOKEN_SUBPROTOCOL_PREFIX = "inspector.token."
_LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
_READS = frozenset({"GET", "HEAD"})
# Each of these decides something below; said twice, they could mean one thing here and another elsewhere.
_ONCE_ONLY = (
    "host",
    "origin",
    "authorization",
    "content-type",
    "sec-fetch-site",
    "sec-fetch-mode",
    "sec-fetch-dest",
)
_OWN_TAB = "Open the dashboard in a tab of its own."
# What proxies and tunnels add. Through them a remote client looks like a local one.
_FORWARDED = frozenset({"forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip"})
_FORWARDED_PREFIXES = ("x-forwarded-", "x-original-", "cf-", "ngrok-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the judge measures a request against.

    `allowed_hosts` are Host values accepted besides the loopback names; an entry without a port is accepted
    with the server's port as well.
    """

    token: str = field(repr=False)
    allowed_hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Allowed:
    """The request may pass."""


@dataclass(frozen=True, slots=True)
class Denied:
    """The request is refused: an HTTP status, a short code, what is wrong, and the way out."""

    status: int
    code: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the checks look at, read once from the scope. Header names are in lower case."""

    is_socket: bool
    method: str
    path: str
    scheme: str
    port: int | None
    subprotocols: tuple[str, ...]
    headers: Mapping[str, tuple[str, ...]]

    def header(self, name: str) -> str | None:
        """Return the first value of a header, or None."""
        values = self.headers.get(name)
        return values[0] if values else None


def judge_request(scope: Scope, policy: Policy) -> Allowed | Denied:
    """Say whether one HTTP request or WebSocket handshake may reach the dashboard.

    Paths are judged as the dashboard sees them: without `root_path`.
    """
    facts = read_facts(scope)
    for check in _CHECKS:
        if denied := check(facts, policy):
            return denied
    return Allowed()


def read_facts(scope: Scope) -> Facts:
    """Collect from an ASGI scope what the checks look at."""
    headers: dict[str, tuple[str, ...]] = {}
    for raw_name, raw_value in scope.get("headers", ()):
        name = raw_name.decode("latin-1").lower()
        headers[name] = (*headers.get(name, ()), raw_value.decode("latin-1"))
    server = scope.get("server")
    is_socket = scope["type"] == "websocket"
    scheme: str = scope.get("scheme", "http")
    return Facts(
        is_socket=is_socket,
        method="GET" if is_socket else scope["method"],
        path=strip_root_path(scope),
        scheme={"ws": "http", "wss": "https"}.get(scheme, scheme),
        port=server[1] if server else None,
        subprotocols=tuple(scope.get("subprotocols") or ()),
        headers=headers,
    )


def is_public(method: str, path: str) -> bool:
    """Tell whether this is the page itself, its static files or its icon: they hold no recorded data."""
    return method in _READS and (path in ("", "/", "/favicon.ico") or path.startswith("/static/"))


def accepted_hosts(scheme: str, port: int | None, allowed_hosts: tuple[str, ...]) -> frozenset[str]:
    """Return every Host value that names this server, in lower case."""
    names: set[str] = set()
    if port is not None:
        names.update(f"{name}:{port}" for name in _LOOPBACK_NAMES)
        if _DEFAULT_PORTS.get(scheme) == port:  # RFC 9110 section 4.2.3: the default port may be left out
            names.update(_LOOPBACK_NAMES)
    for entry in allowed_hosts:
        names.add(entry.lower())
        if port is not None and _has_no_port(entry):
            names.add(f"{entry.lower()}:{port}")
    return frozenset(names)


def _has_no_port(host: str) -> bool:
    return host.endswith("]") or ":" not in host


def _check_said_once(facts: Facts, policy: Policy) -> Denied | None:
    for name in _ONCE_ONLY:
        if len(facts.headers.get(name, ())) > 1:
            return Denied(403, "repeated_header", f"The header {name} came more than once.", "Send it once.")
    return None


def _check_host(facts: Facts, policy: Policy) -> Denied | None:
    host = facts.header("host")
    if host is not None and host.lower() in accepted_hosts(facts.scheme, facts.port, policy.allowed_hosts):
        return None
    return Denied(
        403,
        "host",
        "This host name is not one of the dashboard's own.",
        "Open it as 127.0.0.1 or localhost with the dashboard's port, or add the name to the setting"
        " allowed_hosts (INSPECTOR_ALLOWED_HOSTS).",
    )


def _check_not_forwarded(facts: Facts, policy: Policy) -> Denied | None:
    for name in facts.headers:
        if name in _FORWARDED or name.startswith(_FORWARDED_PREFIXES):
            return Denied(
                403,
                "forwarded",
                f"The request came through a proxy or a tunnel: it has the header {name}.",
                "Open the dashboard directly on the machine it runs on, or through `ssh -L`.",
            )
    return None


def _check_fetch_site(facts: Facts, policy: Policy) -> Denied | None:
    site = facts.header("sec-fetch-site")
    if site in (None, "same-origin", "none") or _is_navigation_to_page(facts):
        return None
    return Denied(403, "cross_site", "Another site's page asked for this.", _OWN_TAB)


def _is_navigation_to_page(facts: Facts) -> bool:
    """A link followed from elsewhere shows the page, which holds no data and cannot be framed."""
    return (
        not facts.is_socket
        and facts.method == "GET"
        and facts.path in ("", "/")
        and facts.header("sec-fetch-mode") == "navigate"
        and facts.header("sec-fetch-dest") == "document"
    )


def _check_origin(facts: Facts, policy: Policy) -> Denied | None:
    """Run after the Host check: the Host line is known to be ours."""
    origin = facts.header("origin")
    if origin is None:
        # Browsers always send Origin with a handshake; a program without one must show the token as a header.
        if not facts.is_socket or _has_bearer(facts, policy):
            return None
    elif origin.lower() == f"{facts.scheme}://{facts.header('host')}".lower():
        return None
    return Denied(
        403,
        "origin",
        "The request comes from another origin, or from none.",
        _OWN_TAB
        + " A program sends Authorization: Bearer and no Origin."
        + " Behind a proxy: hand on the browser's Host, and no HTTPS (docs/reference/deployment.md).",
    )


def _check_method(facts: Facts, policy: Policy) -> Denied | None:
    if facts.method in _METHODS:
        return None
    return Denied(403, "method", "This method is not answered here.", "Use GET, POST or DELETE.")


def _check_token(facts: Facts, policy: Policy) -> Denied | None:
    if not facts.is_socket and is_public(facts.method, facts.path):
        return None
    if _has_bearer(facts, policy) or (facts.is_socket and _has_token_subprotocol(facts, policy)):
        return None
    return Denied(
        401,
        "token",
        "The token is missing or is not this start's token.",
        "Open the address printed when the inspector started, or send Authorization: Bearer with its token.",
    )


def _check_content_type(facts: Facts, policy: Policy) -> Denied | None:
    if facts.method in _READS:
        return None
    essence = (facts.header("content-type") or "").partition(";")[0].strip().lower()
    if essence == "application/json":
        return None
    way_out = "Send Content-Type: application/json."
    return Denied(415, "content_type", "Writes are taken as JSON only.", way_out)


def _has_bearer(facts: Facts, policy: Policy) -> bool:
    scheme, _, given = (facts.header("authorization") or "").partition(" ")
    return scheme.lower() == "bearer" and _is_token(given, policy)


def _has_token_subprotocol(facts: Facts, policy: Policy) -> bool:
    given = [p for p in facts.subprotocols if p.startswith(TOKEN_SUBPROTOCOL_PREFIX)]
    return (
        SUBPROTOCOL in facts.subprotocols
        and len(given) == 1
        and _is_token(given[0].removeprefix(TOKEN_SUBPROTOCOL_PREFIX), policy)
    )


def _is_token(given: str, policy: Policy) -> bool:
    offered = given.encode("utf-8", "surrogatepass")
    return bool(policy.token) and hmac.compare_digest(offered, policy.token.encode())


_Check = Callable[[Facts, Policy], Denied | None]
_CHECKS: tuple[_Check, ...] = (
    _check_said_once,
    _check_host,
    _check_not_forwarded,
    _check_fetch_site,
    _check_origin,
    _check_method,
    _check_token,
    _check_content_type,
)
