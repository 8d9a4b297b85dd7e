"""Secrets that stand in headers are hidden without a walk, and nothing is different from the walk."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from inspector.apart import Apart, put_together, take_apart
from inspector.model import Body, Header, HttpExchange, Parameter
from inspector.redaction import MARK, Redactor
from inspector.redaction.exchange import redact_by_walking
from inspector.redaction.in_headers import redact_in_headers
from inspector.redaction.plain import PlainLook
from tests.inspector.redaction_samples import make_exchange

SECRET = "4f6a8b2c9d0e1f2a3b4c5d6e"
_PIECES = st.sampled_from(
    [
        SECRET, "hello", "theme=dark", f"session={SECRET}", "; ", "Bearer ", "Basic dTo0ZjZhOGIyYzlkMGUxZjJh",
        "/a?b=", "4f6a8b2c9d0e1f2a", "%34f6a8b2c9d0e1f2a3b4c5d6e", "token=abcdefgh", "+", " ",
        "code=abcdefgh&state=x",
    ]
)  # fmt: skip
_TEXTS = st.lists(_PIECES, max_size=3).map("".join)
_HEADERS = st.lists(
    st.tuples(
        st.sampled_from(["Cookie", "authorization", "set-cookie", "referer", "x-a", "x-api-key", "host"]),
        _TEXTS,
    ),
    max_size=4,
).map(tuple)


def walked(exchange: HttpExchange) -> Apart:
    return take_apart(redact_by_walking(exchange))


@given(_HEADERS, _HEADERS, _TEXTS, _TEXTS)
def test_it_is_hidden_as_a_walk_hides_it(
    asked: tuple[Header, ...], answered: tuple[Header, ...], query: str, body: str
) -> None:
    look = PlainLook()
    exchange = make_exchange(
        headers=asked, response_headers=answered, response_body=Body(size=len(body), data=body.encode())
    )
    exchange = replace(exchange, scope=replace(exchange.scope, query_string=query))
    for _ in range(2):  # then what is plain is known
        look.is_plain(take_apart(exchange))
        done = redact_in_headers(take_apart(exchange), look)
        assert done is None or done == walked(exchange)


def test_a_cookie_and_credentials_need_no_walk() -> None:
    headers = (("host", "shop"), ("cookie", f"a={SECRET}"), ("authorization", "Bearer abcdefghij"))
    exchange = make_exchange(headers=headers, response_headers=(("set-cookie", f"a={SECRET}; Path=/"),))
    done = redact_in_headers(take_apart(exchange), PlainLook())
    assert done is not None
    assert done == walked(exchange)
    assert put_together(done).scope.headers == (
        ("host", "shop"),
        ("cookie", f"a={MARK}"),
        ("authorization", f"Bearer {MARK}"),
    )


def test_a_copy_in_a_header_that_was_plain_before_is_hidden() -> None:
    look = PlainLook()
    assert look.is_plain(take_apart(make_exchange(headers=(("x-a", SECRET),))))
    exchange = make_exchange(headers=(("x-a", SECRET), ("cookie", f"session={SECRET}")))
    done = redact_in_headers(take_apart(exchange), look)
    assert done == walked(exchange)
    assert SECRET not in str(done)


def test_a_secret_that_was_sent_elsewhere_too_is_walked_after() -> None:
    exchange = make_exchange(headers=(("cookie", f"a={SECRET}"),))
    for one in (
        replace(exchange, scope=replace(exchange.scope, path=f"/{SECRET}")),
        replace(exchange, scope=replace(exchange.scope, query_string=f"q={SECRET}")),
        replace(exchange, response_body=Body(size=24, data=SECRET.encode())),
        replace(exchange, parameters=(_parameter(SECRET),)),
    ):
        assert redact_in_headers(take_apart(one), PlainLook()) is None
        assert SECRET not in str(Redactor().redact(take_apart(one)))


def _parameter(raw: str) -> Parameter:
    return Parameter(
        name="q",
        alias="q",
        source="query",
        raw=raw,
        declared_type="str",
        converter="",
        value=repr(raw),
        value_type="str",
        default_used=False,
        problem=None,
    )
