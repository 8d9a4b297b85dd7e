"""Templates: what they match, what they give, and what a wrong one is told."""

import re
from typing import Any

import pytest

from miniframework.errors import ConverterError, PatternError, UrlError
from miniframework.routing.converters import BUILT_IN, Converter, check_converter
from miniframework.routing.parts import Literal, Parameter
from miniframework.routing.pattern import parse_pattern
from miniframework.routing.source import Source

HERE = Source(file="app.py", line=14)


@pytest.mark.parametrize(
    ("template", "path", "params"),
    [
        ("/items/{item_id}", "/items/42", {"item_id": "42"}),
        ("/items/{item_id:int}", "/items/42", {"item_id": "42"}),
        ("/items/{item_id:int}", "/items/4a", None),
        ("/items/{item_id:int}", "/items/-4", None),
        ("/items/{item_id:int}", "/items/٤٢", None),
        ("/t/{y}@{scale}x.{format}", "/t/12@2x.png", {"y": "12", "scale": "2", "format": "png"}),
        ("/f/{p:path}", "/f/a/b/c.txt", {"p": "a/b/c.txt"}),
        ("/f/{p:path}", "/f/", {"p": ""}),
        ("/f/{p:path}", "/f/a\nb", None),
        ("/f/{p:path}/edit", "/f/a/b/edit", {"p": "a/b"}),
        ("/w/{w:float}", "/w/4.50", {"w": "4.50"}),
        ("/w/{w:float}", "/w/4.", None),
        ("/o/{o:uuid}", "/o/123E4567e89b12d3a456426614174000", {"o": "123E4567e89b12d3a456426614174000"}),
        ("/o/{o:uuid}", "/o/123e4567", None),
        ("/items/me", "/items/me\n", None),
        ("/items/{x}", "/items/a\n", {"x": "a\n"}),
        ("/v1.0/x", "/v1X0/x", None),
        ("/a+b", "/a+b", {}),
        ("/q?x", "/q?x", {}),
        ("/x(1)", "/x(1)", {}),
        ("/c[ab]", "/c[ab]", {}),
        ("/c[ab]", "/ca", None),
        ("/p|/admin", "/p", None),
        ("/%2F", "/%2F", {}),
        ("/%2F", "//", None),
        ("", "", {}),
        ("/", "/", {}),
        ("/", "//", None),
    ],
)
def test_a_template_takes_the_whole_path_or_nothing(
    template: str, path: str, params: dict[str, str] | None
) -> None:
    assert parse_pattern(template).match(path) == params


def test_parts_know_their_place_in_the_template() -> None:
    pattern = parse_pattern("/items/{item_id:int}.json")
    first, second, third = pattern.parts
    assert first == Literal(text="/items/", start=0, end=7)
    assert isinstance(second, Parameter)
    assert (second.name, second.converter_name, second.start, second.end) == ("item_id", "int", 7, 20)
    assert third == Literal(text=".json", start=20, end=25)
    assert pattern.regex.pattern == r"/items/(?P<item_id>[0-9]+)\.json"


@pytest.mark.parametrize(
    ("template", "at", "message"),
    [
        (
            "/users/{id:itn}",
            11,
            "unknown converter 'itn' (known: float, int, path, str, uuid); did you mean 'int'?",
        ),
        (
            "/users/{id:Integer}",
            11,
            "unknown converter 'Integer' (known: float, int, path, str, uuid); did you mean 'int'?",
        ),
        (
            "/users/{id: int}",
            11,
            "unknown converter ' int' (known: float, int, path, str, uuid); write 'int' without spaces",
        ),
        ("/users/{id:zzz}", 11, "own one is registered with add_converter(name, converter)"),
        ("/users/{id:}", 11, "unknown converter ''"),
        ("/users/{id:[0-9]+}", 11, "unknown converter '[0-9]+'"),
        (
            "/users/{id}/x/{id}",
            15,
            "parameter 'id' stands twice, at characters 7 and 14; rename one of them, for example to 'id_2'",
        ),
        ("/users/{id", 7, "'{' at character 7 is never closed; add '}' behind the name"),
        (
            "/users/id}",
            9,
            "'}' at character 9 closes nothing; remove it, or open a parameter before it with '{'",
        ),
        ("/users/{a{b}}", 9, "'{' at character 7 is not closed before the next '{'"),
        ("/users/{}", 8, "{} has no name; write a name, as in '{item_id}'"),
        ("/users/{:int}", 8, "parameter name '' is not a name a Python function can take; use letters"),
        (
            "/users/{user-id}",
            8,
            "parameter name 'user-id' is not a name a Python function can take; write {user_id}",
        ),
        ("/users/{ id }", 8, "parameter name ' id ' is not a name a Python function can take; write {id}"),
        ("/users/{1st}", 8, "parameter name '1st' is not a name a Python function can take; use letters"),
        ("/users/{class}", 8, "parameter name 'class' is not a name a Python function can take; use letters"),
        ("users", 0, "does not start with '/'; write '/users'"),
    ],
)
def test_a_template_that_cannot_be_read_names_file_line_place_and_way_out(
    template: str, at: int, message: str
) -> None:
    with pytest.raises(PatternError) as raised:
        parse_pattern(template, BUILT_IN, HERE)
    assert str(raised.value).startswith(f"app.py:14: path {template!r}: ")
    assert message in str(raised.value)
    assert (raised.value.template, raised.value.at) == (template, at)


