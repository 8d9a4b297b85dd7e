"""How much of a body a route takes: the innermost word counts, and too much never reaches the endpoint."""

from typing import Annotated, Any

import pytest

from miniframework import App, Body, Depends, File, Form, HTTPException, Request, Router, UploadFile
from miniframework.errors import RegistrationError
from miniframework.testing import TestClient

pytestmark = pytest.mark.usefixtures("way")


async def echo(request: Request) -> Any:
    return (await request.body()).decode()


def whole(data: Annotated[dict[str, Any], Body()]) -> Any:
    return data


def text_field(text: Annotated[str, Form()]) -> Any:
    return text


TOO_LARGE = {"detail": "Content Too Large"}


@pytest.mark.parametrize(
    ("limit", "size", "status"), [(None, 6, 200), (0, 0, 200), (0, 1, 413), (5, 5, 200), (5, 6, 413)]
)
@pytest.mark.parametrize("said_by", ["app", "router", "include", "route"])
def test_a_body_may_have_as_many_bytes_as_was_said(
    limit: int | None, size: int, status: int, said_by: str
) -> None:
    app = App(max_body_size=limit if said_by == "app" else None)
    router = Router(max_body_size=limit if said_by == "router" else None)
    router.post("/", max_body_size=limit if said_by == "route" else None)(echo)
    app.include_router(router, max_body_size=limit if said_by == "include" else None)
    assert TestClient(app).post("/", content=b"x" * size).status_code == status


@pytest.mark.parametrize(
    ("of_app", "of_parent", "of_include", "of_child", "of_route", "status"),
    [
        (5, 10, None, None, None, 200),
        (10, 5, None, None, None, 413),
        (5, 5, 10, None, None, 200),
        (10, 10, 5, None, None, 413),
        (5, 5, 5, 10, None, 200),
        (10, 10, 10, 5, None, 413),
        (5, 5, 5, 5, 10, 200),
        (10, 10, 10, 10, 0, 413),
    ],
)
def test_the_innermost_limit_counts(
    of_app: int | None,
    of_parent: int | None,
    of_include: int | None,
    of_child: int | None,
    of_route: int | None,
    status: int,
) -> None:
    child = Router(max_body_size=of_child)
    child.post("/", max_body_size=of_route)(echo)
    parent = Router(max_body_size=of_parent)
    parent.include_router(child, prefix="/child", max_body_size=of_include)
    app = App(max_body_size=of_app)
    app.include_router(parent, prefix="/parent")
    assert TestClient(app).post("/parent/child/", content=b"123456").status_code == status


@pytest.mark.parametrize("length", [None, "2", "5", "6", "invalid", "9" * 5000])
def test_what_came_is_counted_whatever_the_length_says(length: str | None) -> None:
    called: list[bool] = []
    app = App(max_body_size=5)

    @app.post("/")
    def endpoint(data: Annotated[bytes, Body()]) -> None:
        called.append(True)

    headers = {"content-type": "application/octet-stream"} | ({"content-length": length} if length else {})
    response = TestClient(app).post("/", content=iter([b"123", b"456"]), headers=headers)
    assert (response.status_code, response.json(), called) == (413, TOO_LARGE, [])


def test_a_json_body_that_is_too_large_is_answered_by_the_handlers_of_the_application() -> None:
    app = App(max_body_size=10)
    app.post("/")(whole)

    @app.exception_handler(413)
    async def handler(request: Request, error: HTTPException) -> Any:
        from miniframework.responses import PlainTextResponse

        return PlainTextResponse(f"less, please: {error.detail}", 413)

    client = TestClient(app)
    assert client.post("/", json={"a": 1}).json() == {"a": 1}
    assert client.post("/", json={"a": "x" * 20}).text == "less, please: Content Too Large"


@pytest.mark.parametrize(
    ("of_app", "of_route", "status"), [(5, 10, 413), (10, 5, 413), (None, 5, 413), (10, None, 200)]
)
def test_middleware_reads_within_the_limit_of_the_application(
    of_app: int | None, of_route: int | None, status: int
) -> None:
    app = App(max_body_size=of_app)
    app.post("/", max_body_size=of_route)(echo)

    @app.middleware("http")
    async def read_body(request: Request, call_next: Any) -> Any:
        await request.body()
        return await call_next(request)

    client = TestClient(app)
    assert client.post("/", content=b"123456").status_code == status
    assert client.post("/", content=b"12345").text == '"12345"'


