"""Every reason not to have an application is an error that says where, what and the way out."""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.cli.apps import AppLoadError, AppTarget, load_app, load_app_quietly


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for modules, forgotten again together with what was imported from it."""
    path, modules = list(sys.path), set(sys.modules)
    yield tmp_path
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        del sys.modules[name]


def load(folder: Path, text: str, source: str = "", *, factory: bool = False) -> object:
    if source:
        (folder / "shop.py").write_text(source, encoding="utf-8")
    return load_app(AppTarget(text=text, app_dir=str(folder), factory=factory))


ASGI = "async def app(scope, receive, send): ...\n"


@pytest.mark.parametrize(
    ("source", "text", "factory"),
    [
        pytest.param(ASGI, "shop:app", False, id="function"),
        pytest.param(
            f"class Holder:\n    {ASGI}\n    app = staticmethod(app)",
            "shop:Holder.app",
            False,
            id="dotted",
        ),
        pytest.param(f"{ASGI}def make(): return app", "shop:make", True, id="factory"),
        pytest.param(
            "class Shop:\n    async def __call__(self, scope, receive, send): ...\napp = Shop()",
            "shop:app",
            False,
            id="object",
        ),
    ],
)
def test_an_asgi_application_is_found(folder: Path, source: str, text: str, factory: bool) -> None:
    assert callable(load(folder, text, source, factory=factory))


NEEDS_A_LOOP = f"""
import asyncio
async def wait(): ...
asyncio.get_running_loop().create_task(wait())
{ASGI}"""


@pytest.mark.parametrize("factory", [False, True], ids=["module", "factory"])
def test_a_module_that_asks_for_a_running_event_loop_is_given_one(folder: Path, factory: bool) -> None:
    source = (
        "def make():\n" + NEEDS_A_LOOP.replace("\n", "\n    ") + "\n    return app"
        if factory
        else NEEDS_A_LOOP
    )
    assert callable(load(folder, "shop:make" if factory else "shop:app", source, factory=factory))


def test_what_was_made_by_an_import_that_failed_goes_quietly(folder: Path) -> None:
    source = f"import asyncio\nasync def wait(): ...\nasyncio.create_task(wait())\n{ASGI}"
    assert callable(load(folder, "shop:app", source))
    gc.collect()  # a warning that nobody awaited it would be an error


OBJECT = "class Site:\n    async def __call__(self, scope, receive, send): ...\nsite = Site()\n"


@pytest.mark.parametrize(
    ("source", "text", "message", "way_out"),
    [
        pytest.param(ASGI, "shop", "'shop' is not of the form MODULE:ATTRIBUTE", "shop:app", id="no-colon"),
        pytest.param(ASGI, ":app", "':app' is not of the form MODULE:ATTRIBUTE", "main:app", id="no-module"),
        pytest.param(ASGI, "src/shop.py:app", "'src/shop.py:app' names a file", "src.shop:app", id="file"),
        pytest.param(ASGI, "shop.py", "'shop.py' names a file", "dots: shop:app", id="file-alone"),
        pytest.param(ASGI, r".\shop.py:site", "names a file", "dots: shop:site", id="backslash"),
        pytest.param(ASGI, r"C:\web\shop.py:app", "names a file", "there is no such file", id="drive"),
        pytest.param(ASGI, "../shop.py", "names a file", "there is no such file", id="no-such-file"),
        pytest.param(ASGI, "x/" + "y" * 300, "names a file", "write it with dots", id="long-name"),
        pytest.param(ASGI, "shop.app", "is not of the form", "for example shop:app", id="dot-for-colon"),
        pytest.param(ASGI, ".shop:app", "'.shop' is no name of a module", "mean shop:app?", id="leading-dot"),
        pytest.param(ASGI, "a..shop:app", "is no name of a module", "mean a.shop:app?", id="two-dots"),
        pytest.param(ASGI, " shop:app ", "is no name of a module", "mean shop:app?", id="spaces"),
        pytest.param("import os", "shop:os", "is a module, not an ASGI", "name the variable", id="module"),
        pytest.param(
            "async def app(): ...", "shop:app", "an async function that", "name the variable", id="coroutine"
        ),
        pytest.param(ASGI, "shpo:app", "no module named 'shpo'", "did you mean 'shop'?", id="no-such-module"),
        pytest.param(ASGI, "shop:aps", "has no 'aps'", "did you mean shop:app?", id="near-attribute"),
        pytest.param(
            OBJECT, "shop:xyz", "has no 'xyz'", "did you mean shop:site?", id="the-only-application"
        ),
        pytest.param(
            "app = 'hi'", "shop:app", "is a 'str' ('hi'), not an ASGI", "name the variable", id="text"
        ),
        pytest.param(
            "def app(): ...", "shop:app", "does not take (scope,", "--factory", id="forgotten-factory"
        ),
        pytest.param("class Shop: ...", "shop:Shop", "is the class Shop, not", "app = Shop()", id="class"),
        pytest.param(
            "def app(environ, start_response): ...", "shop:app", "is a WSGI application", "a2wsgi", id="wsgi"
        ),
    ],
)
def test_a_wrong_name_is_refused_with_a_way_out(
    folder: Path, source: str, text: str, message: str, way_out: str
) -> None:
    with pytest.raises(AppLoadError) as refused:
        load(folder, text, source)
    assert message in refused.value.message
    assert way_out in " ".join(refused.value.ways_out)
    assert refused.value.trace == ""


@pytest.mark.parametrize(
    ("source", "line", "reason"),
    [
        pytest.param("x = 1\ny = x +\n", 2, "SyntaxError: invalid syntax", id="syntax"),
        pytest.param(
            "x = 1\n\nprint(undefined)\n", 3, "NameError: name 'undefined' is not defined", id="name"
        ),
        pytest.param(
            "import nowhere_to_be_found\n", 1, "No module named 'nowhere_to_be_found'", id="its-import"
        ),
        pytest.param("import sys\nsys.exit('no')\n", 2, "the module called sys.exit('no')", id="exit"),
        pytest.param("import json\njson.loads('{')\n", 2, "JSONDecodeError", id="in-a-library"),
    ],
)
def test_a_module_that_fails_is_named_with_its_own_file_and_line(
    folder: Path, source: str, line: int, reason: str
) -> None:
    with pytest.raises(AppLoadError) as refused:
        load(folder, "shop:app", source)
    assert refused.value.message.startswith(f"{folder / 'shop.py'}:{line}: ")
    assert reason in refused.value.message
    assert "shop.py" in refused.value.trace
    assert "importlib" not in refused.value.trace


def test_a_mistake_found_at_registration_says_itself_where_it_is(folder: Path) -> None:
    source = "from miniframework import App\napp = App()\n\n@app.get('/x/{n:itn}')\ndef x(n): ...\n"
    with pytest.raises(AppLoadError) as refused:
        load(folder, "shop:app", source)
    assert refused.value.message.startswith(f"{folder / 'shop.py'}:")
    assert "unknown converter 'itn'" in refused.value.message
    assert refused.value.trace == ""


def test_an_application_that_is_taken_for_its_factory_says_so(folder: Path) -> None:
    source = "class Asgi:\n    async def __call__(self, scope, receive, send): ...\n\napp = Asgi()\n"
    with pytest.raises(AppLoadError) as raised:
        load(folder, "shop:app", source, factory=True)
    assert "with --factory is a 'Asgi', an application" in raised.value.message
    assert raised.value.ways_out == ("leave --factory out when it is the application itself",)


def test_a_factory_that_fails_is_named_with_its_line(folder: Path) -> None:
    with pytest.raises(AppLoadError, match=r"shop\.py:2: calling shop:make\(\) failed"):
        load(folder, "shop:make", "def make():\n    return 1 / 0\n", factory=True)


def test_what_a_module_prints_is_kept_out_of_what_a_command_prints(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "shop.py").write_text(f"print('loading')\n{ASGI}", encoding="utf-8")
    load_app_quietly(AppTarget(text="shop:app", app_dir=str(folder)))
    assert capsys.readouterr() == ("", "loading\n")


def test_a_module_that_reads_the_command_line_finds_nothing_of_ours(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["inspector", "routes", "shop:app"])
    app = load(folder, "shop:app", f"import argparse\nargparse.ArgumentParser().parse_args()\n{ASGI}")
    assert callable(app)
    assert sys.argv == ["inspector", "routes", "shop:app"]


def test_an_asynchronous_factory_is_named_as_such(folder: Path) -> None:
    with pytest.raises(AppLoadError, match="is an async function") as refused:
        load(folder, "shop:make", "async def make(): ...\n", factory=True)
    assert refused.value.ways_out == (
        "make it with def, and do what must be awaited in the application's lifespan",
    )


def test_a_module_below_src_is_found_by_the_hint(folder: Path) -> None:
    (folder / "src" / "shop").mkdir(parents=True)
    with pytest.raises(AppLoadError, match="no module named 'shop'") as refused:
        load(folder, "shop.main:app")
    assert refused.value.ways_out == (f"it is in {str(folder / 'src')!r}: --app-dir {folder / 'src'}",)


def test_a_module_of_a_package_that_is_named_alone_says_so(folder: Path) -> None:
    with pytest.raises(AppLoadError, match="no known parent package") as refused:
        load(folder, "shop:app", f"from . import prices\n{ASGI}")
    assert refused.value.ways_out == (
        f"it is part of a package, name that: --app-dir {folder.parent} {folder.name}.shop:app",
    )


def failed_without_library(folder: Path) -> AppLoadError:
    with pytest.raises(AppLoadError) as refused:
        load(folder, "shop:app", "import a_library_that_is_not_there.shelves")
    return refused.value


def make_environment(folder: Path) -> Path:
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    python.parent.mkdir(parents=True)
    python.touch()
    return python


def test_a_library_that_is_missing_leads_to_the_environment_of_the_application(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    (said,) = failed_without_library(folder).ways_out
    assert f"'a_library_that_is_not_there' is not installed where this command runs, {sys.prefix}" in said
    python = make_environment(folder / ".venv")
    (said,) = failed_without_library(folder).ways_out
    assert said.endswith(
        f"install route-inspector in {folder / '.venv'}, and run it by: {python} -m inspector"
    )
    active = make_environment(folder / "active")
    monkeypatch.setenv("VIRTUAL_ENV", str(folder / "active"))
    assert str(active) in failed_without_library(folder).ways_out[0]
    monkeypatch.setattr(sys, "prefix", str(folder / "active"))
    assert failed_without_library(folder).ways_out == ()


def test_a_module_that_is_missing_in_a_library_is_not_laid_at_the_door_of_the_environment(
    folder: Path,
) -> None:
    with pytest.raises(AppLoadError) as refused:
        load(folder, "shop:app", "import json.shelves")
    assert refused.value.ways_out == ()


def make_package(folder: Path) -> Path:
    package = folder / "stock"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "main.py").write_text(ASGI, encoding="utf-8")
    return package


@pytest.mark.parametrize(
    ("below", "app_dir", "file", "meant"),
    [
        pytest.param(".", ".", "stock/main.py", "stock.main:app", id="package"),
        pytest.param(".", ".", "stock", "", id="no-file-named"),
        pytest.param(".", "stock", "./main.py", "--app-dir {} stock.main:app", id="inside"),
        pytest.param("src", ".", "src/stock/main.py:site", "--app-dir {}/src stock.main:site", id="src"),
        pytest.param("web", ".", "web/stock/main.py", "--app-dir {}/web stock.main:app", id="root-below"),
        pytest.param(".", "stock", "../stock/main.py", "--app-dir {} stock.main:app", id="above"),
    ],
)
def test_a_file_is_named_as_the_module_that_it_is(
    folder: Path, below: str, app_dir: str, file: str, meant: str
) -> None:
    make_package(folder / below)
    with pytest.raises(AppLoadError) as refused:
        load_app(AppTarget(text=file, app_dir=str(folder / app_dir)))
    said = f"write it with dots: {meant.format(folder)}" if meant else "name the variable"
    assert refused.value.ways_out[0].startswith(said)


def test_a_file_in_a_folder_that_is_no_package_is_named_below_it(folder: Path) -> None:
    (folder / "web").mkdir()
    (folder / "web" / "shop.py").write_text(ASGI, encoding="utf-8")
    for text in ("web/shop.py", str(folder / "web" / "shop.py")):
        with pytest.raises(AppLoadError) as refused:
            load(folder, text)
        assert refused.value.ways_out == ("write it with dots: web.shop:app",)


def test_a_package_leads_to_its_module(folder: Path) -> None:
    make_package(folder)
    with pytest.raises(AppLoadError) as refused:
        load(folder, "stock:app")
    assert refused.value.ways_out == ("did you mean stock.main:app?",)
    with pytest.raises(AppLoadError) as refused:
        load(folder, "stock.mian:app")
    assert refused.value.ways_out == ("did you mean 'stock.main'?",)


def test_a_folder_that_is_none_is_named(folder: Path) -> None:
    with pytest.raises(AppLoadError, match=r"--app-dir '.*nowhere' is no folder"):
        load(folder / "nowhere", "shop:app")


def test_a_file_with_the_name_of_another_module_is_named(folder: Path) -> None:
    (folder / "platform.py").write_text(ASGI, encoding="utf-8")
    with pytest.raises(AppLoadError) as refused:
        load(folder, "platform:app")
    (said,) = refused.value.ways_out
    assert said.startswith(f"{folder / 'platform.py'} has the same name as ")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        pytest.param("class Gone(BaseException): ...\nraise Gone('x')", "failed: Gone: x", id="base"),
        pytest.param("def __getattr__(name): raise ValueError('no')", "failed: ValueError: no", id="getattr"),
        pytest.param(
            "class Odd:\n    def __repr__(self): raise ValueError\napp = Odd()",
            "'Odd' (its repr() raises ValueError)",
            id="repr",
        ),
    ],
)
def test_whatever_a_module_raises_is_told(folder: Path, source: str, said: str) -> None:
    with pytest.raises(AppLoadError) as refused:
        load(folder, "shop:app", source)
    assert said in refused.value.message


def test_a_variable_that_is_not_set_is_named_with_the_ways_to_set_it(folder: Path) -> None:
    with pytest.raises(AppLoadError, match="KeyError: 'SHOP_DATABASE'") as refused:
        load(folder, "shop:app", "import os\nos.environ['SHOP_DATABASE']\n")
    assert refused.value.ways_out == (
        "set SHOP_DATABASE in the environment, or let `inspector run` read a file of it: --env-file FILE",
    )
    with pytest.raises(AppLoadError, match="KeyError: 'x'") as refused:
        load(folder, "shop:app", "{}['x']\n")
    assert refused.value.ways_out == ()
