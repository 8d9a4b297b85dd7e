"""What no route takes is told as such also where an error handler makes another status of the 404 or 405."""

from typing import Any

import pytest

from tests.adapters.conftest import RunProgram

MADE = {"page": 200, "away": 302, "refused": 400, "gone": 410, "fails": 500}
MARKED = ["starlette-oldest", "starlette-newest", "fastapi-oldest", "fastapi-newest", "litestar-newest"]
UNMARKED = ["blacksheep-newest", "django-newest", "falcon-newest", "quart-newest", "sanic-newest"]
BEFORE = "a middleware answered before any route was tried"


def ask(run_program: RunProgram, environment: str, *requests: str) -> Any:
    return run_program(environment, "missed_answers", environment.partition("-")[0], *requests)


@pytest.mark.parametrize("environment", MARKED)
def test_a_router_that_leaves_a_mark_is_known_to_have_been_asked(
    run_program: RunProgram, environment: str
) -> None:
    missed = {f"GET /none/{name}": status for name, status in MADE.items()}
    told = ask(run_program, environment, *missed, "GET /gone", "GET /nowhere")
    assert told.pop("GET /nowhere")[:2] == [404, "not_found"]
    status, routing, sentence = told.pop("GET /gone")
    assert (status, routing) == (410, "method_not_allowed")
    assert sentence.startswith("410: /gone exists, but not for GET; allowed: ")
    assert sentence.endswith(" An error handler, or a middleware on the way back, made 410 of its 405.")
    assert {path: said[:2] for path, said in told.items()} == {
        path: [status, "not_found"] for path, status in missed.items()
    }
    for path, (status, _, sentence) in told.items():
        assert f"o route takes {path.removeprefix('GET ')}" in sentence
        assert f" made {status} of its 404." in sentence or "raised ValueError" in sentence


@pytest.mark.parametrize("environment", MARKED)
@pytest.mark.parametrize(("path", "status"), [("/early", 200), ("/early/refused", 401)])
def test_a_middleware_that_answers_first_is_told_where_the_mark_is_not_there(
    run_program: RunProgram, environment: str, path: str, status: int
) -> None:
    [[answered, routing, sentence]] = ask(run_program, environment, f"GET {path}").values()
    assert (answered, routing) == (status, "unknown")
    assert sentence.startswith(f"{status}: no route takes {path}")
    assert sentence.endswith(f" router was not asked, as far as the scope shows: {BEFORE}.")


@pytest.mark.parametrize("environment", UNMARKED)
def test_who_answered_is_not_known_where_a_router_leaves_nothing(
    run_program: RunProgram, environment: str
) -> None:
    asked = {"GET /page": 200, "GET /away": 302, "GET /gone": 410, "GET /early": 200}
    told = ask(run_program, environment, *asked)
    for path, status in asked.items():
        assert told[path][:2] == [status, "unknown"]
        sentence = told[path][2]
        assert sentence.startswith(f"{status}: no route takes {path.removeprefix('GET ')}")
        assert f" What answered {status} is not known: a middleware " in sentence
        assert sentence.endswith(" before it, or an error handler behind it.")


def test_what_is_mounted_is_known_to_have_been_asked_where_nothing_is_before_its_router(
    run_program: RunProgram,
) -> None:
    paths = ("/plain/away", "/plain/page", "/inner/away", "/inner/early")
    told = ask(run_program, "starlette-newest", *(f"GET {path}" for path in paths))
    assert [told[f"GET {path}"][:2] for path in paths] == [
        [302, "not_found"], [200, "unknown"], [302, "unknown"], [200, "unknown"],
    ]  # fmt: skip
    for path in paths[1:]:
        assert (
            "is not known: a middleware before it, or an error handler behind it." in told[f"GET {path}"][2]
        )
    assert "/page exists inside the mount /plain, but not for GET" in told["GET /plain/page"][2]


def test_litestar_s_own_answer_to_options_is_not_said_to_be_the_handler_s(run_program: RunProgram) -> None:
    told = ask(run_program, "litestar-newest", "OPTIONS /things", "GET /things")
    assert "things (missed_answers.py:" in told["GET /things"][2]
    assert ", or Litestar in its place, answered" in told["OPTIONS /things"][2]
    assert "in its place" not in told["GET /things"][2]


def test_falcon_s_own_answer_to_options_is_not_said_to_be_the_responder_s(run_program: RunProgram) -> None:
    [[_, routing, sentence]] = ask(run_program, "falcon-newest", "OPTIONS /things").values()
    assert routing == "matched"
    assert ", or Falcon in its place, answered" in sentence
