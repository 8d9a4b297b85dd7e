"""Less common ways to write an endpoint that FastAPI's users know: aliases, wrappers, models of files."""

import functools
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

import pytest
from pydantic import AliasChoices, BaseModel, Json
from typing_extensions import TypeAliasType

from miniframework import App, Depends, File, Path, Query, Request, Router, UploadFile
from miniframework.errors import ParameterError, RouteError
from miniframework.exceptions import RequestValidationError, WebSocketRequestValidationError
from miniframework.responses import PlainTextResponse
from miniframework.testing import SocketRefused, TestClient

pytestmark = pytest.mark.usefixtures("way")


class Item(BaseModel):
    title: str


class Papers(BaseModel):
    title: str
    scan: UploadFile


def plainly(function: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap in a plain function, as decorators for logging do."""

    @functools.wraps(function)
    def wrapper(*arguments: Any, **options: Any) -> Any:
        return function(*arguments, **options)

    return wrapper


def test_a_coroutine_function_behind_a_plain_wrapper_is_awaited() -> None:
    app = App()

    @app.get("/items/{item_id}")
    @plainly
    async def read(item_id: int) -> Any:
        return item_id

    assert TestClient(app).get("/items/3").json() == 3


def test_an_instance_behind_a_plain_wrapper_is_called_as_what_its_call_is() -> None:
    class Opened:
        async def __call__(self, name: str = "db") -> AsyncIterator[str]:
            yield f"open {name}"

    app = App()

    @app.get("/")
    def read(opened: Annotated[str, Depends(plainly(Opened()))]) -> Any:
        return opened

    assert TestClient(app).get("/").json() == "open db"


async def current_user(name: str = "ada") -> str:
    return name


CurrentUser = TypeAliasType("CurrentUser", Annotated[str, Depends(current_user)])
Limit = TypeAliasType("Limit", Annotated[int, Query(le=10)])


def test_a_named_alias_may_hold_a_marker_or_a_dependency() -> None:
    app = App()

    @app.get("/")
    def read(user: CurrentUser, limit: Limit = 5) -> Any:
        return [user, limit]

    client = TestClient(app)
    assert client.get("/?limit=7").json() == ["ada", 7]
    assert client.get("/?limit=11").json()["detail"][0]["type"] == "less_than_equal"


Tree = TypeAliasType("Tree", "list[Tree] | dict[str, Tree] | int")
Pages = TypeAliasType("Pages", "list[int]")
Unknown = TypeAliasType("Unknown", "list[Nowhere]")  # noqa: F821  # that is the case


def test_an_alias_of_text_is_what_its_module_says_and_may_hold_itself() -> None:
    app = App()

    @app.post("/")
    def keep(tree: Tree) -> Tree:
        return tree

    @app.get("/")
    def read(pages: Annotated[Pages, Query()]) -> list[Tree]:
        return [*pages]

    client = TestClient(app)
    assert client.post("/", json={"a": [1, {"b": 2}]}).json() == {"a": [1, {"b": 2}]}
    assert client.post("/", json=["x"]).status_code == 422
    assert client.get("/?pages=1&pages=2").json() == [1, 2]
    assert app.openapi()["components"]["schemas"]["Tree-Input"]["anyOf"][0]["items"] == {
        "$ref": "#/components/schemas/Tree-Input"
    }


def test_an_alias_of_text_that_names_nothing_is_refused() -> None:
    with pytest.raises(ParameterError, match="name 'Nowhere' is not defined"):

        @App().post("/")
        def keep(tree: Unknown) -> None: ...


def test_of_several_names_of_a_path_parameter_the_template_chooses() -> None:
    marker = Path(alias="old", validation_alias=AliasChoices("item_id", "id"))
    router, app = Router(), App()

    @router.get("/")
    def read(value: Annotated[int, marker]) -> Any:
        return value

    app.include_router(router, prefix="/items/{item_id}")
    app.include_router(router, prefix="/things/{id}")
    app.include_router(router, prefix="/olds/{old}")
    client = TestClient(app)
    assert [client.get(f"/{place}/1/").json() for place in ("items", "things", "olds")] == [1, 1, 1]
    assert client.get("/olds/x/").json()["detail"][0]["loc"] == ["path", "old"]
    assert (marker.alias, marker.validation_alias) == ("old", AliasChoices("item_id", "id"))


@pytest.mark.parametrize("annotation", [list[Item], tuple[Item, Item], list[list[int]], set[tuple[int, int]]])
def test_a_list_of_what_one_text_cannot_be_is_no_query_parameter(annotation: Any) -> None:
    def read(q: Any = Query(None)) -> None: ...  # noqa: B008  # how it is written

    read.__annotations__["q"] = annotation
    with pytest.raises(ParameterError, match=r"'q': a query parameter cannot become .*; annotate it with"):
        App().get("/")(read)


def test_a_list_of_json_texts_is_a_query_parameter() -> None:
    app = App()

    @app.get("/")
    def read(q: Annotated[list[Json[Item]], Query()]) -> Any:
        return q

    assert TestClient(app).get("/", params={"q": ['{"title": "a"}']}).json() == [{"title": "a"}]


def test_a_model_of_files_is_made_of_the_form() -> None:
    app = App()

    @app.post("/")
    async def read(papers: Annotated[Papers, File()]) -> Any:
        return [papers.title, (await papers.scan.read()).decode()]

    client = TestClient(app)
    assert client.post("/", data={"title": "a"}, files={"scan": ("s", b"text")}).json() == ["a", "text"]
    assert client.post("/", data={"title": "a"}).json()["detail"][0]["loc"] == ["body", "scan"]
    schema = app.openapi()["paths"]["/"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert schema == {"$ref": "#/components/schemas/Papers"}


@pytest.mark.parametrize(
    ("responses", "said"),
    [
        ({500: {"model": object()}}, r"the model of responses\[500\] is none"),
        ({"500": {"model": list[type("Other", (), {})]}}, r"the model of responses\['500'\] is none"),
        ({"hello": {"description": "x"}}, "responses has 'hello', which is no status"),
    ],
)
def test_an_answer_that_cannot_be_described_is_refused_at_its_line(responses: Any, said: str) -> None:
    with pytest.raises(RouteError, match=rf"test_less_common_shapes.py:\d+: route '/': {said}"):
        App().get("/", responses=responses)(current_user)


def test_answers_are_described_by_number_range_and_default() -> None:
    app = App()
    said: Any = {404: {"model": Item}, "4XX": {"description": "x"}, "default": {"description": "y"}}
    app.get("/", responses=said)(current_user)
    assert {"404", "4XX", "default"} < set(app.openapi()["paths"]["/"]["get"]["responses"])


def test_a_handler_is_told_which_route_was_asked() -> None:
    inner, app = App(), App()
    app.mount("/inner", inner)

    @inner.exception_handler(RequestValidationError)
    async def tell(request: Request, error: RequestValidationError) -> Any:
        return PlainTextResponse(str(error), 422)

    @inner.get("/items/{item_id}")
    def read_item(item_id: int) -> None: ...

    told = TestClient(app).get("/inner/items/x").text
    assert told.startswith("1 validation error:\n  {'type': 'int_parsing', 'loc': ('path', 'item_id')")
    assert 'test_less_common_shapes.py", line ' in told
    assert told.endswith(", in read_item\n    GET /inner/items/{item_id}")


def test_the_handler_of_a_handshake_is_told_too() -> None:
    app, told = App(), []

    @app.exception_handler(WebSocketRequestValidationError)
    async def tell(websocket: Any, error: WebSocketRequestValidationError) -> None:
        told.append(str(error))
        await websocket.close(1008)

    @app.websocket("/ws/{number}")
    async def talk(number: int) -> None: ...

    with pytest.raises(SocketRefused, match="1008"), TestClient(app).websocket_connect("/ws/x"):
        pass
    assert told[0].endswith(", in talk\n    WS /ws/{number}")


def test_an_endpoint_may_use_what_the_function_around_it_sets_later() -> None:
    app = App()

    @app.get("/{number}")
    async def show(number: "int") -> str:
        return names[number]

    names = {1: "one"}
    assert TestClient(app).get("/1").json() == "one"


def test_three_dots_say_that_there_is_no_default() -> None:
    app = App()

    @app.get("/")
    def read(
        plain: int = ...,  # type: ignore[assignment]  # the tutorial's older word for "required"
        marked: Annotated[int, Query(gt=0)] = ...,  # type: ignore[assignment]
        said: int = Query(...),
    ) -> list[int]:
        return [plain, marked, said]

    client = TestClient(app)
    missing = [one["loc"] for one in client.get("/").json()["detail"]]
    assert missing == [["query", "plain"], ["query", "marked"], ["query", "said"]]
    assert client.get("/?plain=1&marked=2&said=3").json() == [1, 2, 3]
    described = app.openapi()["paths"]["/"]["get"]["parameters"]
    assert [one["required"] for one in described] == [True, True, True]
