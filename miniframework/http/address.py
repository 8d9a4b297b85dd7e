"""Who speaks with whom: a host and a port."""

from typing import NamedTuple


class Address(NamedTuple):
    """A host and a port, of the client or the server."""

    host: str
    port: int | None
