"""`inspector check` and `inspector diff` as a shell sees them."""

import json
import os
import re
from pathlib import Path

import pytest

from tests import warm
from tests.inspector.cli.shell import ROOT, inspector, started_inspector
from tests.inspector.cli.shops import SHOP

BOOKSHOP = "inspector.demo.bookshop:app"
OWN_CONVERTERS = """
from miniframework import App
from miniframework.routing.converters import Converter


class Own(Converter):
    name = "own"
    regex = {regex!r}


app = App(converters={{"own": Own()}})


@app.get("/x/{{text:own}}")
def show(text: str) -> str:
    return text
"""
DOCUMENTED = (
    SHOP
    + """

def openapi() -> dict:
    return {"openapi": "3.1.0", "paths": {"/items/{item}": {"get": {}}, "/gone": {"get": {}}}}


app.openapi = openapi
"""
)
ACCEPTED = SHOP.replace('"/items/new")', '"/items/new")  # inspector: ignore[unreachable]')
ABOVE = SHOP.replace('@app.get("/items/new")', '# inspector: ignore[unreachable]\n@app.get("/items/new")')
MENDED = SHOP.replace("{item}", "{item:int}").replace("item: str", "item: int")


def write(folder: Path, text: str) -> Path:
    (folder / "shop.py").write_text(text, encoding="utf-8")
    return folder


def test_a_finding_is_exit_code_1_with_both_places_a_witness_and_a_fix(tmp_path: Path) -> None:
    done = started_inspector("check", "shop:app", folder=write(tmp_path, SHOP))
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines() == [
        "error unreachable  route 2  shop.py:12",
        "  GET /items/new never gets here: /items/{item} (shop.py:7) takes every path of it first",
        "  witness: GET /items/new  →  route 1 /items/{item}  shop.py:7",
        "  fix: declare it before shop.py:7, or give the parameter there a narrower converter",
        "",
        "1 error",
    ]


def test_a_clean_table_is_exit_code_0(tmp_path: Path) -> None:
    done = inspector("check", "shop:app", folder=write(tmp_path, MENDED))
    assert (done.returncode, done.stdout) == (0, "nothing found\n")


def test_the_findings_as_json_are_for_programs(tmp_path: Path) -> None:
    done = inspector("check", "shop:app", "--json", folder=write(tmp_path, SHOP))
    (finding,) = json.loads(done.stdout)["findings"]
    assert (finding["kind"], finding["severity"], finding["methods"]) == (
        "unreachable",
        "error",
        ["GET", "HEAD"],
    )
    assert (finding["witness"], finding["exactness"]) == ("/items/new", "exact")
    assert (finding["route"]["line"], finding["by"][0]["line"]) == (12, 7)
    assert finding["by"][0]["path"] == "/items/{item}"


def test_the_findings_as_annotations_point_at_the_line(tmp_path: Path) -> None:
    done = inspector("check", "shop:app", "--format", "github", folder=write(tmp_path, SHOP))
    (line,) = done.stdout.splitlines()
    assert line.startswith("::error file=shop.py,line=12,title=unreachable%3A GET /items/new::")
    assert "%0Awitness: /items/new%0Afix: " in line


@pytest.mark.parametrize("text", [ACCEPTED, ABOVE], ids=["same-line", "line-above"])
def test_a_comment_at_the_declaration_accepts_one_kind(tmp_path: Path, text: str) -> None:
    done = inspector("check", "shop:app", folder=write(tmp_path, text))
    assert (done.returncode, done.stdout) == (0, "nothing found (1 accepted)\n")


def test_a_comment_with_another_kind_accepts_nothing_and_a_misspelt_one_is_told(tmp_path: Path) -> None:
    text = ACCEPTED.replace("[unreachable]", "[overlap, unreachabel]")
    done = inspector("check", "shop:app", folder=write(tmp_path, text))
    assert done.returncode == 1
    assert (
        "shop.py:12: 'unreachabel' is no kind of finding (known: allow_gap, docs_differ, duplicate"
        in done.stderr
    )


