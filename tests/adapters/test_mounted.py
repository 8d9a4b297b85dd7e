"""Frameworks mounted in each other: every router on the way is asked, and agrees with what requests get."""

from typing import Any

import pytest

from tests.adapters.conftest import RunProgram


@pytest.fixture(scope="module")
def reported(run_program: RunProgram) -> dict[str, Any]:
    answer: dict[str, Any] = run_program("mounted", "mounted")
    return answer


OUTSIDE = ["fastapi", "starlette", "ours"]


@pytest.mark.parametrize("outside", OUTSIDE)
def test_what_is_said_of_a_request_below_a_mount_is_what_it_gets(
    reported: dict[str, Any], outside: str
) -> None:
    asked = reported[outside]["asked"]
    assert [one for one in asked if one["said"] != one["really"]] == []
    assert [one for one in asked if not one["agrees"]] == []
    took = {one["said"] for one in asked}
    assert {"django_item", "quart_item", "flask_item", "litestar_item", "starlette_item", "our_item"} <= took


@pytest.mark.parametrize("outside", OUTSIDE)
def test_the_routes_of_another_framework_stand_below_the_prefix_of_its_mount(
    reported: dict[str, Any], outside: str
) -> None:
    routes = reported[outside]["routes"]
    assert "/django/items/<int:number>/" in routes
    assert "/starlette/deep/items/<int:number>/" in routes
    assert "/flask/items/<int:number>" in routes


@pytest.mark.parametrize("outside", OUTSIDE)
def test_the_self_test_and_the_check_go_through_the_mounts(reported: dict[str, Any], outside: str) -> None:
    doctor = reported[outside]["doctor"]
    assert (doctor["disagreements"], doctor["unasked"]) == ([], [])
    assert doctor["agreed"] == len(reported[outside]["routes"])
    assert reported[outside]["findings"] == []


def test_parameters_come_from_every_router_on_the_way(reported: dict[str, Any]) -> None:
    asked = {tuple(one["asked"]): one for one in reported["starlette"]["asked"]}
    assert asked["GET", "/starlette/hosted", "toys.example.org"]["params"] == {"shop": "toys"}
    assert asked["GET", "/starlette/deep/items/7/", None]["params"] == {"number": "7"}


def test_a_request_is_asked_about_with_its_host(reported: dict[str, Any]) -> None:
    asked = {tuple(one["asked"]): one["said"] for one in reported["ours"]["asked"]}
    assert asked["GET", "/hosted", "shop.example.net:8000"] == "our_hosted"
    assert asked["GET", "/hosted", None] == 404


def test_a_mount_that_cannot_be_looked_into_says_so(reported: dict[str, Any]) -> None:
    asked = {tuple(one["asked"]): one for one in reported["fastapi"]["asked"]}
    opaque = asked["GET", "/nobody/items/7", None]
    assert opaque["route"] == "/nobody"
    assert "not looked into" in opaque["unseen"]
    assert asked["GET", "/django/items/7/", None]["unseen"] is None
