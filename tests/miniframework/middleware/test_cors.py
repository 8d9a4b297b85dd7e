from typing import Any

import pytest

from miniframework import App, PlainTextResponse, Response
from miniframework.errors import OptionError
from miniframework.middleware.cors import CORSMiddleware
from miniframework.testing import TestClient

PAGE = "https://page.example"


def client(**options: Any) -> TestClient:
    app = App()
    app.add_middleware(CORSMiddleware, **options)

    @app.get("/")
    async def read() -> Response:
        return PlainTextResponse("hello", headers={"vary": "Accept"})

    return TestClient(app)


def preflight(asked: TestClient, **headers: str) -> Any:
    wanted = {"origin": PAGE, "access-control-request-method": "GET"}
    return asked.options(
        "/", headers=wanted | {name.replace("_", "-"): text for name, text in headers.items()}
    )


def test_without_an_origin_nothing_is_added() -> None:
    answer = client(allow_origins=["*"]).get("/")
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_any_origin_is_a_star_and_caches_keep_it_from_those_that_send_none() -> None:
    answer = client(allow_origins=["*"], expose_headers=["x-a", "x-b"]).get("/", headers={"origin": PAGE})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-expose-headers"] == "x-a, x-b"
    assert answer.headers["vary"] == "Accept, Origin"


@pytest.mark.parametrize(
    "options",
    [
        {"allow_origins": ["*"], "allow_credentials": True},
        {"allow_origins": [PAGE]},
        {"allow_origin_regex": r"https://.*\.example"},
    ],
    ids=["with credentials", "by name", "by regex"],
)
def test_a_named_origin_is_repeated_and_varies(options: dict[str, Any]) -> None:
    answer = client(**options).get("/", headers={"origin": PAGE})
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert answer.headers["vary"] == "Accept, Origin"


@pytest.mark.parametrize(("allowed", "said"), [(True, "true"), (False, None)])
def test_credentials_are_allowed_in_the_preflight_and_in_the_answer_or_in_neither(
    allowed: bool, said: str | None
) -> None:
    asked = client(allow_origins=[PAGE], allow_credentials=allowed)
    for answer in (preflight(asked), asked.get("/", headers={"origin": PAGE})):
        assert answer.headers.get("access-control-allow-credentials") == said


def test_every_origin_is_a_star_with_a_cookie_too() -> None:
    answer = client(allow_origins=["*"]).get("/", headers={"origin": PAGE, "cookie": "a=1"})
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("asked", "refused"),
    [
        ({"access-control-request-headers": ""}, "headers"),
        ({"access-control-request-headers": "accept,,x"}, "headers"),
        ({"access-control-request-private-network": "false"}, "private-network"),
    ],
)
def test_a_preflight_that_asks_for_nothing_is_refused_as_well(asked: dict[str, str], refused: str) -> None:
    asked = {"origin": PAGE, "access-control-request-method": "GET", **asked}
    answer = client(allow_origins=["*"]).options("/", headers=asked)
    assert (answer.status_code, answer.text) == (400, f"Disallowed CORS {refused}")


@pytest.mark.parametrize(
    "options", [{"allow_origins": ["https://other"]}, {"allow_origin_regex": "https://p"}]
)
def test_another_origin_may_not_read(options: dict[str, Any]) -> None:
    answer = client(**options).get("/", headers={"origin": PAGE})
    assert answer.text == "hello"
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(("allowed", "said"), [(True, "true"), (False, None)])
def test_a_private_network_is_opened_only_where_that_was_said(allowed: bool, said: str | None) -> None:
    asked = client(allow_origins=[PAGE], allow_private_network=allowed)
    answer = preflight(asked, access_control_request_private_network="true")
    assert answer.headers.get("access-control-allow-private-network") == said
    assert answer.status_code == (200 if allowed else 400)


def test_a_preflight_is_answered_before_the_application() -> None:
    answer = preflight(
        client(allow_origins=[PAGE], allow_methods=["GET", "PUT"], allow_headers=["X-One"], max_age=5),
        access_control_request_headers="x-one, accept",
    )
    assert (answer.status_code, answer.text) == (200, "OK")
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert answer.headers["access-control-allow-methods"] == "GET, PUT"
    assert answer.headers["access-control-allow-headers"].split(", ")[-1] == "X-One"
    assert answer.headers["access-control-max-age"] == "5"
    assert answer.headers["vary"] == (
        "Origin, Access-Control-Request-Method, Access-Control-Request-Headers, "
        "Access-Control-Request-Private-Network"
    )


def test_any_header_is_allowed_by_naming_those_asked_for() -> None:
    answer = preflight(client(allow_origins=["*"], allow_headers=["*"]), access_control_request_headers="x-a")
    assert answer.headers["access-control-allow-headers"] == "x-a"
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_refused_preflight_says_all_that_is_refused() -> None:
    answer = preflight(
        client(allow_origins=["https://other"]),
        access_control_request_method="DELETE",
        access_control_request_headers="x-a",
        access_control_request_private_network="true",
    )
    assert (answer.status_code, answer.text) == (
        400,
        "Disallowed CORS origin, method, headers, private-network",
    )
    assert answer.headers["content-length"] == str(len(answer.content))
    assert "access-control-allow-origin" not in answer.headers


def test_an_options_request_that_is_no_preflight_reaches_the_application() -> None:
    answer = client(allow_origins=["*"]).options("/", headers={"origin": PAGE})
    assert answer.status_code == 405


def test_a_subclass_decides_which_origins_are_allowed() -> None:
    class OfCustomers(CORSMiddleware):
        def is_allowed_origin(self, origin: str) -> bool:
            return origin.endswith(".example.com")

    app = App()
    app.get("/")(lambda: "x")
    app.add_middleware(OfCustomers, allow_credentials=True)
    asking = TestClient(app)
    inside, outside = {"origin": "https://a.example.com"}, {"origin": PAGE}
    assert asking.get("/", headers=inside).headers["access-control-allow-origin"] == inside["origin"]
    assert "access-control-allow-origin" not in asking.get("/", headers=outside).headers
    wanted = {"access-control-request-method": "GET"}
    assert asking.options("/", headers=inside | wanted).status_code == 200
    assert asking.options("/", headers=outside | wanted).status_code == 400


def test_what_it_was_told_can_be_read_for_an_answer_made_elsewhere() -> None:
    cors = CORSMiddleware(App(), allow_origins=[PAGE], allow_credentials=True, expose_headers=["x-a"])
    assert (cors.allow_all_origins, cors.is_allowed_origin(PAGE)) == (False, True)
    answer = Response("late", headers=cors.simple_headers)
    cors.allow_explicit_origin(answer.headers, PAGE)
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert answer.headers["access-control-expose-headers"] == "x-a"
    assert answer.headers["vary"] == "Origin"


def test_a_regex_that_is_none_is_refused_by_the_name_of_its_option() -> None:
    with pytest.raises(OptionError, match=r"allow_origin_regex='\(' is no regular expression: ") as at:
        client(allow_origin_regex="(").get("/")
    assert "CORSMiddleware" in at.value.__notes__[0]
