"""Secrets taken out of an exchange before it leaves the process that recorded it."""

from inspector.redaction.exchange import Redactor, blank_exchange
from inspector.redaction.keys import is_sensitive_name
from inspector.redaction.notes import MARK

__all__ = ["MARK", "Redactor", "blank_exchange", "is_sensitive_name"]
