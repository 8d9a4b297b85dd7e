import functools
import inspect
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

import pytest
from pydantic import Json

from miniframework import App, JSONResponse, Request, Response, WebSocket
from miniframework.dependencies.depends import Depends
from miniframework.errors import ParameterError
from miniframework.params.annotations import describe_annotation
from miniframework.params.markers import Body, Cookie, Header, Path, Query
from miniframework.params.plan import plan_parameters
from miniframework.routing.pattern import parse_pattern
from miniframework.routing.source import Source
from miniframework.testing import TestClient
from tests.miniframework.params import deferred_annotations as deferred
from tests.miniframework.params.binding import arguments_of, problems_of


class Opaque: ...


@dataclass
class Point:
    x: int


def with_args(*args: int) -> None: ...
def with_kwargs(**options: int) -> None: ...
def positional(x: int, /) -> None: ...
def opaque(x: Opaque) -> None: ...
def uncalled(x: int = Query) -> None: ...  # type: ignore[assignment]
def uncalled_in_annotation(x: Annotated[int, Depends]) -> None: ...
def two_markers(x: Annotated[int, Query(), Header()]) -> None: ...
def two_defaults(x: Annotated[int, Query(1)] = 2) -> None: ...
def not_in_path(item_idd: Annotated[int, Path()]) -> None: ...
def elsewhere(item_id: Annotated[int, Query()]) -> None: ...
def body_in_path(item_id: dict[str, int]) -> None: ...
def structured_query(x: Annotated[dict[str, int], Query()]) -> None: ...
def list_cookie(x: Annotated[list[int], Cookie()]) -> None: ...
def left_out(
    a: Annotated[list[str] | None, Cookie()] = None,
    b: Annotated[Json[list[int]] | None, Cookie()] = None,
    c: Annotated[dict[str, int] | None, Header()] = None,
) -> None: ...
def wrong_bound(x: Annotated[str, Query(ge=1)]) -> None: ...
def wrong_pattern(x: Annotated[str, Query(pattern="(")]) -> None: ...
def unresolvable(x: "Nowhere") -> None: ...  # type: ignore[name-defined]  # noqa: F821
def broken_text(x: "int[") -> None: ...  # type: ignore[valid-type]  # noqa: F722


@pytest.mark.parametrize(
    ("endpoint", "problem", "way_out"),
    [
        pytest.param(with_args, "'*args: int': a request cannot fill it", "functools.wraps", id="args"),
        pytest.param(with_kwargs, "'**options: int'", "name each parameter", id="kwargs"),
        pytest.param(positional, "'x': is positional-only", "remove the '/'", id="positional-only"),
        pytest.param(
            opaque, "cannot read text into Opaque", "Depends(...)", id="a class pydantic does not know"
        ),
        pytest.param(uncalled, "'x': Query is not called", "Query()", id="marker without brackets"),
        pytest.param(
            uncalled_in_annotation, "Depends is not called", "Depends()", id="the same in Annotated"
        ),
        pytest.param(two_markers, "more than one marker", "keep the one", id="two markers"),
        pytest.param(two_defaults, "two defaults, 1 and 2", "drop one", id="two defaults"),
        pytest.param(not_in_path, "did you mean 'item_id'?", "write {item_idd}", id="not in the path"),
        pytest.param(
            elsewhere, "Query() cannot take what stands in the path", "Path()", id="a query in the path"
        ),
        pytest.param(body_in_path, "a path segment cannot become", "plain type", id="a dict in the path"),
        pytest.param(
            structured_query, "a query parameter cannot become", "pydantic model", id="a dict query"
        ),
        pytest.param(list_cookie, "a cookie parameter cannot become", "plain type", id="a list of cookies"),
        pytest.param(
            wrong_bound, "{'ge': 1} does not fit str", "change the constraint", id="a bound on text"
        ),
        pytest.param(wrong_pattern, "{'pattern': '('} does not fit str", "change", id="a broken pattern"),
        pytest.param(unresolvable, "name 'Nowhere' is not defined", "import the type", id="an unknown name"),
        pytest.param(broken_text, "'int[' cannot be resolved", "import the type", id="broken text"),
        pytest.param(deferred.unknown, "name 'Decimal' is not defined", "TYPE_CHECKING", id="TYPE_CHECKING"),
    ],
)
def test_what_no_request_could_fill_is_refused_when_registered(
    endpoint: Any, problem: str, way_out: str
) -> None:
    with pytest.raises(ParameterError) as caught:
        plan_parameters(endpoint, parse_pattern("/{item_id}"))
    assert problem in caught.value.problem
    assert f"{endpoint.__name__}()" in caught.value.problem
    assert way_out in caught.value.way_out
    assert caught.value.where == f"{endpoint.__code__.co_filename}:{endpoint.__code__.co_firstlineno}"