def test_a_baseline_accepts_what_was_found_and_outlives_moved_lines(tmp_path: Path) -> None:
    written = inspector("check", "shop:app", "--write-baseline", "known.json", folder=write(tmp_path, SHOP))
    assert written.returncode == 0
    assert "1 findings accepted in known.json" in written.stderr
    moved = write(tmp_path, "# one line more\n" + SHOP)
    assert inspector("check", "shop:app", "--baseline", "known.json", folder=moved).returncode == 0
    more = write(tmp_path, SHOP + '\n\n@app.get("/items/all")\ndef every() -> str:\n    return ""\n')
    done = inspector("check", "shop:app", "--baseline", "known.json", folder=more)
    assert done.returncode == 1
    assert "/items/all" in done.stdout
    assert "/items/new" not in done.stdout


def test_notes_count_only_when_asked(tmp_path: Path) -> None:
    text = SHOP.replace("/items/{item}", "/items/new/{item}").replace('"/items/new"', '"/items/{kind}/all"')
    text = text.replace("form()", "form(kind: str)")
    folder = write(tmp_path, text)
    done = inspector("check", "shop:app", folder=folder)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "1 note")
    assert inspector("check", "shop:app", "--strict", folder=folder).returncode == 1


def test_a_slow_converter_is_told_with_what_was_measured(tmp_path: Path) -> None:
    folder = write(tmp_path, OWN_CONVERTERS.format(regex="([a-z]+)*"))
    done = inspector("check", "shop:app", folder=folder)
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "warning slow_pattern  route 1  shop.py:14"
    assert lines[1].startswith("  GET /x/{text:own}: one request can hold the whole process, measured ")
    assert lines[2].startswith("  witness: GET /x/aaaaaaaa")
    assert lines[3].startswith("  fix: let a text fit in one way only")


def test_a_witness_that_grew_long_is_shortened_for_people_and_whole_for_programs(tmp_path: Path) -> None:
    text = SHOP.replace("{item}", "{item:path}/{a:path}/{b:path}").replace(
        "item: str", "item: str, a: str, b: str"
    )
    folder = write(tmp_path, text)
    done = inspector("check", "shop:app", "--json", folder=folder)
    (witness,) = [
        finding["witness"]
        for finding in json.loads(done.stdout)["findings"]
        if finding["kind"] == "slow_pattern"
    ]
    assert len(witness) > 200
    assert f"a/a/a… ({len(witness)} characters)" not in witness
    shown = inspector("check", "shop:app", folder=folder).stdout
    assert re.search(r"witness: GET /items/a/a/.*….*\(\d+ characters\)", shown)


def test_the_document_of_the_application_is_compared_with_what_answers(tmp_path: Path) -> None:
    done = inspector("check", "shop:app", folder=write(tmp_path, DOCUMENTED))
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines()[-6:] == [
        "warning docs_differ",
        "  the document has GET /gone, and no route does: GET /gone is answered by 404",
        "  witness: GET /gone",
        "  fix: declare it, or take it out of the document",
        "",
        "1 error, 1 warning",
    ]
    (tmp_path / "right.json").write_text('{"paths": {"/items/{item}": {"get": {}}}}', encoding="utf-8")
    named = inspector("check", "shop:app", "--openapi", "right.json", folder=tmp_path)
    assert named.stdout.splitlines()[-1] == "1 error"


def test_a_document_that_cannot_be_made_does_not_keep_the_routes_from_being_checked(tmp_path: Path) -> None:
    text = DOCUMENTED.replace('return {"openapi"', 'raise LookupError("no schema") or {"openapi"')
    done = inspector("check", "shop:app", folder=write(tmp_path, text))
    assert done.stdout.splitlines()[-1] == "1 error"
    assert (
        "shop:app.openapi() failed, so its document was not compared: LookupError('no schema')" in done.stderr
    )


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("[]", "'doc.json' cannot be compared with: it has no 'paths'"),
        ("{", "'doc.json' is not JSON"),
        (None, "the document 'doc.json' cannot be read"),
    ],
    ids=["no-document", "no-json", "no-file"],
)
def test_a_document_that_cannot_be_read_is_exit_code_2(
    tmp_path: Path, document: str | None, said: str
) -> None:
    if document is not None:
        (tmp_path / "doc.json").write_text(document, encoding="utf-8")
    done = inspector("check", "shop:app", "--openapi", "doc.json", folder=write(tmp_path, SHOP))
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_route_of_too_many_shapes_is_known_to_live_by_a_path_the_router_gives_it(tmp_path: Path) -> None:
    folder = write(tmp_path, OWN_CONVERTERS.format(regex="[ab]*a[ab]{18}"))
    done = inspector("check", "shop:app", folder=folder)
    assert (done.returncode, done.stdout) == (0, "nothing found\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "nowhere:app"], "no module named 'nowhere'"),
        (["check", "missing.json"], "'missing.json' cannot be read"),
        (["check", BOOKSHOP, "--baseline", "missing.json"], "the baseline 'missing.json' cannot be read"),
        (["check", "shop.py"], "'shop.py' is no route table"),
        (["check", BOOKSHOP, "--format", "yaml"], "'yaml' is not one of"),
        (["diff", BOOKSHOP], "Missing argument 'NEW'"),
        (["diff", BOOKSHOP, "missing.json"], "inspector routes MODULE:ATTRIBUTE --json"),
    ],
)
def test_what_cannot_be_checked_is_exit_code_2(tmp_path: Path, arguments: list[str], said: str) -> None:
    done = inspector(*arguments, folder=write(tmp_path, SHOP))
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_the_bookshop_has_one_error() -> None:
    done = inspector("check", BOOKSHOP)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, "1 error, 1 note")


