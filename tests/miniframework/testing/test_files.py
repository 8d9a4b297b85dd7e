import io
from typing import Any

import httpx
import pytest

from miniframework import App, Request, UploadFile
from miniframework.testing import TestClient
from miniframework.testing.multipart import encode_multipart

app = App()


@app.post("/")
async def tell(request: Request) -> list[Any]:
    form = await request.form()
    return [
        [name, [value.filename, value.content_type, (await value.read()).decode()]]
        if isinstance(value, UploadFile)
        else [name, value]
        for name, value in form.multi_items()
    ]


class NamedFile(io.BytesIO):
    name = "some/where/b.png"


FILES = [
    pytest.param({"f": b"content"}, id="content"),
    pytest.param({"f": ("a.txt", b"content")}, id="a name"),
    pytest.param({"f": ("a.txt", "content")}, id="text"),
    pytest.param({"f": ("a", b"{}", "application/json")}, id="a media type"),
    pytest.param({"f": ('we"ird\n.txt', b"")}, id="a name to be escaped"),
    pytest.param({"f": (None, b"a field")}, id="without a name a field"),
    pytest.param([("f", ("a", b"1")), ("f", ("b", b"2"))], id="two of one name"),
]


@pytest.mark.parametrize("files", FILES)
def test_files_arrive_as_httpx_sends_them(files: Any) -> None:
    data = {"text": "ü", "many": ["1", "2"], "number": 3}
    ours = TestClient(app).post("/", data=data, files=files).json()
    request = httpx.Request("POST", "http://t/", data=data, files=files)
    theirs = TestClient(app).post("/", content=request.read(), headers=dict(request.headers)).json()
    assert ours == theirs


def test_an_open_file_is_sent_under_its_own_name() -> None:
    assert TestClient(app).post("/", files={"f": NamedFile(b"x")}).json() == [
        ["f", ["b.png", "image/png", "x"]]
    ]


def test_a_boundary_is_never_part_of_what_it_parts() -> None:
    content = b"--form-boundary-0\r\n--form-boundary-1"
    assert TestClient(app).post("/", files={"f": content}).json()[0][1][2] == content.decode()
    assert encode_multipart([], {"f": content})[1].endswith("form-boundary-2")


def test_a_part_may_have_headers_of_its_own() -> None:
    body, _ = encode_multipart([], {"f": ("a.txt", b"x", "text/plain", {"x-a": "1"})})
    assert b"x-a: 1\r\nContent-Type: text/plain\r\n\r\nx" in body
    typed, _ = encode_multipart([], {"f": ("a.txt", b"x", "text/plain", {"content-type": "a/b"})})
    assert typed.lower().count(b"content-type") == 1


@pytest.mark.parametrize("boundary", ["abc", '"abc"', "abc; charset=utf-8"])
def test_the_boundary_is_that_of_a_content_type_one_gives(boundary: str) -> None:
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    client = TestClient(app)
    assert client.build_request("POST", "/", files={"f": b"x"}, headers=headers).content.startswith(b"--abc")
    assert client.post("/", files={"f": b"x"}, headers=headers).json()[0][1][2] == "x"
