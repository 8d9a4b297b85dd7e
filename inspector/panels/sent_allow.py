"""The methods that the Allow header of an answer names. Source: RFC 9110 section 10.2.1."""

from inspector.model import HttpExchange


def sent_allow(exchange: HttpExchange) -> frozenset[str] | None:
    """Return them in upper case, None without such a header."""
    values = [value for name, value in exchange.response_headers if name.lower() == "allow"]
    if not values:
        return None
    named = (method.strip().upper() for value in values for method in value.split(","))
    return frozenset(method for method in named if method)
