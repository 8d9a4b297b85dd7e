"""The walk over the dashboard's own route table: every route and method refuses whom it must refuse."""

from typing import Any

import pytest

from inspector.assets import load_assets
from inspector.errors import JournalError
from inspector.journal.memory import MemoryJournal
from inspector.journal.protocol import AppStatus
from inspector.web.app import create_dashboard
from inspector.web.guard import CONTENT_SECURITY_POLICY
from miniframework.routing.route import Route, SocketRoute
from tests.inspector.web.asking import BEARER, HOST, JSON, KNOWN, Answer, ask
from tests.inspector.web.serving import TOKEN

DASHBOARD = create_dashboard(MemoryJournal(), token=TOKEN)
VERSION = load_assets().version
FILLED = {"exchange_id": "x1", "side": "request", "version": VERSION, "name": "css/app.css"}
PATHS = sorted(
    {
        entry.pattern.format(**{p.name: FILLED[p.name] for p in entry.pattern.parameters})
        for entry in DASHBOARD.app.table.entries
        if isinstance(entry, Route)
    }
)
PUBLIC = {"/", "/favicon.ico", f"/static/{VERSION}/css/app.css"}
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
NEVER = ["OPTIONS", "TRACE", "CONNECT"]
FIXED = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
WALKED = [*PATHS, "/nowhere", "/api/nowhere"]
every_route = pytest.mark.parametrize(
    "path", WALKED, ids=[path.replace(VERSION, "VERSION") for path in WALKED]
)
every_method = pytest.mark.parametrize("method", METHODS)


def is_public(path: str, method: str) -> bool:
    return path in PUBLIC and method in ("GET", "HEAD")


def check_headers(answer: Answer) -> None:
    headers = answer.headers
    assert FIXED.items() <= headers.items()
    assert headers["cache-control"]
    assert not [name for name in headers if name.startswith("access-control-")]


def test_the_walk_meets_every_route() -> None:
    assert len(PATHS) >= 14
    sockets = [entry for entry in DASHBOARD.app.table.entries if isinstance(entry, SocketRoute)]
    assert [entry.pattern.template for entry in sockets] == ["/api/stream"]


@every_route
@every_method
def test_without_the_token_only_the_page_and_its_files_are_answered(path: str, method: str) -> None:
    answer = ask(DASHBOARD, path, [HOST, JSON], method=method, body=b"{}")
    if is_public(path, method):
        assert answer.status == 200
    else:
        assert answer.status == 401
        assert answer.headers["www-authenticate"] == "Bearer"
    check_headers(answer)


@pytest.mark.parametrize("method", METHODS + NEVER)
@pytest.mark.parametrize(
    "headers",
    [
        [("host", "evil.example"), BEARER, JSON],
        [("host", "evil.example:8765"), BEARER, JSON],
        [BEARER, JSON],
        [HOST, BEARER, JSON, ("origin", "http://evil.example")],
        [HOST, BEARER, JSON, ("origin", "null")],
        [HOST, BEARER, JSON, ("origin", "http://127.0.0.1:9000"), ("sec-fetch-site", "same-site")],
        [HOST, BEARER, JSON, ("sec-fetch-site", "cross-site"), ("sec-fetch-dest", "script")],
        [HOST, BEARER, JSON, ("x-forwarded-for", "127.0.0.1")],
    ],
    ids=["host", "host and port", "no host", "origin", "null", "other port", "script", "tunnel"],
)
def test_with_a_foreign_host_origin_or_tunnel_everything_is_refused(
    method: str, headers: list[tuple[str, str]]
) -> None:
    answers = {path: ask(DASHBOARD, path, headers, method=method, body=b"{}") for path in WALKED}
    assert {path: answer.status for path, answer in answers.items()} == dict.fromkeys(WALKED, 403)
    for answer in answers.values():
        check_headers(answer)


@every_route
@pytest.mark.parametrize("method", NEVER)
def test_no_preflight_is_answered(path: str, method: str) -> None:
    answer = ask(DASHBOARD, path, [*KNOWN, JSON], method=method)
    assert answer.status == 403
    check_headers(answer)


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_stranger_learns_nothing_about_which_paths_exist(method: str) -> None:
    answers = [ask(DASHBOARD, path, [HOST], method=method) for path in PATHS if path.startswith("/api/")]
    assert {answer.body for answer in answers} == {ask(DASHBOARD, "/api/nowhere", [HOST], method=method).body}


@every_route
@every_method
def test_every_answer_to_the_user_has_the_headers(path: str, method: str) -> None:
    answer = ask(DASHBOARD, path, [*KNOWN, JSON], method=method, body=b"{}")
    assert answer.status != 500
    check_headers(answer)


@every_route
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_no_write_is_taken_in_a_type_that_a_form_can_send(path: str, method: str, kind: str) -> None:
    answer = ask(DASHBOARD, path, [*KNOWN, ("content-type", kind)], method=method, body=b"{}")
    assert answer.status == 415
    check_headers(answer)


@every_route
def test_no_get_changes_anything(path: str) -> None:
    journal = MemoryJournal()
    before = journal.bounds()
    ask(create_dashboard(journal, token=TOKEN), path)
    assert journal.bounds() == before


class BrokenJournal(MemoryJournal):
    """Fails as a disk does, or as a bug does."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def status(self) -> list[AppStatus]:
        raise self.error


@pytest.mark.parametrize(
    ("error", "status"),
    [(JournalError("disk full"), 503), (ZeroDivisionError(), 500)],
    ids=["journal", "bug"],
)
def test_a_failure_inside_has_the_headers_too(error: Exception, status: int) -> None:
    answer = ask(create_dashboard(BrokenJournal(error), token=TOKEN), "/api/app")
    assert answer.status == status
    check_headers(answer)


def test_only_files_under_their_content_hash_may_be_kept() -> None:
    kept = {path for path in PATHS if "immutable" in ask(DASHBOARD, path).headers["cache-control"]}
    assert kept == {f"/static/{VERSION}/css/app.css"}
    assert ask(DASHBOARD, "/api/app").headers["cache-control"] == "no-store"
    assert ask(DASHBOARD, "/").headers["cache-control"] == "no-store"


def test_data_is_never_of_a_type_that_a_browser_runs_or_renders() -> None:
    types = {ask(DASHBOARD, path).headers["content-type"] for path in PATHS if path not in PUBLIC}
    assert types == {"application/json"}


def test_ten_thousand_wrong_tokens_lock_nobody_out_and_fill_no_log(caplog: pytest.LogCaptureFixture) -> None:
    dashboard = create_dashboard(MemoryJournal(), token=TOKEN)
    messages: list[Any] = []

    async def send(message: Any) -> None:
        messages.append(message)

    async def guess(number: int) -> None:
        headers = [(b"host", b"127.0.0.1:8765"), (b"authorization", b"Bearer %d" % number)]
        scope = {"type": "http", "method": "GET", "path": "/api/app", "headers": headers}
        await dashboard({**scope, "server": ("127.0.0.1", 8765)}, receive=None, send=send)  # type: ignore[arg-type]

    for number in range(10_000):
        drive(guess(number))
    assert {message["status"] for message in messages if "status" in message} == {401}
    assert dashboard.guard.refused == 10_000
    assert len(caplog.records) <= 2
    assert ask(dashboard, "/api/app").status == 200


def drive(coroutine: Any) -> None:
    """Run a coroutine that never waits."""
    with pytest.raises(StopIteration):
        coroutine.send(None)
