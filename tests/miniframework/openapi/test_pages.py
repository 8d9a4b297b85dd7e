"""What an application serves about itself, and where it stands among the application's own routes."""

import json
import re
from typing import Any

import pytest

from miniframework import App, Router
from miniframework.exceptions import FastAPIDeprecationWarning
from miniframework.openapi.docs import get_redoc_html, get_swagger_ui_html
from miniframework.testing import TestClient

BUILT_IN = ["/openapi.json", "/docs", "/docs/oauth2-redirect", "/redoc", "/docs/assets/{name:asset}"]
OUTSIDE = re.compile(r"""(?:src|href)=["']?(?:https?:)?//""")


def make_app(**options: Any) -> App:
    app = App(**options)
    app.get("/items")(lambda: 0)
    return app


def templates(app: App) -> list[str]:
    return [entry.pattern.template for entry in app.table.entries]


@pytest.mark.parametrize(
    ("path", "kind", "said"),
    [
        ("/openapi.json", "application/json", '"openapi":"3.1.0"'),
        ("/docs", "text/html; charset=utf-8", "url: '/openapi.json'"),
        ("/docs/oauth2-redirect", "text/html; charset=utf-8", "swaggerUIRedirectOauth2"),
        ("/redoc", "text/html; charset=utf-8", '<redoc spec-url="/openapi.json">'),
        ("/docs/assets/swagger-ui.css", "text/css; charset=utf-8", ".swagger-ui"),
        ("/docs/assets/swagger-ui-bundle.js", "text/javascript; charset=utf-8", "SwaggerUIBundle"),
        ("/docs/assets/redoc.standalone.js", "text/javascript; charset=utf-8", "Redoc"),
    ],
)
def test_it_answers_about_itself(path: str, kind: str, said: str) -> None:
    answer = TestClient(make_app()).get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    assert said in answer.text


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/docs/oauth2-redirect"])
def test_a_page_loads_nothing_from_elsewhere(path: str) -> None:
    assert OUTSIDE.findall(TestClient(make_app()).get(path).text) == []


def test_only_the_named_files_are_served() -> None:
    client = TestClient(make_app())
    for name in ("lock.json", "../pages.py", "%2e%2e%2fpages.py", "licences"):
        assert client.get(f"/docs/assets/{name}").status_code == 404


def test_a_file_that_the_browser_has_is_not_sent_again() -> None:
    client = TestClient(make_app())
    first = client.get("/docs/assets/swagger-ui.css")
    again = client.get("/docs/assets/swagger-ui.css", headers={"if-none-match": first.headers["etag"]})
    assert (first.headers["cache-control"], again.headers["cache-control"]) == ("no-cache", "no-cache")
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


@pytest.mark.parametrize(
    ("options", "left"),
    [
        ({}, BUILT_IN),
        ({"openapi_url": None}, []),
        ({"docs_url": None}, ["/openapi.json", "/redoc", "/redoc/assets/{name:asset}"]),
        ({"redoc_url": None}, [*BUILT_IN[:3], BUILT_IN[4]]),
        ({"docs_url": None, "redoc_url": None}, ["/openapi.json"]),
        (
            {"openapi_url": "/api/v1/spec.json", "docs_url": "/api", "swagger_ui_oauth2_redirect_url": None},
            ["/api/v1/spec.json", "/api", "/redoc", "/api/assets/{name:asset}"],
        ),
    ],
    ids=["default", "off", "no-swagger", "no-redoc", "document-only", "elsewhere"],
)
def test_the_options_say_what_there_is_and_where(options: Any, left: list[str]) -> None:
    app = make_app(**options)
    assert templates(app) == ["/items", *left]
    for path in left:
        assert TestClient(app).get(path.replace("{name:asset}", "redoc.standalone.js")).status_code == 200


def test_the_built_in_routes_stand_last_so_that_ones_own_keep_their_numbers() -> None:
    app = make_app()
    app.post("/items")(lambda: 0)
    app.get("/items/{item}")(lambda item: item)
    assert templates(app) == ["/items", "/items", "/items/{item}", *BUILT_IN]


@pytest.mark.parametrize(
    "general",
    [
        lambda app: app.get("/{rest:path}")(lambda rest: rest),
        lambda app: app.get("/{name}")(lambda name: name),
        lambda app: app.mount("/", App(openapi_url=None)),
        lambda app: app.mount("/docs", App(openapi_url=None)),
    ],
    ids=["catch-all", "one-segment", "mount-at-root", "mount-at-docs"],
)
def test_a_route_that_takes_their_paths_and_others_does_not_hide_them(general: Any) -> None:
    app = make_app()
    general(app)
    app.get("/later")(lambda: 1)
    client = TestClient(app)
    assert templates(app)[0] == "/items"
    assert templates(app)[1:6] == BUILT_IN
    assert [client.get(path).status_code for path in ("/openapi.json", "/docs", "/redoc")] == [200, 200, 200]


