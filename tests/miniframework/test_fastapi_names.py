"""What FastAPI's and Starlette's users import stands where they look for it."""

import importlib
from http import HTTPStatus
from typing import Any

import pytest

from miniframework import App, Body, File, Query, Router, Security, status
from miniframework.dependencies.swallowed import SwallowedError
from miniframework.errors import RegistrationError
from miniframework.exceptions import DependencyScopeError, FastAPIError
from miniframework.http.exceptions import (
    HTTPException,
    RequestValidationError,
    ResponseValidationError,
    ValidationException,
)
from miniframework.utils import is_body_allowed_for_status_code

NAMES = {
    "applications": "App",
    "authentication": (
        "AuthCredentials AuthenticationBackend AuthenticationError BaseUser SimpleUser UnauthenticatedUser "
        "has_required_scope requires"
    ),
    "background": "BackgroundTask BackgroundTasks",
    "concurrency": (
        "asynccontextmanager contextmanager_in_threadpool iterate_in_threadpool run_in_threadpool "
        "run_until_first_complete"
    ),
    "datastructures": (
        "Address FormData Headers ImmutableMultiDict MutableHeaders QueryParams State UploadFile URL URLPath"
    ),
    "encoders": "jsonable_encoder",
    "endpoints": "HTTPEndpoint WebSocketEndpoint",
    "exception_handlers": (
        "http_exception_handler request_validation_exception_handler "
        "websocket_request_validation_exception_handler"
    ),
    "exceptions": (
        "DependencyScopeError FastAPIDeprecationWarning "
        "FastAPIError HTTPException PydanticV1NotSupportedError RequestValidationError "
        "ResponseValidationError StarletteHTTPException ValidationException WebSocketException "
        "WebSocketRequestValidationError"
    ),
    "middleware.body_limit": "RequestBodyLimitMiddleware",
    "openapi.constants": "METHODS_WITH_BODY REF_PREFIX REF_TEMPLATE",
    "openapi.models": (
        "APIKey APIKeyIn Components Contact Discriminator Encoding Example ExternalDocumentation HTTPBase "
        "HTTPBearer Header Info License Link MediaType OAuth2 OAuthFlow OAuthFlowAuthorizationCode "
        "OAuthFlowClientCredentials OAuthFlowImplicit OAuthFlowPassword OAuthFlows OpenAPI OpenIdConnect "
        "Operation Parameter ParameterInType PathItem Reference RequestBody Response Schema SchemaOrBool "
        "SchemaType SecurityBase SecurityScheme SecuritySchemeType Server ServerVariable Tag XML"
    ),
    "openapi.utils": "get_openapi validation_error_definition validation_error_response_definition",
    "param_functions": "Body Cookie Depends File Form Header Path Query Security",
    "params": "Body Cookie Depends File Form Header Param ParamTypes Path Query Security",
    "requests": "ClientDisconnect HTTPConnection Request",
    "responses": (
        "AsyncContentStream Content ContentStream EventSourceResponse FileResponse HTMLResponse JSONResponse "
        "ORJSONResponse PlainTextResponse RedirectResponse Response StreamingResponse SyncContentStream "
        "UJSONResponse"
    ),
    "logger": "logger",
    "routing": (
        "APIRoute APIRouter APIWebSocketRoute BaseRoute Host Mount NoMatchFound Route Router WebSocketRoute"
    ),
    "security.oauth2": (
        "OAuth2 OAuth2PasswordBearer OAuth2PasswordRequestForm OAuth2PasswordRequestFormStrict SecurityScopes"
    ),
    "security.utils": "get_authorization_scheme_param",
    "types": (
        "ASGIApp AppType DecoratedCallable ExceptionHandler HTTPExceptionHandler IncEx Lifespan Message "
        "Receive Scope Send StatefulLifespan StatelessLifespan WebSocketExceptionHandler"
    ),
    "utils": "generate_unique_id is_body_allowed_for_status_code",
    "middleware.authentication": "AuthenticationMiddleware",
    "middleware.base": "BaseHTTPMiddleware DispatchFunction RequestResponseEndpoint",
    "sse": "EventSourceResponse KEEPALIVE_COMMENT ServerSentEvent format_sse_event",
    "websockets": "WebSocket WebSocketClose WebSocketDisconnect WebSocketState",
    "testclient": "TestClient WebSocketDenialResponse WebSocketDisconnect WebSocketTestSession",
}


@pytest.mark.parametrize("module", NAMES)
def test_a_module_has_the_names_that_are_looked_for_there(module: str) -> None:
    found = importlib.import_module(f"miniframework.{module}")
    assert [name for name in NAMES[module].split() if not hasattr(found, name)] == []


def test_a_module_says_which_name_it_has_not() -> None:
    with pytest.raises(AttributeError, match=r"'miniframework.datastructures' has no attribute 'Nothing'"):
        importlib.import_module("miniframework.datastructures").Nothing  # noqa: B018  # asking is the test


def test_a_status_is_called_as_the_standard_library_calls_it() -> None:
    ours = {value: name for name, value in vars(status).items() if name.startswith("HTTP_")}
    # The standard library of Python 3.11 has the older names of these, or none.
    renamed = {306, 413, 414, 416, 422}
    assert {value: name.split("_", 2)[2] for value, name in ours.items() if value not in renamed} == {
        one.value: one.name for one in HTTPStatus if one.value not in renamed
    }


