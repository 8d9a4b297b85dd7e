"""`inspector check --fix`: a patch that applies and mends, or words where there can be none."""

import re
from pathlib import Path

import pytest

from tests.inspector.cli.shell import ROOT, git, inspector

SHOP = """\
from miniframework import App

app = App()


@app.get("/items/{item}")
def show(item: str) -> str:
    return item


@app.get("/orders")
def orders() -> list[str]:
    return []


# What a new item is made with.
@app.get("/items/new")
def form() -> str:
    return ""
"""
ROUTERS = """\
from miniframework import App

from items import router as items
from pages import router as pages

app = App()
app.include_router(items)
app.include_router(pages)
"""
ITEMS = """\
from miniframework import Router

router = Router()


@router.get("/items/{item}")
def show(item: str) -> str:
    return item
"""
PAGES = (
    ITEMS.replace("/items/{item}", "/items/new")
    .replace("show(item: str)", "form()")
    .replace("item\n", '""\n')
)
ACROSS = """\
from miniframework import App

from items import router

app = App()
app.include_router(router)


@app.get("/items/new")
def form() -> str:
    return ""
"""


def write(folder: Path, **modules: str) -> Path:
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return folder


def test_the_patch_moves_the_whole_function_and_applies(tmp_path: Path) -> None:
    folder = write(tmp_path, shop=SHOP)
    done = inspector("check", "shop:app", "--fix", folder=folder)
    assert done.returncode == 1
    assert done.stderr == "inspector: move /items/new (shop.py:17) above /items/{item} (shop.py:6)\n"
    assert done.stdout.startswith("--- a/shop.py\n+++ b/shop.py\n@@ ")
    assert "+# What a new item is made with.\n+@app.get(" in done.stdout
    assert (folder / "shop.py").read_text(encoding="utf-8") == SHOP
    git(folder, "apply", "-", text=done.stdout)
    assert inspector("check", "shop:app", folder=folder).stdout == "nothing found\n"
    text = (folder / "shop.py").read_text(encoding="utf-8")
    assert sorted(text.splitlines()) == sorted(SHOP.splitlines())


def test_written_the_file_is_mended_at_once(tmp_path: Path) -> None:
    folder = write(tmp_path, shop=SHOP)
    (folder / "shop.py").chmod(0o640)
    done = inspector("check", "shop:app", "--fix", "--write", folder=folder)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.endswith("inspector: written: shop.py\n")
    assert inspector("check", "shop:app", folder=folder).returncode == 0
    assert (folder / "shop.py").stat().st_mode & 0o777 == 0o640
    assert [one.name for one in folder.iterdir() if one.suffix != ""] == ["shop.py"]
    again = inspector("check", "shop:app", "--fix", folder=folder)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "inspector: no route is dead\n")


def test_routes_of_two_routers_change_places_with_their_includes(tmp_path: Path) -> None:
    folder = write(tmp_path, main=ROUTERS, items=ITEMS, pages=PAGES)
    done = inspector("check", "main:app", "--fix", "--write", folder=folder)
    assert done.returncode == 0, done.stderr
    text = (folder / "main.py").read_text(encoding="utf-8")
    assert text.endswith("app.include_router(pages)\napp.include_router(items)\n")
    assert inspector("check", "main:app", folder=folder).returncode == 0


def test_an_include_is_passed_by_the_route_of_the_application(tmp_path: Path) -> None:
    folder = write(tmp_path, main=ACROSS, items=ITEMS)
    done = inspector("check", "main:app", "--fix", folder=folder)
    assert done.stderr == "inspector: move /items/new (main.py:9) above include_router (main.py:6)\n"
    git(folder, "apply", "-", text=done.stdout)
    assert inspector("check", "main:app", folder=folder).returncode == 0


def test_where_a_name_stands_in_the_way_what_hides_is_moved_instead(tmp_path: Path) -> None:
    text = SHOP.replace("# What a new item is made with.\n", 'PATH = "/items/new"\n\n\n').replace(
        'get("/items/new")', "get(PATH)"
    )
    done = inspector("check", "shop:app", "--fix", folder=write(tmp_path, shop=text))
    assert done.stderr == "inspector: move /items/{item} (shop.py:6) below /items/new (shop.py:19)\n"
    git(tmp_path, "apply", "-", text=done.stdout)
    assert inspector("check", "shop:app", folder=tmp_path).returncode == 0


def test_what_no_patch_can_move_is_said_in_words_and_nothing_is_written(tmp_path: Path) -> None:
    text = ITEMS.replace("router = Router()", "router = App()").replace("Router", "App")
    pages = "from items import router\n\n\n@router.get('/items/new')\ndef form() -> str:\n    return ''\n"
    folder = write(tmp_path, items=text, pages=pages, main="from pages import router as app\n")
    done = inspector("check", "main:app", "--fix", "--write", folder=folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "inspector: by hand: move /items/new (pages.py:4) above /items/{item} (items.py:6)"
        "\n  no patch can do it: they are declared in different files\n"
    )
    assert (folder / "pages.py").read_text(encoding="utf-8") == pages


def test_a_patch_with_which_the_application_does_not_import_is_not_shown(tmp_path: Path) -> None:
    text = SHOP + '\n\nassert app.table.entries[0].name == "show"\n'
    done = inspector("check", "shop:app", "--fix", folder=write(tmp_path, shop=text))
    assert (done.returncode, done.stdout) == (1, "")
    assert "by hand: move /items/new (shop.py:17) above /items/{item} (shop.py:6)" in done.stderr
    assert "no patch can do it: with these moves made: " in done.stderr
    assert "importing 'shop' failed: AssertionError" in done.stderr


