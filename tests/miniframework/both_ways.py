"""Every claim about parameters and dependencies holds for compiled routes and for the loop over the plan."""

import pytest


@pytest.fixture(params=["compiled", "loop"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Serve the routes of the test by compiled code where there can be some, or all of them by the loop."""
    if request.param == "loop":
        monkeypatch.setattr("miniframework.serving.endpoint.compile_route", lambda *_, **__: None)
