"""Litestar: what the adapter says of an application with every feature of its routing is what it does."""

from typing import Any

import pytest

VERSIONS = ["litestar-newest", "litestar-older"]


@pytest.fixture(scope="module", params=VERSIONS)
def probed(request: pytest.FixtureRequest, run_program: Any) -> Any:
    return run_program(request.param, "litestar_probe")


def test_asking_agrees_with_what_the_application_does_and_leaves_in_the_scope(probed: Any) -> None:
    assert probed["wrong"] == []
    assert min(probed["outcomes"].values()) > 200
    assert {"match", "not_found", "method_not_allowed"} <= set(probed["outcomes"])


def test_a_match_is_the_first_listed_route_that_fits(probed: Any) -> None:
    assert probed["law"] == []


def test_an_entry_is_one_handler_with_its_path_its_methods_and_its_function(
    probed: Any,
) -> None:
    listed = {(route["path"], tuple(route["methods"] or ())): route for route in probed["routes"]}
    book = listed["/books/{book_id:int}", ("DELETE", "OPTIONS")]
    assert book["endpoint"] == "__main__:Books.remove"
    assert book["file"] == "litestar_probe.py"
    assert listed["/in-a-thread/{a:str}", ("GET", "OPTIONS")]["endpoint"] == "__main__:in_a_thread"
    assert listed["/listen", ()]["endpoint"] == "__main__:listen"
    assert listed["/mounted", ()]["kind"] == "mount"
    assert listed["/outer/inner/{tenant:str}/books/{book_id:int}", ("GET",)]["name"] == "book"
    assert all(route["covered"] for route in probed["routes"])


def test_what_litestar_makes_for_options_is_a_method_of_the_first_entry_of_its_path(probed: Any) -> None:
    assert not [route for route in probed["routes"] if "options_handler" in route["endpoint"]]
    books = [route for route in probed["routes"] if route["path"] == "/books/{book_id:int}"]
    assert [route["methods"] for route in books] == [["DELETE", "OPTIONS"], ["GET"]]
    [own] = [route for route in probed["routes"] if route["path"] == "/own-options/{a:int}"]
    assert own["methods"] == ["OPTIONS"]


def test_the_order_of_whole_paths_and_of_the_handlers_at_one_is_that_of_their_text(probed: Any) -> None:
    """Litestar keeps them in sets, whose order is another at each start."""
    whole = [route for route in probed["routes"] if "{" not in route["path"] and route["kind"] == "http"]
    order = [(route["path"], route["methods"] == ["OPTIONS"], route["methods"]) for route in whole]
    assert len(order) > 10
    assert order == sorted(order)


def test_the_route_declared_last_decides_for_those_at_its_place(probed: Any) -> None:
    places = [route for route in probed["routes"] if route["path"].startswith("/overwritten/")]
    gets = [route for route in places if "GET" in route["methods"]]
    assert [route["path"] for route in gets] == ["/overwritten/{b:int}", "/overwritten/{a:str}"]
    assert gets[0]["regexes"] == gets[1]["regexes"]


def test_behind_a_path_parameter_nothing_is_reached(probed: Any) -> None:
    listed = {(route["path"], tuple(route["methods"] or ())): route for route in probed["routes"]}
    behind = [route for route in probed["routes"] if route["path"] == "/rest/{a:str}/edit"]
    assert behind
    assert all(route["regexes"] == [r"[^\s\S]"] for route in behind)
    assert listed["/mixed/{b:int}", ("DELETE", "OPTIONS")]["regexes"] == [
        r"[^\s\S]"
    ]  # its text begins with a slash
    assert listed["/mixed/{a:str}", ("OPTIONS", "PUT")]["regexes"] == [r"[\s\S]+"]


def test_a_handler_at_several_paths_is_told_apart_behind_a_root_path(probed: Any) -> None:
    assert probed["below"] == ["/twice-over"]


def test_an_endpoint_is_what_the_user_wrote_also_where_litestar_keeps_a_reference(run_program: Any) -> None:
    endpoints = {tuple(methods): name for methods, name in run_program("litestar-older", "litestar_refs")}
    assert endpoints["GET", "OPTIONS"] == "__main__:items"
