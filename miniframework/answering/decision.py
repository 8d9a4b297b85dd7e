"""The decision how an endpoint's return values are answered, made once at registration."""

import inspect
from collections import abc
from collections.abc import Callable
from types import NoneType
from typing import Any, NoReturn, get_args, get_origin

from miniframework.answering.answer import Answer, AnswerKind
from miniframework.answering.event_stream import EventSourceResponse
from miniframework.answering.options import AnswerOptions
from miniframework.callables import without_partial
from miniframework.errors import RouteError
from miniframework.http.response import JSONResponse, Response, has_content
from miniframework.http.sendable import is_sendable_class
from miniframework.params.annotations import describe_annotation
from miniframework.params.encode import json_encode, stream_encode
from miniframework.params.jsonable import jsonable_encoder
from miniframework.params.response_model import ResponseModel
from miniframework.params.signature import describe_call, read_return
from miniframework.params.written import EMPTY, is_plain_function
from miniframework.routing.source import Source

_STREAMS = (
    abc.AsyncIterable,
    abc.AsyncIterator,
    abc.AsyncGenerator,
    abc.Iterable,
    abc.Iterator,
    abc.Generator,
)


def build_answer(
    endpoint: Callable[..., Any], options: AnswerOptions, source: Source | None = None
) -> Answer:
    """Decide how the return values of an endpoint, declared at `source`, are answered.

    Raises RouteError for a type that cannot be written, and for what a status or a class does not allow.
    """
    decision = _Decision(endpoint, options, source)
    return Answer(
        kind=decision.kind,
        status_code=options.status_code,
        response_class=options.class_or_json,
        model=decision.model,
        item=decision.item,
        encode=decision.encode,
        simplify=decision.simplify,
    )


def _is_generator(endpoint: Callable[..., Any]) -> bool:
    """Tell whether calling `endpoint` gives a generator, async or plain."""
    if is_plain_function(endpoint):
        return bool(endpoint.__code__.co_flags & (inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR))
    endpoint = without_partial(endpoint)
    own = getattr(endpoint, "__call__", None)  # noqa: B004  # an object with a generator as its __call__
    return any(inspect.isgeneratorfunction(one) or inspect.isasyncgenfunction(one) for one in (endpoint, own))


class _Decision:
    """What is decided about one endpoint's answers."""

    def __init__(self, endpoint: Callable[..., Any], options: AnswerOptions, source: Source | None) -> None:
        self._endpoint = endpoint
        self._options = options
        self._source = source
        self.kind = self._find_kind(options.response_class)
        self._is_stream = self.kind not in (AnswerKind.JSON, AnswerKind.CONTENT)
        self.model, self.item = self._find_model()
        self.encode: Callable[[Any], bytes] = json_encode
        self.simplify: Callable[[Any], Any] = jsonable_encoder
        self._check_status()
        self._choose_writers()

    def _find_kind(self, response_class: type[Response] | None) -> AnswerKind:
        if not _is_generator(self._endpoint):
            return AnswerKind.JSON if response_class in (None, JSONResponse) else AnswerKind.CONTENT
        if response_class is None or issubclass(response_class, JSONResponse):
            return AnswerKind.JSON_LINES
        if issubclass(response_class, EventSourceResponse):
            return AnswerKind.EVENTS
        if response_class.__init__ is Response.__init__:
            self._refuse(
                f"is a generator, and {response_class.__name__} takes its content whole",
                "name a StreamingResponse as response_class, or none",
            )
        return AnswerKind.CHUNKS

    def _find_model(self) -> tuple[Any, Any]:
        """The type of the values, and that of a stream's items."""
        said = self._options.response_model
        if said is not EMPTY:
            return (None if said is NoneType else said), None
        annotation = self._read_annotation()
        if annotation in (EMPTY, None, NoneType):
            return None, None
        if get_origin(annotation) is None and is_sendable_class(annotation):
            return None, None
        if not self._is_stream or (get_origin(annotation) or annotation) not in _STREAMS:
            return annotation, None
        from miniframework.params.server_sent_event import ServerSentEvent  # wanted by streams only

        item = (get_args(annotation) or (Any,))[0]
        typed = self.kind is not AnswerKind.CHUNKS and not _is_subclass(item, ServerSentEvent)
        return None, (item if typed else None)

    def _read_annotation(self) -> Any:
        try:
            return read_return(self._endpoint)
        except (NameError, SyntaxError, TypeError, AttributeError) as error:
            self._refuse(
                f"has a return annotation that cannot be resolved: {error}",
                "import the type at the top of the module, or say response_model=None",
            )

    def _check_status(self) -> None:
        status = self._options.status_code
        if self.model is not None and status is not None and not has_content(status):
            self._refuse(
                f"returns {describe_annotation(self.model)}, and a response with status {status} has no body",
                "annotate it with None, or say response_model=None",
            )

    def _choose_writers(self) -> None:
        checked = self.item if self._is_stream else self.model
        if checked is None:
            self.encode = stream_encode if self._is_stream else json_encode
            return
        try:
            written = ResponseModel(checked, self._options.model_options, self._endpoint)
        except ValueError as error:
            self._refuse(
                f"returns what is no valid Pydantic field type: {error}",
                "name one as response_model, or use the parameter response_model=None to check nothing",
            )
        if self.kind is AnswerKind.CONTENT:
            self.simplify = written.make_simplify()
        else:
            self.encode = written.make_encode()

    def _refuse(self, problem: str, way_out: str) -> NoReturn:
        problem = f"{describe_call(self._endpoint)}() {problem}"
        raise RouteError(where=self._source, problem=problem, way_out=way_out) from None


def _is_subclass(annotation: Any, kind: type) -> bool:
    return isinstance(annotation, type) and get_origin(annotation) is None and issubclass(annotation, kind)
