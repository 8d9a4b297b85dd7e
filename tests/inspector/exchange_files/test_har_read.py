"""HAR files of many authors: what is missing is not known, what cannot be a request is refused."""

import gzip
import json
from typing import Any

import pytest

from inspector.exchange_files.errors import HarError
from inspector.exchange_files.har_read import ReadHar, read_har
from inspector.exchange_files.har_write import write_har
from inspector.model import Body, HttpExchange, SocketExchange, State

STARTED = "2024-05-06T07:08:09.123Z"


def read(*entries: Any) -> ReadHar:
    return read_har(json.dumps({"log": {"version": "1.2", "entries": list(entries)}}), lambda ns: f"id-{ns}")


def entry(url: str = "https://shop.example/a?b=c", response: Any = None, **request: Any) -> dict[str, Any]:
    made = {"startedDateTime": STARTED, "request": {"method": "GET", "url": url, **request}}
    return made if response is None else made | {"response": response}


def one(*entries: Any) -> HttpExchange:
    found = read(*entries)
    assert (found.problems, found.no_requests) == ((), 0)
    (exchange,) = found.exchanges
    assert isinstance(exchange, HttpExchange)
    return exchange


def test_the_least_there_can_be_is_a_request_without_an_answer() -> None:
    exchange = one(entry())
    scope = exchange.scope
    assert (scope.scheme, scope.server, scope.raw_path, scope.query_string) == (
        "https",
        ("shop.example", 443),
        "/a",
        "b=c",
    )
    assert (exchange.status, exchange.state, exchange.duration_ns) == (None, State.DISCONNECTED, None)
    assert exchange.id == "id-1714979289123000000"


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("2024-05-06T07:08:09.123Z", 1_714_979_289_123_000_000),
        ("2024-05-06T09:08:09.123456789+02:00", 1_714_979_289_123_456_789),
        ("2024-05-06T07:08:09", 1_714_979_289_000_000_000),
        ("2024-05-06T07:08:09.5-00:00", 1_714_979_289_500_000_000),
    ],
)
def test_a_moment_is_read_to_the_nanosecond(text: str, nanoseconds: int) -> None:
    assert one(entry() | {"startedDateTime": text}).started_unix_ns == nanoseconds


@pytest.mark.parametrize(
    ("word", "version"),
    [("HTTP/1.1", "1.1"), ("h2", "2"), ("http/2.0", "2"), ("h3", "3"), ("", "1.1"), (7, "1.1")],
)
def test_a_protocol_has_many_spellings(word: object, version: str) -> None:
    assert one(entry(httpVersion=word)).scope.http_version == version


def test_pseudo_headers_become_the_host_and_a_joined_header_becomes_two() -> None:
    headers = [
        {"name": ":authority", "value": "shop.example"},
        {"name": ":path", "value": "/a"},
        {"name": "Accept", "value": "*/*"},
    ]
    answer = {"status": 200, "headers": [{"name": "Set-Cookie", "value": "a=1\nb=2"}]}
    exchange = one(entry(headers=headers, response=answer))
    assert exchange.scope.headers == (("host", "shop.example"), ("accept", "*/*"))
    assert exchange.response_headers == (("set-cookie", "a=1"), ("set-cookie", "b=2"))


@pytest.mark.parametrize(
    ("posted", "body"),
    [
        ({"text": "héllo"}, "héllo".encode()),
        ({"text": "AAH/", "_encoding": "base64"}, b"\x00\x01\xff"),
        ({"text": "AAH/", "encoding": "base64"}, b"\x00\x01\xff"),
        (
            {
                "mimeType": "application/x-www-form-urlencoded",
                "params": [{"name": "a b", "value": "&"}, {"name": "c"}],
            },
            b"a+b=%26&c=",
        ),
    ],
)
def test_a_body_comes_as_text_as_base64_or_as_fields(posted: dict[str, Any], body: bytes) -> None:
    assert one(entry(method="POST", postData=posted)).request_body == Body(size=len(body), data=body)


def test_a_body_that_is_not_there_is_incomplete_and_never_empty() -> None:
    upload = {"mimeType": "multipart/form-data", "params": [{"name": "f", "fileName": "x"}]}
    for exchange in (one(entry(method="POST", bodySize=70)), one(entry(method="POST", postData=upload))):
        assert not exchange.request_body.complete
    answer = {"status": 200, "content": {"size": 900, "mimeType": "image/png"}}
    assert one(entry(response=answer)).response_body == Body(size=900, complete=False, why_incomplete="limit")


def test_a_decoded_answer_is_packed_again_so_that_it_is_what_its_headers_say() -> None:
    headers = [{"name": "content-encoding", "value": "gzip"}]
    answer = {
        "status": 200,
        "headers": headers,
        "content": {"size": 5, "mimeType": "text/plain", "text": "hello"},
    }
    exchange = one(entry(response=answer))
    assert gzip.decompress(exchange.response_body.data) == b"hello"
    again = json.loads(write_har([exchange]))["log"]["entries"][0]["response"]["content"]
    packed = len(exchange.response_body.data)
    assert (again["text"], again["size"], again["compression"]) == ("hello", 5, 5 - packed)


@pytest.mark.parametrize("huge", [10**400, 1e308, float("inf"), float("nan"), -5, 2**53])
@pytest.mark.parametrize("place", ["time", "status", "bodySize", "size", "_size"])
def test_a_number_that_no_size_or_time_is_counts_as_not_known(place: str, huge: float) -> None:
    numbers = {place: huge}
    content = {"text": "body", **numbers}
    made = entry(response={"status": 200, "content": content, **numbers}, method="POST", **numbers) | numbers
    exchange = one(made)
    assert exchange.duration_ns is None
    assert exchange.response_body.size == 4
    assert exchange.request_body.size == 0


