"""Forms and files: the values an endpoint gets, and the 422 documents that FastAPI answers."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import AliasChoices, BaseModel, Field, model_validator

from miniframework import App, Body, File, Form, UploadFile
from miniframework.testing import TestClient

pytestmark = pytest.mark.usefixtures("way")


class Login(BaseModel):
    username: str
    password: str = Field(min_length=2)
    tags: list[str] = []
    age: int | None = None


class StrictLogin(Login):
    model_config = {"extra": "forbid"}


class Paper(BaseModel):
    title: str
    scan: UploadFile


class Person(BaseModel):
    kind: Literal["person"]
    name: str


class Company(BaseModel):
    kind: Literal["company"]
    name: list[str]


def by_union(who: Annotated[Person | Company | None, Form(discriminator="kind")] = None) -> Any:
    return who


def fields(
    username: Annotated[str, Form()],
    password: Annotated[str, Form(min_length=2)],
    number: Annotated[int, Form()] = 7,
    tags: Annotated[list[str], Form()] = [],  # noqa: B006  # copied for each request
) -> Any:
    return [username, password, number, tags]


def one_field(username: Annotated[str, Form()]) -> Any:
    return username


def optional(username: str = Form("nobody"), motto: str | None = Form(None)) -> Any:
    return [username, motto]


def renamed(user: Annotated[str, Form(alias="user-name", max_length=3)]) -> Any:
    return user


def by_model(login: Annotated[Login, Form()]) -> Any:
    return login


def by_strict_model(login: Annotated[StrictLogin, Form()]) -> Any:
    return login


def by_optional_model(login: Annotated[Login | None, Form()] = None) -> Any:
    return login


def model_and_field(login: Annotated[Login, Form()], note: Annotated[str, Form()]) -> Any:
    return [login, note]


def content(file: Annotated[bytes, File()]) -> Any:
    return file.decode()


def optional_content(file: Annotated[bytes | None, File()] = None) -> Any:
    return None if file is None else len(file)


async def upload(file: UploadFile) -> Any:
    return [file.filename, file.content_type, file.size, (await file.read()).decode()]


def optional_upload(file: UploadFile | None = None) -> Any:
    return None if file is None else file.filename


def contents(files: Annotated[list[bytes], File()]) -> Any:
    return [len(one) for one in files]


def uploads(files: list[UploadFile]) -> Any:
    return [one.filename for one in files]


async def paper(paper: Annotated[Paper, Form()]) -> Any:
    return [paper.title, (await paper.scan.read()).decode()]


async def shared(
    content: Annotated[bytes, File(alias="file")], file: Annotated[UploadFile, File(alias="file")]
) -> Any:
    return [content.decode(), (await file.read()).decode()]


def with_body(file: UploadFile, note: Annotated[str, Body()] = "none", q: int = 1) -> Any:
    return [file.filename, note, q]


def ask(endpoint: Any, **request: Any) -> tuple[int, Any]:
    app = App()
    app.post("/")(endpoint)
    response = TestClient(app).post("/", **request)
    return response.status_code, response.json()


HELLO = {"file": ("a.txt", b"hello", "text/plain")}
NO_FILE = {"file": ("", b"")}
MULTIPART = {"x": ("x", b"")}  # one more file, which nobody asks for, makes the form a multipart one


@pytest.mark.parametrize("files", [None, MULTIPART], ids=["urlencoded", "multipart"])
@pytest.mark.parametrize(
    ("endpoint", "data", "value"),
    [
        pytest.param(fields, {"username": "ü&=", "password": "pw"}, ["ü&=", "pw", 7, []], id="fields"),
        pytest.param(
            fields,
            {"username": "u", "password": "pw", "number": "3", "tags": ["a", "b"]},
            ["u", "pw", 3, ["a", "b"]],
            id="a number and a list",
        ),
        pytest.param(one_field, {"username": ["a", "b"]}, "b", id="of a repeated field the last"),
        pytest.param(optional, {"username": "", "motto": ""}, ["nobody", None], id="empty did not come"),
        pytest.param(renamed, {"user-name": "abc"}, "abc", id="alias"),
        pytest.param(
            by_model,
            {"username": "u", "password": "pw", "age": "", "tags": ["a"], "other": "x"},
            {"username": "u", "password": "pw", "tags": ["a"], "age": None},
            id="a model",
        ),
        pytest.param(by_optional_model, {"other": "x"}, None, id="a model that did not come"),
        pytest.param(
            model_and_field,
            {"username": "u", "password": "pw", "note": "n"},
            [{"username": "u", "password": "pw", "tags": [], "age": None}, "n"],
            id="a model beside a field",
        ),
    ],
)
def test_a_form_gives_values(endpoint: Any, data: Any, value: Any, files: Any) -> None:
    assert ask(endpoint, data=data, files=files) == (200, value)


@pytest.mark.parametrize(
    ("endpoint", "request_parts", "value"),
    [
        pytest.param(content, {"files": HELLO}, "hello", id="bytes"),
        pytest.param(upload, {"files": HELLO}, ["a.txt", "text/plain", 5, "hello"], id="UploadFile"),
        pytest.param(optional_upload, {"files": NO_FILE}, None, id="no file chosen"),
        pytest.param(optional_upload, {}, None, id="no form at all"),
        pytest.param(optional_content, {"files": NO_FILE}, None, id="no file chosen, bytes"),
        pytest.param(
            contents, {"files": [("files", ("a", b"1")), ("files", ("b", b"22"))]}, [1, 2], id="list of bytes"
        ),
        pytest.param(
            uploads,
            {"files": [("files", ("a", b"1")), ("files", ("b", b""))]},
            ["a", "b"],
            id="list of files",
        ),
        pytest.param(
            paper, {"data": {"title": "t"}, "files": {"scan": ("s", b"dd")}}, ["t", "dd"], id="in a model"
        ),
        pytest.param(shared, {"files": HELLO}, ["hello", "hello"], id="bytes and file of one name"),
        pytest.param(
            content, {"files": {"file": ("big", b"z" * 1_500_000)}}, "z" * 1_500_000, id="more than is kept"
        ),
        pytest.param(
            with_body, {"data": {"note": "n"}, "files": HELLO}, ["a.txt", "n", 1], id="a body beside a file"
        ),
    ],
)
def test_files_give_values(endpoint: Any, request_parts: Any, value: Any) -> None:
    assert ask(endpoint, **request_parts) == (200, value)


def missing(*loc: str, came: Any = None) -> dict[str, Any]:
    return {"type": "missing", "loc": list(loc), "msg": "Field required", "input": came}


NO_UPLOAD = {
    "type": "value_error",
    "loc": ["body", "file"],
    "msg": "Value error, Expected UploadFile, received: <class 'str'>",
    "input": "text",
    "ctx": {"error": {}},
}
TOO_SHORT = {
    "type": "string_too_short",
    "msg": "String should have at least 2 characters",
    "input": "p",
    "ctx": {"min_length": 2},
}


@pytest.mark.parametrize(
    ("endpoint", "request_parts", "problems"),
    [
        pytest.param(
            fields, {}, [missing("body", "username"), missing("body", "password")], id="nothing came"
        ),
        pytest.param(
            fields,
            {"json": {"username": "u", "password": "pw"}},
            [missing("body", "username"), missing("body", "password")],
            id="JSON is no form",
        ),
        pytest.param(
            fields,
            {"data": {"username": "", "password": "p"}},
            [missing("body", "username"), {**TOO_SHORT, "loc": ["body", "password"]}],
            id="empty and too short",
        ),
        pytest.param(
            by_model,
            {"data": {"password": "p"}},
            [missing("body", "username", came={"password": "p"}), {**TOO_SHORT, "loc": ["body", "password"]}],
            id="a model",
        ),
        pytest.param(
            by_strict_model,
            {"data": {"username": "u", "password": "pw", "extra": "x"}},
            [
                {
                    "type": "extra_forbidden",
                    "loc": ["body", "extra"],
                    "msg": "Extra inputs are not permitted",
                    "input": "x",
                }
            ],
            id="a model that forbids others",
        ),
        pytest.param(upload, {}, [missing("body", "file")], id="no file"),
        pytest.param(upload, {"data": {"file": "text"}}, [NO_UPLOAD], id="text instead of a file"),
        pytest.param(uploads, {"files": HELLO}, [missing("body", "files")], id="no list of files"),
        pytest.param(
            paper,
            {"files": {"scan": ("s.pdf", b"dd", "application/pdf")}},
            [
                missing(
                    "body",
                    "title",
                    came={"scan": {"filename": "s.pdf", "content_type": "application/pdf", "size": 2}},
                )
            ],
            id="of a file its name, type and size",
        ),
    ],
)
def test_a_form_with_problems_is_answered_as_fastapi_does(
    endpoint: Any, request_parts: Any, problems: Any
) -> None:
    assert ask(endpoint, **request_parts) == (422, {"detail": problems})


@pytest.mark.parametrize(
    ("body", "content_type", "detail"),
    [
        pytest.param(b"x", "multipart/form-data", "Missing boundary in multipart.", id="no boundary"),
        pytest.param(
            b"nonsense", "multipart/form-data; boundary=x", "Invalid multipart data.", id="no multipart"
        ),
        pytest.param(
            b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n",
            "multipart/form-data; boundary=x",
            'The Content-Disposition header field "name" must be provided.',
            id="a part without a name",
        ),
        pytest.param(
            b"&".join(b"a%d=x" % number for number in range(1001)),
            "application/x-www-form-urlencoded",
            "Too many fields. Maximum number of fields is 1000.",
            id="too many fields",
        ),
        pytest.param(
            b"a=" + b"x" * (1024 * 1024),
            "application/x-www-form-urlencoded",
            "Field exceeded maximum size of 1024KB.",
            id="too large a field",
        ),
    ],
)
def test_a_form_that_cannot_be_taken_is_a_bad_request(body: bytes, content_type: str, detail: str) -> None:
    answer = ask(fields, content=body, headers={"content-type": content_type})
    assert answer == (400, {"detail": detail})


def test_a_file_is_no_text() -> None:
    app = App()

    @app.post("/")
    async def read(name: Annotated[str, Form()]) -> str:
        return name

    answer = TestClient(app).post("/", files={"name": ("x.txt", b"abc")})
    assert answer.status_code == 422
    assert [(one["type"], one["loc"]) for one in answer.json()["detail"]] == [
        ("string_type", ["body", "name"])
    ]


@pytest.mark.parametrize("fails", [False, True], ids=["answered", "failed"])
def test_files_are_closed_when_the_request_is_over(fails: bool) -> None:
    kept: list[UploadFile] = []
    app = App()

    @app.post("/")
    async def keep(file: UploadFile) -> int:
        kept.append(file)
        assert not file.file.closed
        if fails:
            raise ValueError("boom")
        return 1

    client = TestClient(app, raise_server_exceptions=False)
    assert client.post("/", files=HELLO).status_code == (500 if fails else 200)
    assert kept[0].file.closed


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        ({}, None),
        ({"unknown": "x"}, None),
        ({"kind": "person", "name": "Ada"}, {"kind": "person", "name": "Ada"}),
        ({"kind": "company", "name": ["A", "B"]}, {"kind": "company", "name": ["A", "B"]}),
        ({"kind": "company", "name": "A"}, {"kind": "company", "name": ["A"]}),
    ],
)
def test_a_form_is_made_into_the_one_of_several_models_that_it_fits(data: Any, answer: Any) -> None:
    app = App()
    app.post("/")(by_union)
    assert TestClient(app).post("/", data=data).json() == answer


def test_the_problems_of_a_form_are_those_of_the_model_that_its_tag_names() -> None:
    app = App()
    app.post("/")(by_union)
    answer = TestClient(app).post("/", data={"kind": "person", "name": ""})
    assert [(one["type"], one["loc"]) for one in answer.json()["detail"]] == [
        ("missing", ["body", "person", "name"])
    ]


class Named(BaseModel):
    name: str
    aliases: list[str] = []


class Titled(BaseModel):
    title: str

    @model_validator(mode="before")
    @classmethod
    def shout(cls, came: dict[str, Any]) -> dict[str, Any]:
        came["title"] = came.get("title", "").upper() or None
        return came


def by_shape(who: Annotated[Named | Titled | None, Form()] = None) -> Any:
    return who


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        pytest.param({}, None, id="none of their names"),
        pytest.param({"name": "a", "aliases": "b"}, {"name": "a", "aliases": ["b"]}, id="the first"),
        pytest.param(
            {"title": "t", "aliases": ["b", "c"]}, {"title": "T"}, id="the second, with its own reading"
        ),
        pytest.param(
            {"name": "", "title": ""},
            [("missing", ["body", "Named", "name"]), ("string_type", ["body", "Titled", "title"])],
            id="the problems of each",
        ),
    ],
)
def test_each_model_of_a_union_reads_the_form_by_itself(data: Any, answer: Any) -> None:
    app = App()
    app.post("/")(by_shape)
    came = TestClient(app).post("/", data=data).json()
    if isinstance(answer, list):
        came = [(one["type"], one["loc"]) for one in came["detail"]]
    assert came == answer


def test_an_empty_tag_is_a_tag_that_no_model_has() -> None:
    app = App()
    app.post("/")(by_union)
    (problem,) = TestClient(app).post("/", data={"kind": ""}).json()["detail"]
    assert (problem["type"], problem["loc"]) == ("union_tag_invalid", ["body"])


class Scanned(BaseModel):
    page: Annotated[bytes, File(validation_alias=AliasChoices("page", "sheet"))]
    more: Annotated[list[bytes], File()] = []
    title: Annotated[str, Form(max_length=4)] = "none"


@pytest.mark.parametrize("name", ["page", "sheet"])
def test_a_model_of_a_form_has_the_content_of_files(name: str) -> None:
    app = App()

    @app.post("/")
    def scan(data: Annotated[Scanned, Form()]) -> Scanned:
        return data

    files = [(name, ("1", b"one")), ("more", ("2", b"two")), ("more", ("3", b"three"))]
    answer = TestClient(app).post("/", files=files, data={"title": "Dune"})
    assert answer.json() == {"page": "one", "more": ["two", "three"], "title": "Dune"}
    assert TestClient(app).post("/", data={"title": "Dune"}).json()["detail"][0]["type"] == "missing"


class Renamed(BaseModel):
    x: int = Field(7, validation_alias=AliasChoices("ex", "iks"))


@pytest.mark.parametrize(
    ("sent", "x"),
    [({"ex": "", "iks": "3"}, 3), ({"ex": "", "iks": ""}, 7), ({"ex": "4", "iks": "3"}, 4)],
    ids=["the first is empty", "both are", "both say something"],
)
def test_an_empty_field_leaves_its_other_names_to_be_asked(sent: dict[str, str], x: int) -> None:
    app = App()

    @app.post("/")
    def post(named: Annotated[Renamed, Form()]) -> int:
        return named.x

    assert TestClient(app).post("/", data=sent).json() == x
