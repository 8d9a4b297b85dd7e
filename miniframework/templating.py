"""Jinja2 templates as responses."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jinja2 import Environment, FileSystemLoader, Template, pass_context, select_autoescape
from jinja2.runtime import Context

from miniframework.background import BackgroundTask
from miniframework.errors import OptionError
from miniframework.events import TemplateRendered
from miniframework.http.request import Request
from miniframework.http.response import HTMLResponse
from miniframework.http.url import URL
from miniframework.tap import find_trace
from miniframework.types import Receive, Scope, Send

ContextProcessor = Callable[[Request], Mapping[str, Any]]


class TemplateResponse(HTMLResponse):
    """A rendered template; `template` and `context` are kept for tests, and told to a test client."""

    __slots__ = ("context", "template")

    def __init__(
        self, template: Template, context: Mapping[str, Any], *arguments: Any, **options: Any
    ) -> None:
        self.template = template
        self.context = context
        super().__init__(_render(template, context), *arguments, **options)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, and before it what it was made of to who asks for that."""
        if "http.response.debug" in (scope.get("extensions") or ()):
            shown = {"template": self.template, "context": self.context}
            await send({"type": "http.response.debug", "info": shown})
        await super().__call__(scope, receive, send)


class Jinja2Templates:
    """The templates of a directory (or several, the first that has it), or those of an `env` of one's own.

    Each `context_processor(request)` adds to the context. In a template `url_for(name, **params)` gives a
    route's URL. HTML is escaped in .html, .htm and .xml files.
    """

    def __init__(
        self,
        directory: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | None = None,
        *,
        context_processors: Sequence[ContextProcessor] | None = None,
        env: Environment | None = None,
    ) -> None:
        if (directory is None) == (env is None):
            raise OptionError("either 'directory' or 'env' arguments must be passed, not both and not none")
        self.context_processors = list(context_processors or ())
        self.env = env or Environment(
            loader=FileSystemLoader(directory or ""), autoescape=select_autoescape()
        )
        self.env.globals.setdefault("url_for", _url_for)

    def get_template(self, name: str) -> Template:
        """Give a template. Raises jinja2.TemplateNotFound."""
        return self.env.get_template(name)

    def TemplateResponse(  # the name FastAPI's users know
        self,
        request: Request,
        name: str,
        context: Mapping[str, Any] | None = None,
        status_code: int = 200,
        headers: Mapping[str, str] | None = None,
        media_type: str | None = None,
        background: BackgroundTask | None = None,
    ) -> TemplateResponse:
        """Render the template `name` with `context`, `request` and what the context processors give.
        `background` is called after it was sent.

        Raises TypeError for the order of old, with the name first.
        """
        first: Any = request
        if isinstance(first, str):
            raise TypeError(f"TemplateResponse({first!r}, ...): the request comes first, then the name")
        values: dict[str, Any] = {"request": request, **(context or {})}
        for processor in self.context_processors:
            values.update(processor(request))
        template = self.get_template(name)
        return TemplateResponse(template, values, status_code, headers, media_type, background)


def _render(template: Template, context: Mapping[str, Any]) -> str:
    trace = find_trace()
    if trace is None:
        return template.render(context)
    began_ns = time.monotonic_ns()
    text = template.render(context)
    now = time.monotonic_ns()
    trace.emit(
        TemplateRendered(
            exchange_id=trace.exchange_id,
            at_ns=now,
            name=template.name or "a template without a name",
            context_keys=tuple(context),
            took_ns=now - began_ns,
        )
    )
    return text


@pass_context
def _url_for(context: Context, name: str, /, **params: Any) -> URL:
    request: Request = context["request"]
    return request.url_for(name, **params)