@pytest.mark.parametrize(("of_parent", "of_child", "status"), [(5, None, 413), (5, 10, 200), (10, 5, 413)])
@pytest.mark.parametrize("reads_in_middleware", [False, True])
def test_a_mounted_application_has_the_limit_around_it_or_its_own(
    of_parent: int, of_child: int | None, status: int, reads_in_middleware: bool
) -> None:
    child = App(max_body_size=of_child)
    child.post("/")(echo)

    if reads_in_middleware:

        @child.middleware("http")
        async def read_body(request: Request, call_next: Any) -> Any:
            await request.body()
            return await call_next(request)

    app = App(max_body_size=of_parent)
    app.mount("/child", child)
    response = TestClient(app).post("/child/", content=b"123456")
    assert response.status_code == status


def test_a_mount_in_a_router_has_the_limit_of_the_include() -> None:
    mounted, router, app = App(), Router(), App()
    mounted.post("/")(echo)
    router.mount("/mounted", mounted)
    app.include_router(router, prefix="/nested", max_body_size=5)
    client = TestClient(app)
    assert client.post("/nested/mounted/", content=b"12345").status_code == 200
    assert client.post("/nested/mounted/", content=b"123456").status_code == 413


def test_one_router_included_twice_has_two_limits() -> None:
    router, app = Router(), App()
    router.post("/")(echo)
    app.include_router(router, prefix="/large")
    app.include_router(router, prefix="/small", max_body_size=5)
    client = TestClient(app)
    assert client.post("/small/", content=b"123456").status_code == 413
    assert client.post("/large/", content=b"123456").status_code == 200


def test_an_upload_that_is_too_large_is_answered_with_413() -> None:
    app = App(max_body_size=200)

    @app.post("/")
    def upload(file: Annotated[UploadFile, File()]) -> Any:
        return file.size

    client = TestClient(app)
    assert client.post("/", files={"file": ("a.txt", b"x")}).json() == 1
    assert client.post("/", files={"file": ("a.txt", b"x" * 500)}).json() == TOO_LARGE


def test_form_limits_go_each_its_own_way_and_may_be_shared_by_dependencies() -> None:
    child = Router(form_limits={"max_fields": 1})
    child.post("/", form_limits={"max_part_size": 3})(text_field)
    parent = Router()
    parent.include_router(child, form_limits={"max_fields": 4})
    app = App(form_limits={"max_part_size": 1})
    app.include_router(parent, prefix="/one", form_limits={"max_files": 0})
    app.include_router(parent, prefix="/two", form_limits={"max_files": 1})

    @app.post("/depends", form_limits={"max_part_size": 6})  # of a name and its value
    def depends(text: Annotated[str, Depends(text_field)]) -> Any:
        return text

    client = TestClient(app)
    two_parts: list[Any] = [("text", (None, "abc")), ("file", ("f", b"12345"))]
    assert client.post("/one/", files=two_parts).status_code == 400
    assert client.post("/two/", files=two_parts).json() == "abc"
    more = client.post("/two/", files=[*two_parts, ("text", (None, "z"))])
    assert (more.status_code, more.json()) == (
        400,
        {"detail": "Too many fields. Maximum number of fields is 1."},
    )
    assert client.post("/two/", files={"text": (None, "abcd")}).status_code == 400
    assert client.post("/depends", data={"text": "ab"}).json() == "ab"
    assert client.post("/depends", data={"text": "abc"}).status_code == 400


def test_a_mounted_application_reads_forms_within_the_limits_around_it() -> None:
    child = App()
    child.post("/", form_limits={"max_fields": 1})(text_field)
    app = App(form_limits={"max_part_size": 2, "max_fields": 0})
    app.mount("/child", child)
    client = TestClient(app)
    assert client.post("/child/", files={"text": (None, "ab")}).json() == "ab"
    assert client.post("/child/", files={"text": (None, "abc")}).status_code == 400


def test_a_form_read_by_hand_has_the_limits_that_it_is_given() -> None:
    app = App(form_limits={"max_fields": 0})

    @app.post("/")
    async def manual(request: Request) -> Any:
        async with request.form(max_fields=1) as form:
            return form["text"]

    client = TestClient(app)
    assert client.post("/", data={"text": "ok"}).json() == "ok"
    assert client.post("/", data={"text": "ok", "extra": "v"}).status_code == 400


@pytest.mark.parametrize("value", [-1, True, 1.5, "5"])
def test_a_limit_that_is_no_number_is_refused_where_it_is_said(value: Any) -> None:
    with pytest.raises(RegistrationError, match=r"test_body_limits.py:\d+: max_body_size is .* integer"):
        App(max_body_size=value)
    with pytest.raises(ValueError, match="max_fields"):
        Router().post("/", form_limits={"max_fields": value})(text_field)
    with pytest.raises(ValueError, match="it has: max_fields, max_files, max_part_size"):
        App().include_router(Router(), form_limits={"max_parts": 1})  # type: ignore[typeddict-unknown-key]
