"""Server-sent events, where FastAPI has them."""

from miniframework.http.sse import EventSourceResponse as EventSourceResponse
from miniframework.http.sse import ServerSentEvent as ServerSentEvent
from miniframework.http.sse import format_sse_event as format_sse_event

__all__ = ["EventSourceResponse", "ServerSentEvent", "format_sse_event"]
