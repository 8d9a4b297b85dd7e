"""Whether a function can be called with what it will be given, told in words."""

import functools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from miniframework import App, JSONResponse, Request, Response, Router
from miniframework.call_fit import find_misfit
from miniframework.errors import RegistrationError
from miniframework.testing import TestClient


def takes_one(request: Request) -> Response:
    return JSONResponse({}, 400)


def takes_two(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, 400)


def takes_three(request: Request, error: Exception, reason: str) -> Response:
    return JSONResponse({"reason": reason}, 400)


def gives_a_reason(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*args: Any) -> Any:
        return function(*args, "late")

    return wrapper


class TakesTwo:
    def __call__(self, request: Request, error: Exception) -> Response:
        return takes_two(request, error)


async def nothing_to_take() -> AsyncIterator[None]:
    yield


async def an_application_to_take(app: App) -> AsyncIterator[None]:
    yield


FITS: dict[str, Callable[..., Any]] = {
    "just these": takes_two,
    "an instance": TakesTwo(),
    "a method": TakesTwo().__call__,
    "a part": functools.partial(takes_three, reason="late"),
    "a wrapper that adds one": gives_a_reason(takes_three),
    "anything": lambda *args, **options: None,
    "a default": lambda request, error, reason="late": None,
    "what inspect cannot read": max,
}


@pytest.mark.parametrize("function", FITS.values(), ids=FITS.keys())
def test_a_function_that_can_be_called_so_is_no_misfit(function: Callable[..., Any]) -> None:
    assert find_misfit(function, ("request", "error")) is None


MISFITS: dict[str, tuple[Callable[..., Any], str]] = {
    "one too few": (takes_one, "takes_one(request) is called with (request, error): too many positional"),
    "one too many": (
        takes_three,
        "takes_three(request, error, reason) is called with (request, error): missing a required argument",
    ),
    "an instance": (functools.partial(takes_one), "partial(request) is called with (request, error): "),
    "a class": (TakesTwo, "TakesTwo() is called with (request, error): too many positional arguments"),
}


@pytest.mark.parametrize(("function", "said"), MISFITS.values(), ids=MISFITS.keys())
def test_a_misfit_says_what_is_taken_and_what_is_given(function: Callable[..., Any], said: str) -> None:
    misfit = find_misfit(function, ("request", "error"))
    assert misfit is not None
    assert said in misfit


def test_what_is_no_function_is_told_as_that() -> None:
    assert find_misfit(None, ("request", "error")) == "None cannot be called"


def test_options_are_given_by_name() -> None:
    def takes_origins(app: object, allow_origins: tuple[str, ...] = ()) -> None: ...

    assert find_misfit(takes_origins, ["app"], ["allow_origins"]) is None
    misfit = find_misfit(takes_origins, ["app"], ["allow_origin"])
    assert misfit is not None
    assert misfit.endswith("(app, allow_origin=...): got an unexpected keyword argument 'allow_origin'")


DECLARED: dict[str, Callable[[App], object]] = {
    "the decorator": lambda app: app.exception_handler(ValueError)(takes_one),
    "the method": lambda app: app.add_exception_handler(ValueError, takes_one),
    "an application's own": lambda app: App(exception_handlers={ValueError: takes_one}),
}


@pytest.mark.parametrize("declare", DECLARED.values(), ids=DECLARED.keys())
def test_an_exception_handler_that_takes_no_error_is_refused_where_it_is_declared(
    declare: Callable[[App], object],
) -> None:
    with pytest.raises(RegistrationError) as raised:
        declare(App())
    assert raised.value.where is not None
    assert raised.value.where.startswith(__file__)
    assert raised.value.problem.startswith("the exception handler for <class 'ValueError'>: takes_one(")
    assert raised.value.way_out == "give it a function of the request and the exception"


def test_a_refused_exception_handler_is_not_kept() -> None:
    app = App()
    with pytest.raises(RegistrationError):
        app.add_exception_handler(ValueError, takes_one)
    assert ValueError not in app.exception_handlers


def test_an_exception_handler_whose_wrapper_adds_an_argument_answers() -> None:
    app = App()
    app.add_exception_handler(ValueError, gives_a_reason(takes_three))

    @app.get("/")
    def fail() -> None:
        raise ValueError

    assert TestClient(app).get("/").json() == {"reason": "late"}


@pytest.mark.parametrize("take", [App, Router])
@pytest.mark.parametrize("decorate", [asynccontextmanager, lambda one: one], ids=["manager", "plain"])
def test_a_lifespan_that_takes_no_application_is_refused_where_it_is_given(
    take: Callable[..., object], decorate: Callable[[Any], Any]
) -> None:
    take(lifespan=decorate(an_application_to_take))
    with pytest.raises(TypeError) as raised:
        take(lifespan=decorate(nothing_to_take))
    assert str(raised.value) == (
        "the lifespan nothing_to_take() is called with (app): too many positional arguments; give a function "
        "of the application with @asynccontextmanager that yields once"
    )


@pytest.mark.parametrize(
    ("returned", "way_out"),
    [(None, "return a Response"), ({"late": 1}, "return a Response, as JSONResponse(...) around it")],
    ids=["nothing", "a dict"],
)
def test_an_exception_handler_that_returns_no_response_is_told_with_its_place(
    returned: object, way_out: str
) -> None:
    app = App()

    @app.exception_handler(ValueError)
    def answer(request: Request, error: Exception) -> object:
        return returned

    @app.get("/")
    def fail() -> None:
        raise ValueError

    with pytest.raises(TypeError) as raised:
        TestClient(app).get("/")
    line = answer.__code__.co_firstlineno
    said = f"{__file__}:{line}: exception handler {answer.__qualname__.replace('<locals>.', '')} returned"
    assert str(raised.value) == f"{said} {returned!r}; {way_out}"


def asks_for_the_application(app: App) -> None: ...


LIVES: dict[str, Callable[[App], object]] = {
    "the decorator's twin": lambda app: app.add_event_handler("startup", asks_for_the_application),
    "an application's own": lambda app: App(on_startup=[asks_for_the_application]),
    "a router's own": lambda app: Router(on_startup=[asks_for_the_application]),
}


@pytest.mark.parametrize("declare", LIVES.values(), ids=LIVES.keys())
def test_a_startup_function_that_asks_for_something_is_refused_where_it_is_given(
    declare: Callable[[App], object],
) -> None:
    with pytest.raises(RegistrationError) as raised:
        declare(App())
    line = declare.__code__.co_firstlineno
    assert str(raised.value) == (
        f"{__file__}:{line}: the function for 'startup': asks_for_the_application(app) is called with (): "
        "missing a required argument: 'app'; give it no parameters; a lifespan is given the application"
    )


def takes_no_call(request: Request) -> Response:
    return Response()


def test_a_function_middleware_takes_the_request_and_what_is_inside() -> None:
    function: Any = takes_no_call
    with pytest.raises(RegistrationError, match=r"the middleware takes_no_call\(request\) is called with"):
        App().middleware("http")(function)


def test_what_is_mounted_takes_what_a_server_gives() -> None:
    app: Any = takes_two
    with pytest.raises(
        RegistrationError, match=r"mount\('/old'\) got what is no .*takes_two.*WSGIMiddleware"
    ):
        App().mount("/old", app)


def test_on_event_without_brackets_is_refused_where_it_stands() -> None:
    event: Any = takes_one
    for one in (App(), Router()):
        with pytest.raises(RegistrationError, match=r"event <function takes_one .* write on_event\('startup"):
            one.on_event(event)
