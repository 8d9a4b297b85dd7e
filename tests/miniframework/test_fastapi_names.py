"""What FastAPI's and Starlette's users import stands where they look for it."""

import importlib
from http import HTTPStatus
from typing import Any

import pytest

from miniframework import Body, File, Query, Router, Security, status
from miniframework.http.exceptions import HTTPException, RequestValidationError, ResponseValidationError
from miniframework.utils import is_body_allowed_for_status_code

NAMES = {
    "applications": "App",
    "background": "BackgroundTask BackgroundTasks",
    "concurrency": (
        "asynccontextmanager contextmanager_in_threadpool iterate_in_threadpool run_in_threadpool "
        "run_until_first_complete"
    ),
    "datastructures": (
        "Address FormData Headers ImmutableMultiDict MutableHeaders QueryParams State UploadFile URL URLPath"
    ),
    "encoders": "jsonable_encoder",
    "exception_handlers": (
        "http_exception_handler request_validation_exception_handler "
        "websocket_request_validation_exception_handler"
    ),
    "exceptions": (
        "DependencyScopeError FastAPIDeprecationWarning "
        "FastAPIError HTTPException RequestValidationError ResponseValidationError StarletteHTTPException "
        "ValidationException WebSocketException WebSocketRequestValidationError"
    ),
    "param_functions": "Body Cookie Depends File Form Header Path Query Security",
    "params": "Body Cookie Depends File Form Header Param ParamTypes Path Query Security",
    "requests": "ClientDisconnect HTTPConnection Request",
    "responses": (
        "EventSourceResponse FileResponse HTMLResponse JSONResponse ORJSONResponse PlainTextResponse "
        "RedirectResponse Response StreamingResponse UJSONResponse"
    ),
    "logger": "logger",
    "routing": (
        "APIRoute APIRouter APIWebSocketRoute BaseRoute Host Mount NoMatchFound Route Router WebSocketRoute"
    ),
    "security.oauth2": (
        "OAuth2 OAuth2PasswordBearer OAuth2PasswordRequestForm OAuth2PasswordRequestFormStrict"
    ),
    "security.utils": "get_authorization_scheme_param",
    "types": "DecoratedCallable",
    "utils": "generate_unique_id is_body_allowed_for_status_code",
    "middleware.base": "BaseHTTPMiddleware DispatchFunction RequestResponseEndpoint",
    "sse": "EventSourceResponse KEEPALIVE_COMMENT ServerSentEvent format_sse_event",
    "testclient": "TestClient WebSocketDenialResponse WebSocketTestSession",
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


def test_a_router_tells_the_tags_it_was_given() -> None:
    router = Router(tags=["a", "b"])
    router.tags.append("c")  # of the list that was given out
    assert (router.tags, Router().tags) == (["a", "b"], [])


@pytest.mark.parametrize(
    ("context", "said"),
    [
        ({}, "body.name: Field required"),
        ({"path": "GET /x"}, "body.name: Field required [GET /x]"),
        (
            {"path": "GET /x", "function": "read", "file": "app.py", "line": 3},
            "body.name: Field required [GET /x, read at app.py:3]",
        ),
    ],
)
def test_a_validation_error_raised_by_hand_names_its_endpoint(context: dict[str, Any], said: str) -> None:
    problems = [{"type": "missing", "loc": ("body", "name"), "msg": "Field required"}]
    assert str(RequestValidationError(problems, body={}, endpoint_ctx=context)) == said
    assert str(ResponseValidationError(problems, endpoint_ctx=context)).startswith(said)
