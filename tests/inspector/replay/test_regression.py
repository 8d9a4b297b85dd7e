"""Rules, learning, rebinding, outcomes and the JUnit report of recorded requests that run again."""

import json
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from inspector.model import Body, Header, HttpExchange, Routing
from inspector.replay.difference import compare_exchanges
from inspector.replay.refusal import Refusal
from inspector.replay.regression.json_path import covers, parse_path
from inspector.replay.regression.junit import junit_report
from inspector.replay.regression.learning import learn_rules, propose_rules
from inspector.replay.regression.outcome import Outcome, summarise_outcomes
from inspector.replay.regression.rebinding import Heard, Rebinder
from inspector.replay.regression.rules import RuleError, parse_rule, set_aside

ExchangeMaker = Callable[..., HttpExchange]
JSON = (("content-type", "application/json"),)


def body_of(document: Any) -> Body:
    data = json.dumps(document).encode()
    return Body(size=len(data), data=data)


def heard(document: Any, *headers: Header) -> Heard:
    return Heard(headers=headers, body=json.dumps(document).encode())


@pytest.mark.parametrize(
    ("rule", "place", "covered"),
    [
        ("$", "$.a", True),
        ("$.a", "$.a.b[0]", True),
        ("$.a", "$.ab", False),
        ("$.a[*].id", "$.a[17].id", True),
        ("$.a[0].id", "$.a[1].id", False),
        ("$.*.id", "$.x.id", True),
        ("$..id", "$.a[3].b.id", True),
        ("$..id", "$.id", True),
        ("$..id", "$.idea", False),
        ('$["a key"].b', '$["a key"].b', True),
        ("$.größe", "$.größe", True),
    ],
)
def test_a_path_covers_what_lies_at_or_below_it(rule: str, place: str, covered: bool) -> None:
    assert covers(parse_path(rule), parse_path(place)) is covered


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("header:etag", "'header' is no layer; write one of status, route"),
        ("body:", "nothing stands behind the colon"),
        ("body:$.a[", "cannot be read from character 3 on: '['"),
        ("body:$a", "cannot be read from character 1 on: 'a'"),
    ],
)
def test_a_rule_that_cannot_be_read_is_refused_with_its_text(text: str, said: str) -> None:
    with pytest.raises(RuleError) as refused:
        parse_rule(text)
    assert repr(text) in str(refused.value)
    assert said in str(refused.value)


@pytest.mark.parametrize("rule", ["body:$.items[*].at", "body:$..at", "body:$.items", "body"])
def test_what_a_rule_covers_does_not_count_as_a_difference(make_exchange: ExchangeMaker, rule: str) -> None:
    left = make_exchange(response_body=body_of({"items": [{"at": 1}, {"at": 2}]}), response_headers=JSON)
    right = make_exchange(response_body=body_of({"items": [{"at": 1}, {"at": 3}]}), response_headers=JSON)
    difference = compare_exchanges(left, right)
    assert not difference.same
    settled = set_aside(difference, [parse_rule(rule)])
    assert settled.same
    assert settled.summary == "same · 1 volatile field ignored"


def test_a_rule_for_headers_is_a_pattern_without_case(make_exchange: ExchangeMaker) -> None:
    left = make_exchange(response_headers=(*JSON, ("X-Build", "1"), ("etag", "a")))
    right = make_exchange(response_headers=(*JSON, ("X-Build", "2"), ("etag", "b")))
    settled = set_aside(compare_exchanges(left, right), [parse_rule("headers:X-*")])
    (headers,) = [layer for layer in settled.layers if layer.name == "headers"]
    assert [(entry.what, entry.volatile) for entry in headers.entries] == [("x-build", True), ("etag", False)]


def test_what_differs_between_two_replays_is_learnt_for_every_item(make_exchange: ExchangeMaker) -> None:
    first = make_exchange(response_body=body_of({"n": [{"x": 1}, {"x": 5}]}), response_headers=JSON)
    again = make_exchange(response_body=body_of({"n": [{"x": 2}, {"x": 6}]}), response_headers=JSON)
    assert learn_rules(compare_exchanges(first, again)) == ("body:$.n[*].x",)


def test_of_text_the_whole_body_is_learnt_and_of_headers_each_by_its_name(
    make_exchange: ExchangeMaker,
) -> None:
    text = ("content-type", "text/plain")
    first = make_exchange(response_body=Body(size=1, data=b"1"), response_headers=(text, ("x-count", "1")))
    again = make_exchange(response_body=Body(size=1, data=b"2"), response_headers=(text, ("x-count", "2")))
    assert learn_rules(compare_exchanges(first, again)) == ("headers:x-count", "body")


def test_a_moment_in_the_place_of_a_moment_is_proposed_and_another_text_is_not(
    make_exchange: ExchangeMaker,
) -> None:
    first = {"at": "2024-01-01T10:00:00Z", "id": "0b6e9e52-6f0f-4b6d-9a39-2d4f2ad3d2aa", "name": "a"}
    second = {"at": "2025-01-01T10:00:00.5Z", "id": "5e1a7e3f-7df4-4f0b-8b0c-6a2f3d3c1b10", "name": "b"}
    left = make_exchange(response_body=body_of(first), response_headers=JSON)
    right = make_exchange(response_body=body_of(second), response_headers=JSON)
    assert propose_rules(compare_exchanges(left, right)) == ("body:$.at", "body:$.id")


