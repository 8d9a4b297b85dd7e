"""One route as one function: parameters, dependencies, the call, the answer."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from miniframework.answering.answer import Answer
from miniframework.anyio_scopes import find_scope
from miniframework.background import BackgroundTasks
from miniframework.concurrency import run_in_threadpool
from miniframework.dependencies.security_scopes import SecurityScopes
from miniframework.dependencies.swallowed import after_swallowing
from miniframework.http.content_length import READY, content_length
from miniframework.http.request import Request
from miniframework.http.response import Response
from miniframework.http.started import RESPONSE_STARTED
from miniframework.params.reader import read_query
from miniframework.serving.call import Call
from miniframework.serving.compiled import during
from miniframework.serving.compiled.reference import Reference
from miniframework.serving.compiled.simple import is_simple
from miniframework.serving.compiled.writer import Writer
from miniframework.types import ASGIApp

KNOWN: Mapping[str, Any] = {
    "BackgroundTasks": BackgroundTasks,
    "JSON_TYPE": (b"content-type", b"application/json"),
    "READY_LENGTHS": READY,
    "RESPONSE_STARTED": RESPONSE_STARTED,
    "Request": Request,
    "Response": Response,
    "SecurityScopes": SecurityScopes,
    "ValidationError": ValidationError,
    "after_swallowing": after_swallowing,
    "content_length": content_length,
    "end_failed": during.end_failed,
    "find_scope": find_scope,
    "in_thread": during.in_thread,
    "is_json": during.is_json,
    "note": during.note,
    "note_missing": during.note_missing,
    "parse": during.parse,
    "read_cookies": during.read_cookies,
    "read_query": read_query,
    "refuse_second_yield": during.refuse_second_yield,
    "request_with": during.request_with,
    "send_whole": Response.__call__,
    "to_thread": run_in_threadpool,
}


def compile_route(call: Call, endpoint: Reference, answer: Answer) -> ASGIApp | None:
    """Write and compile the function that serves a route; None where only the reference can.

    The function expects what dispatching leaves in the scope. It tells nobody what it does. While tests
    replace dependencies, it hands everything to the reference.
    """
    if not is_simple(call.plans.plain):
        return None
    writer = Writer(call, endpoint, answer)
    writer.write()
    return writer.text.compile(KNOWN)