def test_a_field_of_a_form_that_has_no_utf8_is_kept_as_its_bytes() -> None:
    exchange = one(entry(method="POST", postData={"params": [{"name": "\ud800", "value": "x"}]}))
    assert exchange.request_body.data == b"%ED%A0%80=x"


def test_a_header_beyond_latin_1_is_kept_as_its_bytes() -> None:
    exchange = one(entry(headers=[{"name": "X-Name", "value": "ł"}, {"name": "X-Plain", "value": "é"}]))
    assert exchange.scope.headers[-2:] == (("x-name", "ł".encode().decode("latin-1")), ("x-plain", "é"))


@pytest.mark.parametrize("own", ["\ud800", "a/b", "a\0", "", "x" * 65, 5, None])
def test_an_id_that_could_be_no_part_of_a_url_is_made_anew(own: object) -> None:
    assert one(entry() | {"_routeInspector": {"id": own}}).id == "id-1714979289123000000"


def test_what_never_left_the_browser_is_counted() -> None:
    found = read(
        entry("data:text/plain,x"), entry("blob:https://a/1"), entry("chrome-extension://x/y"), entry()
    )
    assert (found.no_requests, len(found.exchanges), found.problems) == (3, 1, ())


def test_a_connection_has_its_frames() -> None:
    frames = [
        {"type": "send", "time": 1714979289.5, "opcode": 1, "data": "hi"},
        {"type": "receive", "time": 1714979290.0, "opcode": 2, "data": "AP8="},
    ]
    found = read(entry("wss://shop.example/live", {"status": 101}) | {"_webSocketMessages": frames})
    (exchange,) = found.exchanges
    assert isinstance(exchange, SocketExchange)
    assert (exchange.scope.type, exchange.scope.scheme, exchange.accepted) == ("websocket", "wss", True)
    assert [(frame.direction, frame.data) for frame in exchange.frames] == [
        ("receive", b"hi"),
        ("send", b"\x00\xff"),
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (7, "log.entries[0]: is no object: 7"),
        ({}, "log.entries[0].request: is missing"),
        ({"request": []}, "log.entries[0].request: is no object: []"),
        ({"request": {"method": "GET"}}, "log.entries[0].request.url: is missing"),
        (entry("http:///x"), "log.entries[0].request.url: names no host"),
        (entry("http://h:port/"), "log.entries[0].request.url: is no URL"),
        (entry(method=""), "log.entries[0].request.method: is no text: ''"),
        (
            entry() | {"startedDateTime": "soon"},
            "log.entries[0].startedDateTime: is no ISO 8601 moment: 'soon'",
        ),
        (entry() | {"startedDateTime": None}, "log.entries[0].startedDateTime: is missing"),
        (entry() | {"startedDateTime": "1969-12-31T23:59:59Z"}, "lies before 1970 or after 9999: '1969-"),
        (
            entry() | {"startedDateTime": "9999-12-31T23:59:59-14:00"},
            "lies before 1970 or after 9999: '9999-",
        ),
        (
            entry() | {"startedDateTime": "0001-01-01T00:00:00+14:00"},
            "lies before 1970 or after 9999: '0001-",
        ),
        (entry(headers={}), "log.entries[0].request.headers: is no list: {}"),
        (entry(headers=[1]), "log.entries[0].request.headers[0]: is no object: 1"),
        (entry(headers=[{"name": "a b", "value": ""}]), "headers[0].name: is no name of a header: 'a b'"),
        (entry(headers=[{"name": "a", "value": None}]), "headers[0].value: is no text: None"),
        (entry(postData={"text": "!", "encoding": "utf-7"}), "postData.encoding: is 'utf-7'; only 'base64'"),
        (entry(postData={"text": "A", "encoding": "base64"}), "postData.text: is no base64"),
        (entry(postData={"text": 5}), "postData.text: is no text: 5"),
        (
            entry("ws://h/") | {"_webSocketMessages": [{"type": "both", "data": ""}]},
            "_webSocketMessages[0].type: is 'both'",
        ),
        (entry("ws://h/") | {"_webSocketMessages": [7]}, "_webSocketMessages[0]: is no object: 7"),
        (
            entry("ws://h/") | {"_webSocketMessages": [{"type": "send", "data": 5}]},
            "_webSocketMessages[0].data: is no text: 5",
        ),
        (
            entry("ws://h/") | {"_webSocketMessages": [{"type": "send", "opcode": 2, "data": "A"}]},
            "_webSocketMessages[0].data: is no base64",
        ),
        (entry(postData={"params": [3]}), "postData.params[0]: is no object: 3"),
    ],
)
def test_an_entry_that_is_no_request_is_left_out_with_its_place(wrong: Any, said: str) -> None:
    found = read(wrong, entry())
    (problem,) = found.problems
    assert said in problem
    assert len(found.exchanges) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "is no HAR: it holds []"),
        ("{}", "the file.log: is missing"),
        ('{"log": {}}', "log.entries: is no list: None"),
    ],
)
def test_a_file_that_is_no_har_says_so(text: str, said: str) -> None:
    with pytest.raises(HarError) as raised:
        read_har(text, str)
    assert said in str(raised.value)


@pytest.mark.parametrize("why", [[], {}, ["limit"], 7, None, "hunger"])
def test_a_reason_that_is_none_of_ours_leaves_a_body_as_it_is(why: object) -> None:
    posted = {"mimeType": "text/plain", "text": "abc", "_incomplete": why, "_size": 9}
    assert one(entry(method="POST", postData=posted)).request_body == Body(size=3, data=b"abc")