class OfNames(NamedTuple):
    """It has no function of its own whose module could be asked for the name."""

    made_by: "FunctionType"  # type: ignore[name-defined]  # noqa: F821  # the module that reads it has the name


def test_a_name_that_only_the_framework_s_own_modules_know_is_unknown() -> None:
    with pytest.raises(ParameterError, match="cannot be resolved: name 'FunctionType' is not defined"):
        plan_parameters(OfNames, None)


def test_a_callable_that_does_not_say_what_it_takes_is_refused_with_its_line() -> None:
    with pytest.raises(ParameterError) as caught:
        plan_parameters(max, None, source=Source(file="app.py", line=14))
    assert str(caught.value).startswith("app.py:14: the signature of <built-in function max> cannot be ")
    assert "wrap it in a function of your own" in caught.value.way_out


def test_an_error_points_to_the_line_of_registration_when_that_is_known() -> None:
    with pytest.raises(ParameterError, match=r"^app\.py:14: "):
        plan_parameters(opaque, None, source=Source(file="app.py", line=14))


@pytest.mark.parametrize(
    ("make", "kind", "said"),
    [
        pytest.param(
            lambda: Path(5),
            AssertionError,
            r"Path\(5\): Path parameters cannot have a default value",
            id="a path default",
        ),
        pytest.param(lambda: Query(minimum=3), TypeError, "no option 'minimum'", id="an unknown option"),
    ],
)
def test_a_wrong_marker_is_refused_where_it_is_written(make: Any, kind: type[Exception], said: str) -> None:
    with pytest.raises(kind, match=said):
        make()


@pytest.mark.parametrize(
    "endpoint",
    [
        pytest.param(deferred.read, id="function"),
        pytest.param(deferred.wrapped, id="wrapped with functools.wraps"),
    ],
)
def test_annotations_written_as_text_are_resolved(endpoint: Any) -> None:
    arguments = arguments_of(endpoint, template="/{item_id}", path="/3", query="q=abc", body=b'{"name": "a"}')
    assert arguments == {"item_id": 3, "item": deferred.Item(name="a"), "q": "abc"}


def test_text_in_a_signature_that_an_object_says_by_itself_means_what_it_does_in_its_module() -> None:
    (field,) = plan_parameters(deferred.Signed(), None).fields
    assert (field.name, field.annotation) == ("item", deferred.Item)


def test_a_local_class_is_found_when_the_function_uses_it() -> None:
    @dataclass
    class Local:
        x: int

    def endpoint(local: "Local") -> Local:
        return Local(1)

    assert arguments_of(endpoint, body=b'{"x": 1}') == {"local": Local(1)}


@pytest.mark.parametrize(
    "endpoint",
    [
        pytest.param(deferred.Handler().method, id="bound method"),
        pytest.param(deferred.Handler(), id="callable object"),
        pytest.param(functools.partial(deferred.Handler().method), id="partial"),
    ],
)
def test_every_callable_can_be_an_endpoint(endpoint: Any) -> None:
    assert arguments_of(endpoint, template="/{item_id}", path="/3") == {"item_id": 3}


def test_what_partial_has_bound_is_never_taken_from_a_request() -> None:
    def endpoint(item_id: int, is_admin: bool = False) -> None: ...

    bound = functools.partial(endpoint, is_admin=True)
    assert arguments_of(bound, template="/{item_id}", path="/3", query="is_admin=0") == {"item_id": 3}