def test_a_mount_takes_what_is_below_its_prefix_and_not_the_prefix() -> None:
    pattern = parse_pattern("/{tenant}/files/", open_ended=True)
    assert pattern.template == "/{tenant}/files"
    assert pattern.match("/acme/files/a\nb//") == {"tenant": "acme"}
    assert pattern.match("/acme/files/") == {"tenant": "acme"}
    assert pattern.match("/acme/files") is None
    assert pattern.match("/acme/filesystem/x") is None


@pytest.mark.parametrize("prefix", ["", "/", "//"])
def test_a_mount_at_the_root_takes_every_path_that_begins_with_a_slash(prefix: str) -> None:
    pattern = parse_pattern(prefix, open_ended=True)
    assert [path for path in ("/", "/a", "//", "", "*", "a") if pattern.match(path) is not None] == [
        "/",
        "/a",
        "//",
    ]


class IsbnConverter(Converter):
    name = "isbn"
    regex = "[0-9]{9}[0-9X]"

    def convert(self, text: str) -> str:
        if sum((10 - n) * (10 if c == "X" else int(c)) for n, c in enumerate(text)) % 11:
            raise ValueError(f"{text} has a wrong check digit")
        return text


def test_a_converter_of_ones_own_decides_by_its_regex_alone() -> None:
    pattern = parse_pattern("/isbn/{isbn:isbn}", {**BUILT_IN, "isbn": IsbnConverter()})
    raw = pattern.match("/isbn/1234567890")
    assert raw == {"isbn": "1234567890"}  # its convert refuses, routing does not ask it
    values, problems = pattern.convert(raw)
    assert values == {}
    assert str(problems["isbn"]) == "1234567890 has a wrong check digit"
    assert pattern.convert({"isbn": "080442957X"}) == ({"isbn": "080442957X"}, {})


def _converter(regex: Any) -> Converter:
    made = IsbnConverter()
    made.regex = regex
    return made


@pytest.mark.parametrize(
    ("name", "regex", "message"),
    [
        ("x", "(?i)abc", "cannot stand inside a path: global flags not at the start of the expression"),
        ("x", "(?i)abc", "for a flag write (?i:…) instead of (?i)"),
        ("x", "[a", "cannot stand inside a path: unterminated character set"),
        ("x", "(?P<year>[0-9]+)", "names the groups 'year'; write (?:…) instead of (?P<…>…)"),
        ("x", r"(a|b)\1", "refers to a group by its number, which changes inside a path"),
        ("x", r"(a)?(?(1)b|c)", "refers to a group by its number"),
        ("x", "a)(b", "cannot stand inside a path: unbalanced parenthesis"),
        ("x", None, "its regex is None, not text"),
        ("x-y", "a", "converter name 'x-y' is not an identifier"),
    ],
)
def test_a_converter_that_cannot_stand_inside_a_path_is_refused(name: str, regex: Any, message: str) -> None:
    with pytest.raises(ConverterError) as raised:
        check_converter(name, _converter(regex), where="app.py:3")
    assert str(raised.value).startswith("app.py:3: converter ")
    assert message in str(raised.value)


@pytest.mark.parametrize("regex", [r"\\1", r"[\1]", "a|b", "(a)(b)", "(?i:a)", "(?=a)a", "(?#1)a"])
def test_a_converter_that_can_stand_inside_a_path_is_taken(regex: str) -> None:
    check_converter("x", _converter(regex))


def test_a_choice_in_a_converter_ends_with_its_parameter() -> None:
    pattern = parse_pattern("/x/{c:c}/y", {"c": _converter("a|b")})
    assert [p for p in ("/x/a/y", "/x/b/y", "/x/a", "b/y") if pattern.match(p)] == ["/x/a/y", "/x/b/y"]


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("int", 42, "42"),
        ("float", 4.5, "4.5"),
        ("float", 0.00001, "0.00001"),
        ("float", 3.0, "3"),
        ("path", "a/b", "a/b"),
    ],
)
def test_a_value_becomes_text_that_matches_again(kind: str, value: Any, text: str) -> None:
    pattern = parse_pattern(f"/x/{{v:{kind}}}")
    assert pattern.format(v=value) == f"/x/{text}"
    assert pattern.convert({"v": text}) == ({"v": value}, {})


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"v": -1}, "parameter 'v' became '-1' from -1, which int ([0-9]+) does not take"),
        ({}, "missing: ['v'], unknown: []"),
        ({"v": 1, "w": 2}, "missing: [], unknown: ['w']"),
    ],
)
def test_a_url_that_would_not_match_is_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(UrlError, match=re.escape(message)):
        parse_pattern("/x/{v:int}").format(**values)


@pytest.mark.parametrize(("kind", "text"), [("int", "9" * 5_000), ("float", "9" * 400)])
def test_text_too_large_for_a_number_is_a_problem_of_its_parameter(kind: str, text: str) -> None:
    pattern = parse_pattern(f"/x/{{v:{kind}}}")
    raw = pattern.match(f"/x/{text}")
    assert raw is not None
    values, problems = pattern.convert(raw)
    assert values == {}
    assert list(problems) == ["v"]
