"""More of what confuses users of routers, each on an application of its own: the sentence that helps."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inspector.panels.answer_routing import answer_routing
from inspector.panels.specificity import say_by_specificity
from miniframework import App, PlainTextResponse, Request, Router
from miniframework.errors import PatternError, RouteError, UrlError
from miniframework.middleware import Middleware
from miniframework.staticfiles import StaticFiles

Record = Callable[..., Any]


def answer() -> str:
    return "ok"


def in_order(said: str, *parts: str) -> None:
    place = -1
    for part in parts:
        found = said.find(part, place + 1)
        assert found > place, f"{part!r} is missing, or out of order, in {said!r}"
        place = found


def test_1_a_route_that_can_never_be_called_is_named_with_the_one_that_eats_it(record: Record) -> None:
    app = App()
    app.get("/items/{name}")(answer)
    app.get("/items/new", name="new")(lambda: "new")
    in_order(
        record(app, "GET", "/items/new").answer,
        "200: answer (",
        "route 1, /items/{name}, took it with name = new",
        "; route 2, /items/new, 1 line below, also matches.",
        " To let route 2, /items/new, answer: move it up.",
    )


@pytest.mark.parametrize(
    ("templates", "path", "said"),
    [
        pytest.param(
            ("/items/{name}", "/items/{id:int}", "/items/42"),
            "/items/42",
            "By specificity route 3, /items/42, would take it; here route 1, /items/{name}, stands first.",
            id="a word before a number before text",
        ),
        pytest.param(
            ("/items/{name}", "/items/{id:int}"),
            "/items/x",
            "By specificity route 1, /items/{name}, would take it, too.",
            id="only those that take it count",
        ),
        pytest.param(
            ("/{a}/b", "/a/{b}"),
            "/a/b",
            "By specificity route 2, /a/{b}, would take it; here route 1, /{a}/b, stands first.",
            id="the segment on the left decides",
        ),
        pytest.param(("/items",), "/users", None, id="nobody takes it"),
    ],
)
def test_5_who_would_win_by_specificity_is_said(
    templates: tuple[str, ...], path: str, said: str | None
) -> None:
    app = App()
    for number, template in enumerate(templates):
        app.get(template, name=f"route{number}")(answer)
    explanation = app.table.explain("http", "GET", path)
    assert say_by_specificity(explanation, app.table.snapshot()) == said


def test_6_a_mounted_application_behind_a_catch_all_is_seen(record: Record) -> None:
    app, inner = App(openapi_url=None), App(openapi_url=None)
    inner.get("/page")(answer)
    app.get("/{rest:path}")(answer)
    app.mount("/sub", inner)
    said = record(app, "GET", "/sub/page").answer
    in_order(said, "route 1, /{rest:path}, took it", "mount 2, /sub, 1 line below, also matches")


def test_6_specific_before_generic_is_not_called_a_mistake(record: Record) -> None:
    app = App()
    app.get("/items/new")(answer)
    app.get("/items/{name}")(answer)
    said = record(app, "GET", "/items/new").answer
    assert "Won by" not in said
    assert "move it up" not in said
    assert "To let" not in said
    assert "never asked" not in said


def test_34_a_handshake_that_files_took_names_the_websocket_route_behind_them(
    record: Record, tmp_path: Path
) -> None:
    app = App(openapi_url=None)
    app.mount("/", StaticFiles(directory=tmp_path))
    app.websocket("/ws/{room}")(answer)
    said = record(app, "GET", "/ws/7", websocket=True).answer
    in_order(
        said,
        "403: mount 1, /, took the handshake, and StaticFiles speaks HTTP only",
        "Won by mount 1, /; route 2, /ws/{room}, 1 line below, also matches: move it up.",
    )


def test_7_the_same_path_twice_is_refused_when_it_is_declared() -> None:
    app = App()
    app.get("/items")(answer)
    with pytest.raises(RouteError, match=r"test_answer_confusions\.py:\d+") as refused:
        app.get("/items")(lambda: "second")
    assert str(refused.value).count("test_answer_confusions.py:") == 2


def test_8_text_before_a_number_hides_the_number(record: Record) -> None:
    app = App()
    app.get("/items/{id:str}")(answer)
    app.get("/items/{id:int}")(lambda: "number")
    in_order(
        record(app, "GET", "/items/42").answer,
        "route 1, /items/{id:str}, took it with id = 42",
        "route 2, /items/{id:int}, 1 line below, also matches",
    )


def test_19_without_slash_redirects_the_slash_is_named_as_the_cause(record: Record) -> None:
    app = App(redirect_slashes=False)
    app.get("/items")(answer)
    in_order(
        record(app, "GET", "/items/").answer,
        "404: no route takes /items/; only the slash at the end keeps route 1, /items, from taking it.",
        "It would match without the slash at its end: /items.",
    )


def test_21_a_path_that_holds_the_root_path_is_matched_without_it(record: Record) -> None:
    app = App()
    app.get("/items")(answer)
    said = record(app, "GET", "/shop/items", root_path="/shop").answer
    assert said.startswith("200: answer (")
    assert "route 1, /items, took it" in said


def test_23_a_mount_on_a_router_gets_the_prefix_of_its_include(record: Record) -> None:
    app, router, inner = App(), Router(), App()
    inner.get("/page")(answer)
    router.mount("/sub", inner)
    app.include_router(router, prefix="/api")
    said = record(app, "GET", "/api/sub/page").answer
    assert "mount 1, /api/sub, passed it on, and its route 1.1, /page, took it" in said
    said = record(app, "GET", "/sub/page").answer
    in_order(said, "404: no route takes /sub/page", "It would match below the prefix /api: /api/sub/page.")


def test_24_a_route_added_after_the_include_counts(record: Record) -> None:
    app, router = App(), Router()
    app.include_router(router, prefix="/api")
    router.get("/late")(answer)
    assert "route 1, /api/late, took it" in record(app, "GET", "/api/late").answer


def test_25_the_routes_of_included_routers_are_all_in_the_table() -> None:
    app, outer, inner = App(), Router(), Router()
    inner.get("/deep")(answer)
    outer.include_router(inner, prefix="/b")
    app.include_router(outer, prefix="/a")
    table = app.table
    said = answer_routing(table.explain("http", "GET", "/a/b/deep"), table.snapshot())
    in_order(said, "answer (test_answer_confusions.py:", "answers: route 1, /a/b/deep, takes it.")


def test_26_a_url_that_cannot_be_built_names_what_is_there() -> None:
    app = App()
    app.get("/items/{id:int}", name="get_item")(answer)
    with pytest.raises(UrlError, match="get_item"):
        app.url_for("get_itm", id=1)
    with pytest.raises(UrlError, match="'abc'"):
        app.url_for("get_item", id="abc")


@pytest.mark.parametrize("template", ["/items/{id: int}", "/items/{id", "/items/{}", "/items/{größe!}"])
def test_32_braces_that_are_no_parameter_are_refused_when_declared(template: str) -> None:
    with pytest.raises(PatternError, match=r"test_answer_confusions\.py:\d+"):
        App().get(template)(answer)


def test_35_the_route_is_known_where_a_middleware_could_not_know_it(record: Record) -> None:
    class Header:
        def __init__(self, app: Any) -> None:
            self.app = app

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            await self.app(scope, receive, send)

    app = App(middleware=[Middleware(Header)])
    app.get("/items/{id:int}")(answer)
    seen = record(app, "GET", "/items/7")
    assert "route 1, /items/{id:int}, took it with id = 7" in seen.answer
    assert [moment.kind for moment in seen.exchange.timeline].count("MiddlewareEntered") == 1


@pytest.mark.parametrize(
    ("target", "meant"),
    [
        pytest.param("/itms/42", " Did you mean /items/42?", id="a letter is missing"),
        pytest.param("/items/42x", " Did you mean /items/42?", id="a letter too many for a number"),
        pytest.param("/itmes/42/parts", " Did you mean /items/42/parts?", id="two letters are swapped"),
        pytest.param("/Items/42", " It would match in lower case: /items/42.", id="another case"),
        pytest.param("/items//42", " It would match with “//” made one slash: /items/42.", id="a slash"),
        pytest.param(
            "/items/42%0A",
            " It would match without the line break at its end: /items/42.",
            id="a line break",
        ),
        pytest.param(
            "/cafe%CC%81",
            " It would match with its characters composed (NFC): /café.",
            id="a letter and its accent",
        ),
        pytest.param(
            "/items/%E2%91%A3",
            " It would match with its characters in their plain form (NFKC): /items/4.",
            id="a look-alike of a digit",
        ),
        pytest.param("/%2569tems/42", " It would match decoded once more: /items/42.", id="encoded twice"),
        pytest.param("/pens/blue", " It would match below the prefix /shop: /shop/pens/blue.", id="a mount"),
        pytest.param("/shop/pnes/blue", " Did you mean /shop/pens/blue?", id="inside a mount"),
    ],
)
def test_36_what_was_probably_meant_is_suggested(record: Record, target: str, meant: str) -> None:
    app, shop = App(), App()
    app.get("/items/{id:int}")(answer)
    app.get("/items/{id:int}/parts")(answer)
    app.get("/café")(answer)
    shop.get("/pens/{colour}")(answer)
    app.mount("/shop", shop)
    assert meant in record(app, "GET", target).answer


def test_36_nothing_is_suggested_that_nobody_can_have_meant(record: Record) -> None:
    app = App()

    @app.get("/items/{id:int}")
    def item(request: Request, id: int) -> PlainTextResponse:
        return PlainTextResponse("")

    for target in ("/items", "/items/", "/users/7", "/favicon.ico", "/items/abc"):
        said = record(app, "GET", target).answer
        assert "Did you mean" not in said, said
        assert "would match" not in said, said


def test_4_a_route_inside_a_mount_has_the_number_that_the_route_table_gives_it(record: Record) -> None:
    app, outer, inner = App(openapi_url=None), App(openapi_url=None), App(openapi_url=None)
    app.get("/")(answer)
    inner.get("/first")(answer)
    inner.get("/items/{id:int}")(answer)
    outer.mount("/shop", inner)
    app.mount("/v1", outer)
    in_order(
        record(app, "GET", "/v1/shop/items/7").answer,
        "mount 2, /v1, passed it on, and its mount 2.1, /shop, passed it on, and its route 2.1.2, /items/{id",
    )
    in_order(
        record(app, "GET", "/v1/shop/items/x").answer,
        "inside the mount /v1/shop (route 2.1) no route takes",
        "the nearest is route 2.1.2, /items/{id:int}",
    )
