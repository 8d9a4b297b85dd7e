"""The scopes that were asked for on the way to a dependency."""

from collections.abc import Iterable


class SecurityScopes:
    """A parameter of this type gets every scope of the `Security(...)` above its function, outermost first.

    `scope_str` is the same as one text with spaces between, as `WWW-Authenticate` wants it. Source: RFC 6749
    section 3.3.
    """

    __slots__ = ("scope_str", "scopes")

    def __init__(self, scopes: Iterable[str] | None = None) -> None:
        self.scopes = list(scopes or ())
        self.scope_str = " ".join(self.scopes)

    def __repr__(self) -> str:
        return f"SecurityScopes({self.scopes!r})"
