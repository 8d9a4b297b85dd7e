"""The page and its files: from memory, under their content hash, nothing but what was there at the start."""

import re
from pathlib import Path

import pytest

from inspector.assets import Assets, AssetsMissing, find_media_type, find_root, load_assets, read_assets
from inspector.journal.memory import MemoryJournal
from inspector.web.app import Dashboard, create_dashboard
from inspector.web.pages import Pages
from miniframework import __version__
from tests.inspector.web.asking import HOST, ask
from tests.inspector.web.serving import TOKEN

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def dashboard() -> Dashboard:
    return create_dashboard(MemoryJournal(), token=TOKEN)


@pytest.fixture(scope="module")
def assets() -> Assets:
    return load_assets()


def test_the_page_has_no_inline_script_or_style_and_asks_for_nothing_elsewhere(dashboard: Dashboard) -> None:
    page = ask(dashboard, "/", [HOST])
    text = page.body.decode()
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert '<html lang="en"' in text
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|https?://", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert "<noscript>" in text


def test_every_file_the_page_names_is_served(dashboard: Dashboard) -> None:
    text = ask(dashboard, "/", [HOST]).body.decode()
    named = re.findall(r'(?:src|href)="([^"]+)"', text)
    assert len(named) >= 3
    for path in named:
        assert not path.startswith("/"), "the page must work under any root path"
        assert ask(dashboard, f"/{path}", [HOST]).status == 200


@pytest.mark.parametrize(
    ("root_path", "base"), [("", "/"), ("/__inspector__", "/__inspector__/"), ("/a/b", "/a/b/")]
)
def test_the_page_knows_its_base(dashboard: Dashboard, root_path: str, base: str) -> None:
    text = ask(dashboard, f"{root_path}/", [HOST], root_path=root_path).body.decode()
    assert f'data-base="{base}"' in text
    assert f'<meta name="inspector-base" content="{base}">' in text


def test_what_goes_into_the_page_is_escaped(assets: Assets) -> None:
    page = Pages(assets.templates).shell(
        base='/"><script>x</script>/', static_version="0", version=__version__
    )
    assert "<script>x" not in page
    assert "&#34;&gt;&lt;script&gt;" in page


def test_every_static_file_is_served_as_it_is_on_disk(dashboard: Dashboard, assets: Assets) -> None:
    for file in (ROOT / "static").rglob("*"):
        if file.is_file():
            name = file.relative_to(ROOT / "static").as_posix()
            answer = ask(dashboard, f"/static/{assets.version}/{name}", [HOST])
            assert (answer.status, answer.body) == (200, file.read_bytes())
            assert answer.headers["content-type"] == find_media_type(name)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.mjs", "text/javascript; charset=utf-8"),
        ("A.CSS", "text/css; charset=utf-8"),
        ("a.svg", "image/svg+xml"),
        ("a.woff2", "font/woff2"),
        ("a.json", "application/json"),
        ("a.tar.gz", "application/octet-stream"),
        ("LICENSE", "application/octet-stream"),
    ],
)
def test_a_media_type_depends_on_the_name_alone(name: str, media_type: str) -> None:
    assert find_media_type(name) == media_type


@pytest.mark.parametrize(
    "name",
    [
        "../pyproject.toml",
        "css/../../pyproject.toml",
        "..%2fpyproject.toml",
        "/etc/passwd",
        "//etc/passwd",
        "css",
        "css/",
        "",
        ".",
        "css//app.css",
        "./css/app.css",
        "css\\app.css",
        "C:\\x",
        "\\\\host\\x",
        "css/app.css\x00",
        "CSS/app.css",
        "../" * 4096 + "etc/passwd",
        "..%5c..%5cpyproject.toml",
        "%c0%ae%c0%ae/pyproject.toml",
    ],
    ids=lambda name: name[:24],
)
def test_no_path_leads_out_of_the_fixed_list(dashboard: Dashboard, assets: Assets, name: str) -> None:
    assert ask(dashboard, f"/static/{assets.version}/{name}", [HOST]).status == 404


def test_another_version_of_the_files_is_not_served(dashboard: Dashboard) -> None:
    assert ask(dashboard, "/static/0123456789abcdef/css/app.css", [HOST]).status == 404


def test_the_icon_is_served(dashboard: Dashboard) -> None:
    icon = ask(dashboard, "/favicon.ico", [HOST])
    assert (icon.status, icon.headers["content-type"]) == (200, "image/svg+xml")
    assert icon.body.startswith(b"<svg")


def make_root(root: Path) -> Path:
    (root / "templates" / "inspector").mkdir(parents=True)
    (root / "static" / "css").mkdir(parents=True)
    (root / "static" / "css" / "app.css").write_text("a{}")
    return root


def test_the_installed_files_come_before_those_of_a_checkout(tmp_path: Path) -> None:
    package = make_root(tmp_path) / "inspector"
    package.mkdir()
    (tmp_path / "pyproject.toml").touch()
    assert find_root(package) == tmp_path
    make_root(package / "_assets")
    assert find_root(package) == package / "_assets"


def test_files_beside_a_package_that_is_no_checkout_are_not_taken(tmp_path: Path) -> None:
    package = make_root(tmp_path) / "inspector"
    package.mkdir()
    with pytest.raises(AssetsMissing) as missing:
        find_root(package)
    assert str(package / "_assets") in str(missing.value)
    assert str(tmp_path) in str(missing.value)


def test_any_changed_byte_or_name_changes_the_version(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    versions = {read_assets(root).version}
    css = root / "static" / "css" / "app.css"
    css.write_text("b{}")
    versions.add(read_assets(root).version)
    css.rename(css.with_name("b.css"))
    versions.add(read_assets(root).version)
    (root / "static" / "empty.js").touch()
    versions.add(read_assets(root).version)
    assert len(versions) == 4


def test_hidden_files_are_left_out(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    (root / "static" / ".env").write_text("SECRET=1")
    assert set(read_assets(root).files) == {"css/app.css"}
