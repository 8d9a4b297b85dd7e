"""A table as it was for a request to one host."""

import pytest

from inspector.web.host_tables import for_host
from miniframework import App, Router


def make_app() -> App:
    inner, app = Router(), App(openapi_url=None)
    inner.get("/a")(lambda: None)
    app.host("api.example.org", inner)
    app.host("{branch}.example.org", App(openapi_url=None))
    app.get("/b")(lambda: None)
    return app


@pytest.mark.parametrize(
    ("host", "met"),
    [
        ("api.example.org", ["api.example.org", "{branch}.example.org", None]),
        ("harbour.example.org", [None, "{branch}.example.org", None]),
        ("a.b.example.com", [None, None, None]),
        ("", [None, None, None]),
    ],
)
def test_the_conditions_that_a_host_meets_are_off(host: str, met: list[str | None]) -> None:
    routes = for_host(make_app().table.snapshot(), host)["routes"]
    assert [route.get("host") for route in routes] == met
    conditions = [route.get("condition") for route in routes[:2]]
    assert [condition is None for condition in conditions] == [one is not None for one in met[:2]]


def test_a_table_without_hosts_is_the_same_one() -> None:
    app = App()
    app.mount("/sub", make_app())
    app.get("/c")(lambda: None)
    snapshot = app.table.snapshot()
    assert for_host(snapshot, "elsewhere") is snapshot
    inner = for_host(snapshot, "api.example.org")["routes"][0]["table"]["routes"]
    assert inner[0]["host"] == "api.example.org"


@pytest.mark.parametrize("condition", ["host", "host ", "host {", "host {a:nothing}.org", "subdomain 'x'"])
def test_the_words_of_others_are_left_as_they_are(condition: str) -> None:
    snapshot = make_app().table.snapshot()
    routes = [{**snapshot["routes"][0], "condition": condition}]
    told = {**snapshot, "routes": routes}
    assert for_host(told, "api.example.org") is told
