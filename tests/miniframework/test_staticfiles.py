import asyncio
import os
from pathlib import Path
from typing import Any

import pytest

from miniframework import App
from miniframework.http.headers import Headers
from miniframework.staticfiles import StaticFiles
from miniframework.testing import TestClient
from tests.miniframework.asgi_driver import call, socket_scope


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    (site / "docs").mkdir(parents=True)
    (site / "style.css").write_text("body{}")
    (site / "index.html").write_text("<p>home")
    (site / "docs" / "index.html").write_text("<p>docs")
    (tmp_path / "secret.txt").write_text("secret")
    (site / "link.txt").symlink_to(tmp_path / "secret.txt")
    return site


def client(folder: Path, **options: bool) -> TestClient:
    app = App()
    app.mount("/static", StaticFiles(directory=folder, **options), name="static")
    return TestClient(app, follow_redirects=False)


def test_a_file_is_served_with_its_type(folder: Path) -> None:
    answer = client(folder).get("/static/style.css")
    assert (answer.text, answer.headers["content-type"]) == ("body{}", "text/css; charset=utf-8")


@pytest.mark.parametrize("path", ["/none", "/docs", "/", "/style.css/x", "/" + "a" * 300, "/%00"])
def test_what_is_no_file_is_404(folder: Path, path: str) -> None:
    assert client(folder).get(f"/static{path}").json() == {"detail": "Not Found"}


@pytest.mark.parametrize(
    "path", ["/static/../secret.txt", "/static/%2e%2e/secret.txt", "/static/link.txt", "/static//etc/passwd"]
)
def test_nothing_outside_the_directory_is_served(folder: Path, path: str) -> None:
    assert client(folder).get(path).status_code == 404


def test_a_link_out_of_it_is_followed_only_when_asked_for(folder: Path) -> None:
    assert client(folder, follow_symlink=True).get("/static/link.txt").text == "secret"


def test_only_get_and_head_are_known(folder: Path) -> None:
    assert client(folder).head("/static/style.css").headers["content-length"] == "6"
    refused = client(folder).post("/static/style.css")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")


def test_a_client_that_has_this_version_gets_304(folder: Path) -> None:
    first = client(folder).get("/static/style.css")
    for header, value in [
        ("if-none-match", first.headers["etag"]),
        ("if-none-match", f'"other", W/{first.headers["etag"]}'),
        ("if-modified-since", first.headers["last-modified"]),
    ]:
        again = client(folder).get("/static/style.css", headers={header: value})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        assert "content-type" not in again.headers
    changed = {"if-none-match": '"other"', "if-modified-since": first.headers["last-modified"]}
    assert client(folder).get("/static/style.css", headers=changed).status_code == 200


def test_html_gives_folders_their_index_and_a_page_to_what_is_missing(folder: Path) -> None:
    site = client(folder, html=True)
    assert site.get("/static/").text == "<p>home"
    assert site.get("/static/docs/").text == "<p>docs"
    moved = site.get("/static/docs")
    assert (moved.status_code, moved.headers["location"]) == (307, "http://testserver/static/docs/")
    assert site.get("/static/none").status_code == 404
    (folder / "404.html").write_text("<p>lost")
    lost = site.get("/static/none")
    assert (lost.status_code, lost.text) == (404, "<p>lost")


def test_a_missing_directory_is_told_at_once_or_at_the_first_request(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="none"):
        StaticFiles(directory=tmp_path / "none")
    with pytest.raises(RuntimeError, match="none"):
        client(tmp_path / "none", check_dir=False).get("/static/a")


def test_the_files_of_a_package_are_served(folder: Path) -> None:
    app = App()
    app.mount("/", StaticFiles(packages=[("pytest", "."), ("json", ".")]))
    assert TestClient(app).get("/decoder.py").is_success
    for packages in (["nowhere"], [("json", "nowhere")]):
        with pytest.raises(AssertionError, match="nowhere"):
            StaticFiles(packages=packages)


def test_a_subclass_says_where_to_look_and_how_the_folder_is_checked(folder: Path) -> None:
    checked = []

    class Chosen(StaticFiles):
        def get_directories(self, directory: Any = None, packages: Any = None) -> list[str]:
            return [*super().get_directories(directory, packages), str(folder)]

        async def check_config(self) -> None:
            checked.append(self.all_directories)

    asked = TestClient(Chosen())
    assert [asked.get(path).status_code for path in ("/style.css", "/docs/index.html")] == [200, 200]
    assert checked == [[str(folder)]]


def test_a_whole_path_is_none_below_the_directory(folder: Path) -> None:
    assert StaticFiles(directory=folder).lookup_path(str(folder / "style.css")) == ("", None)


def test_a_file_that_may_not_be_read_is_401(folder: Path) -> None:
    class Locked(StaticFiles):
        def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
            raise PermissionError(path)

    app = App()
    app.mount("/", Locked(directory=folder))
    assert TestClient(app).get("/style.css").status_code == 401


def test_a_star_stands_for_any_version_only_alone(folder: Path) -> None:
    asked = client(folder)
    assert asked.get("/static/style.css", headers={"if-none-match": "*"}).status_code == 304
    assert asked.get("/static/style.css", headers={"if-none-match": '"a,*,b"'}).status_code == 200


def test_files_that_are_never_kept_are_a_class_away(folder: Path) -> None:
    class Fresh(StaticFiles):
        def is_not_modified(self, response_headers: Headers, request_headers: Headers) -> bool:
            return False

    asked = TestClient(Fresh(directory=folder))
    assert asked.get("/style.css", headers={"if-none-match": "*"}).status_code == 200


@pytest.mark.parametrize(
    ("name", "what"),
    [("style.css", "path '.*' is not a directory"), ("gone", "directory '.*' does not exist")],
)
def test_a_directory_that_is_none_is_told_at_the_first_request(folder: Path, name: str, what: str) -> None:
    with pytest.raises(RuntimeError, match=r"Directory '.*' does not exist"):
        StaticFiles(directory=folder / name)
    late = TestClient(StaticFiles(directory=folder / name, check_dir=False))
    with pytest.raises(RuntimeError, match=f"StaticFiles {what}"):
        late.get("/x")


def test_a_304_repeats_only_what_it_must(folder: Path) -> None:
    client = TestClient(StaticFiles(directory=folder))
    whole = client.get("/style.css")
    same = client.get("/style.css", headers={"if-none-match": whole.headers["etag"]})
    assert (same.status_code, dict(same.headers)) == (304, {"etag": whole.headers["etag"]})
    # An empty list of marks asks nothing, and the date decides.
    dated = {"if-none-match": "", "if-modified-since": whole.headers["last-modified"]}
    assert client.get("/style.css", headers=dated).status_code == 304


def test_a_handshake_is_refused(folder: Path) -> None:
    wire = asyncio.run(call(StaticFiles(directory=folder), socket_scope("/style.css")))
    assert wire.sent == [{"type": "websocket.close", "code": 1000, "reason": ""}]
