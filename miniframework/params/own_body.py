"""The body of a request whose class is the user's own, as a route class may give it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from miniframework.http.exceptions import ClientDisconnect, HTTPException
from miniframework.http.request import Request
from miniframework.params.body import BrokenBody, ReadAlready, ReadBody, is_read_as_json
from miniframework.params.field import ParameterPlan
from miniframework.params.problems import json_problem


async def read_own_body(request: Request, plan: ParameterPlan) -> bytes | ReadAlready:
    """Read a body by the request's own `body`, and JSON by its own `json` where its class has one.

    A JSONDecodeError of that is a problem of the text that it is about.
    """
    raw = await request.body()
    if type(request).json is Request.json or not raw:
        return raw
    content_type = request.headers.get("content-type")
    if not is_read_as_json(content_type, plan.any_type_is_json, plan.untyped_is_json):
        return raw
    try:
        return ReadAlready(raw, ReadBody(await request.json()))
    except json.JSONDecodeError as error:
        return ReadAlready(error.doc.encode(errors="replace"), BrokenBody(json_problem(error.pos, error.msg)))


@contextmanager
def refuse_unreadable() -> Iterator[None]:
    """Raise HTTPException 400 for what the user's own reading of a body raises: say, it cannot be unpacked,
    or was streamed before.
    """
    try:
        yield
    except (HTTPException, ClientDisconnect):
        raise
    except Exception as error:
        raise HTTPException(400, "There was an error parsing the body") from error
