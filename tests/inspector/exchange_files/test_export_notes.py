"""What an export cannot carry is said in it, and what no client can send is refused."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from inspector.exchange_files.export_curl import export_curl
from inspector.exchange_files.export_httpx import export_httpx
from inspector.exchange_files.export_hurl import export_hurl
from inspector.exchange_files.export_pytest import require_answered
from inspector.exchange_files.export_request import ExportRefused
from inspector.exchange_files.har_write import write_har
from inspector.model import Body, HttpExchange

ExchangeMaker = Callable[..., HttpExchange]
HOST_SECOND = {"headers": (("accept", "*/*"), ("host", "127.0.0.1:8000"))}
EXPORTS = {"curl": export_curl, "httpx": export_httpx, "hurl": export_hurl}


@pytest.mark.parametrize(
    ("form", "scope", "said"),
    [
        ("curl", HOST_SECOND, "# curl sends host before the other headers"),
        ("httpx", HOST_SECOND, "# httpx sends host before the other headers"),
        ("hurl", HOST_SECOND, "# Hurl sends host before the other headers"),
        ("httpx", {"headers": ()}, "# httpx adds a host header, which the recorded request did not have"),
        ("httpx", {"headers": ()}, "headers=[],"),
        ("httpx", {"method": "purge"}, "request.method = 'purge'  # httpx writes methods in capitals"),
        ("curl", {"raw_path": "/reset/•••"}, "# redacted, put the real value there: the target, where"),
        (
            "curl",
            {"headers": (("connection", "x-hop"), ("x-hop", "1"))},
            "# left out, for it belongs to the connection: x-hop",
        ),
    ],
)
def test_what_a_client_sends_otherwise_is_said(
    make_exchange: ExchangeMaker, form: str, scope: dict[str, Any], said: str
) -> None:
    assert said in EXPORTS[form](make_exchange(scope=scope))


@pytest.mark.parametrize("export", EXPORTS.values(), ids=EXPORTS)
def test_where_host_comes_first_nothing_is_said_of_it(
    make_exchange: ExchangeMaker, export: Callable[[HttpExchange], str]
) -> None:
    assert "before the other headers" not in export(make_exchange())


@pytest.mark.parametrize(
    ("scope", "why"),
    [
        ({"raw_path": "*"}, "does not begin with a slash"),
        ({"raw_path": "/a b"}, "holds a space or a control"),
        ({"query_string": "a\x00"}, "holds a space or a control"),
    ],
)
def test_a_target_that_no_request_line_can_hold_is_refused(
    make_exchange: ExchangeMaker, scope: dict[str, Any], why: str
) -> None:
    with pytest.raises(ExportRefused, match=why):
        export_curl(make_exchange(scope=scope))


def test_a_request_without_an_answer_is_nothing_to_test(make_exchange: ExchangeMaker) -> None:
    with pytest.raises(ExportRefused, match="was never answered") as refused:
        require_answered(make_exchange(status=None))
    assert refused.value.way_out == "curl and httpx carry it"


def test_a_har_names_a_coding_that_it_cannot_undo_and_bytes_that_are_no_text(
    make_exchange: ExchangeMaker,
) -> None:
    packed = make_exchange(
        response_headers=(("content-type", "text/plain"), ("content-encoding", "zstd")),
        response_body=Body(size=2, data=b"\xff\xfe"),
    )
    (entry,) = json.loads(write_har([packed]))["log"]["entries"]
    content = entry["response"]["content"]
    assert (content["text"], content["encoding"], content["_coded"]) == ("//4=", "base64", "zstd")
    assert "compression" not in content