def test_a_diff_tells_what_goes_elsewhere_and_is_exit_code_1(tmp_path: Path) -> None:
    folder = write(tmp_path, SHOP)
    (tmp_path / "old.json").write_text(
        inspector("routes", "shop:app", "--json", folder=folder).stdout, encoding="utf-8"
    )
    assert (
        inspector("diff", "old.json", "shop:app", folder=folder).stdout
        == "every request goes where it went\n"
    )
    done = started_inspector("diff", "old.json", "shop:app", folder=write(tmp_path, MENDED))
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines() == [
        "GET /items/a",
        "  - route 1 /items/{item}  show  shop.py:7",
        "  + 404 Not Found",
        "",
        "GET /items/new",
        "  - route 1 /items/{item}  show  shop.py:7",
        "  + route 2 /items/new  form  shop.py:12",
        "",
        "Nobody takes these, before or after:",
        "",
        "any other method /items/a",
        "  - 405 Method Not Allowed (GET, HEAD)",
        "  + 404 Not Found",
        "",
        "any request /items/a/",
        "  - 307 Temporary Redirect to /items/a",
        "  + 404 Not Found",
        "",
        "4 changes",
    ]
    as_json = inspector("diff", "old.json", "shop:app", "--json", folder=tmp_path)
    assert [change["witness"] for change in json.loads(as_json.stdout)["changes"]] == [
        "/items/a",
        "/items/new",
        "/items/a",
        "/items/a/",
    ]


def test_an_audit_names_the_route_that_a_skip_list_opens_in_part(tmp_path: Path) -> None:
    folder = write(tmp_path, SHOP)
    done = started_inspector("audit", "shop:app", "--exempt", r"^/(login|.*\.css)$", folder=folder)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines() == [
        "exempt in part  route 1 GET /items/{item}  shop.py:7",
        "  let through: GET /items/.css",
        "  kept:        GET /items/a",
    ]
    as_json = inspector("audit", "shop:app", "--exempt", "/items/", "--json", folder=folder)
    assert (as_json.returncode, json.loads(as_json.stdout)["exemptions"][0]["kept"]) == (0, None)


def test_a_pattern_that_cannot_be_read_is_exit_code_2(tmp_path: Path) -> None:
    folder = write(tmp_path, SHOP)
    for regex, said in (("/(", "missing )"), ("(?i)/a", "write (?i:…) instead of (?i)")):
        done = inspector("audit", "shop:app", "--exempt", regex, folder=folder)
        assert (done.returncode, done.stdout) == (2, "")
        assert said in done.stderr


def test_frozen_tests_pass_today_and_fail_when_a_request_goes_elsewhere(tmp_path: Path) -> None:
    folder = write(tmp_path, SHOP)
    done = started_inspector("tests", "shop:app", folder=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert "('GET', '/items/new', '/items/{item}')," in done.stdout
    (folder / "test_routing.py").write_text(done.stdout, encoding="utf-8")
    run = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "test_routing.py")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(folder)))}
    for text, code in ((SHOP, 0), (MENDED, 1)):
        write(folder, text)
        ran = warm.run(*run, folder=folder, environment=environment)
        assert ran.returncode == code, ran.stdout
