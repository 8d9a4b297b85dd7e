"""Why a replay is not done, or a question to the router not answered."""

from typing import Literal

from inspector.errors import InspectorError
from miniframework.records import dataclass

RefusalCode = Literal[
    "confirm",
    "incomplete_body",
    "redacted",
    "websocket",
    "bad_edit",
    "unfinished",
    "not_allowed",
    "not_running",
    "requests_only",
    "ask_failed",
    "no_plan",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One reason against a replay, in words, with the way out. Only `confirm` can be overruled by a click."""

    code: RefusalCode
    message: str
    hint: str

    def to_dict(self) -> dict[str, str]:
        """The same as JSON-able values."""
        return {"code": self.code, "message": self.message, "hint": self.hint}


class ReplayRefused(InspectorError):
    """A replay that could not be faithful or safe was not sent; `refusal` says why and what would help."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(f"{refusal.message} {refusal.hint}")
