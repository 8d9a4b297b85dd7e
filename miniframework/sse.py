"""Server-sent events, where FastAPI has them."""

from miniframework.answering.event_stream import KEEPALIVE_COMMENT as KEEPALIVE_COMMENT
from miniframework.answering.event_stream import EventSourceResponse as EventSourceResponse
from miniframework.answering.event_stream import format_sse_event as format_sse_event
from miniframework.params.server_sent_event import ServerSentEvent as ServerSentEvent

__all__ = ["KEEPALIVE_COMMENT", "EventSourceResponse", "ServerSentEvent", "format_sse_event"]