def test_a_general_route_of_another_method_moves_nothing() -> None:
    app = make_app()
    app.post("/{rest:path}")(lambda rest: rest)
    assert templates(app) == ["/items", "/{rest:path}", *BUILT_IN]


def test_ones_own_route_at_that_path_takes_its_place() -> None:
    app = make_app()
    app.get("/docs")(lambda: "mine")
    assert TestClient(app).get("/docs").json() == "mine"
    assert templates(app).count("/docs") == 1


def test_a_built_in_route_is_named_as_in_fastapi_and_says_where_it_is_written() -> None:
    entries = {entry.name: entry for entry in make_app().table.entries}
    for name in ("openapi", "swagger_ui_html", "swagger_ui_redirect", "redoc_html", "docs_asset"):
        source = entries[name].source
        assert source is not None
        assert source.file.endswith("miniframework/openapi/pages.py")


def test_head_is_answered_and_post_is_not_allowed() -> None:
    client = TestClient(make_app())
    assert (client.head("/docs").status_code, client.head("/docs").content) == (200, b"")
    assert client.post("/docs").status_code == 405


@pytest.mark.parametrize("how", ["server", "app"])
def test_behind_a_proxy_everything_is_below_its_prefix(how: str) -> None:
    app = make_app()
    app.root_path = "/api/v1" if how == "app" else ""
    client = TestClient(app, **({"root_path": "/api/v1"} if how == "server" else {}))
    assert client.get("/openapi.json").json()["servers"] == [{"url": "/api/v1"}]
    page = client.get("/docs").text
    assert "url: '/api/v1/openapi.json'" in page
    assert "'/api/v1/docs/oauth2-redirect'" in page
    assert 'src="/api/v1/docs/assets/swagger-ui-bundle.js"' in page
    assert 'spec-url="/api/v1/openapi.json"' in client.get("/redoc").text
    assert "servers" not in app.openapi(), "what one request came through is not every request's"


def test_the_prefix_is_left_out_of_the_servers_when_told_so_or_named_already() -> None:
    with pytest.warns(FastAPIDeprecationWarning, match="`root_path` parameter is deprecated") as told:
        quiet = make_app(root_path="/v1", root_path_in_servers=False)
    assert [one.filename for one in told] == [__file__]
    assert "servers" not in TestClient(quiet).get("/openapi.json").json()
    named = make_app(servers=[{"url": "/v1"}])
    named.root_path = "/v1"
    assert TestClient(named).get("/openapi.json").json()["servers"] == [{"url": "/v1"}]


def test_the_settings_of_swagger_ui_reach_the_page() -> None:
    app = make_app(
        swagger_ui_parameters={"syntaxHighlight": {"theme": "obsidian"}, "deepLinking": False},
        swagger_ui_init_oauth={"clientId": "shop", "usePkce": True},
    )
    page = TestClient(app).get("/docs").text
    assert '"syntaxHighlight": {"theme": "obsidian"},' in page
    assert '"deepLinking": false,' in page
    assert 'ui.initOAuth({"clientId": "shop", "usePkce": true})' in page


def test_no_text_of_the_application_breaks_out_of_the_page() -> None:
    evil = "</script><script>alert('1')</script>\"'<b>"
    swagger = get_swagger_ui_html(openapi_url="", title="")
    pages = [
        get_swagger_ui_html(
            openapi_url=evil,
            title=evil,
            swagger_js_url=evil,
            swagger_css_url=evil,
            oauth2_redirect_url=evil,
            init_oauth={"a": evil},
            swagger_ui_parameters={evil: evil},
        ),
        get_redoc_html(openapi_url=evil, title=evil, redoc_js_url=evil),
    ]
    for page in pages:
        text = bytes(page.body).decode()
        harmless = get_redoc_html(openapi_url="", title="") if page is pages[1] else swagger
        assert text.count("<") == bytes(harmless.body).decode().count("<")


def test_a_mounted_application_describes_itself() -> None:
    app, inner = make_app(), App(title="Inner")
    inner.get("/x")(lambda: 1)
    app.mount("/inner", inner)
    client = TestClient(app)
    assert set(client.get("/openapi.json").json()["paths"]) == {"/items"}
    below = client.get("/inner/openapi.json").json()
    assert (below["info"]["title"], below["servers"]) == ("Inner", [{"url": "/inner"}])
    assert "url: '/inner/openapi.json'" in client.get("/inner/docs").text


def test_webhooks_and_callbacks_are_described_and_not_served() -> None:
    app, callbacks = App(openapi_url="/openapi.json"), Router()

    @callbacks.post("{$callback_url}/paid")
    def paid() -> None: ...

    @app.webhooks.post("new-order")
    def new_order() -> None: ...

    @app.post("/orders", callbacks=callbacks.routes)
    def order() -> None: ...

    document = json.loads(TestClient(app).get("/openapi.json").text)
    assert set(document["webhooks"]) == {"new-order"}
    assert set(document["paths"]["/orders"]["post"]["callbacks"]["paid"]) == {"{$callback_url}/paid"}
    assert templates(app) == ["/orders", *BUILT_IN]
