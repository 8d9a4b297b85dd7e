"""Python's `re`, step by step: a replica of its engine that writes down what it does, checked against it."""

from inspector.analysis.re_trace.events import Event, Kind
from inspector.analysis.re_trace.machine import How
from inspector.analysis.re_trace.trace import MOST_STEPS, Trace, trace_steps

__all__ = ["MOST_STEPS", "Event", "How", "Kind", "Trace", "trace_steps"]
