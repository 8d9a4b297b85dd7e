"""Server-sent events, where FastAPI has them."""

from miniframework.answering.event_stream import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event
from miniframework.params.server_sent_event import ServerSentEvent

__all__ = ["KEEPALIVE_COMMENT", "EventSourceResponse", "ServerSentEvent", "format_sse_event"]
