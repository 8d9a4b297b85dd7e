"""A pattern of another framework that is slow is measured on its own router; its routing can be frozen."""

import ast
from typing import Any

import pytest

from tests.adapters.conftest import RunProgram


@pytest.fixture(scope="module")
def told(run_program: RunProgram) -> Any:
    return run_program("starlette-newest", "slow_patterns")


def test_a_pattern_that_holds_the_router_is_found_with_the_routers_own_times(told: Any) -> None:
    [(kind, method, path, message)] = told["found"]
    assert (kind, method, path) == ("slow_pattern", "GET", "/tags/{tag:words}")
    assert "one request can hold the whole process, measured" in message
    assert "`([a-z]+)+`" in message


def test_where_requests_are_served_nothing_is_measured(told: Any) -> None:
    assert told["served"] == []


def test_the_routing_is_frozen_by_asking_the_frameworks_router(told: Any) -> None:
    tree = ast.parse(told["text"])
    [written] = [one.value for one in tree.body if isinstance(one, ast.AnnAssign) and one.value]
    cases = ast.literal_eval(written)
    assert ("GET", "/items/1", "match", "/items/{item:int}") in cases
    assert ("HEAD", "/items/1", "match", "/items/{item:int}") in cases
    assert ("POST", "/items/1", "match", "/items/{item}") in cases
    assert ("PUT", "/items/a", "method_not_allowed", None) in cases
    assert "inspector.attach(target)" in told["text"]
