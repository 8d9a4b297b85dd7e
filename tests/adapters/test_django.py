"""Real Django, versions side by side: what the adapter says is what a request gets."""

from types import SimpleNamespace
from typing import Any

import pytest

from inspector.adapters.detection import find_framework_app
from tests.adapters.conftest import RunProgram

NEWEST, OLDEST = "django-newest", "django-4"
# Every so many of the probes that are made of the routes are asked, beside those that are listed by hand.
MANY = "12"
A_FEW = "60"


@pytest.fixture(scope="module")
def probed(run_program: RunProgram) -> dict[str, Any]:
    answer: dict[str, Any] = run_program(NEWEST, "django_probe", "plain", MANY)
    return answer


def agrees(answer: dict[str, Any]) -> None:
    assert answer["wrong"] == []
    assert answer["law"] == []


def test_the_resolver_asked_and_the_application_called_agree(probed: dict[str, Any]) -> None:
    agrees(probed)
    assert probed["asked"] > 300
    assert set(probed["outcomes"]) == {"match", "not_found", "redirect", "websocket_mismatch"}


@pytest.mark.parametrize(
    ("environment", "variant", "adds_slashes"),
    [
        (OLDEST, "plain", True),
        (OLDEST, "unprefixed", True),
        (NEWEST, "debug", True),
        (NEWEST, "slashless", False),
        (NEWEST, "bare", False),
        (NEWEST, "script", True),
        (NEWEST, "languages", True),
        (NEWEST, "unprefixed", True),
    ],
)
def test_they_agree_with_other_settings_and_versions(
    run_program: RunProgram, environment: str, variant: str, adds_slashes: bool
) -> None:
    answer = run_program(environment, "django_probe", variant, A_FEW)
    agrees(answer)
    assert ("redirect" in answer["outcomes"]) is adds_slashes


def by_name(probed: dict[str, Any], name: str | None) -> dict[str, Any]:
    found: dict[str, Any] = next(route for route in probed["routes"] if route["name"] == name)
    return found


ROUTES: list[tuple[str, str, list[str], str]] = [
    ("user", "/users/<int:pk>/", ["/users/", "{pk:[0-9]+}", "/"], "__main__:Kept"),
    (
        "file",
        "/users/<name>/files/<path:file>",
        ["/users/", "{name:[^/]+}", "/files/", "{file:.+}"],
        "__main__:view",
    ),
    ("shop:product", "/shop/<slug:slug>/", ["/shop/", "{slug:[-a-zA-Z0-9_]+}", "/"], "__main__:Shown"),
    (
        "tenant:page",
        "/<slug:tenant>/shop/<slug:slug>/<int:page>/",
        ["/", "{tenant:[-a-zA-Z0-9_]+}", "/shop/", "{slug:[-a-zA-Z0-9_]+}", "/", "{page:[0-9]+}", "/"],
        "__main__:view",
    ),
    (
        "shop:format",
        r"/shop/(?P<pk>\d+)\.(?P<format>json|xml)$",
        ["/shop/", r"{pk:\d+}", ".", "{format:json|xml}"],
        "__main__:view",
    ),
    (
        "shop:by-position",
        r"/shop/(\d+)-(\w+)/$",
        ["/shop/", r"{arg0:\d+}", "-", r"{arg1:\w+}", "/"],
        "__main__:view",
    ),
    ("kept", r"/kept/(\d+)/(\w+)/$", ["/kept/", r"{_0:\d+}", "/", r"{arg0:\w+}", "/"], "__main__:view"),
    ("dup", "/dup/<int:pk>/<int:pk>/", ["/dup/", "{pk_0:[0-9]+}", "/", "{pk:[0-9]+}", "/"], "__main__:view"),
    ("open-end", "/open", ["/open", "{_0:(?s:.*)}"], "__main__:view"),
    (
        "greedy",
        "/greedy/(?P<rest>.*)/end/",
        ["/greedy/", "{rest:.*}", "/", "{_0:(?!.*/)}", "end/"],
        "__main__:view",
    ),
    ("admin:login", "/admin/login/", ["/admin/login/"], "django.contrib.admin.sites:AdminSite.login"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "path", "parts", "endpoint"), ROUTES, ids=[route[0] for route in ROUTES])
def test_a_route_is_read_behind_its_includes(
    probed: dict[str, Any], name: str, path: str, parts: list[str], endpoint: str
) -> None:
    route = by_name(probed, name)
    assert (route["path"], route["parts"], route["endpoint"]) == (path, parts, endpoint)
    assert route["line"] is not None