def test_one_patch_mends_what_it_can_and_words_say_the_rest(tmp_path: Path) -> None:
    text = SHOP + "\n\nfrom more import more\n\nmore(app)\n"
    more = "def more(app):\n    app.get('/items/all')(lambda: '')\n"
    folder = write(tmp_path, shop=text, more=more)
    done = inspector("check", "shop:app", "--fix", folder=folder)
    assert done.returncode == 1
    assert "inspector: move /items/new (shop.py:17) above /items/{item} (shop.py:6)\n" in done.stderr
    assert "by hand: move /items/all (more.py:2) above" in done.stderr
    git(folder, "apply", "-", text=done.stdout)
    left = inspector("check", "shop:app", folder=folder).stdout
    assert "/items/all never gets here" in left
    assert "/items/new never" not in left


def test_what_was_accepted_is_not_moved(tmp_path: Path) -> None:
    text = SHOP.replace('@app.get("/items/new")', '@app.get("/items/new")  # inspector: ignore[unreachable]')
    done = inspector("check", "shop:app", "--fix", folder=write(tmp_path, shop=text))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "inspector: no route is dead\n")


def test_a_second_route_of_the_same_paths_is_named_to_be_deleted(tmp_path: Path) -> None:
    text = SHOP.replace('"/items/new")', '"/items/{other}")').replace("form()", "form(other: str)")
    done = inspector("check", "shop:app", "--fix", folder=write(tmp_path, shop=text))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "inspector: /items/{other} (shop.py:17) stays dead:"
        " /items/{item} (shop.py:6) takes the same paths: delete one of the two\n"
    )


def test_a_table_that_was_read_from_a_file_is_mended_in_words(tmp_path: Path) -> None:
    folder = write(tmp_path, shop=SHOP)
    table = inspector("routes", "shop:app", "--json", folder=folder).stdout
    (folder / "table.json").write_text(table, encoding="utf-8")
    done = inspector("check", "table.json", "--fix", "--write", folder=folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert "by hand: move /items/new (shop.py:17) above /items/{item} (shop.py:6)" in done.stderr
    assert "the application itself must be named for a patch" in done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--write"], "--write writes nothing without --fix"),
        (["--fix", "--json"], "--fix prints a patch"),
        (["--fix", "--format", "github"], "--fix prints a patch"),
    ],
    ids=["write-alone", "json", "annotations"],
)
def test_options_that_do_not_go_together_are_a_mistake(tmp_path: Path, options: list[str], said: str) -> None:
    done = inspector("check", "shop:app", *options, folder=write(tmp_path, shop=SHOP))
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_an_application_made_by_a_function_is_mended_in_it(tmp_path: Path) -> None:
    body = "".join(f"    {line}".rstrip() + "\n" for line in SHOP.partition("app = ")[2].splitlines())
    text = (
        "from miniframework import App\n\n\ndef make() -> App:\n    app = "
        + body.lstrip()
        + "\n    return app\n"
    )
    folder = write(tmp_path, shop=text)
    done = inspector("check", "shop:make", "--factory", "--fix", "--write", folder=folder)
    assert done.returncode == 0, done.stderr
    assert inspector("check", "shop:make", "--factory", folder=folder).stdout == "nothing found\n"


def test_an_installed_package_is_not_patched(tmp_path: Path) -> None:
    (tmp_path / "site-packages").mkdir()
    write(tmp_path / "site-packages", shop=SHOP)
    done = inspector("check", "shop:app", "--app-dir", "site-packages", "--fix", folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "shop.py belongs to an installed package\n" in done.stderr


def test_a_router_that_is_included_twice_is_mended_once(tmp_path: Path) -> None:
    items = ITEMS + '\n\n@router.get("/items/new")\ndef form() -> str:\n    return ""\n'
    main = ROUTERS.replace("from pages import router as pages\n", "").replace(
        "(pages)", '(items, prefix="/v2")'
    )
    folder = write(tmp_path, main=main, items=items)
    done = inspector("check", "main:app", "--fix", folder=folder)
    git(folder, "apply", "-", text=done.stdout)
    assert done.stdout.count("\n@@ ") == 1
    assert inspector("check", "main:app", folder=folder).returncode == 0


def test_a_patch_that_leads_to_another_table_than_was_meant_is_not_shown(tmp_path: Path) -> None:
    main = "from pathlib import Path\n\nfile = Path(__file__).with_name('shop.py')\n"
    main += "exec(compile(file.read_text(), str(file), 'exec'))\n"
    done = inspector("check", "main:app", "--fix", "--write", folder=write(tmp_path, main=main, shop=SHOP))
    assert (done.returncode, done.stdout) == (1, "")
    assert "no patch can do it: these moves in the files lead to another table" in done.stderr
    assert (tmp_path / "shop.py").read_text(encoding="utf-8") == SHOP


def test_the_patch_of_the_documentation_is_the_one_that_is_printed(tmp_path: Path) -> None:
    page = (ROOT / "docs/reference/repair.md").read_text(encoding="utf-8")
    text, patch = (
        re.search(rf"```{head}\n(.*?)```", page, re.DOTALL) for head in ("python file=shop.py", "diff")
    )
    assert text is not None
    assert patch is not None
    done = inspector("check", "shop:app", "--fix", folder=write(tmp_path, shop=text[1]))
    assert done.stdout == patch[1]
