"""A framework that refuses to make its router is named with what it says, not let through raw."""

import pytest

from tests.adapters.conftest import RunProgram

REFUSED = [
    (
        ("blacksheep-newest", "blacksheep"),
        "RouteDuplicate",
        "BlackSheep failed when its routes were read: blacksheep.server.routing.RouteDuplicate: Cannot",
    ),
    (("sanic-newest", "sanic"), "SanicException", "Parameter names cannot use '__'; mend what it says"),
    (("django-newest", "django", "regex"), "ImproperlyConfigured", '"^odd/(" is not a valid regular'),
    (("django-4", "django", "empty"), "ImproperlyConfigured", "The included URLconf"),
]


@pytest.mark.parametrize(("asked", "cause", "words"), REFUSED, ids=[asked[-1] for asked, *_ in REFUSED])
def test_what_a_framework_says_of_its_routes_is_told_to_every_question(
    run_program: RunProgram, asked: tuple[str, ...], cause: str, words: str
) -> None:
    environment, *arguments = asked
    told = run_program(environment, "router_refusals", *arguments)
    assert set(told) == {"routes", "explain", "check", "doctor"}
    for text, raised in told.values():
        assert raised == cause
        assert words in text