def test_a_marker_that_partial_has_bound_is_the_one_to_read_by() -> None:
    def endpoint(item_id: int, limit: int = 1, user: object = None) -> None: ...

    asked = functools.partial(endpoint, limit=Query(5, alias="n"), user=Depends(object))
    assert arguments_of(asked, template="/{item_id}", path="/3", query="n=9") == {"item_id": 3, "limit": 9}
    assert [one.call for one in plan_parameters(asked, parse_pattern("/{item_id}")).dependencies] == [object]


@pytest.mark.parametrize(
    ("endpoint", "options", "needs_body"),
    [
        pytest.param(lambda x: 0, {}, False, id="query"),
        pytest.param(lambda x: 0, {"scalars_from_body": True}, True, id="by the tutorial's rule"),
        pytest.param(deferred.read, {}, True, id="a model"),
    ],
)
def test_the_plan_says_whether_the_body_is_needed(endpoint: Any, options: Any, needs_body: bool) -> None:
    assert plan_parameters(endpoint, parse_pattern("/{item_id}"), **options).needs_body is needs_body


def test_the_plan_says_which_special_objects_are_wanted_anywhere() -> None:
    def dependency(point: Point, opaque: Opaque) -> None: ...
    def endpoint(x: Annotated[int, Depends(dependency)]) -> None: ...

    assert plan_parameters(endpoint, None, special=(Opaque, Source)).wants == {Opaque}


@pytest.mark.parametrize(
    ("annotation", "text"),
    [
        (int, "int"),
        (str | None, "str | None"),
        (Annotated[int, Query()], "int"),
        (list[Point], "list[Point]"),
        (dict[str, list[int]], "dict[str, list[int]]"),
        (tuple[int, ...], "tuple[int, ...]"),
        (Any, "Any"),
        (Body, "<function Body"),
    ],
)
def test_a_type_is_described_as_its_author_wrote_it(annotation: Any, text: str) -> None:
    assert describe_annotation(annotation).startswith(text)


def test_a_special_type_takes_no_marker() -> None:
    def endpoint(request: Annotated[Request, Query()]) -> None: ...

    with pytest.raises(ParameterError, match=r"Query\(\) cannot give a Request; drop the marker"):
        plan_parameters(endpoint, None, special=(Request,))


def test_a_request_is_refused_where_there_is_a_websocket() -> None:
    async def endpoint(websocket: WebSocket, request: Request) -> None: ...

    with pytest.raises(ParameterError, match="'request': a WebSocket route has no Request; take a WebSocket"):
        App().websocket("/")(endpoint)


def test_a_name_of_a_special_object_is_a_plain_one_beside_a_marker() -> None:
    app = App(openapi_url=None)
    app.get("/marked")(lambda request=Query("none"): request)  # noqa: B008
    app.get("/plain")(lambda request: request.url.path)
    client = TestClient(app)
    assert [client.get(path).json() for path in ("/marked?request=5", "/plain")] == ["5", "/plain"]


def test_a_subclass_of_a_special_type_gets_the_object_too() -> None:
    def endpoint(response: JSONResponse) -> None: ...

    assert plan_parameters(endpoint, None, special=(Response,)).wants == {Response}


def test_a_cookie_or_header_that_may_be_left_out_may_be_of_any_type() -> None:
    assert arguments_of(left_out) == {"a": None, "b": None, "c": None}
    (problem,) = problems_of(left_out, headers=(("cookie", "a=x; b=[1]"),))
    assert (problem["type"], problem["loc"]) == ("list_type", ["cookie", "a"])
    assert arguments_of(left_out, headers=(("cookie", "b=[1]"),)) == {"a": None, "b": [1], "c": None}


@pytest.mark.usefixtures("way")
def test_what_a_decorator_says_to_be_positional_only_is_given_by_name_to_a_function_that_takes_it() -> None:
    async def read(q: int = 0, **keys: int) -> list[object]:
        return [q, keys]

    said = inspect.Parameter("item", inspect.Parameter.POSITIONAL_ONLY, annotation=int)
    also = inspect.Parameter("q", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=int, default=3)
    read.__signature__ = inspect.Signature([said, also])  # type: ignore[attr-defined]  # as decorators do
    app = App()
    app.get("/{item}")(read)
    assert TestClient(app).get("/1").json() == [3, {"item": 1}]
