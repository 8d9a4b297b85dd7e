"""Which exceptions are answers, and what they answer."""

from miniframework.exception_handlers.defaults import (
    answer_http_exception,
    answer_problems,
    http_exception_handler,
    request_validation_exception_handler,
    websocket_request_validation_exception_handler,
)
from miniframework.exception_handlers.error_page import ErrorPage, find_error_page
from miniframework.exception_handlers.handled import forget_frames
from miniframework.exception_handlers.handler import ExceptionHandler, HandlerKey, check_handled
from miniframework.exception_handlers.handlers import ANSWERED_AGAIN, ExceptionHandlers

__all__ = [
    "ANSWERED_AGAIN",
    "ErrorPage",
    "ExceptionHandler",
    "ExceptionHandlers",
    "HandlerKey",
    "answer_http_exception",
    "answer_problems",
    "check_handled",
    "find_error_page",
    "forget_frames",
    "http_exception_handler",
    "request_validation_exception_handler",
    "websocket_request_validation_exception_handler",
]