CONDITIONS = [
    ("shop:month", "MonthConverter.to_python may refuse what its regex takes"),
    ("edge", "a look-behind in a converter of 'edge/<edge:w>'"),
    ("reference", r"a back-reference in the regex '^twice/(\\w+)/\\1$'"),
    ("translated", "the active language decides, which a header or a cookie may choose"),
    ("word", None),
    ("year", None),
]


@pytest.mark.parametrize(("name", "condition"), CONDITIONS, ids=[name for name, _ in CONDITIONS])
def test_what_the_parts_do_not_say_is_a_condition(
    probed: dict[str, Any], name: str, condition: str | None
) -> None:
    assert by_name(probed, name)["condition"] == condition


def test_routes_stand_in_the_order_in_which_they_are_tried(probed: dict[str, Any]) -> None:
    names = [route["name"] for route in probed["routes"]]
    assert names[:4] == ["first", "home", "users-bare", "users"]
    assert names.index("shop:any-month") < names.index("tenant:index") < names.index("year")
    assert names.index("same") + 1 == names.index("same-again")


def test_it_says_what_it_is(probed: dict[str, Any]) -> None:
    assert (probed["framework"], probed["version"]) == ("Django", "5.2.19")


def test_django_is_found_behind_the_protocols_of_channels() -> None:
    handler = type("ASGIHandler", (), {"__module__": "django.core.handlers.asgi", "__call__": print})
    handler.__qualname__ = "ASGIHandler"
    django = handler()
    router = SimpleNamespace(application_mapping={"websocket": print, "http": django})
    assert find_framework_app(router) is django
    assert find_framework_app(SimpleNamespace(application_mapping={"websocket": django})) is None


def test_django_that_is_not_set_up_is_named_with_the_way_out(run_program: RunProgram) -> None:
    said = run_program(NEWEST, "django_not_set_up")
    assert "Django is not set up" in said
    assert "DJANGO_SETTINGS_MODULE" in said


def test_a_converter_refuses_nothing_where_its_code_only_trims_the_text(run_program: RunProgram) -> None:
    assert run_program(NEWEST, "django_refusals") == {
        "Trimmed": False,
        "Text": False,
        "Year": False,
        "Hex": True,
        "Named": True,
        "Looked": True,
        "Indexed": True,
        "Made": True,
    }


def test_what_may_refuse_its_text_is_found_dead_and_kills_only_its_twin(run_program: RunProgram) -> None:
    told = run_program(NEWEST, "django_doubts")
    any_year, year, anything = "/years/<str:any>/", "/years/<year:year>/", "/<path:rest>"
    assert told["findings"] == [
        ["duplicate", "*", "/years/<year:other>/", [year], "exact"],
        ["unreachable", "*", "/years/<slug:slug>/", [any_year], "exact"],
        ["duplicate", "*", "/in/<year:year>/b", ["/in/<year:year>/b"], "exact"],
        ["unreachable", "*", "/late/<year:year>/", [anything], "exact"],
    ]
    assert told["doctor"]["disagreements"] == []
    assert [one[1] for one in told["explained"]] == [year, any_year, "/years/<digits:digits>/"]
    assert [one[4] for one in told["explained"]] == [True, True, True]  # what may refuse has refused


def test_handshakes_are_asked_of_the_router_of_channels(run_program: RunProgram) -> None:
    told = run_program("django-channels", "django_channels")
    fixed = {path: text and text.replace(",fixed=1", "") for path, text in told["really"].items()}
    assert told["said"] == fixed
    assert told["said"]["//n//a/7/"] == "Note number=7"
    assert told["framework"] == "Django"
    assert told["routes"][:2] == [
        ["http", "/chat/<str:room>/", "room", "__main__:view"],
        ["websocket", r"/ws/chat/(?P<room>\w+)/$", None, "__main__:Chat"],
    ]
    status, raised = told["nobody"]
    assert (status, raised.startswith("ValueError(")) == (500, True)
    assert told["doctor"] == ["7 of 7 agree", "7 of 7 agree", "1 of 1 agree"]
    assert told["findings"] == [["unreachable", "WEBSOCKET", "/ws/chat/dead/", r"/ws/chat/(?P<room>\w+)/$"]]


def test_what_is_not_known_of_handshakes_is_one_entry_for_all_of_them(run_program: RunProgram) -> None:
    told = run_program("django-channels", "django_channels")
    assert told["opaque"] == ["__main__:unknown", "/*"]
    assert (told["http"], told["alone"]) == ("match", "websocket_mismatch")
    assert told["behind"] == "/chat/<str:room>/"
