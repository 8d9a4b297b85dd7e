from pathlib import Path
from typing import Any

import pytest
from jinja2 import DictLoader, Environment

from miniframework import App, Request
from miniframework.background import BackgroundTask
from miniframework.templating import Jinja2Templates
from miniframework.testing import TestClient


@pytest.fixture
def templates(tmp_path: Path) -> Jinja2Templates:
    (tmp_path / "item.html").write_text("<a href=\"{{ url_for('item', n=n) }}\">{{ name }} {{ who }}</a>")
    return Jinja2Templates(tmp_path, context_processors=[lambda request: {"who": request.method}])


def test_a_template_is_rendered_with_the_routes_at_hand_and_text_escaped(templates: Jinja2Templates) -> None:
    app = App()

    @app.get("/items/{n}", name="item")
    async def item(request: Request, n: int) -> Any:
        context = {"n": n, "name": "<b>"}
        return templates.TemplateResponse(request, "item.html", context, 201, {"x-a": "1"})

    answer = TestClient(app).get("/items/7")
    assert answer.text == '<a href="http://testserver/items/7">&lt;b&gt; GET</a>'
    assert (answer.status_code, answer.headers["x-a"]) == (201, "1")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_the_response_keeps_its_template_and_context(templates: Jinja2Templates) -> None:
    templates.env = Environment(loader=DictLoader({"a.html": "{{ x }}"}))
    request = Request({"type": "http", "method": "GET", "headers": []}, receive=None)  # type: ignore[arg-type]
    response = templates.TemplateResponse(request, "a.html", {"x": 1})
    assert (response.template.name, response.context["x"], response.body) == ("a.html", 1, b"1")


def test_a_directory_and_an_environment_exclude_each_other() -> None:
    for options in ({}, {"directory": "a", "env": Environment()}):
        with pytest.raises(AssertionError, match="either"):
            Jinja2Templates(**options)  # type: ignore[arg-type]


def test_a_template_is_sent_before_what_is_to_be_done_afterwards(templates: Jinja2Templates) -> None:
    templates = Jinja2Templates(env=Environment(loader=DictLoader({"a.html": "a"})), context_processors=None)
    app, done = App(), []

    @app.get("/")
    async def page(request: Request) -> Any:
        later = BackgroundTask(done.append, 1)
        return templates.TemplateResponse(request, "a.html", None, 201, None, None, later)

    answer = TestClient(app).get("/")
    assert (answer.status_code, answer.text, done) == (201, "a", [1])


def test_a_test_client_is_told_the_template_and_its_context(templates: Jinja2Templates) -> None:
    app = App()
    templates.env = Environment(loader=DictLoader({"a.html": "{{ x }}"}))

    @app.get("/")
    async def page(request: Request) -> Any:
        return templates.TemplateResponse(request, "a.html", {"x": 1})

    @app.get("/plain")
    async def plain() -> str:
        return "no template"

    answer = TestClient(app).get("/")
    assert (answer.template.name, answer.context["x"]) == ("a.html", 1)
    assert answer.extensions["http.response.debug"].keys() == {"template", "context"}
    assert not hasattr(TestClient(app).get("/plain"), "template")


def test_the_order_of_old_is_refused_with_the_one_of_today(templates: Jinja2Templates) -> None:
    of_old: Any = ("item.html", {"request": None})
    with pytest.raises(TypeError, match=r"TemplateResponse\('item.html', ...\): the request comes first"):
        templates.TemplateResponse(*of_old)