def test_new_ids_and_tokens_are_put_into_later_requests(make_exchange: ExchangeMaker) -> None:
    rebinder = Rebinder()
    created = make_exchange(
        response_body=body_of({"order_id": 17, "price": 3, "access_token": "•••"}),
        response_headers=(*JSON, ("location", "/orders/17")),
    )
    rebinder.note(
        created,
        heard(
            {"order_id": 99, "price": 4, "access_token": "new-token"},
            ("location", "/orders/99"),
            ("set-cookie", "session=fresh; Path=/; HttpOnly"),
        ),
    )
    later = make_exchange(
        scope={
            "path": "/orders/17/lines/3",
            "raw_path": "/orders/17/lines/3",
            "query_string": "order=17&n=3",
            "headers": (("authorization", "Bearer •••"), ("cookie", "session=•••; theme=dark")),
        },
        request_body=body_of({"order_id": 17, "copies": 3, "deep": [{"order": "17"}]}),
    )
    edit, named = rebinder.rebind(later)
    assert edit.target == "/orders/99/lines/3?order=99&n=3"
    assert edit.headers == (
        ("authorization", "Bearer new-token"),
        ("cookie", "session=fresh; theme=dark"),
    )
    assert json.loads(edit.body or b"") == {"order_id": 99, "copies": 3, "deep": [{"order": "99"}]}
    assert named == ("path", "headers", "body")


def test_new_ids_in_a_list_are_found_by_their_place_and_credentials_of_another_kind_stay(
    make_exchange: ExchangeMaker,
) -> None:
    rebinder = Rebinder()
    created = make_exchange(
        response_body=body_of([{"id": 17}, {"id": 18}, {"id": 19}]), response_headers=JSON
    )
    rebinder.note(created, heard([{"id": 97}, {"id": 98}]))
    rebinder.note(make_exchange(), heard({"access_token": "new-token"}))
    later = make_exchange(
        scope={
            "path": "/orders/18",
            "raw_path": "/orders/18",
            "headers": (("authorization", "Basic •••"), ("x-trace", "Bearer of news")),
        }
    )
    edit, named = rebinder.rebind(later)
    assert (edit.target, edit.headers, named) == ("/orders/98", None, ("path",))


def test_an_answer_that_is_no_json_and_a_cookie_that_is_none_give_nothing(
    make_exchange: ExchangeMaker,
) -> None:
    rebinder = Rebinder()
    created = make_exchange(response_body=Body(size=2, data=b"{["), response_headers=JSON)
    rebinder.note(created, Heard(headers=(("set-cookie", "a,b=1"),), body=b"[" * 100_000))
    assert (rebinder.values, rebinder.cookies, rebinder.token) == ({}, {}, None)


def test_a_request_that_speaks_of_nothing_new_is_sent_as_it_was(make_exchange: ExchangeMaker) -> None:
    rebinder = Rebinder()
    rebinder.note(make_exchange(), heard({"id": 42}))
    edit, named = rebinder.rebind(make_exchange())
    assert (edit.is_empty, named) == (True, ())


def test_a_path_stays_escaped_where_a_new_value_needs_it(make_exchange: ExchangeMaker) -> None:
    rebinder = Rebinder(values={"a b": "x/y ü", "c": "d"})
    found = make_exchange(
        scope={"path": "/f/a b/%", "raw_path": "/f/a%20b/%25", "query_string": "q=a%20b&flag"}
    )
    edit, _ = rebinder.rebind(found)
    assert edit.target == "/f/x%2Fy%20%C3%BC/%25?q=x%2Fy%20%C3%BC&flag"


@pytest.fixture
def outcomes(make_exchange: ExchangeMaker) -> list[Outcome]:
    """One of each kind."""
    recorded = make_exchange()
    changed = make_exchange(response_body=body_of({"id": 43}))
    gone = make_exchange(status=404, routing=Routing.NOT_FOUND, steps=())
    return [
        Outcome(recorded=recorded, replayed=recorded, difference=compare_exchanges(recorded, recorded)),
        Outcome(recorded=recorded, replayed=changed, difference=compare_exchanges(recorded, changed)),
        Outcome(recorded=recorded, replayed=gone, difference=compare_exchanges(recorded, gone)),
        Outcome(recorded=recorded, refusal=Refusal(code="confirm", message="\x00 may do it.", hint="ask")),
    ]


def test_all_outcomes_are_one_line_that_names_lost_routes(outcomes: list[Outcome]) -> None:
    said = "1 same, 1 changed, 1 not sent, 1 now 404: was /books/{book_id:int}"
    assert summarise_outcomes(outcomes) == said
    assert summarise_outcomes([]) == "nothing was recorded"


def test_the_junit_report_has_a_case_a_request_and_is_xml_whatever_was_recorded(
    outcomes: list[Outcome],
) -> None:
    report = ElementTree.fromstring(junit_report(outcomes, name="inspector replay \x1b"))
    (suite,) = report
    assert {name: suite.get(name) for name in ("tests", "failures", "skipped")} == {
        "tests": "4",
        "failures": "2",
        "skipped": "1",
    }
    cases = list(suite)
    assert {(case.get("classname"), case.get("name")) for case in cases} == {
        ("/books/{book_id:int}", "GET /books/42")
    }
    assert [[child.tag for child in case] for case in cases] == [[], ["failure"], ["failure"], ["skipped"]]
    assert "body $.id: '42' -> '43'" in (cases[1][0].text or "")