def test_the_frameworks_own_404_is_the_class_that_is_raised() -> None:
    exceptions = importlib.import_module("miniframework.exceptions")
    assert exceptions.StarletteHTTPException is exceptions.HTTPException is HTTPException


def test_the_classes_of_markers_tell_one_from_another_and_make_them() -> None:
    params = importlib.import_module("miniframework.params")
    assert isinstance(Query(1), params.Query)
    assert isinstance(params.Query(1), params.Param)
    assert not isinstance(Query(1), params.Header | params.Body)
    assert isinstance(File(), params.Body)
    assert isinstance(File(), params.File)
    assert not isinstance(Body(), params.Form)
    needed = params.Depends(len, use_cache=False)
    assert isinstance(needed, params.Depends)
    assert isinstance(Security(len), params.Depends)
    assert (needed.dependency, needed.use_cache, needed.scope) == (len, False, None)
    assert (repr(Query("x")), repr(params.Body()), Query().in_.value) == (
        "Query(x)",
        "Body(PydanticUndefined)",
        "query",
    )


@pytest.mark.parametrize(("status", "allowed"), [(None, True), ("4XX", True), (200, True), ("204", False)])
def test_a_status_tells_whether_a_response_has_a_body(status: int | str | None, allowed: bool) -> None:
    assert is_body_allowed_for_status_code(status) is allowed


def test_a_router_tells_what_it_was_given() -> None:
    router = Router(tags=["a", "b"], deprecated=True, include_in_schema=False, responses={404: {}})
    router.tags.append("c")  # of the list that was given out
    assert (router.tags, Router().tags) == (["a", "b"], [])
    assert (router.deprecated, router.include_in_schema, router.responses) == (True, False, {404: {}})
    assert (Router().deprecated, Router().include_in_schema, Router().responses) == (None, True, {})
    assert (Router(max_body_size=5).max_body_size, Router().max_body_size) == (5, None)
    assert (Router(callbacks=[callback := object()]).callbacks, Router().callbacks) == ([callback], [])


def test_a_route_tells_which_fields_of_its_answers_go_out() -> None:
    app = App()
    app.get("/", response_model=dict, response_model_exclude={"a"}, response_model_by_alias=False)(lambda: 0)
    [route] = [one for one in app.routes if one.path == "/"]
    assert (route.response_model_exclude, route.response_model_by_alias) == ({"a"}, False)
    assert (route.response_model_include, route.response_model_exclude_unset) == (None, False)
    assert (route.response_model_exclude_defaults, route.response_model_exclude_none) == (False, False)
    assert route.callbacks == []


@pytest.mark.parametrize(
    ("context", "place"),
    [
        ({}, ""),
        ({"path": "GET /x"}, "\n\n  Endpoint: GET /x"),
        ({"function": "read", "file": "app.py", "line": 3}, '\n\n  File "app.py", line 3, in read'),
        (
            {"path": "GET /x", "function": "read", "file": "app.py", "line": 3},
            '\n\n  File "app.py", line 3, in read\n    GET /x',
        ),
    ],
)
@pytest.mark.parametrize("kind", [RequestValidationError, ResponseValidationError])
def test_a_validation_error_tells_every_problem_and_its_endpoint(
    kind: type[ValidationException], context: dict[str, Any], place: str
) -> None:
    problem = {"type": "missing", "loc": ("body", "name"), "msg": "Field required"}
    assert str(kind([problem], endpoint_ctx=context)) == f"1 validation error:\n  {problem}{place}"
    assert str(kind([problem, problem])).startswith("2 validation errors:\n")


def test_what_answers_is_no_mistake_of_the_application() -> None:
    assert issubclass(DependencyScopeError, FastAPIError)
    assert issubclass(SwallowedError, FastAPIError)
    answers = (HTTPException, RequestValidationError, ResponseValidationError)
    assert not any(issubclass(kind, FastAPIError) for kind in answers)


def test_a_validation_error_has_the_parts_of_its_endpoint() -> None:
    context = {"path": "GET /x", "function": "read", "file": "app.py", "line": 3}
    error = RequestValidationError([], endpoint_ctx=context)
    parts = (error.endpoint_path, error.endpoint_function, error.endpoint_file, error.endpoint_line)
    assert parts == ("GET /x", "read", "app.py", 3)
    unknown = RequestValidationError([])
    assert (unknown.endpoint_path, unknown.endpoint_function) == (None, None)
    assert (unknown.endpoint_file, unknown.endpoint_line) == (None, None)


def test_a_route_of_each_kind_tells_its_path_without_converters() -> None:
    app = App(openapi_url=None)
    app.get("/items/{item_id:int}")(lambda item_id: item_id)
    app.add_api_websocket_route("/live/{room:path}", lambda websocket: None)
    app.mount("/files/{tenant:int}", App())
    formats = ["/items/{item_id}", "/live/{room}", "/files/{tenant}/{path}"]
    assert [route.path_format for route in app.routes] == formats
    assert app.routes[1].path_regex.fullmatch("/live/a/b")


def test_servers_may_be_added_until_the_document_is_made() -> None:
    app = App()
    assert app.servers == []
    app.servers.append({"url": "/v2"})
    assert app.openapi()["servers"] == [{"url": "/v2"}]
    assert App().servers == []


@pytest.mark.parametrize("name", ["title", "version"])
def test_a_document_has_a_title_and_a_version(name: str) -> None:
    said = f"test_fastapi_names.*{name}='': an OpenAPI document has a {name}"
    with pytest.raises(RegistrationError, match=said):
        App(**{name: ""})
    App(openapi_url=None, **{name: ""})
