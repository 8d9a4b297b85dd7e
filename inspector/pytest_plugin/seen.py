"""One request that a test sent to an application in its own process, and what it was answered."""

from urllib.parse import unquote, urlsplit

from miniframework.records import dataclass

_REFUSALS = frozenset({404, 405, 422})
_REDIRECTS = frozenset({301, 302, 307, 308})  # with which routers lead to the path they would take


@dataclass(slots=True)
class SeenRequest:
    """One request as the outermost application was given it, and what it answered.

    `status` of a handshake that was closed before it was accepted is 403, as servers answer it. `location` is
    where a redirect leads.
    """

    app: object
    method: str
    path: str
    raw_path: bytes | None
    root_path: str
    status: int | None = None
    body: bytes = b""
    location: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether the answer may have come from routing."""
        return self.status in _REFUSALS or (self.status == 403 and self.method == "WEBSOCKET")

    @property
    def is_redirected(self) -> bool:
        """Whether it was led elsewhere, as routers do for a slash."""
        return self.status in _REDIRECTS

    @property
    def leads_to(self) -> str:
        """The path that a redirect names."""
        return unquote(urlsplit(self.location).path)
