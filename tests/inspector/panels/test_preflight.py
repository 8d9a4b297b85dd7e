"""A CORS preflight that a middleware answers: who asked for what, and what was said."""

import pytest

from miniframework import App, PlainTextResponse
from miniframework.middleware import Middleware
from miniframework.middleware.cors import CORSMiddleware
from tests.inspector.panels.conftest import Record

ASKED = "a CORS preflight, with which a browser asks whether {} may send {}. The middleware CORSMiddleware"


@pytest.mark.parametrize(
    ("origin", "method", "said"),
    [
        ("https://ok.example", "GET", "200: {} allows it; the request itself comes next."),
        (
            "https://bad.example",
            "GET",
            "400: {} refuses it with “Disallowed CORS origin”: what it allows must name them.",
        ),
        (
            "https://ok.example",
            "PUT",
            "400: {} refuses it with “Disallowed CORS method”: what it allows must name them.",
        ),
    ],
    ids=["allowed", "another origin", "another method"],
)
def test_a_preflight_says_who_may_not_send_what(record: Record, origin: str, method: str, said: str) -> None:
    app = App(middleware=[Middleware(CORSMiddleware, allow_origins=["https://ok.example"])])
    app.get("/books")(lambda: "books")
    headers = (("origin", origin), ("access-control-request-method", method))
    assert record(app, "OPTIONS", "/books", headers=headers).answer == said.format(
        ASKED.format(origin, method)
    )


def test_an_options_request_that_a_middleware_answers_without_leave_is_none(record: Record) -> None:
    app = App()

    @app.middleware("http")
    async def answer_early(request: object, call_next: object) -> PlainTextResponse:
        return PlainTextResponse("early")

    headers = (("origin", "https://ok.example"), ("access-control-request-method", "GET"))
    said = record(app, "OPTIONS", "/books", headers=headers).answer
    assert "before any route was tried" in said
