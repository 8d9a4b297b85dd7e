import sys
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookies import CookieError

import pytest

from miniframework import Response
from miniframework.http.cookies import format_set_cookie, parse_cookies


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("a=1; b=2", {"a": "1", "b": "2"}),
        ('a="x y"; b="q\\"r"', {"a": "x y", "b": 'q"r'}),
        ("a=1;a=2", {"a": "2"}),
        ("a=b=c", {"a": "b=c"}),
        ("justaname", {"": "justaname"}),
        (" ; ;a=", {"a": ""}),
        ("", {}),
    ],
)
def test_cookies_are_read_as_browsers_send_them(header: str, expected: dict[str, str]) -> None:
    assert parse_cookies(header) == expected


def test_a_cookie_is_written_with_its_attributes() -> None:
    text = format_set_cookie(
        "sid",
        "a b",
        max_age=60,
        expires=datetime(2030, 1, 1, tzinfo=UTC),
        path="/x",
        domain="example.org",
        secure=True,
        httponly=True,
        samesite="strict",
    )
    head, *attributes = text.split("; ")
    assert head == 'sid="a b"'
    assert {attribute.lower() for attribute in attributes} == {
        "max-age=60",
        "expires=tue, 01 jan 2030 00:00:00 gmt",
        "path=/x",
        "domain=example.org",
        "secure",
        "httponly",
        "samesite=strict",
    }


def test_what_is_written_is_read_back() -> None:
    for value in ["x", "a;b", 'q"', "é", "a,b c", "=", "\\"]:
        text = format_set_cookie("n", value)
        assert parse_cookies(text.split("; ")[0])["n"] == value


@pytest.mark.parametrize(
    "broken",
    [
        {"name": "a", "path": "/; Domain=evil.example"},
        {"name": "a", "domain": "x\r\nSet-Cookie: y"},
    ],
)
def test_a_cookie_that_would_break_out_of_its_header_is_refused(broken: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="cookie"):
        format_set_cookie(**broken)


@pytest.mark.parametrize("name", ["a b", "a\r\nb", "", "expires"])
def test_a_name_that_is_no_token_is_refused_as_the_standard_library_does(name: str) -> None:
    with pytest.raises(CookieError):
        format_set_cookie(name)


def test_an_unknown_samesite_is_the_assertion_error_that_starlette_raises() -> None:
    with pytest.raises(AssertionError, match="must be 'strict', 'lax' or 'none'") as caught:
        Response().set_cookie("a", "1", samesite="bogus")  # type: ignore[arg-type]
    assert isinstance(caught.value, ValueError)


def test_two_cookies_are_two_headers_and_deleting_expires_one() -> None:
    response = Response()
    response.set_cookie("a", "1")
    response.set_cookie("b", "2")
    response.delete_cookie("a")
    lines = response.headers.get_list("set-cookie")
    assert [line.split("=")[0] for line in lines] == ["a", "b", "a"]
    assert "Max-Age=0" in lines[2]
    expires = lines[2].partition("expires=")[2].partition(";")[0]
    assert parsedate_to_datetime(expires) <= datetime.now(UTC)


def test_a_partitioned_cookie_says_so_where_python_knows_the_word() -> None:
    response = Response()
    if sys.version_info < (3, 14):
        with pytest.raises(ValueError, match=r"Python 3\.14"):
            response.set_cookie("a", "1", partitioned=True)
        return
    response.set_cookie("a", "1", secure=True, samesite="none", partitioned=True)
    response.delete_cookie("a", secure=True, samesite="none", partitioned=True)
    assert ["; Partitioned" in one for one in response.headers.get_list("set-cookie")] == [True, True]


def test_a_quoted_value_of_backslashes_is_read_in_time_that_grows_with_its_length() -> None:
    # Were it to grow with the square of the length, this would take longer than a test may.
    assert parse_cookies('a="' + "\\" * 640_000 + '"') == {"a": "\\" * 320_000}
