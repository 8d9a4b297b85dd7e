"""What a recorded request would get now, of a router that looks at more of it than method and path."""

from typing import Any

import pytest

from tests.adapters.conftest import RunProgram


@pytest.fixture(scope="module")
def said(run_program: RunProgram) -> Any:
    return run_program("starlette-newest", "starlette_now")


def test_the_recorded_host_is_asked_for(said: Any) -> None:
    assert said["host"] == ["match", "it goes to route 1.1, GET, HEAD /things/{n:int}", True]
    assert said["other_host"] == ["not_found", "404, no route", True]


def test_a_header_that_decides_is_sent_to_the_router(said: Any) -> None:
    assert said["header"] == ["match", "it goes to route 2, GET, HEAD /versions", False]
    assert said["no_header"] == ["not_found", "404, no route", True]
