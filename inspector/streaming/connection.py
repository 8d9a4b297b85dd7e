"""What a viewer needs of its WebSocket connection, and how it is told to go."""

from typing import Protocol

# RFC 6455 section 7.4.1 and the IANA registry of WebSocket close codes.
POLICY_VIOLATION = 1008
MESSAGE_TOO_BIG = 1009
SERVICE_RESTART = 1012
TRY_AGAIN_LATER = 1013


class Connection(Protocol):
    """An accepted WebSocket connection."""

    async def send(self, text: str) -> None:
        """Send one text message. Raises OSError when the other side is gone."""

    async def receive(self) -> str | None:
        """Return the next text message, None when the other side is gone. Raises MessageError for bytes."""

    async def close(self, code: int, reason: str) -> None:
        """Close the connection. Raises OSError when the other side is gone."""


class ViewerCut(Exception):
    """The viewer has to go, with this WebSocket close code and reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason
